"""Forwarding headers: believed when a proxy that the site trusts sends them, otherwise removed.

Anybody can send ``X-Forwarded-For``, ``Daphne-Root-Path`` and their kin. One such header from a stranger would put
another address into every link of a page, and from there into every cache.
"""

import logging
import re
import time
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from ipaddress import IPv4Network, IPv6Network
from typing import Any, Final

from asgiref.typing import ASGI3Application, ASGIReceiveCallable, ASGISendCallable, Scope

from updates.networks import parsed_address
from updates.unnamed_proxies import note

logger = logging.getLogger(__name__)

Network = IPv4Network | IPv6Network
Headers = list[tuple[bytes, bytes]]

FORWARDING: Final = re.compile(
    rb"forwarded|via|x-forwarded-.+|x-(?:real|client|cluster-client|originating|remote)-ip|x-(?:remote|original|proxy)-.+"
    rb"|x-(?:host|script-name|url-scheme|rewrite-url|http-method-override|method-override)|script-name|true-client-ip"
    rb"|client-ip|cf-connecting-ip|front-end-https|proxy|daphne-root-path"
)
"""Names of headers in which proxies pass on the sender and the address of a request."""

MOST_UNNAMED: Final = 10
"""Peers that are logged for headers which are not believed, so that strangers cannot fill the log."""

NOTE_EVERY: Final = 3600
"""Seconds after which such a peer is noted again, for ``manage.py doctor``."""

_TELLING: Final = ("x-forwarded-for", "x-forwarded-proto", "forwarded")
"""Headers that proxies set and browsers do not."""

_unnamed: dict[str, float] = {}
"""When each was noted."""

_SECURE: Final = {"http": "https", "websocket": "wss"}


@dataclass(frozen=True)
class TrustedProxies:
    """An ASGI application that gives ``application`` the reader's own address and scheme, and none of these headers."""

    application: ASGI3Application
    networks: Sequence[Network]

    async def __call__(self, scope: Scope, receive: ASGIReceiveCallable, send: ASGISendCallable) -> None:
        if scope["type"] in _SECURE:
            scope = self.cleaned(scope)
        await self.application(scope, receive, send)

    def cleaned(self, scope: Any) -> Any:  # Any: a TypedDict of asgiref cannot be copied with changes
        headers: Headers = scope["headers"]
        peer = (scope.get("client") or ("", 0))[0]
        is_trusted, chain = self.trusts(peer), _list(headers, b"x-forwarded-for")
        forwarding = [name.decode("latin-1").lower() for name, _value in headers if _is_forwarding(name)]
        changes: dict[str, object] = {
            "root_path": "",  # Daphne takes it from a header
            "headers": [(name, value) for name, value in headers if not _is_forwarding(name)],
            "forwarding": forwarding,
            "arrival": {"peer": peer, "is_trusted": is_trusted, "chain": chain},  # for ``manage.py doctor``
        }
        if not is_trusted:
            _warn_of_unnamed(peer, forwarding)
        else:
            changes["client"] = (self._sender(chain, peer), 0)
            if _list(headers, b"x-forwarded-proto")[-1:] == ["https"]:
                changes["scheme"] = _SECURE[scope["type"]]
        return scope | changes

    def trusts(self, address: str) -> bool:
        parsed = parsed_address(address)
        return parsed is not None and any(parsed in network for network in self.networks)

    def _sender(self, chain: list[str], peer: str) -> str:
        """Return the last address that a trusted proxy has seen, from the right: those left of it can be forged."""
        sender = peer
        for address in reversed(chain):
            sender = address
            if not self.trusts(address):
                break
        return sender if parsed_address(sender) else peer


def _warn_of_unnamed(peer: str, forwarding: list[str]) -> None:
    """Log once that a peer says to be a proxy: if it is one, all its readers share the limits of one address."""
    used = [name.title() for name in _TELLING if name in forwarding]
    now, noted_at = time.monotonic(), _unnamed.get(peer)
    if not used or (len(_unnamed) >= MOST_UNNAMED if noted_at is None else now < noted_at + NOTE_EVERY):
        return
    _unnamed[peer] = now
    note(peer)
    if noted_at is None:
        logger.warning(
            "%s sends %s and is not in TRUSTED_PROXIES. If it is your proxy, name it there: until then all "
            "readers behind it share the limits of one address.",
            peer or "A peer without an address",
            ", ".join(used),
        )


@lru_cache(maxsize=200)
def _is_forwarding(name: bytes) -> bool:
    """Return whether a header is one of ``FORWARDING``; an underscore could be read as a hyphen."""
    return b"_" in name or FORWARDING.fullmatch(name.lower()) is not None


def _list(headers: Headers, wanted: bytes) -> list[str]:
    values = b",".join(value for name, value in headers if name.lower() == wanted)
    return [item.strip() for item in values.decode("latin-1").split(",") if item.strip()]
