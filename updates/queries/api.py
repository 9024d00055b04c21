"""Queries for the read API."""

from dataclasses import dataclass

from updates.choices import EventStatus
from updates.models import Entry, Event

from .reader_pages import with_event

MOST = 100
"""Most events or entries of one answer."""


@dataclass(frozen=True)
class EntryPlace:
    """Which updates are asked for: those next to a place, which is the ``order`` of an update, on one side of it."""

    before: int | None = None
    after: int | None = None
    keys_only: bool = False
    limit: int = 20


@dataclass(frozen=True)
class Portion:
    """Some of the updates, and whether there are further ones in the same direction."""

    entries: list[Entry]
    has_more: bool


def entries_at(event: Event, place: EntryPlace) -> Portion:
    """Read updates with one query: with ``after`` the oldest ones that are newer, else the newest ones."""
    entries = event.entries.published()
    if place.keys_only:
        entries = entries.filter(is_key=True)
    if place.after is not None:
        entries = entries.filter(order__gt=place.after).order_by("order")
    else:
        entries = entries.newest_first()
        entries = entries if place.before is None else entries.filter(order__lt=place.before)
    rows = [with_event(entry, event) for entry in entries[: place.limit + 1]]
    return Portion(rows[: place.limit], len(rows) > place.limit)


def listed_events(state: EventStatus | None, after: Event | None, limit: int) -> list[Event]:
    """Read listed events, the newest first, and one more than the limit if there are further ones."""
    events = Event.objects.listed().order_by("-pk")
    if state:
        events = events.filter(status=state)
    if after:
        events = events.filter(pk__lt=after.pk)
    return list(events[: limit + 1])


def listed_event(slug: str) -> Event | None:
    return Event.objects.listed().filter(slug=slug).first()
