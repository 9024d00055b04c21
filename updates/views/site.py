"""The frame of every page of the site, and pages that need no event: errors, health."""

from django.http import HttpRequest, HttpResponse

from updates.models import Event
from updates.rendering import in_words_of
from updates.rendering.drawing import draw
from updates.rendering.page_frame import frame
from updates.untyped import Context


def draw_page(request: HttpRequest, template: str, context: Context) -> str:
    """Draw a page without context processors: a cached page must not depend on one request."""
    return draw(template, {"path": request.path} | frame() | context)


def error_page(
    request: HttpRequest, status: int, context: Context | None = None, event: Event | None = None
) -> HttpResponse:
    """Draw an error page of the site, without the database."""
    with in_words_of(event):
        response = HttpResponse(draw_page(request, f"{status}.html", context or {}), status=status)
    response["Cache-Control"] = "no-cache"
    return response


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001 – Django hands it over
    return error_page(request, 400)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001 – Django hands it over
    return error_page(request, 404)


def server_error(request: HttpRequest) -> HttpResponse:
    return error_page(request, 500)


def health(request: HttpRequest) -> HttpResponse:  # noqa: ARG001 – a view
    return HttpResponse("ok", content_type="text/plain")
