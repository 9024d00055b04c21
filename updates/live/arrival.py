"""Tells ``manage.py doctor`` how its own request arrived: from which peer, with which headers of proxies."""

from typing import Final

from django.core import signing
from django.http import HttpRequest, JsonResponse

HEADER: Final = "X-Live-Blog-Doctor"
SALT: Final = "doctor"
LIFETIME: Final = 60
"""Seconds."""


def token() -> str:
    """Return the value of ``HEADER``, which needs the server's ``SECRET_KEY``."""
    return signing.dumps("arrival", salt=SALT)


def is_from_doctor(request: HttpRequest) -> bool:
    try:
        signing.loads(request.headers.get(HEADER, ""), salt=SALT, max_age=LIFETIME)
    except signing.BadSignature:
        return False
    return True


def arrival(request: HttpRequest) -> JsonResponse:
    scope = getattr(request, "scope", {})  # that of ``liveblog/proxies.py``
    state = scope.get("arrival", {}) | {
        "forwarding": scope.get("forwarding", []),
        "sender": request.META.get("REMOTE_ADDR", ""),
        "is_secure": request.is_secure(),
    }
    return JsonResponse(state, headers={"Cache-Control": "no-store"})
