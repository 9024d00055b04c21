from typing import NoReturn

from django.contrib import admin
from django.http import Http404, HttpRequest
from django.urls import include, path


def absent(request: HttpRequest, target: str) -> NoReturn:  # noqa: ARG001 – no request and no target changes it
    """Respond with 404 instead of the admin's redirect to the site, which would reveal the address of a hidden page."""
    raise Http404


urlpatterns = [
    path("admin/r/<path:target>", absent),
    path("admin/account/", include("updates.admin.account.urls")),
    path("admin/", admin.site.urls),
    path("", include("updates.urls")),
]

handler400 = "updates.views.site.bad_request"
handler404 = "updates.views.site.not_found"
handler500 = "updates.views.site.server_error"
