"""All addresses. With ``URL_PREFIX`` they begin below it, so that ``reverse()`` and ``{% url %}`` return whole ones
everywhere: in requests, sockets, background work and commands. Proxies pass addresses on unchanged.
"""

from typing import NoReturn

from django.conf import settings
from django.contrib import admin
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import URLPattern, URLResolver, include, path

from liveblog.security import ADMIN_PREFIX
from updates.admin.responses import page_not_found
from updates.live.readiness import readiness
from updates.views import site
from updates.views.cached_pages import for_readers


def absent(request: HttpRequest, target: str) -> NoReturn:  # noqa: ARG001 – no request and no target changes it
    """Respond with 404 instead of the admin's redirect to the site, which would reveal the address of a hidden page."""
    raise Http404


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Show people at the desk a page of the desk, and readers one of the site."""
    if request.path.startswith(ADMIN_PREFIX) and hasattr(request, "user") and admin.site.has_permission(request):
        return page_not_found(request)
    return site.not_found(request, exception)


site_patterns: list[URLPattern | URLResolver] = [
    path("admin/r/<path:target>", absent),
    path("admin/account/", include("updates.admin.account.urls")),
    path("admin/", admin.site.urls),
    path("", include("updates.urls")),
]

urlpatterns: list[URLPattern | URLResolver] = [path(f"{settings.URL_PREFIX}/".lstrip("/"), include(site_patterns))]
if settings.URL_PREFIX:  # probes ask a process, not the proxy, and need not know the prefix
    urlpatterns += [path("healthz", for_readers(site.health)), path("readyz", readiness)]

handler400 = "updates.views.site.bad_request"
handler403 = "updates.views.site.permission_denied"
handler404 = "liveblog.urls.not_found"
handler500 = "updates.views.site.server_error"
