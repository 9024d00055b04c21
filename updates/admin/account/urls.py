from django.urls import path

from updates.admin.responses import desk_view

from .views import account_view, sign_ins_view

urlpatterns = [
    path("", desk_view(account_view), name="account"),
    path("sign-ins/", desk_view(sign_ins_view), name="account_sign_ins"),
]
