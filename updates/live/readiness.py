"""Says whether this process should get readers, to its operator, a load balancer or a monitor only."""

import os
from ipaddress import IPv6Address, ip_address

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.crypto import constant_time_compare

from updates import cdn, nudge, websub

from .admission import readers
from .arrival import arrival, is_from_doctor
from .hubs import hubs
from .readiness_probe import probe


def readiness(request: HttpRequest) -> HttpResponse:
    """Respond with 200 or 503 and the state of this process. A broken Redis only delays updates, so it causes no 503.

    Respond with 404 unless the request comes from this machine or has the token. The doctor gets how it arrived.
    """
    if is_from_doctor(request):
        return arrival(request)
    if not may_ask(request):
        return absent()
    database, missing = probe.ask()
    ready = database == "ok" and not missing and not hubs().is_ending
    state = {
        "ready": ready,
        "pid": os.getpid(),
        "database": database,
        "missing": missing,
        "redis": hubs().redis.health,
        "ending": hubs().is_ending,
        "readers": readers.taken,
        "nudges_failed": nudge.failures,
        "purge": cdn.health(),
        "purges_failed": cdn.purges.failures,
        "websub": websub.health(),
    }
    return JsonResponse(state, status=200 if ready else 503, headers={"Cache-Control": "no-store"})


def may_ask(request: HttpRequest) -> bool:
    """Return whether a request comes from this machine, not through a proxy for somebody else
    (``liveblog/proxies.py``), or has the token.
    """
    is_forwarded = getattr(request, "scope", {}).get("forwarding")
    sender = "" if is_forwarded else request.META.get("REMOTE_ADDR", "")
    return may_see_state(sender, request.headers.get("Authorization", ""))


def may_see_state(sender: str, authorization: str) -> bool:
    """Return whether a request comes from this machine or has the token."""
    return _is_local(sender) or _is_token(authorization)


def absent() -> HttpResponse:
    return HttpResponse("Not found", status=404, content_type="text/plain", headers={"Cache-Control": "no-store"})


def _is_local(sender: str) -> bool:
    try:
        address = ip_address(sender)
    except ValueError:
        return False
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return (mapped or address).is_loopback


def _is_token(authorization: str) -> bool:
    token = settings.READYZ_TOKEN
    return bool(token) and constant_time_compare(authorization, f"Bearer {token}")
