"""The readers' socket: the address says where a reader is, and from then on only the server sends."""

from functools import lru_cache
from typing import cast
from urllib.parse import parse_qs

from asgiref.typing import ASGIReceiveCallable, ASGISendCallable, Scope, WebSocketReceiveEvent, WebSocketScope
from channels.generic.websocket import AsyncWebsocketConsumer
from django.conf import settings
from django.db import Error as DatabaseError

from . import admission
from .connection import UNAVAILABLE, UPGRADE, DirectReader, Reader, Upgrade, reader_for
from .frames import VERSION, bye
from .hub import DRAINING, GONE, UNAVAILABLE_BYE, Hub
from .hubs import hubs

BAD_REQUEST = 4400
FULL = 4013
RETRY_WHEN_FULL = (240.0, 360.0)
"""Seconds after which a reader that was refused for lack of room tries a socket again; until then it polls."""
RETRY_NEVER = (3600.0, 7200.0)
"""Seconds before a client that was refused permanently may try again."""


class Visit:
    """One open socket of a reader: its place among those that were admitted, and its hub, which has everything in
    memory. It has no session, no group and no query of its own.
    """

    __slots__ = ("hub", "is_admitted", "is_over", "reader", "sender")

    def __init__(self) -> None:
        self.hub: Hub | None = None
        self.reader: Reader
        self.sender = ""
        self.is_admitted = self.is_over = False

    async def begin(self, reader: Reader, scope: WebSocketScope) -> None:
        """Send the reader its first frames, or why it is not let in. Waits only where the hub has to read the log."""
        self.reader = reader
        if not self._admit(scope):
            reader.close(FULL, bye("full", retry=RETRY_WHEN_FULL, mode="poll"))
            return
        position = _position(scope["query_string"])
        if position is None:
            reader.close(BAD_REQUEST, bye("bad request", retry=RETRY_NEVER, mode="poll"))
            return
        try:
            self.hub = await hubs().find(scope["url_route"]["kwargs"]["slug"])  # type: ignore[typeddict-item]  # Channels
        except DatabaseError:
            reader.close(UNAVAILABLE, UNAVAILABLE_BYE)
            return
        if self.hub is None:
            reader.close(GONE, bye("no such event", retry=RETRY_NEVER, mode="poll"))
            return
        await self._join(self.hub, *position)

    async def _join(self, hub: Hub, epoch: str, since: int) -> None:
        await hub.join(self.reader, epoch, since)
        if self.is_over:  # the reader went while the hub read the log
            hub.leave(self.reader)
        elif hubs().is_ending:
            self.reader.close(DRAINING, hub.farewell)

    def refuse_message(self) -> None:
        """Close the socket of a client that sends anything."""
        self.reader.close(BAD_REQUEST, bye("this socket only speaks", retry=RETRY_NEVER, mode="poll"))

    def end(self) -> None:
        """Give everything back, because the socket is closed."""
        self.is_over = True
        if self.is_admitted:
            admission.readers.leave(self.sender)
            self.is_admitted = False
        if self.hub is not None:
            self.hub.leave(self.reader)
        else:
            self.reader.stop()

    def _admit(self, scope: WebSocketScope) -> bool:
        """Take one of this process's places, and of the sender's, if there is one."""
        self.sender = admission.sender_of(scope)
        self.is_admitted = admission.readers.admit(
            self.sender, at_most=settings.READERS_AT_MOST, of_one=settings.SOCKETS_PER_ADDRESS
        )
        return self.is_admitted


async def reader_socket(scope: Scope, receive: ASGIReceiveCallable, send: ASGISendCallable) -> None:
    """Take a reader's socket over where the server offers it, so that neither a consumer nor a task stays of it;
    otherwise, on other ASGI servers, serve it with a consumer.
    """
    upgrade = _upgrade(cast(WebSocketScope, scope))
    if upgrade is None:
        await _consumer(scope, receive, send)
        return
    visit = Visit()
    with hubs().arrival():
        reader = DirectReader(upgrade(visit.refuse_message, visit.end))
        await visit.begin(reader, cast(WebSocketScope, scope))


def _upgrade(scope: WebSocketScope) -> Upgrade | None:
    return cast(Upgrade | None, (scope.get("extensions") or {}).get(UPGRADE))


class ReaderConsumer(AsyncWebsocketConsumer):  # type: ignore[misc]  # Channels has no types
    """The socket of a reader on any ASGI server."""

    channel_layer_alias = "none"
    """Names no layer: one subscription serves all readers of an event."""

    visit: Visit | None = None

    async def __call__(self, scope: Scope, receive: ASGIReceiveCallable, send: ASGISendCallable) -> None:
        """Run until the socket is closed or cancelled; a cancelled one gets no ``disconnect``."""
        try:
            await super().__call__(scope, receive, send)
        finally:
            if self.visit is not None:
                self.visit.end()

    async def connect(self) -> None:
        with hubs().arrival():
            await self.accept()  # before this a browser sees any close code as 1006
            self.visit = Visit()
            await self.visit.begin(reader_for(self.scope, self.base_send), self.scope)

    async def websocket_receive(self, _message: WebSocketReceiveEvent) -> None:
        if self.visit is not None:
            self.visit.refuse_message()


_consumer = ReaderConsumer.as_asgi()


@lru_cache(maxsize=100)  # most readers have the newest number
def _position(query: bytes) -> tuple[str, int] | None:
    """Return epoch and number from ``v=1&epoch=E&since=N``; ``None`` where it is not valid."""
    values = {name: items[-1] for name, items in parse_qs(query.decode("latin-1")).items()}
    since = values.get("since", "")
    if values.get("v") != VERSION or not since.isascii() or not since.isdigit() or len(since) > 18:
        return None
    return values.get("epoch", ""), int(since)


class NoSuchSocket(AsyncWebsocketConsumer):  # type: ignore[misc]  # Channels has no types
    """Socket of any other address. It is accepted and closed with a reason, because to browsers a refusal looks like a
    broken connection.
    """

    channel_layer_alias = "none"

    async def connect(self) -> None:
        await self.accept()
        reader_for(self.scope, self.base_send).close(GONE, bye("no such socket", retry=RETRY_NEVER, mode="poll"))
