"""Hands the sockets of readers over to the application, so that no object of HTTP, Autobahn or ASGI stays in memory.

Channels' URL router and the check of the Origin decide as they do for every socket. An application that finds an
``Upgrade`` among the extensions of its scope accepts with it, and has from then on only a ``Writer``. What is unusual
about an upgrade, and every refusal, is left to Daphne.
"""

import logging
import re
from base64 import b64encode
from collections.abc import Callable
from hashlib import sha1
from socket import AF_INET, AF_INET6, IPPROTO_TCP, TCP_NODELAY, socket
from typing import Any, Final
from urllib.parse import unquote

from asgiref.typing import ASGI3Application
from channels.routing import URLRouter
from daphne.http_protocol import WebRequest
from django.conf import settings
from twisted.internet.tcp import Server as ServerTransport

from liveblog.proxies import TrustedProxies
from liveblog.websocket import WebSocket
from updates.live.connection import UPGRADE
from updates.live.routing import reader_urlpatterns
from updates.live.tasks import start_now

logger = logging.getLogger(__name__)

KEY: Final = re.compile(rb"[0-9A-Za-z+/]{22}==")
SALT: Final = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"

SWITCHING: Final = (
    b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: %s\r\n\r\n"
)

readers: ASGI3Application = TrustedProxies(URLRouter(reader_urlpatterns), settings.TRUSTED_PROXIES)


class UpgradableRequest(WebRequest):  # type: ignore[misc]  # Daphne has no types
    """A request that may become a reader's socket."""

    transport: Any  # Twisted's types leave out half of it
    _is_upgraded = _is_daphnes = False

    def process(self) -> object:
        if self._is_plain_upgrade() and self._hand_over():
            return None
        self._is_daphnes = True
        return super().process()

    def _is_plain_upgrade(self) -> bool:
        return (
            self.requestHeaders.hasHeader(b"Sec-WebSocket-Key")
            and (self.method, self.clientproto) == (b"GET", b"HTTP/1.1")
            and self._only(b"Upgrade").lower() == b"websocket"
            and b"upgrade" in [token.strip() for token in self._only(b"Connection").lower().split(b",")]
            and self._only(b"Sec-WebSocket-Version") == b"13"
            and KEY.fullmatch(self._only(b"Sec-WebSocket-Key")) is not None
            and self._only(b"Host") != b""
            and len(self.requestHeaders.getRawHeaders(b"Origin", [])) < 2
            and not self.requestHeaders.hasHeader(b"Content-Length")
            and not self.requestHeaders.hasHeader(b"Transfer-Encoding")
            and self.uri.isascii()
            and _is_plain(self.transport)
        )

    def _only(self, name: bytes) -> bytes:
        """Return the value of a header that occurs once, otherwise nothing."""
        values: list[bytes] = self.requestHeaders.getRawHeaders(name, [])
        return values[0] if len(values) == 1 else b""

    def _hand_over(self) -> bool:
        """Return whether an application has taken the socket."""
        try:
            start_now(readers(self._scope(), _receive_nothing, _ignore))  # type: ignore[arg-type]  # Daphne's, untyped
        except ValueError:  # Channels has no route for it
            return False
        except Exception:
            logger.exception("A reader's socket could not be opened")
        return self._is_upgraded

    def _scope(self) -> dict[str, object]:
        path, _, query = self.uri.partition(b"?")
        return {
            "type": "websocket",
            "asgi": {"version": "3.0"},
            "http_version": "1.1",
            "scheme": "ws",
            "path": unquote(path.decode("ascii")),
            "raw_path": path,
            "root_path": "",
            "query_string": query,
            "headers": [
                (name.lower(), value)
                for name, values in self.requestHeaders.getAllRawHeaders()
                if b"_" not in name
                for value in values
            ],
            "client": _address(self.client),
            "server": _address(self.host),
            "subprotocols": [],
            "extensions": {UPGRADE: self._upgrade},
        }

    def _upgrade(self, on_message: Callable[[], None], on_close: Callable[[], None]) -> WebSocket:
        """Answer the upgrade and take the socket away from Twisted. This is the scope's ``Upgrade``."""
        if self._is_daphnes:
            raise RuntimeError("An application took a socket too late: it must decide without waiting.")
        self._is_upgraded = True
        self.server.connections.pop(self, None)
        accept = b64encode(sha1(self._only(b"Sec-WebSocket-Key") + SALT).digest())  # noqa: S324  # nosec B324 – RFC 6455
        connection, unsent = _socket_of(self.transport)
        self.channel.transport = self.transport = None
        self.channel.requests = []
        del self.channel  # nothing refers in circles any more, so all of it is freed at once
        return WebSocket(connection, on_message, on_close, unsent + SWITCHING % accept)


def _is_plain(transport: object) -> bool:
    return isinstance(transport, ServerTransport) and not transport.TLS


def _socket_of(transport: Any) -> tuple[socket, bytes]:  # Any: as above
    """Return a transport's socket, and what it has not sent yet. From then on Twisted does not know the socket."""
    transport.unregisterProducer()
    transport.stopReading()
    transport.stopWriting()
    unsent = transport.dataBuffer[transport.offset :] + b"".join(transport._tempDataBuffer)
    connection: socket = transport.socket
    transport.connected, transport.disconnected = 0, 1
    del transport.protocol, transport.socket, transport.fileno
    if connection.family in (AF_INET, AF_INET6):
        connection.setsockopt(IPPROTO_TCP, TCP_NODELAY, 1)
    return connection, unsent


def _address(peer: Any) -> list[str | int] | None:  # Any: as above
    return [str(peer.host), peer.port] if hasattr(peer, "host") else None


async def _receive_nothing() -> None:
    """Never called: a reader's socket is taken over, or refused."""


async def _ignore(_message: object) -> None:
    """Ignore a refusal: Daphne asks again, and answers it."""
