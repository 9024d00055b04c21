"""Finds everything that is wrong with a file, before anything is written."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from updates.choices import ORDER_STEP, EventStatus
from updates.models import Event
from updates.publishing.imports import EntryRecord, EventRecord
from updates.publishing.limits import longest

from .checking_entries import MOST_PLACES, EntryCheck
from .checking_event import check_details
from .fields import Fields, Problem
from .references import Cited
from .shapes import FORMAT, VERSION

WITHOUT_ENTRIES = {EventStatus.DRAFT, EventStatus.UPCOMING}
"""States in which an event has published nothing yet."""


@dataclass(frozen=True)
class Checked:
    """What a file says, and what is wrong with it; ``record`` is of use only where nothing is."""

    record: EventRecord
    cited: Cited
    pictures: Fields
    problems: list[Problem]


def checked(document: Any, now: datetime, slug: str = "") -> Checked:
    """``slug`` replaces the file's own; entries without a time get ``now``."""
    problems: list[Problem] = []
    file = Fields.of(document, problems)
    _check_format(file)
    event = file.part("event", needed=True) or Fields({}, "event", [])
    pictures = file.part("pictures") or Fields({}, "pictures", problems)
    check = EntryCheck(Cited(), frozenset(pictures.values), now)
    read = [(fields, check.entry(fields)) for fields in file.parts("entries")]
    if _is_newest_first(file):
        read.reverse()
    _check_together(read)
    record = _event(event, _placed(read), check, slug)
    file.end()
    return Checked(record, check.cited, pictures, problems)


def _check_format(file: Fields) -> None:
    if (name := file.text("format") or FORMAT) != FORMAT:
        file.blame("format", f"is “{name}”, not “{FORMAT}”")
    if (version := file.number("version", VERSION)) != VERSION:
        file.blame("version", f"is {version}; only version {VERSION} can be read")


def _is_newest_first(file: Fields) -> bool:
    order = file.text("order") or "oldest first"
    if order not in {"oldest first", "newest first"}:
        file.blame("order", f"“{order}” is neither “oldest first” nor “newest first”")
    return order == "newest first"


def _check_together(read: list[tuple[Fields, EntryRecord]]) -> None:
    """What only one entry may be or have."""
    ids: set[str] = set()
    pinned = False
    for fields, entry in read:
        if entry.public_id in ids:
            fields.blame("id", f"“{entry.public_id}” is the id of another update of this file too")
        if pinned and entry.is_pinned:
            fields.blame("pinned", "another update is pinned already")
        ids |= {entry.public_id} - {""}
        pinned |= entry.is_pinned


def _placed(read: list[tuple[Fields, EntryRecord]]) -> tuple[EntryRecord, ...]:
    """Each at its place: all as the file says, or one after the other."""
    if not any(entry.place for _, entry in read):
        return tuple(replace(entry, place=number * ORDER_STEP) for number, (_, entry) in enumerate(read, start=1))
    below = 0
    for fields, entry in read:
        if entry.place <= below:
            fields.blame("place", f"is {entry.place}, not above {below}, the place of the update before it")
        below = entry.place
    return tuple(entry for _, entry in read)


def _event(fields: Fields, entries: tuple[EntryRecord, ...], check: EntryCheck, slug: str) -> EventRecord:
    lead = check.picture_name(fields, "lead_picture")
    details = check_details(fields, check.cited.picture(lead) if lead else None, slug)
    status = fields.choice("status", EventStatus, EventStatus.ENDED if entries else EventStatus.DRAFT)
    if entries and status in WITHOUT_ENTRIES:
        fields.blame("status", f"is “{status}”, but there are updates: nothing is published in that state")
    has_started = status not in WITHOUT_ENTRIES and bool(entries)
    record = EventRecord(
        details=details,
        status=status,
        entries=entries,
        ordinals=_ordinals(fields, entries),
        status_note=fields.text("status_note", longest=longest(Event, "status_note")),
        key_points_at=fields.moment("key_points_at"),
        started_at=fields.moment("started_at") or (entries[0].time if has_started else None),
        ended_at=fields.moment("ended_at") or (entries[-1].time if status == EventStatus.ENDED and entries else None),
    )
    fields.end()
    return record


def _ordinals(fields: Fields, entries: tuple[EntryRecord, ...]) -> int:
    """How many places the event has given: as many as its entries need, or more where some were taken back."""
    needed = -(-entries[-1].place // ORDER_STEP) if entries else 0
    ordinals = fields.number("places", needed, MOST_PLACES)
    if ordinals < needed:
        fields.blame("places", f"is {ordinals}, but its updates stand in {needed}")
    return ordinals
