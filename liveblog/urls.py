from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("admin/", admin.site.urls),
    path("", include("updates.urls")),
]

handler400 = "updates.views.site.bad_request"
handler404 = "updates.views.site.not_found"
handler500 = "updates.views.site.server_error"
