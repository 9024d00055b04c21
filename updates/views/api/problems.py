"""Refusals of the read API as ``application/problem+json`` (RFC 9457)."""

from collections.abc import Callable
from functools import wraps
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt

from updates.views.cached_pages import for_other_sites

METHODS = ("GET", "HEAD")


class Problem(Exception):
    """A refusal; ``parameter`` names the one that is wrong."""

    def __init__(self, status: int, detail: str, parameter: str = "") -> None:
        super().__init__(detail)
        self.status, self.detail, self.parameter = status, detail, parameter

    def response(self) -> JsonResponse:
        status = HTTPStatus(self.status)
        body: dict[str, object] = {"type": "about:blank", "title": status.phrase, "status": status.value}
        body |= {"detail": self.detail} | ({"parameter": self.parameter} if self.parameter else {})
        response = JsonResponse(body, status=status, content_type="application/problem+json")
        response["Cache-Control"] = "no-cache"
        if status == HTTPStatus.METHOD_NOT_ALLOWED:
            response["Allow"] = ", ".join(METHODS)
        return response


READ_ONLY = Problem(405, "This address can only be read: use GET or HEAD.")


def api_view(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Wrap a view of the API: scripts of any site may read it, and its problems are responses like any other."""

    @csrf_exempt
    @for_other_sites
    @wraps(view)
    def respond(request: HttpRequest, *args: object, **options: object) -> HttpResponse:
        try:
            return view(request, *args, **options) if request.method in METHODS else READ_ONLY.response()
        except Problem as problem:
            return problem.response()

    return respond
