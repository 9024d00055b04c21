"""The address under which the site is known: of canonical links, shared pages and one-time links."""

from django.conf import settings
from django.http import HttpRequest

DEFAULT_PORTS = {"http": "80", "https": "443"}


def site_address(request: HttpRequest) -> str:
    """Return ``SITE_URL``; without it the host that was asked for, at the port that the server really listens on.

    Raises ``DisallowedHost`` for a host that is not in ``ALLOWED_HOSTS``. A ``Host`` header may name any port, and what
    it names must not stand in pages that others get from a cache.
    """
    if settings.SITE_URL:
        return str(settings.SITE_URL)
    scheme, port = str(request.scheme), str(request.META.get("SERVER_PORT", ""))
    host = _plain(request.get_host())
    return (
        f"{scheme}://{host}" if not port.isdigit() or port == DEFAULT_PORTS.get(scheme) else f"{scheme}://{host}:{port}"
    )


def reader_socket(slug: str) -> str:
    """Return the path of a readers' socket; ``reverse()`` knows addresses of HTTP only."""
    return f"{settings.URL_PREFIX}/ws/events/{slug}/"


def desk_socket(event_id: int) -> str:
    return f"{settings.URL_PREFIX}/ws/desk/{event_id}/"


def _plain(host: str) -> str:
    """Return the host in the form that proxies use for their caches: in small letters, without a port
    and without a full stop at its end. ``get_host`` has checked its form; an IPv6 address stands in brackets.
    """
    name, colon, port = host.lower().rpartition(":")
    return (name if colon and port.isdigit() else host.lower()).removesuffix(".")
