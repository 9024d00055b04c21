"""Corrections in a file: what readers were told, and what they may unfold."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from updates.content.diff import ChangedLine, Piece
from updates.models import Entry
from updates.publishing.imports import CorrectionRecord
from updates.publishing.limits import longest

from .fields import Fields
from .shapes import CorrectionShape


def written(told: dict[str, Any]) -> CorrectionShape:
    at = datetime.fromisoformat(told["at"]).astimezone(UTC).isoformat().replace("+00:00", "Z")
    shape: CorrectionShape = {"at": at, "note": told["note"]}
    if told.get("clarifies"):
        shape["clarifies"] = True
    if told.get("change"):
        lines = (ChangedLine("", tuple(Piece(mark, words) for mark, words in line)) for line in told["change"])
        shape["change"] = [{"before": _words(line.before), "after": _words(line.after)} for line in lines]
    return shape


def _words(pieces: list[Piece]) -> str:
    return "".join(piece.text for piece in pieces)


def read(parts: Iterator[Fields], now: datetime) -> Iterator[CorrectionRecord]:
    for part in parts:
        at = part.moment("at", needed=True) or now
        note = part.text("note", needed=True, longest=longest(Entry, "reader_note"))
        yield CorrectionRecord(at, note, part.flag("clarifies"), tuple(_change(part.parts("change"))))
        part.end()


def _change(parts: Iterator[Fields]) -> Iterator[tuple[str, str]]:
    for part in parts:
        yield part.text("before"), part.text("after")
        part.end()
