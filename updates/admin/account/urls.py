from django.urls import path

from updates.admin.responses import desk_view

from .second_factor import second_factor_view, with_password
from .views import account_view, sign_ins_view

urlpatterns = [
    path("", desk_view(account_view), name="account"),
    path("second-factor/", with_password(second_factor_view), name="account_second_factor"),
    path("sign-ins/", desk_view(sign_ins_view), name="account_sign_ins"),
]
