"""The log of an entry or of a whole event as a file, for people outside the newsroom."""

import csv
import io
import json
from collections.abc import Iterable, Iterator
from datetime import UTC
from typing import Final

from updates.models import Change, Entry, Event
from updates.publishing.last_change import actor_name
from updates.untyped import JSONObject

FORMATS: Final = {"json": "application/json", "csv": "text/csv; charset=utf-8"}

COLUMNS: Final = (
    "number",
    "seq",
    "at",
    "kind",
    "entry",
    "title",
    "actor",
    "account",
    "reason",
    "note",
    "snapshot",
)

FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "\n")
"""First characters of a cell that spreadsheets take for a formula."""


def log_of(event: Event, entry: Entry | None = None) -> Iterable[Change]:
    """Return the log of an event or entry, oldest first."""
    changes = entry.changes if entry else event.changes
    return changes.select_related("entry", "actor").order_by("desk_seq").iterator(chunk_size=500)


def format_log(changes: Iterable[Change], file_format: str) -> str:
    if file_format == "csv":
        return csv_of(_csv_rows(changes))
    return json.dumps([_row(change) for change in changes], ensure_ascii=False, indent=1) + "\n"


def _row(change: Change) -> JSONObject:
    """Return a row: ``number`` counts all changes, ``seq`` those that readers could see."""
    values = (
        change.desk_seq,
        change.seq,
        change.at.astimezone(UTC).isoformat().replace("+00:00", "Z"),
        change.kind,
        change.entry.public_id if change.entry else "",
        change.entry.title if change.entry else "",
        actor_name(change.actor),
        change.actor.get_username() if change.actor else "",
        change.reason,
        change.note,
        change.snapshot,
    )
    return dict(zip(COLUMNS, values, strict=True))


def csv_of(rows: Iterable[Iterable[object]]) -> str:
    """Format as CSV, with a byte order mark: without it spreadsheets do not recognise UTF-8."""
    file = io.StringIO()
    csv.writer(file).writerows([_harmless(value) for value in row] for row in rows)
    return "\ufeff" + file.getvalue()


def _csv_rows(changes: Iterable[Change]) -> Iterator[Iterable[object]]:
    yield COLUMNS
    for change in changes:
        row = _row(change)
        yield (row | {"snapshot": json.dumps(row["snapshot"], ensure_ascii=False)}).values()


def _harmless(value: object) -> object:
    """Put an apostrophe before a text that a spreadsheet would take for a formula."""
    return f"'{value}" if isinstance(value, str) and value.startswith(FORMULA) else value
