"""Corrections as readers see them: on the entry, in the list of its event and in that of the site."""

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
    """Nothing was wrong, and something is explained."""
    change: tuple[ChangedLine, ...] = ()
    """The words before and after, where the newsroom shows them to readers."""


@dataclass(frozen=True)
class Listed:
    entry: Entry
    correction: Correction


def corrections_of(entry: Entry) -> list[Correction]:
    """In the order in which they were made."""
    return [_correction(stored) for stored in entry.content["corrections"]]


def listed(entries: Iterable[Entry]) -> list[Listed]:
    """All corrections of all these entries, the newest first; in one second, as the entries stand on the page.

    ``static/js/page/corrections.js`` puts them into the same order, and knows seconds only.
    """
    rows = [
        (correction.at.replace(microsecond=0), entry.order or 0, number, Listed(entry, correction))
        for entry in entries
        for number, correction in enumerate(corrections_of(entry))
    ]
    return [one for *_place, one in sorted(rows, key=lambda row: row[:3], reverse=True)]


def _correction(stored: Context) -> Correction:
    lines = (ChangedLine("", tuple(Piece(mark, words) for mark, words in line)) for line in stored.get("change", ()))
    return Correction(
        datetime.fromisoformat(stored["at"]), stored["note"], stored.get("clarifies", False), tuple(lines)
    )
