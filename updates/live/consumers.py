"""The readers' socket: the address says where a reader is, and from then on only the server sends."""

from urllib.parse import parse_qs

from asgiref.typing import ASGIReceiveCallable, ASGISendCallable, Scope, WebSocketReceiveEvent
from channels.generic.websocket import AsyncWebsocketConsumer
from django.conf import settings
from django.db import Error as DatabaseError

from . import admission
from .connection import UNAVAILABLE, Reader, reader_for
from .frames import VERSION, bye
from .hub import DRAINING, GONE, UNAVAILABLE_BYE, Hub
from .hubs import hubs

BAD_REQUEST = 4400
FULL = 4013
RETRY_WHEN_FULL = (240.0, 360.0)
"""Seconds after which a reader that was refused for lack of room tries a socket again; until then it polls."""
RETRY_NEVER = (3600.0, 7200.0)
"""Seconds before a client that was refused permanently may try again."""


class ReaderConsumer(AsyncWebsocketConsumer):  # type: ignore[misc]  # Channels has no types
    """One reader, without a session, a group or a query of its own: the hub has everything in memory."""

    channel_layer_alias = "none"
    """Names no layer: one subscription serves all readers of an event."""

    hub: Hub | None = None
    reader: Reader | None = None
    sender = ""
    is_admitted = False

    async def __call__(self, scope: Scope, receive: ASGIReceiveCallable, send: ASGISendCallable) -> None:
        """Run until the socket is closed or cancelled; a cancelled one gets no ``disconnect``."""
        try:
            await super().__call__(scope, receive, send)
        finally:
            self._leave()

    async def connect(self) -> None:
        with hubs().arrival():
            await self.accept()  # before this a browser sees any close code as 1006
            self.reader = reader_for(self.scope, self.base_send)
            await self._join(self.reader)

    async def _join(self, reader: Reader) -> None:
        if not self._admit():
            reader.close(FULL, bye("full", retry=RETRY_WHEN_FULL, mode="poll"))
            return
        position = _position(self.scope["query_string"])
        if position is None:
            reader.close(BAD_REQUEST, bye("bad request", retry=RETRY_NEVER, mode="poll"))
            return
        try:
            self.hub = await hubs().find(self.scope["url_route"]["kwargs"]["slug"])
        except DatabaseError:
            reader.close(UNAVAILABLE, UNAVAILABLE_BYE)
            return
        if self.hub is None:
            reader.close(GONE, bye("no such event", retry=RETRY_NEVER, mode="poll"))
            return
        await self.hub.join(reader, *position)
        if hubs().is_ending:
            reader.close(DRAINING, self.hub.farewell)

    async def websocket_receive(self, _message: WebSocketReceiveEvent) -> None:
        """Close the socket of a client that sends anything."""
        if self.reader is not None:
            self.reader.close(BAD_REQUEST, bye("this socket only speaks", retry=RETRY_NEVER, mode="poll"))

    def _admit(self) -> bool:
        """Take one of this process's places, and of the sender's, if there is one."""
        self.sender = admission.sender_of(self.scope)
        self.is_admitted = admission.readers.admit(
            self.sender, at_most=settings.READERS_AT_MOST, of_one=settings.SOCKETS_PER_ADDRESS
        )
        return self.is_admitted

    def _leave(self) -> None:
        if self.is_admitted:
            admission.readers.leave(self.sender)
        if self.hub is not None and self.reader is not None:
            self.hub.leave(self.reader)
        elif self.reader is not None:
            self.reader.stop()


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
