"""The open desks of this process. They get the head of their live blog, and who else is there.

As with readers, the database decides: nudges and operations of this process only say when to read, and the tick finds
changes without a nudge. The next check of the people closes the desks of those who have logged out or lost the
permission.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Protocol

from django.conf import settings
from django.db import Error as DatabaseError

from updates.live.redis_health import DEADLINE
from updates.live.subscriptions import Subscriptions
from updates.live.tasks import Soon, Tasks, keep_running
from updates.live.threads import in_desk_thread
from updates.queries.timeline import EntryAccess, desk_heads, entry_access

from .presence import PersonPresent, Place, Presence
from .session import DeskUser, Rejection, desk_users

logger = logging.getLogger(__name__)

CHECK_PEOPLE_EVERY = 2.0
"""Seconds between two checks whether the people may stay; a desk must be closed within five seconds."""


ReadersFirst = Callable[[int], Awaitable[None]]
"""Waits until the readers of an event, in this process, have its latest change."""


class Desk(Protocol):
    """One open desk; no method waits."""

    session: str
    user: DeskUser | None

    def moved(self, head: int) -> None: ...
    def people_changed(self, people: list[PersonPresent], access: dict[int, EntryAccess]) -> None: ...
    def close_socket(self, code: int, reason: str) -> None: ...


class Room:
    """The desks of one event in this process."""

    def __init__(self, event_id: int, head: int, readers_first: ReadersFirst) -> None:
        self.event_id = event_id
        self.head = head
        self._readers_first = readers_first
        self.desks: set[Desk] = set()
        self._tasks = Tasks()
        self._hides_open_updates = False
        self.show_people = Soon(self._show_people, self._tasks)
        self.read_head = Soon(self._read_head, self._tasks)
        self.presence = Presence(event_id, self.show_people, _may_publish)
        self._exchange = Soon(self.presence.exchange, self._tasks)
        self._recheck = Soon(self._check_and_show_people, self._tasks)
        for work in (self._watch_people, self._send_heartbeats):
            self._tasks.start(keep_running(work))

    def moved_to(self, head: int) -> None:
        if head == self.head:
            return
        self.head = head
        for desk in list(self.desks):
            desk.moved(head)
        self._recheck()

    def put(self, desk: Desk, place: Place) -> None:
        """Store where somebody is, and whether they write."""
        self.presence.put(desk, place)
        self._exchange()

    def leave(self, desk: Desk) -> None:
        self.desks.discard(desk)
        self.presence.put(desk, None)
        self._exchange()

    async def close(self) -> None:
        self._tasks.cancel()
        with suppress(TimeoutError):  # the report expires by itself
            async with asyncio.timeout(DEADLINE):
                await self.presence.leave()

    async def _read_head(self) -> None:
        await self._readers_first(self.event_id)
        heads = await in_desk_thread(desk_heads, [self.event_id])
        self.moved_to(heads.get(self.event_id, self.head))

    async def _show_people(self) -> None:
        """Send the desks who is here. One query for all of them finds who may know of which update."""
        people = self.presence.people
        open_entries = {pk for person in people for pk in person["at"]}
        try:
            access = await in_desk_thread(entry_access, self.event_id, open_entries) if open_entries else {}
            self._hides_open_updates = False
        except DatabaseError as error:
            logger.debug("The desk of event %s shows no open updates: %r", self.event_id, error)
            access = {}
            self._hides_open_updates = True
        for desk in list(self.desks):
            desk.people_changed(people, access)

    async def _watch_people(self) -> None:
        while True:
            await asyncio.sleep(CHECK_PEOPLE_EVERY)
            await self._check_people()
            self._exchange()
            if self._hides_open_updates:
                self.show_people()

    async def _check_and_show_people(self) -> None:
        """Check again after a change: it may have changed somebody's permission, or published an entry that more people
        may see.
        """
        await self._check_people()
        self.show_people()

    async def _check_people(self) -> None:
        """Close the desks of those who may not stay. If somebody's permissions have changed, send who is here again."""
        sessions = {desk.session for desk in self.desks}
        try:
            users = await in_desk_thread(desk_users, sessions, self.event_id)
        except DatabaseError:
            logger.exception("The people at the desk of event %s could not be checked; trying again", self.event_id)
            return
        has_changed = False
        for desk in list(self.desks):
            current = users.get(desk.session, desk.user)
            if isinstance(current, Rejection):
                desk.close_socket(current.code, current.reason)
            elif current is not None:
                has_changed = has_changed or current != desk.user
                desk.user = current
        if has_changed:
            self.show_people()
            self._exchange()

    async def _send_heartbeats(self) -> None:
        while True:
            await asyncio.sleep(settings.HEARTBEAT_EVERY)
            for desk in list(self.desks):
                desk.moved(self.head)


def _may_publish(desk: Desk) -> bool:
    return desk.user is not None and desk.user.publishes


class DeskRooms:
    """The rooms of this process; each exists while somebody is in it."""

    def __init__(self, subscriptions: Subscriptions, readers_first: ReadersFirst) -> None:
        self._rooms: dict[int, Room] = {}
        self._subscriptions = subscriptions
        self._readers_first = readers_first
        self._closing = Tasks()

    async def enter(self, event_id: int, desk: Desk) -> Room:
        if event_id not in self._rooms:
            head = (await in_desk_thread(desk_heads, [event_id])).get(event_id, 0)
            if event_id not in self._rooms:  # else another desk was faster
                self._rooms[event_id] = Room(event_id, head, self._readers_first)
                self._subscriptions.add(event_id, self._rooms[event_id].read_head)
        room = self._rooms[event_id]
        room.desks.add(desk)
        return room

    def leave(self, room: Room, desk: Desk) -> None:
        room.leave(desk)
        if not room.desks and self._rooms.get(room.event_id) is room:
            self._drop(room)
            self._closing.start(room.close())

    def event_moved(self, event_id: int) -> None:
        """Read the head after an operation of this process."""
        if room := self._rooms.get(event_id):
            room.read_head()

    async def reconcile(self) -> None:
        """Find changes without a nudge, in one query for all desks."""
        if not self._rooms:
            return
        for event_id, head in (await in_desk_thread(desk_heads, list(self._rooms))).items():
            if room := self._rooms.get(event_id):
                room.moved_to(head)

    async def shut_down(self, code: int) -> None:
        rooms = list(self._rooms.values())
        for room in rooms:
            self._drop(room)
            for desk in list(room.desks):
                desk.close_socket(code, "restart")
        await asyncio.gather(*(room.close() for room in rooms), self._closing.wait())

    def _drop(self, room: Room) -> None:
        del self._rooms[room.event_id]
        self._subscriptions.remove(room.event_id, room.read_head)
