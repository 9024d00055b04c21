"""Corrections for templates: on the entry, in the list of its event and in that of the site."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from updates.content.diff import ChangedLine, Piece
from updates.models import Entry
from updates.untyped import Context


@dataclass(frozen=True)
class Correction:
    at: datetime
    note: str
    clarifies: bool = False
    """Whether nothing was wrong and the note only explains."""
    change: tuple[ChangedLine, ...] = ()
    """The words before and after, if the newsroom shows them to readers."""


@dataclass(frozen=True)
class EntryCorrection:
    entry: Entry
    correction: Correction


def corrections_of(entry: Entry) -> list[Correction]:
    """Return the corrections of an entry, oldest first."""
    return [_correction(stored) for stored in entry.content["corrections"]]


def newest_corrections(entries: Iterable[Entry]) -> list[EntryCorrection]:
    """Return the corrections of the entries, newest first; those of the same second in the order of their entries.

    ``static/js/page/corrections.js`` sorts in the same way, and knows only seconds.
    """
    rows = [
        (correction.at.replace(microsecond=0), entry.order or 0, number, EntryCorrection(entry, correction))
        for entry in entries
        for number, correction in enumerate(corrections_of(entry))
    ]
    return [one for *_place, one in sorted(rows, key=lambda row: row[:3], reverse=True)]


def _correction(stored: Context) -> Correction:
    lines = (ChangedLine("", tuple(Piece(mark, words) for mark, words in line)) for line in stored.get("change", ()))
    return Correction(
        datetime.fromisoformat(stored["at"]), stored["note"], stored.get("clarifies", False), tuple(lines)
    )
