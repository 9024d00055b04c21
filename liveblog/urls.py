from typing import NoReturn

from django.contrib import admin
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import include, path

from updates.admin.responses import page_not_found
from updates.views import site


def absent(request: HttpRequest, target: str) -> NoReturn:  # noqa: ARG001 – no request and no target changes it
    """Respond with 404 instead of the admin's redirect to the site, which would reveal the address of a hidden page."""
    raise Http404


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Show people at the desk a page of the desk, and readers one of the site."""
    if request.path.startswith("/admin/") and hasattr(request, "user") and admin.site.has_permission(request):
        return page_not_found(request)
    return site.not_found(request, exception)


urlpatterns = [
    path("admin/r/<path:target>", absent),
    path("admin/account/", include("updates.admin.account.urls")),
    path("admin/", admin.site.urls),
    path("", include("updates.urls")),
]

handler400 = "updates.views.site.bad_request"
handler404 = "liveblog.urls.not_found"
handler500 = "updates.views.site.server_error"
