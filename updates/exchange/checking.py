"""Check a file and report every problem, before anything is written."""

from dataclasses import dataclass, replace
from datetime import datetime

from updates.choices import ORDER_STEP, EventStatus
from updates.publishing.imports import EntryRecord, EventRecord
from updates.untyped import JSONObject

from .checking_entries import EntryCheck
from .checking_event import check_details
from .checking_times import check_event_times
from .input_models import EventPart, FilePart, quoted
from .parsing import parsed
from .problems import Problems
from .references import References
from .shapes import FORMAT, VERSION

WITHOUT_ENTRIES = {EventStatus.DRAFT, EventStatus.UPCOMING}
"""Statuses of an event that has published nothing yet."""

STARTED = {EventStatus.LIVE, EventStatus.ENDED}
"""Statuses of an event that has a start, and a place in lists by it, also without entries."""

ORDERS = ("oldest first", "newest first")

ReadEntries = list[tuple[str, EntryRecord]]
"""Entries with their paths in the file."""


@dataclass(frozen=True)
class Checked:
    """The content of a file and its problems. Without a readable event there is no ``record``."""

    record: EventRecord | None
    references: References
    pictures: JSONObject
    problems: Problems


def checked(document: object, now: datetime, slug: str = "") -> Checked:
    """Check a decoded file. ``slug`` replaces the file's own; entries without a time get ``now``."""
    problems = Problems()
    file = _file(document, problems)
    if file is None:
        return Checked(None, References(), {}, problems)
    _check_format(file, problems)
    event = _event_part(file, problems)
    check = EntryCheck(References(), frozenset(file.pictures), now, problems)
    entries = ((f"entries[{number}]", value) for number, value in enumerate(file.entries))
    read = [(path, entry) for path, value in entries if (entry := check.entry(value, path))]
    if file.order == "newest first":
        read.reverse()
    _check_together(read, problems)
    record = _record(event, _placed(read, problems), check, slug) if event else None
    return Checked(record, check.references, file.pictures, problems)


def _file(document: object, problems: Problems) -> FilePart | None:
    """Read the top level. If one of its fields is wrong, the other fields are read without it."""
    wrong = Problems()
    file = parsed(FilePart, document, "", wrong)
    problems += wrong
    if file is None and isinstance(document, dict):
        names = {problem.path for problem in wrong}
        file = parsed(FilePart, {name: value for name, value in document.items() if name not in names}, "", Problems())
    return file


def _check_format(file: FilePart, problems: Problems) -> None:
    if file.format not in ("", FORMAT):
        problems.add("format", f"is {quoted(file.format)}, not “{FORMAT}”")
    if file.version != VERSION:
        problems.add("version", f"is {file.version}; only version {VERSION} can be read")
    if file.order not in ("", *ORDERS):
        problems.add("order", f"{quoted(file.order)} is neither “oldest first” nor “newest first”")


def _event_part(file: FilePart, problems: Problems) -> EventPart | None:
    if file.event is None:
        if not any(problem.path == "event" for problem in problems):
            problems.add("event", "is missing")
        return None
    return parsed(EventPart, file.event, "event", problems)


def _check_together(read: ReadEntries, problems: Problems) -> None:
    """Report ids that are used twice, and a second pinned entry."""
    ids: set[str] = set()
    pinned = False
    for path, entry in read:
        if entry.public_id in ids:
            problems.add(f"{path}.id", f"“{entry.public_id}” is the id of another update of this file too")
        if pinned and entry.is_pinned:
            problems.add(f"{path}.pinned", "another update is pinned already")
        ids |= {entry.public_id} - {""}
        pinned |= entry.is_pinned


def _placed(read: ReadEntries, problems: Problems) -> tuple[EntryRecord, ...]:
    """Return the entries with their places: those of the file, or without any in the file one after the other."""
    if not any(entry.place for _, entry in read):
        return tuple(replace(entry, place=number * ORDER_STEP) for number, (_, entry) in enumerate(read, start=1))
    below = 0
    for path, entry in read:
        if entry.place <= below:
            problems.add(f"{path}.place", f"is {entry.place}, not above {below}, the place of the update before it")
        below = entry.place
    return tuple(entry for _, entry in read)


def _record(event: EventPart, entries: tuple[EntryRecord, ...], check: EntryCheck, slug: str) -> EventRecord:
    lead = check.picture(event.lead_picture, "event.lead_picture")
    details = check_details(event, lead or None, slug, check.problems)
    check_event_times(event, check.now, check.problems)
    status = event.status or (EventStatus.ENDED if entries else EventStatus.DRAFT)
    if entries and status in WITHOUT_ENTRIES:
        check.problems.add("event.status", f"is “{status}”, but there are updates: nothing is published in that state")
    began, ended = (entries[0].time, entries[-1].time) if entries else (check.now, check.now)
    return EventRecord(
        details=details,
        status=status,
        entries=entries,
        ordinals=_ordinals(event, entries, check.problems),
        status_note=event.status_note,
        key_points_at=event.key_points_at,
        changed_at=event.changed_at,
        started_at=event.started_at or (began if entries or status in STARTED else None),
        ended_at=event.ended_at or (ended if status == EventStatus.ENDED else None),
    )


def _ordinals(event: EventPart, entries: tuple[EntryRecord, ...], problems: Problems) -> int:
    """Return how many places the event has given: at least as many as its entries need."""
    needed = -(-entries[-1].place // ORDER_STEP) if entries else 0
    places = needed if event.places is None else event.places
    if places < needed:
        problems.add("event.places", f"is {places}, but its updates stand in {needed}")
    return places
