"""Corrections in a file: the note, and the change that readers may unfold."""

from datetime import UTC, datetime
from typing import cast

from updates.content.diff import ChangedLine, Mark, Piece
from updates.content.published import CorrectionJSON
from updates.publishing.imports import CorrectionRecord

from .input_models import CorrectionPart
from .shapes import CorrectionShape


def correction_shape(correction: CorrectionJSON) -> CorrectionShape:
    at = datetime.fromisoformat(correction["at"]).astimezone(UTC).isoformat().replace("+00:00", "Z")
    shape: CorrectionShape = {"at": at, "note": correction["note"]}
    if correction.get("clarifies"):
        shape["clarifies"] = True
    if change := correction.get("change"):
        lines = (ChangedLine("", tuple(Piece(cast(Mark, mark), words) for mark, words in line)) for line in change)
        shape["change"] = [{"before": _words(line.before), "after": _words(line.after)} for line in lines]
    return shape


def _words(pieces: list[Piece]) -> str:
    return "".join(piece.text for piece in pieces)


def correction_record(part: CorrectionPart) -> CorrectionRecord:
    change = tuple((line.before, line.after) for line in part.change)
    return CorrectionRecord(part.at, part.note, part.clarifies, change)
