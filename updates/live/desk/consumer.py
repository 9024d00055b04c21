"""The desk's socket. It says that the desk has moved, and who is there; what has changed is asked for by HTTP.

Server to client: ``{"t": "desk", "head", "hb"}`` at first, with each move and each heartbeat; ``{"t": "here",
"people"}``; ``{"t": "bye", "why"}`` before a close. Client to server: ``{"t": "at", "entry", "writing",
"embargo"}``.
"""

import json
from typing import Any

from asgiref.typing import ASGIReceiveCallable, ASGISendCallable, Scope
from channels.generic.websocket import AsyncWebsocketConsumer
from django.conf import settings

from updates.live.connection import Reader, reader_for
from updates.live.hubs import hubs
from updates.live.threads import in_thread
from updates.queries.timeline import EntryAccess
from updates.rendering import as_json

from .presence import Place
from .rooms import Room
from .session import DeskUser, desk_users, session_of

BAD_REQUEST = 4400
LONGEST = 200
"""Characters of what a desk says."""

SAYINGS = 600
"""Sayings of one socket within a minute or so; whoever says more is no desk."""


class DeskConsumer(AsyncWebsocketConsumer):  # type: ignore[misc]
    """One open desk. Only pages of this host may open it, since it reads a cookie."""

    channel_layer_alias = "none"
    """Names no layer: the room is subscribed, its desks are not."""

    session = ""
    user: DeskUser | None = None
    room: Room | None = None
    reader: Reader | None = None
    sayings = 0
    told: list[dict[str, Any]] | None = None
    """Who is here, as this desk has it."""

    async def __call__(self, scope: Scope, receive: ASGIReceiveCallable, send: ASGISendCallable) -> None:
        """Run until the socket is closed or cancelled; a cancelled one gets no ``disconnect``."""
        try:
            await super().__call__(scope, receive, send)
        finally:
            self._leave()

    async def connect(self) -> None:
        await self.accept()
        self.reader = reader_for(self.scope, self.base_send)
        event_id = self.scope["url_route"]["kwargs"]["pk"]
        self.session = session_of(self.scope["headers"])
        user = (await in_thread(desk_users, [self.session], event_id))[self.session]
        if not isinstance(user, DeskUser):
            self.show_out(user.code, user.reason)
            return
        self.user = user
        hubs().start()
        self.room = await hubs().desks.enter(event_id, self)
        self.moved(self.room.head)
        self.room.put(self, Place(user.pk, user.name))
        self.room.tell_company()

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        self.sayings += 1
        place = self._place(text_data or "")
        if place is None or self.sayings > SAYINGS:
            self.show_out(BAD_REQUEST, "not understood")
        elif self.room is not None:
            self.room.put(self, place)

    def _place(self, said: str) -> Place | None:
        try:
            message = json.loads(said[: LONGEST + 1])
            entry, writing = message["entry"], message["writing"]
            embargo = message.get("embargo", True)  # a page of an older release does not say
        except (ValueError, TypeError, KeyError):
            return None
        is_known = _may_be_an_entry(entry) and isinstance(writing, bool) and isinstance(embargo, bool)
        if self.user is None or not is_known:
            return None
        return Place(self.user.pk, self.user.name, entry, writing, embargo)

    # What the room says

    def moved(self, head: int) -> None:
        self.sayings = max(0, self.sayings - 1)
        self._push({"t": "desk", "head": head, "hb": settings.HEARTBEAT_EVERY})

    def company(self, people: list[dict[str, Any]], known: dict[int, EntryAccess]) -> None:
        """Of the updates that are open, those that one may know of oneself: a number can be news, too."""
        if self.user is None:
            return
        seen = {pk for pk, whose in known.items() if _may_know(self.user, whose)}
        told = [person | {"at": [pk for pk in person["at"] if pk in seen]} for person in people]
        if told != self.told:
            self.told = told
            self._push({"t": "here", "people": told})

    def show_out(self, code: int, why: str) -> None:
        if self.reader is not None:
            self.reader.close(code, as_json({"t": "bye", "why": why}))

    def _push(self, message: dict[str, Any]) -> None:
        if self.reader is not None:
            self.reader.push(as_json(message))

    def _leave(self) -> None:
        if self.room is not None:
            hubs().desks.leave(self.room, self)
        if self.reader is not None:
            self.reader.stop()


def _may_be_an_entry(sent: Any) -> bool:
    """``True`` is a number to Python, and a database takes 64 bits."""
    return sent is None or (type(sent) is int and 0 < sent < 2**63)


def _may_know(user: DeskUser, whose: EntryAccess) -> bool:
    return whose.is_out or user.moderates or whose.author == user.pk
