"""Expected state, read from the database by plain SQL.

It uses no models or queries of the product, and repeats what it needs of them: shared code would share its faults.
"""

import json
import re
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from html import unescape
from typing import Any
from urllib.parse import urlsplit

import psycopg

from .page_parser import squeeze
from .records import GONE, JSONObject, State

EVENT = "SELECT id, epoch, head, entry_count, seq FROM updates_event WHERE slug = {0}"
ENTRIES = (
    'SELECT public_id, seq, status, "order", is_pinned, is_key, content, reader_note, last_kind, idempotency_key '
    "FROM updates_entry WHERE event_id = {0} AND status IN ('published', 'removed')"
)
CHANGES = (
    "SELECT c.seq, c.kind, c.at, c.snapshot, c.note, e.public_id FROM updates_change c "
    "LEFT JOIN updates_entry e ON e.id = c.entry_id WHERE c.event_id = {0} AND c.seq IS NOT NULL ORDER BY c.seq"
)


@dataclass(frozen=True)
class LogRow:
    """Row of the log. ``words`` are the visible texts of the entry after the change, without spaces."""

    at: float
    state: State
    words: tuple[str, ...]


@dataclass(frozen=True)
class DatabaseState:
    """Event, entries and log of one rehearsal. ``entries`` has the newest row of the log by id."""

    epoch: str
    head: int
    count: int
    entries: dict[str, LogRow]
    log: dict[int, LogRow]
    keys: dict[str, str]
    """Public id by idempotency key."""

    @cached_property
    def replaced_by(self) -> dict[tuple[str, int], int]:
        """Number of the next change, by id and number of each state that is not the newest one of its id."""
        newest: dict[str, int] = {}
        replaced = {}
        for seq in sorted(self.log):
            key = self.log[seq].state.id
            if key in newest:
                replaced[key, newest[key]] = seq
            newest[key] = seq
        return replaced


def read_database(database_url: str, slug: str) -> DatabaseState:
    with snapshot(database_url) as query:
        ((event, epoch, head, count, seq),) = query(EVENT, slug)
        log = {row[0]: _log_row(*row) for row in query(CHANGES, event)}
        rows = query(ENTRIES, event)
    entries = {row[0]: _entry(log, row) for row in rows}
    if seq:
        entries["event"] = log[seq]
    return DatabaseState(epoch, head, count, entries, log, {row[9]: row[0] for row in rows if row[9]})


@contextmanager
def snapshot(database_url: str) -> Iterator[Callable[[str, object], list[tuple[Any, ...]]]]:  # columns of any type
    """Yield a function that runs one query. All queries see the rows as they were at the first one."""
    parts = urlsplit(database_url)
    sqlite = parts.scheme == "sqlite"
    connection: sqlite3.Connection | psycopg.Connection[tuple[Any, ...]]  # as above
    if sqlite:
        connection = sqlite3.connect(parts.path, timeout=20, isolation_level=None)
    else:
        connection = psycopg.connect(database_url)
    with closing(connection):
        connection.execute("BEGIN" if sqlite else "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        yield lambda sql, value: connection.execute(sql.format("?" if sqlite else "%s"), (value,)).fetchall()


def _entry(log: dict[int, LogRow], row: tuple[Any, ...]) -> LogRow:  # as above
    public_id, seq, status, order, pinned, key, content, reader_note, kind, _ = row
    op = "put" if status == "published" else "note" if reader_note else GONE
    words = words_of(_json(content)) if op == "put" else tuple(filter(None, [squeeze(reader_note)]))
    state = State(public_id, seq, op, order, bool(pinned), bool(key), kind=kind)
    return LogRow(log[seq].at, state, words)


def _log_row(
    seq: int, kind: str, at: str | datetime, snapshot: str | JSONObject, note: str, public_id: str | None
) -> LogRow:
    entry = _json(snapshot)
    if public_id is None:
        return LogRow(_seconds(at), State("event", seq, "put", kind=kind), ())
    op = "put" if entry["status"] == "published" else "note" if note else GONE
    words = words_of(entry["content"]) if op == "put" else tuple(filter(None, [squeeze(note)]))
    state = State(public_id, seq, op, entry["order"], entry["pinned"], entry["key"], kind=kind)
    return LogRow(_seconds(at), state, words)


def words_of(content: JSONObject) -> tuple[str, ...]:
    """Return the texts that the page must show: headline, texts, quotes, captions and corrections."""
    texts = [content["headline"]]
    for block in content["blocks"]:
        texts += [_plain(block["html"])] if block["kind"] == "text" else []
        texts += [block.get(name, "") for name in ("text", "attribution", "caption", "credit", "lead_in")]
    texts += [correction["note"] for correction in content["corrections"]]
    return tuple(filter(None, map(squeeze, texts)))


def _plain(html: str) -> str:
    return unescape(re.sub(r"<[^>]*>", "", html))


def _json(value: str | JSONObject) -> JSONObject:
    document: JSONObject = json.loads(value) if isinstance(value, str) else value
    return document


def _seconds(at: str | datetime) -> float:
    """Return seconds since 1970. SQLite stores times as text in UTC."""
    if isinstance(at, str):
        at = datetime.fromisoformat(at).replace(tzinfo=UTC)
    return at.timestamp()
