"""Desks that are open in this process: they are told that their live blog has moved, and who else is there.

As with readers, the database says what is so. A nudge or this process's own operation only says when to look; the
tick finds what no nudge told. Whoever logs out or loses the right is shown out by the next look at who is here.
"""

import asyncio
import logging
from contextlib import suppress
from typing import Any, Protocol

from django.conf import settings
from django.db import Error as DatabaseError

from updates.live.redis_health import DEADLINE
from updates.live.subscriptions import Subscriptions
from updates.live.tasks import Soon, Tasks, keep_running
from updates.live.threads import in_thread
from updates.queries.timeline import EntryAccess, desk_heads, entry_access

from .presence import Company, Place
from .session import DeskUser, desk_users

logger = logging.getLogger(__name__)

LOOK_AT_PEOPLE = 2.0
"""Seconds between two looks whether those who are here may stay; a socket is closed within five."""


class Seat(Protocol):
    """One open desk; no method waits."""

    session: str
    user: DeskUser | None

    def moved(self, head: int) -> None: ...
    def company(self, people: list[dict[str, Any]], known: dict[int, EntryAccess]) -> None: ...
    def show_out(self, code: int, why: str) -> None: ...


class Room:
    """The desks of one event in this process."""

    def __init__(self, event_id: int, head: int) -> None:
        self.event_id = event_id
        self.head = head
        self.seats: set[Seat] = set()
        self._tasks = Tasks()
        self.tell_company = Soon(self._tell_company, self._tasks)
        self.company = Company(event_id, self.tell_company, _publishes)
        self._exchange_soon = Soon(self.company.tell, self._tasks)
        self.look_soon = Soon(self.look, self._tasks)
        self._look_around_soon = Soon(self._look_around, self._tasks)
        for work in (self._watch, self._beat):
            self._tasks.start(keep_running(work))

    def at(self, head: int) -> None:
        """Where the event's desk is now."""
        if head == self.head:
            return
        self.head = head
        for seat in list(self.seats):
            seat.moved(head)
        self._look_around_soon()

    def put(self, seat: Seat, place: Place) -> None:
        """Where somebody is, and whether they write."""
        self.company.put(seat, place)
        self._exchange_soon()

    def leave(self, seat: Seat) -> None:
        self.seats.discard(seat)
        self.company.put(seat, None)
        self._exchange_soon()

    async def look(self) -> None:
        """Ask the database where the desk is."""
        found = await in_thread(desk_heads, [self.event_id])
        self.at(found.get(self.event_id, self.head))

    async def close(self) -> None:
        self._tasks.cancel()
        with suppress(TimeoutError):  # what was said is soon forgotten by itself
            async with asyncio.timeout(DEADLINE):
                await self.company.leave()

    async def _tell_company(self) -> None:
        """Say who is here, to whom it is news. One query, whoever is here: it tells who may know of which update."""
        people = self.company.people
        open_here = {pk for person in people for pk in person["at"]}
        try:
            known = await in_thread(entry_access, self.event_id, open_here) if open_here else {}
        except DatabaseError as error:
            logger.debug("Nobody was told which updates are open: %r", error)
            known = {}
        for seat in list(self.seats):
            seat.company(people, known)

    async def _watch(self) -> None:
        while True:
            await asyncio.sleep(LOOK_AT_PEOPLE)
            await self._look_at_people()
            self._exchange_soon()

    async def _look_around(self) -> None:
        """It may have been somebody's right that moved, or an entry that went out and may be named to more."""
        await self._look_at_people()
        self.tell_company()

    async def _look_at_people(self) -> None:
        """Show out whoever may not stay. Where somebody may more or less by now, others are named to them by that."""
        sessions = {seat.session for seat in self.seats}
        try:
            found = await in_thread(desk_users, sessions, self.event_id)
        except Exception:
            logger.exception("Nobody could be asked for at the desk of event %s; trying again", self.event_id)
            return
        changed = False
        for seat in list(self.seats):
            now = found.get(seat.session, seat.user)
            if isinstance(now, DeskUser):
                changed = changed or now != seat.user
                seat.user = now
            elif now is not None:
                seat.show_out(now.code, now.reason)
        if changed:
            self.tell_company()
            self._exchange_soon()

    async def _beat(self) -> None:
        while True:
            await asyncio.sleep(settings.HEARTBEAT_EVERY)
            for seat in list(self.seats):
                seat.moved(self.head)


def _publishes(seat: Seat) -> bool:
    return seat.user is not None and seat.user.publishes


class DeskRooms:
    """The rooms of this process, each there while somebody is in it."""

    def __init__(self, subscriptions: Subscriptions) -> None:
        self._rooms: dict[int, Room] = {}
        self._subscriptions = subscriptions
        self._closing = Tasks()

    async def enter(self, event_id: int, seat: Seat) -> Room:
        if event_id not in self._rooms:
            head = (await in_thread(desk_heads, [event_id])).get(event_id, 0)
            if event_id not in self._rooms:  # another was quicker
                self._rooms[event_id] = Room(event_id, head)
                self._subscriptions.add(event_id, self._rooms[event_id].look_soon)
        room = self._rooms[event_id]
        room.seats.add(seat)
        return room

    def leave(self, room: Room, seat: Seat) -> None:
        room.leave(seat)
        if not room.seats and self._rooms.get(room.event_id) is room:
            self._drop(room)
            self._closing.start(room.close())

    def _drop(self, room: Room) -> None:
        del self._rooms[room.event_id]
        self._subscriptions.remove(room.event_id, room.look_soon)

    def moved(self, event_id: int) -> None:
        """An operation of this process has committed."""
        if room := self._rooms.get(event_id):
            room.look_soon()

    async def reconcile(self) -> None:
        """One query for all desks: find what nobody told."""
        if not self._rooms:
            return
        for event_id, head in (await in_thread(desk_heads, list(self._rooms))).items():
            if room := self._rooms.get(event_id):
                room.at(head)

    async def shut(self, code: int) -> None:
        rooms = list(self._rooms.values())
        for room in rooms:
            self._drop(room)
            for seat in list(room.seats):
                seat.show_out(code, "restart")
        await asyncio.gather(*(room.close() for room in rooms), self._closing.wait())
