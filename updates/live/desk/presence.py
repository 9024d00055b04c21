"""The people at a desk and the updates they have open, shown to the others there.

Processes exchange it through a table, at each change and every few seconds, with or without Redis. A row expires after
``LIFETIME``, so that the people of a killed process disappear. Readers learn only that somebody is writing, if the
event shows it: see ``Hub.set_writing``.
"""

import logging
import time
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass, fields
from datetime import timedelta
from secrets import token_hex
from typing import Generic, TypedDict, TypeVar

from django.db import Error as DatabaseError
from django.db import transaction
from django.utils import timezone

from updates.live.threads import in_background_thread
from updates.models import DeskPresence
from updates.untyped import JSONObject

logger = logging.getLogger(__name__)

T = TypeVar("T")
"""A desk: any object that can be a key."""

REPORT_EVERY = 8.0
LIFETIME = 25.0
"""Seconds."""


class PersonPresent(TypedDict):
    """Somebody at the desk, as the socket sends it."""

    id: int
    name: str
    at: list[int]
    """The updates that they have open."""
    writing: bool


@dataclass(frozen=True)
class Place:
    """Somebody's open desk: the ``entry`` in its form, whether they type, and whether it has a time to publish."""

    user: int
    name: str
    entry: int | None = None
    writing: bool = False
    embargo: bool = False

    @property
    def writes_for_readers(self) -> bool:
        """Whether a new update is being written that is not embargoed."""
        return self.writing and self.entry is None and not self.embargo


@dataclass(frozen=True)
class Report:
    """The report of one process to the others."""

    places: list[Place]
    writes_for_readers: bool


NOBODY = Report([], writes_for_readers=False)


class Presence(Generic[T]):
    """The people at the desk of one event, as far as this process knows."""

    def __init__(self, event_id: int, changed: Callable[[], None], may_publish: Callable[[T], bool]) -> None:
        """``changed`` is called when somebody comes, goes or moves; ``may_publish`` is asked about a desk's user."""
        self.event_id = event_id
        self._process = token_hex(8)
        self._may_publish = may_publish
        self._own: dict[T, Place] = {}
        self._others: list[Place] = []
        self._changed = changed
        self._last_people: list[PersonPresent] = []
        self._reported: tuple[float, Report] = (float("-inf"), NOBODY)

    def put(self, desk: T, place: Place | None) -> None:
        """Store the place of a desk; ``None`` if it has closed."""
        if place is None:
            self._own.pop(desk, None)
        else:
            self._own[desk] = place
        self._notify()

    async def exchange(self) -> None:
        """Report changes to the other processes, or renew the last report, and read theirs."""
        writes = any(place.writes_for_readers and self._may_publish(desk) for desk, place in self._own.items())
        report = Report(list(self._own.values()), writes)
        reported_at, last = self._reported
        now = time.monotonic()
        is_due = report != last or (bool(report.places) and now - reported_at >= REPORT_EVERY)
        others = await self._exchange(report if is_due else None)
        if others is None:
            return
        if is_due:
            self._reported = (now, report)
        self._others = others
        self._notify()

    async def leave(self) -> None:
        """Report to the other processes that nobody is here any more."""
        await self._exchange(NOBODY)

    async def _exchange(self, report: Report | None) -> list[Place] | None:
        try:
            return await in_background_thread(_exchange, self.event_id, self._process, report)
        except DatabaseError as error:
            logger.debug("Who is at the desk of event %s was not exchanged: %r", self.event_id, error)
            return None

    @property
    def people(self) -> list[PersonPresent]:
        """Each person once, sorted by name, with all the updates they have open."""
        people: dict[int, PersonPresent] = {}
        for place in [*self._own.values(), *self._others]:
            person = people.setdefault(place.user, {"id": place.user, "name": place.name, "at": [], "writing": False})
            person["writing"] = person["writing"] or place.writing
            if place.entry is not None and place.entry not in person["at"]:
                person["at"].append(place.entry)
        return sorted(people.values(), key=lambda person: (person["name"].casefold(), person["id"]))

    def _notify(self) -> None:
        people = self.people
        if people != self._last_people:
            self._last_people = people
            self._changed()


def _exchange(event_id: int, process: str, report: Report | None) -> list[Place]:
    """Write a report, if there is one, and read those of the other processes. Runs in a thread."""
    if report is not None:
        _write(event_id, process, report)
    rows = DeskPresence.objects.filter(event=event_id, until__gt=timezone.now()).exclude(process=process)
    places = [place for places in rows.order_by("process").values_list("places", flat=True) for place in places]
    return [_place_of(place) for place in places if place.keys() >= {"user", "name"}]


def _place_of(values: JSONObject) -> Place:
    """Read a place that a process of another release may have written with more or fewer fields."""
    return Place(**{field.name: values[field.name] for field in fields(Place) if field.name in values})


def _write(event_id: int, process: str, report: Report) -> None:
    now = timezone.now()
    with transaction.atomic():
        DeskPresence.objects.filter(until__lt=now).delete()
        if not report.places:
            DeskPresence.objects.filter(event=event_id, process=process).delete()
            return
        values = asdict(report) | {"until": now + timedelta(seconds=LIFETIME)}
        DeskPresence.objects.update_or_create(event_id=event_id, process=process, defaults=values)


def events_with_writers(event_ids: Iterable[int]) -> set[int]:
    """Return the events at whose desks, in any process, somebody writes what readers will get."""
    rows = DeskPresence.objects.filter(event__in=list(event_ids), writes_for_readers=True, until__gt=timezone.now())
    return set(rows.values_list("event", flat=True))
