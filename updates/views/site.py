"""The frame of every page of the site, and pages that need no event: errors, health."""

import sys

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.safestring import SafeString, mark_safe

from updates.models import Event
from updates.publishing.errors import UNWRITABLE
from updates.rendering import in_words_of
from updates.rendering.drawing import draw
from updates.rendering.page_frame import NONCE, frame
from updates.untyped import Context

from .page_nonces import with_nonces


def draw_page(request: HttpRequest, template: str, context: Context) -> str:
    """Draw a page without context processors: a cached page must not depend on one request.

    Its nonces are placeholders, which the response replaces.
    """
    nonces = {"csp_nonce": NONCE, "own_nonce": own_nonce()}
    return draw(template, {"path": request.path} | nonces | frame() | context)


def own_nonce() -> SafeString:
    """Return the attribute for our own scripts: none, unless a site's policy trusts nonces only."""
    trusts_nonces_only = "'strict-dynamic'" in settings.CSP_EXTRA.get("script-src", ())
    return mark_safe(f' nonce="{NONCE}"' if trusts_nonces_only else "")  # noqa: S308 – no input  # nosec


def error_page(
    request: HttpRequest, status: int, context: Context | None = None, event: Event | None = None
) -> HttpResponse:
    """Draw an error page of the site, without the database."""
    with in_words_of(event):
        page = draw_page(request, f"{status}.html", context or {})
    response = HttpResponse(with_nonces(page, request), status=status)
    response["Cache-Control"] = "no-cache"
    return response


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001 – Django hands it over
    return error_page(request, 400)


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001 – Django hands it over
    return error_page(request, 403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001 – Django hands it over
    return error_page(request, 404)


def server_error(request: HttpRequest) -> HttpResponse:
    if isinstance(sys.exc_info()[1], UNWRITABLE):
        response = error_page(request, 503)
        response["Retry-After"], response["Cache-Control"] = "5", "no-store"
        return response
    return error_page(request, 500)


def health(request: HttpRequest) -> HttpResponse:  # noqa: ARG001 – a view
    return HttpResponse("ok", content_type="text/plain")
