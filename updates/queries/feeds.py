"""Queries for feeds: the newest entries of an event or of all listed ones, and what was removed of them.

Call them inside ``reader_pages.snapshot()``.
"""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Max

from updates.choices import EntryStatus
from updates.models import Entry, Event
from updates.models.entry import EntryQuerySet

from .reader_pages import with_event

SIZE = 50
"""Most entries of a feed, and most removed ones that it names."""


@dataclass(frozen=True)
class FeedRows:
    entries: list[Entry]
    removed: list[Entry]
    """Removed entries, the last one first. A feed names only their ids; one of key events names all, since an entry may
    have lost the mark before it was removed, and does when it is erased."""


def event_feed(event: Event, *, keys_only: bool) -> FeedRows:
    """Read the newest entries of an event in two queries, whatever its size."""
    published = _shown(event.entries.all(), keys_only=keys_only).newest_first()[:SIZE]
    removed = _removed(event.entries.all())[:SIZE]
    return FeedRows([with_event(row, event) for row in published], [with_event(row, event) for row in removed])


def site_feed_state(*, keys_only: bool) -> tuple[str, ...]:
    """Return what the site's feed depends on, without reading its texts."""
    entries = _of_listed()
    newest = _shown(entries, keys_only=keys_only).order_by("-published_at", "-pk")
    columns = ("pk", "seq", "event__epoch", "event__version")
    return tuple(str(row) for rows in (newest, _removed(entries)) for row in rows.values_list(*columns)[:SIZE])


def site_feed(*, keys_only: bool) -> FeedRows:
    entries = _of_listed().select_related("event")
    newest = _shown(entries, keys_only=keys_only).order_by("-published_at", "-pk")[:SIZE]
    return FeedRows(list(newest), list(_removed(entries)[:SIZE]))


def last_change() -> datetime | None:
    """Return the time of the newest change of any public event. It never goes back, also when one is listed no more."""
    newest: datetime | None = Event.objects.public().aggregate(newest=Max("changed_at"))["newest"]
    return newest


def _of_listed() -> EntryQuerySet:
    return Entry.objects.filter(event__in=Event.objects.listed())


def _shown(entries: EntryQuerySet, *, keys_only: bool) -> EntryQuerySet:
    return entries.published().filter(is_key=True) if keys_only else entries.published()


def _removed(entries: EntryQuerySet) -> EntryQuerySet:
    return entries.filter(status=EntryStatus.REMOVED).order_by("-removed_at", "-pk")
