"""Corrections in a file: what readers were told, and what they may unfold."""

from datetime import UTC, datetime

from updates.content.diff import ChangedLine, Piece
from updates.publishing.imports import CorrectionRecord
from updates.untyped import JSONObject

from .input_models import CorrectionPart
from .shapes import CorrectionShape


def written(told: JSONObject) -> CorrectionShape:
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


def record(part: CorrectionPart) -> CorrectionRecord:
    change = tuple((line.before, line.after) for line in part.change)
    return CorrectionRecord(part.at, part.note, part.clarifies, change)
