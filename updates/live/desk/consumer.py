"""The desk's socket. It says that the desk has changed and who is there; the page fetches the changes over HTTP.

Server to client: ``{"t": "desk", "head", "hb"}`` at first, with each change and each heartbeat; ``{"t": "here",
"people"}``; ``{"t": "bye", "why"}`` before a close. Client to server: ``{"t": "at", "entry", "writing",
"embargo"}``.
"""

import json
from collections.abc import Mapping

from asgiref.typing import ASGIReceiveCallable, ASGISendCallable, Scope
from channels.generic.websocket import AsyncWebsocketConsumer
from django.conf import settings

from updates.live import admission
from updates.live.connection import Reader, reader_for
from updates.live.hub import DRAINING
from updates.live.hubs import hubs
from updates.live.threads import in_desk_thread
from updates.queries.timeline import EntryAccess
from updates.rendering import as_json

from .presence import PersonPresent, Place
from .rooms import Room
from .session import LOGGED_OUT, DeskUser, Rejection, desk_users, session_of

BAD_REQUEST = 4400
FULL = 4013
LONGEST_MESSAGE = 200
"""Characters of a client's message."""

MESSAGE_BUDGET = 600
"""Messages that a socket may send in addition to one per frame from the server; a desk sends far fewer."""


class DeskConsumer(AsyncWebsocketConsumer):  # type: ignore[misc]  # Channels has no types
    """One open desk. Only pages of this host may open it, since it reads a cookie."""

    channel_layer_alias = "none"
    """Names no layer: one subscription serves all desks of an event."""

    session = ""
    sender = ""
    is_admitted = False
    user: DeskUser | None = None
    room: Room | None = None
    reader: Reader | None = None
    messages = 0
    people: list[PersonPresent] | None = None
    """The people present, as last sent to this desk."""

    async def __call__(self, scope: Scope, receive: ASGIReceiveCallable, send: ASGISendCallable) -> None:
        """Run until the socket is closed or cancelled; a cancelled one gets no ``disconnect``."""
        try:
            await super().__call__(scope, receive, send)
        finally:
            self._leave()

    async def connect(self) -> None:
        with hubs().arrival():
            await self._enter()
            if hubs().is_ending:
                self.close_socket(DRAINING, "restart")

    async def _enter(self) -> None:
        event_id = self.scope["url_route"]["kwargs"]["pk"]
        self.session = session_of(self.scope["headers"])
        user = await self._user(event_id) if self._admit() else Rejection(FULL, "full")
        await self.accept()  # before this a browser sees any close code as 1006
        self.reader = reader_for(self.scope, self.base_send)
        if isinstance(user, Rejection):
            self.close_socket(user.code, user.reason)
            return
        self.user = user
        hubs().start()
        self.room = await hubs().desks.enter(event_id, self)
        self.moved(self.room.head)
        self.room.put(self, Place(user.pk, user.name))
        self.room.show_people()

    def _admit(self) -> bool:
        self.sender = admission.sender_of(self.scope)
        self.is_admitted = admission.desks.admit(
            self.sender, at_most=settings.READERS_AT_MOST, of_one=settings.SOCKETS_PER_ADDRESS
        )
        return self.is_admitted

    async def _user(self, event_id: int) -> DeskUser | Rejection:
        """Find out who it is before the socket is open; without a cookie, without a query."""
        if not self.session:
            return Rejection(LOGGED_OUT, "logged out")
        return (await in_desk_thread(desk_users, [self.session], event_id))[self.session]

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        self.messages += 1
        place = self._place(text_data or "")
        if place is None or self.messages > MESSAGE_BUDGET:
            self.close_socket(BAD_REQUEST, "not understood")
        elif self.room is not None:
            self.room.put(self, place)

    def _place(self, text: str) -> Place | None:
        try:
            message = json.loads(text[: LONGEST_MESSAGE + 1])
            entry, writing = message["entry"], message["writing"]
            embargo = message.get("embargo", True)  # absent in pages of an older release
        except (ValueError, TypeError, KeyError):
            return None
        is_valid = _may_be_an_entry(entry) and isinstance(writing, bool) and isinstance(embargo, bool)
        if self.user is None or not is_valid:
            return None
        return Place(self.user.pk, self.user.name, entry, writing, embargo)

    # Called by the room

    def moved(self, head: int) -> None:
        self.messages = max(0, self.messages - 1)
        self._push({"t": "desk", "head": head, "hb": settings.HEARTBEAT_EVERY})

    def people_changed(self, people: list[PersonPresent], access: dict[int, EntryAccess]) -> None:
        """Send who is here, with those open updates that this user may know of: even the number of one can reveal
        something.
        """
        if self.user is None:
            return
        visible = {pk for pk, entry in access.items() if _may_know(self.user, entry)}
        here: list[PersonPresent] = [
            {**person, "at": [pk for pk in person["at"] if pk in visible]} for person in people
        ]
        if here != self.people:
            self.people = here
            self._push({"t": "here", "people": here})

    def close_socket(self, code: int, reason: str) -> None:
        if self.reader is not None:
            self.reader.close(code, as_json({"t": "bye", "why": reason}))

    def _push(self, message: Mapping[str, object]) -> None:
        if self.reader is not None:
            self.reader.push(as_json(message))

    def _leave(self) -> None:
        if self.is_admitted:
            admission.desks.leave(self.sender)
        if self.room is not None:
            hubs().desks.leave(self.room, self)
        if self.reader is not None:
            self.reader.stop()


def _may_be_an_entry(value: object) -> bool:
    """Exclude ``True``, which is a number to Python, and more than the database's 64 bits."""
    return value is None or (type(value) is int and 0 < value < 2**63)


def _may_know(user: DeskUser, entry: EntryAccess) -> bool:
    return entry.is_out or user.moderates or entry.author == user.pk
