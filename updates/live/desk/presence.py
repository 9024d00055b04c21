"""Who is at a desk and at which update: for the eyes of those who are there themselves, and soon forgotten.

Processes tell each other through a table, now and then and at each change, with Redis or without. What one said holds
for ``HOLDS`` seconds, so that nobody stays whose process has died. Readers are told no more than that somebody writes,
and that only where the event shows it: see ``Hub.tell_writing``.
"""

import logging
import time
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass, fields
from datetime import timedelta
from secrets import token_hex
from typing import Any

from django.db import Error as DatabaseError
from django.db import transaction
from django.utils import timezone

from updates.live.threads import in_thread_beside
from updates.models import DeskCompany

logger = logging.getLogger(__name__)

SAID_EVERY = 8.0
HOLDS = 25.0


@dataclass(frozen=True)
class Place:
    """Somebody's open desk. ``entry`` is the one in its form, ``writing`` that something is being typed, ``embargo``
    that it has a time to publish."""

    user: int
    name: str
    entry: int | None = None
    writing: bool = False
    embargo: bool = False

    @property
    def may_go_out(self) -> bool:
        """At once, from the hands of somebody who may publish."""
        return self.writing and self.entry is None and not self.embargo


@dataclass(frozen=True)
class Said:
    """What one process tells the others."""

    places: list[Place]
    writes_for_readers: bool


class Company:
    """Of one event, as this process knows it."""

    def __init__(self, event_id: int, say: Callable[[], None], publishes: Callable[[Any], bool]) -> None:
        """``publishes`` says of a seat whether whoever sits there may publish by now."""
        self.event_id = event_id
        self._publishes = publishes
        self._process = token_hex(8)
        self._mine: dict[Any, Place] = {}
        self._others: list[Place] = []
        self._say = say
        self._last: list[dict[str, Any]] = []
        self._told: tuple[float, Said] = (float("-inf"), Said([], writes_for_readers=False))

    def put(self, seat: object, place: Place | None) -> None:
        if place is None:
            self._mine.pop(seat, None)
        else:
            self._mine[seat] = place
        self._tell_ours()

    async def tell(self) -> None:
        """Tell the other processes what is new here, and that the rest still holds; hear what they say."""
        writes = any(place.may_go_out and self._publishes(seat) for seat, place in self._mine.items())
        ours = Said(list(self._mine.values()), writes)
        at, said = self._told
        now = time.monotonic()
        is_news = ours != said or (bool(ours.places) and now - at >= SAID_EVERY)
        others = await self._exchange(ours if is_news else None)
        if others is None:
            return
        if is_news:
            self._told = (now, ours)
        self._others = others
        self._tell_ours()

    async def leave(self) -> None:
        """Nobody of this process is here any more."""
        await self._exchange(Said([], writes_for_readers=False))

    async def _exchange(self, ours: "Said | None") -> list[Place] | None:
        try:
            return await in_thread_beside(_exchange, self.event_id, self._process, ours)
        except DatabaseError as error:
            logger.debug("Nobody was told who is at a desk: %r", error)  # which is nice to know, and no more
            return None

    @property
    def people(self) -> list[dict[str, Any]]:
        """Everybody once, by name, with all the updates they have open."""
        found: dict[int, dict[str, Any]] = {}
        for place in [*self._mine.values(), *self._others]:
            person = found.setdefault(place.user, {"id": place.user, "name": place.name, "at": [], "writing": False})
            person["writing"] = person["writing"] or place.writing
            if place.entry is not None and place.entry not in person["at"]:
                person["at"].append(place.entry)
        return sorted(found.values(), key=lambda person: (person["name"].casefold(), person["id"]))

    def _tell_ours(self) -> None:
        people = self.people
        if people != self._last:
            self._last = people
            self._say()


def _exchange(event_id: int, process: str, ours: Said | None) -> list[Place]:
    """Say who is here, where that is not ``None``, and read who is elsewhere. Runs in a thread."""
    now = timezone.now()
    if ours is not None:
        _write(event_id, process, ours)
    others = DeskCompany.objects.filter(event=event_id, until__gt=now).exclude(process=process).order_by("process")
    told = [place for places in others.values_list("places", flat=True) for place in places]
    return [_place_of(place) for place in told if place.keys() >= {"user", "name"}]


def _place_of(told: dict[str, Any]) -> Place:
    """Of a process that may be of another release, and know more or less of a place."""
    return Place(**{field.name: told[field.name] for field in fields(Place) if field.name in told})


def _write(event_id: int, process: str, ours: Said) -> None:
    now = timezone.now()
    with transaction.atomic():
        DeskCompany.objects.filter(until__lt=now).delete()
        if not ours.places:
            DeskCompany.objects.filter(event=event_id, process=process).delete()
            return
        told = {
            "places": [asdict(place) for place in ours.places],
            "writes_for_readers": ours.writes_for_readers,
            "until": now + timedelta(seconds=HOLDS),
        }
        DeskCompany.objects.update_or_create(event_id=event_id, process=process, defaults=told)


def where_somebody_writes(event_ids: Iterable[int]) -> set[int]:
    """The events at whose desks, in whichever process, somebody writes what readers may be told of."""
    told = DeskCompany.objects.filter(event__in=list(event_ids), writes_for_readers=True, until__gt=timezone.now())
    return set(told.values_list("event", flat=True))
