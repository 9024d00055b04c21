"""Where a page that was asked says that it shows a change. No cookie, no name, no answer."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from .delivery_receipts import deliveries

LONGEST = 300
"""Bytes that a token may have."""


@csrf_exempt
@require_POST
def seen(request: HttpRequest, slug: str) -> HttpResponse:  # noqa: ARG001 – the token says which event it is of
    """204, whether it was counted or not; 400 for what is no token, 503 for more than a process looks at."""
    if not deliveries.has_room():
        return _answer(503)
    token = request.body[: LONGEST + 1].decode("ascii", "replace")
    return _answer(204 if len(token) <= LONGEST and deliveries.confirm(token) else 400)


def _answer(status: int) -> HttpResponse:
    response = HttpResponse(status=status)
    response["Cache-Control"] = "no-store"
    return response
