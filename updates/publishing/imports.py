"""Import a whole event from a record of it."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from django.db import transaction
from django.utils import timezone

from updates.choices import ChangeKind, EntryStatus, EventStatus, new_public_id
from updates.content.diff import changed_words
from updates.content.published import CorrectionJSON, PublishedContent
from updates.content.sanitize import clean_line
from updates.models import Change, Entry, Event, Person
from updates.models.guard import writing
from updates.nudge import event_moved
from updates.types import User

from .after_commit import after_commit
from .content import EntryContent
from .content_mapping import published_content, title_of, write_rows
from .events import EventDetails, create_event
from .limits import check_correction, check_length
from .operation import retried, snapshot_of
from .pictures.renditions import prepare
from .pictures.uses import index_pictures

BATCH_SIZE = 500
"""Rows of one INSERT."""


@dataclass(frozen=True)
class Removal:
    """The removal of an entry, as readers may see it."""

    at: datetime
    note: str


@dataclass(frozen=True)
class CorrectionRecord:
    """A correction. ``change`` has pairs of lines before and after it, as plain text."""

    at: datetime
    note: str
    clarifies: bool = False
    change: tuple[tuple[str, str], ...] = ()

    def as_json(self) -> CorrectionJSON:
        correction: CorrectionJSON = {"at": self.at.isoformat(), "note": self.note}
        if self.clarifies:
            correction["clarifies"] = True
        if self.change:
            lines = (changed_words(before, after) for before, after in self.change)
            correction["change"] = [[[piece.mark, piece.text] for piece in line] for line in lines]
        return correction


@dataclass(frozen=True)
class EntryRecord:
    """An entry as readers see it. ``place`` is its ``order``; ``public_id`` is used unless another entry has it."""

    content: EntryContent
    time: datetime
    place: int
    public_id: str = ""
    is_pinned: bool = False
    updated_at: datetime | None = None
    changed_at: datetime | None = None
    """Time of the newest change of its content; by default that of its newest correction, edit or publication."""
    corrections: tuple[CorrectionRecord, ...] = ()
    removal: Removal | None = None


@dataclass(frozen=True)
class EventRecord:
    """An event and its entries, oldest first. ``ordinals`` is the number of places that it has given to entries."""

    details: EventDetails
    status: EventStatus
    entries: tuple[EntryRecord, ...] = ()
    ordinals: int = 0
    status_note: str = ""
    key_points_at: datetime | None = None
    started_at: datetime | None = None
    ended_at: datetime | None = None
    changed_at: datetime | None = None
    """Time of the newest change; by default that of its newest update, or of its state."""


KIND_OF_STATUS: Final = {
    EventStatus.UPCOMING: ChangeKind.ANNOUNCE,
    EventStatus.LIVE: ChangeKind.OPEN,
    EventStatus.ENDED: ChangeKind.END,
    EventStatus.POSTPONED: ChangeKind.POSTPONE,
    EventStatus.CANCELLED: ChangeKind.CANCEL,
}
"""The kind of change that leads to a status."""


@retried
def import_event(record: EventRecord, actor: User, *, at: datetime | None = None) -> Event:
    """Create an event from a record of it: all of it or, where it is refused, nothing.

    A new event has no readers, so no lock is taken. Each entry gets a number of its own: catch-up would have to send a
    batch in one piece.
    """
    record = replace(record, entries=tuple(map(_cleaned, record.entries)), status_note=clean_line(record.status_note))
    check_length(record.status_note, Event, "status_note")
    prepare(_pictures(record))
    at = at or timezone.now()
    with transaction.atomic(), writing():
        event = create_event(record.details, actor, at=at)
        entries = list(_entries(event, record, actor))
        Entry.objects.bulk_create(entries, batch_size=BATCH_SIZE)
        index_pictures(entries)
        for row, entry in zip(entries, record.entries, strict=True):
            write_rows(row, entry.content, replace=False)
        changes = [_change_of(row, actor, at) for row in entries]
        _enter_state(event, record, changes, Change(event=event, actor=actor, at=at))
        Change.objects.bulk_create(changes, batch_size=BATCH_SIZE)
        event.save()
        after_commit(event_moved, event.pk)
    return event


def _pictures(record: EventRecord) -> Iterator[int]:
    """Yield the ids of all pictures of a record, so that their renditions are made before the operation."""
    if isinstance(record.details.lead_picture, int):
        yield record.details.lead_picture
    for entry in record.entries:
        yield from entry.content.image_ids()
    signed = {person for entry in record.entries for person in entry.content.bylines}
    yield from Person.objects.filter(pk__in=signed, photo__isnull=False).values_list("photo_id", flat=True)


def _cleaned(entry: EntryRecord) -> EntryRecord:
    corrections = tuple(replace(correction, note=clean_line(correction.note)) for correction in entry.corrections)
    for correction in corrections:
        check_correction(correction.note)
    if entry.removal:
        removal = replace(entry.removal, note=clean_line(entry.removal.note))
        check_length(removal.note, Entry, "reader_note")
        return replace(entry, content=EntryContent(), corrections=(), removal=removal)
    return replace(entry, content=entry.content.cleaned(), corrections=corrections)


def _entries(event: Event, record: EventRecord, actor: User) -> Iterator[Entry]:
    wanted = [entry.public_id for entry in record.entries if entry.public_id]
    taken = set(Entry.objects.filter(public_id__in=wanted).values_list("public_id", flat=True)) if wanted else set()
    for seq, its in enumerate(record.entries, start=1):
        entry = Entry(event=event, author=actor, headline=its.content.headline, is_key=its.content.is_key)
        entry.public_id = its.public_id if its.public_id not in taken | {""} else new_public_id()
        entry.order, entry.seq, entry.batch_end, entry.version = its.place, seq, seq, 1
        entry.published_at, entry.updated_at, entry.is_pinned = its.time, its.updated_at, its.is_pinned
        edits = filter(None, [its.time, its.updated_at, *(correction.at for correction in its.corrections)])
        entry.changed_at = its.changed_at or max(edits)
        entry.title = title_of(its.content)
        entry.content = _content(its, actor)
        entry.status, entry.last_kind = EntryStatus.PUBLISHED, ChangeKind.PUBLISH
        entry.corrected_at = max((correction.at for correction in its.corrections), default=None)
        if its.removal:
            entry.status, entry.last_kind = EntryStatus.REMOVED, ChangeKind.REMOVE
            entry.removed_at, entry.removed_by, entry.reader_note = its.removal.at, actor, its.removal.note
        yield entry


def _content(record: EntryRecord, actor: User) -> PublishedContent:
    """Return the published content. Without bylines in the record there are none: the importer is not the author."""
    content = published_content(record.content, actor)
    if not record.content.bylines:
        content["bylines"] = []
    return content | {"corrections": [correction.as_json() for correction in record.corrections]}


def _change_of(entry: Entry, actor: User, at: datetime) -> Change:
    change = Change(event=entry.event, entry=entry, actor=actor, at=at, kind=entry.last_kind, note=entry.reader_note)
    change.seq, change.desk_seq = entry.seq, entry.seq + 1
    change.snapshot = snapshot_of(entry)
    return change


def _enter_state(event: Event, record: EventRecord, changes: list[Change], last: Change) -> None:
    """Bring the event into its state, as the last of the changes."""
    event.ordinals = record.ordinals
    event.entry_count = sum(entry.removal is None for entry in record.entries)
    event.key_points_at = record.key_points_at
    event.started_at, event.ended_at = record.started_at, record.ended_at
    event.status, event.status_note = record.status, record.status_note
    times = [entry.time for entry in record.entries]
    times += filter(None, (record.started_at, record.ended_at))
    event.changed_at = record.changed_at or max(times, default=last.at)
    if record.status in KIND_OF_STATUS:
        last.kind = event.last_kind = KIND_OF_STATUS[record.status]
        last.seq = event.seq = len(changes) + 1
        last.desk_seq = last.seq + 1
        last.snapshot = {"status": event.status, "note": event.status_note}
        changes.append(last)
        event.version += 1
    event.head = len(changes)
    event.desk_head = len(changes) + 1
