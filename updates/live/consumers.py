"""The readers' socket: it says where a reader is, and from then on only the server speaks."""

from typing import Any
from urllib.parse import parse_qs

from asgiref.typing import ASGIReceiveCallable, ASGISendCallable, Scope
from channels.generic.websocket import AsyncWebsocketConsumer
from django.conf import settings
from django.db import Error as DatabaseError

from .connection import UNAVAILABLE, Reader, reader_for
from .frames import VERSION, bye
from .hub import GONE, UNAVAILABLE_BYE, Hub
from .hubs import hubs

BAD_REQUEST = 4400
FULL = 4013
TRY_AGAIN = (240.0, 360.0)
"""Seconds after which a reader that found no room tries the socket again; it polls meanwhile."""
NEVER = (3600.0, 7200.0)
"""Seconds before a client that was refused for good may try again, should it insist."""


class Admission:
    """How many readers this process has, whatever their event."""

    taken = 0


admission = Admission()


class ReaderConsumer(AsyncWebsocketConsumer):  # type: ignore[misc]
    """One reader. No session, no group of its own, no query: the hub has everything in memory."""

    channel_layer_alias = "none"
    """Names no layer: the hub is subscribed, its readers are not."""

    hub: Hub | None = None
    reader: Reader | None = None

    is_counted = False

    async def __call__(self, scope: Scope, receive: ASGIReceiveCallable, send: ASGISendCallable) -> None:
        """Run until the socket is closed or, by a server that waits no longer, cancelled: then ``disconnect`` is not
        called, so what was taken is given back here."""
        try:
            await super().__call__(scope, receive, send)
        finally:
            self._leave()

    async def connect(self) -> None:
        await self.accept()  # a close before this reaches a browser as 1006 only
        self.reader = reader_for(self.scope, self.base_send)
        if not self._enter():
            self.reader.close(FULL, bye("full", retry=TRY_AGAIN, mode="poll"))
            return
        position = _position(self.scope["query_string"])
        if position is None:
            self.reader.close(BAD_REQUEST, bye("bad request", retry=NEVER, mode="poll"))
            return
        try:
            self.hub = await hubs().find(self.scope["url_route"]["kwargs"]["slug"])
        except DatabaseError:
            self.reader.close(UNAVAILABLE, UNAVAILABLE_BYE)
            return
        if self.hub is None:
            self.reader.close(GONE, bye("no such event", retry=NEVER, mode="poll"))
            return
        await self.hub.join(self.reader, *position)

    async def websocket_receive(self, _message: dict[str, Any]) -> None:
        """Readers have nothing to say here."""
        if self.reader is not None:
            self.reader.close(BAD_REQUEST, bye("this socket only speaks", retry=NEVER, mode="poll"))

    def _enter(self) -> bool:
        """Take one of this process's places."""
        most = settings.READERS_AT_MOST
        self.is_counted = not most or admission.taken < most
        admission.taken += self.is_counted
        return self.is_counted

    def _leave(self) -> None:
        admission.taken -= self.is_counted
        if self.hub is not None and self.reader is not None:
            self.hub.leave(self.reader)
        elif self.reader is not None:
            self.reader.stop()


def _position(query: bytes) -> tuple[str, int] | None:
    """Epoch and number from ``v=1&epoch=E&since=N``; ``None`` where it cannot be read."""
    values: dict[str, Any] = {name: found[-1] for name, found in parse_qs(query.decode("latin-1")).items()}
    since = values.get("since", "")
    if values.get("v") != VERSION or not since.isascii() or not since.isdigit() or len(since) > 18:
        return None
    return values.get("epoch", ""), int(since)


class NoSuchSocket(AsyncWebsocketConsumer):  # type: ignore[misc]
    """Any other address: said in words, since a refusal before the upgrade would read as a broken line."""

    channel_layer_alias = "none"

    async def connect(self) -> None:
        await self.accept()
        reader_for(self.scope, self.base_send).close(GONE, bye("no such socket", retry=NEVER, mode="poll"))
