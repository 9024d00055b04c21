"""What a part of a live blog on another site's page shows: the newest entries, or what has changed since a number."""

from dataclasses import dataclass

from updates.models import Entry, Event

from .reader_pages import changes_since, with_event


@dataclass(frozen=True)
class Section:
    event: Event
    entries: list[Entry]
    """The newest first. Of changes since a number, removed ones too."""
    upto: int
    """The number that this state has, or up to which these changes are complete."""
    has_more: bool
    """Whether there are older entries, or further changes."""


def newest_entries(event: Event, limit: int, *, headlines_only: bool) -> Section:
    """Read the newest entries with one query, inside the ``snapshot()`` that read the event."""
    entries = event.entries.published() if headlines_only else event.entries.for_readers()
    rows = [with_event(entry, event) for entry in entries.newest_first()[: limit + 1]]
    return Section(event, rows[:limit], event.head, has_more=len(rows) > limit)


def changed_entries(event: Event, after: int) -> Section:
    """Read what has changed since a number, at most as much as one answer of the catch-up address has."""
    changes = changes_since(event, after)
    entries = sorted(changes.entries, key=lambda entry: entry.order or 0, reverse=True)
    return Section(event, entries, changes.upto, has_more=changes.more)


def one_entry(event: Event, public_id: str) -> Section | None:
    """Return the section of one entry, without it if it was removed without a note to readers; ``None`` if readers
    never saw it.
    """
    entry = event.entries.known_to_readers().filter(public_id=public_id).first()
    if entry is None:
        return None
    entries = [with_event(entry, event)] if entry.is_published or entry.reader_note else []
    return Section(event, entries, event.head, has_more=False)
