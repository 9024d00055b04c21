"""How many read a live blog, minute by minute, and how soon they saw what was new."""

from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.utils import timezone

from updates.models import Delivery, Event, EventMinute

from .receipts import staleness_of

MINUTE: Final = timedelta(minutes=1)

BOUNDS: Final = (0.1, 0.2, 0.3, 0.4, 0.5, 0.75, 1.0, 1.5, 2.0, 3.0, 5.0, 10.0, 20.0, 120.0)
"""Seconds up to which a page counts for each number of ``EventMinute.delays``."""

CURVE_OF: Final = timedelta(hours=6)
"""The time that the curve at the desk shows."""

POINTS: Final = 120
"""Points of a curve, at most."""

READ_AT_MOST: Final = 50_000
"""Minutes of a live blog that a report reads, the newest: some five weeks."""


@dataclass(frozen=True)
class Audience:
    """The readers of a span of time. ``points`` are the highest numbers of equal parts of it."""

    now: int
    peak: int
    peak_at: datetime | None
    since: datetime
    until: datetime
    points: tuple[int, ...]


@dataclass(frozen=True)
class Staleness:
    """In seconds, rounded up to the next of ``BOUNDS``."""

    median: float
    slow: float
    """95 of 100 pages were as fast."""
    confirmed: int


def bucket_of(seconds: float) -> int:
    return min(bisect_left(BOUNDS, round(seconds, 3)), len(BOUNDS) - 1)


def empty_buckets() -> list[int]:
    return [0] * len(BOUNDS)


def audience_lately(event: Event, at: datetime | None = None) -> Audience:
    """Return the readers of the last hours, for the desk."""
    now = at or timezone.now()
    start = max(now - CURVE_OF, min(event.started_at or now, now - 30 * MINUTE))
    return _audience(event, start, now, now)


def audience_of(event: Event, at: datetime | None = None) -> Audience:
    """Return the readers of the whole event."""
    now = at or timezone.now()
    end = event.ended_at if event.has_ended and event.ended_at else now
    return _audience(event, event.started_at or event.created_at, end, now)


def _audience(event: Event, since: datetime, until: datetime, now: datetime) -> Audience:
    rows = minutes_of(event, since, until)
    peak_at, peak = max(rows, key=lambda row: row[1], default=(None, 0))
    recent = [readers for minute, readers in rows if minute > now - 2 * MINUTE]
    points = _points(rows, since, max(until, since + MINUTE))
    return Audience(recent[-1] if recent else 0, peak, peak_at, since, until, points)


def minutes_of(
    event: Event, since: datetime | None = None, until: datetime | None = None
) -> list[tuple[datetime, int]]:
    """Return the minutes that had readers, the oldest first."""
    rows = EventMinute.objects.filter(event=event, readers__gt=0)
    if since is not None and until is not None:
        rows = rows.filter(minute__gt=since - MINUTE, minute__lte=until)
    return list(rows.order_by("-minute").values_list("minute", "readers")[:READ_AT_MOST])[::-1]


def _points(rows: Iterable[tuple[datetime, int]], since: datetime, until: datetime) -> tuple[int, ...]:
    count = min(POINTS, max(1, (until - since) // MINUTE))
    points = [0] * count
    for minute, readers in rows:
        place = int((minute - since) / (until - since) * count)
        place = min(max(place, 0), count - 1)
        points[place] = max(points[place], readers)
    return tuple(points)


def staleness_in(event: Event) -> Staleness | None:
    """Return how soon open pages of an event showed what was new; ``None`` if nothing is known."""
    rows = EventMinute.objects.filter(event=event, confirmed__gt=0).order_by("-minute")
    sums = empty_buckets()
    for delays in rows.values_list("delays", flat=True)[:READ_AT_MOST]:
        sums = [one + other for one, other in zip(sums, delays, strict=True)]
    for seconds in staleness_of(Delivery.objects.filter(event=event)):  # not deleted yet, so not in those rows
        sums[bucket_of(seconds)] += 1
    total = sum(sums)
    return Staleness(_bound(sums, total * 0.5), _bound(sums, total * 0.95), total) if total else None


def _bound(sums: list[int], wanted: float) -> float:
    reached = 0
    for bound, number in zip(BOUNDS, sums, strict=True):
        reached += number
        if reached >= wanted:
            return bound
    return BOUNDS[-1]
