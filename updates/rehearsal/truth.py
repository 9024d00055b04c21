"""What the database says, read by plain SQL past the product's models."""

import json
import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from html import unescape
from typing import Any
from urllib.parse import urlsplit

import psycopg

from .markup import squeeze
from .traces import GONE, State

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
class Step:
    """One row of the log. ``words`` are what readers can read of the entry after it, each without its spaces."""

    at: float
    state: State
    words: tuple[str, ...]


@dataclass(frozen=True)
class Truth:
    epoch: str
    head: int
    count: int
    entries: dict[str, Step]
    steps: dict[int, Step]
    keys: dict[str, str]
    """Idempotency key → public id."""


def read_truth(database_url: str, slug: str) -> Truth:
    with _connection(database_url) as ask:
        ((event, epoch, head, count, seq),) = ask(EVENT, slug)
        steps = {row[0]: _step(*row) for row in ask(CHANGES, event)}
        rows = ask(ENTRIES, event)
    entries = {row[0]: _entry(steps, row) for row in rows}
    if seq:
        entries["event"] = steps[seq]
    return Truth(epoch, head, count, entries, steps, {row[9]: row[0] for row in rows if row[9]})


@contextmanager
def _connection(database_url: str) -> Iterator[Any]:
    parts = urlsplit(database_url)
    sqlite = parts.scheme == "sqlite"
    connection: Any = sqlite3.connect(parts.path, timeout=20) if sqlite else psycopg.connect(database_url)
    with closing(connection):
        yield lambda sql, value: connection.execute(sql.format("?" if sqlite else "%s"), (value,)).fetchall()


def _entry(steps: dict[int, Step], row: tuple[Any, ...]) -> Step:
    public_id, seq, status, order, pinned, key, content, reader_note, kind, _ = row
    op = "put" if status == "published" else "note" if reader_note else GONE
    words = words_of(_json(content)) if op == "put" else tuple(filter(None, [squeeze(reader_note)]))
    state = State(public_id, seq, op, order, bool(pinned), bool(key), kind=kind)
    return Step(steps[seq].at, state, words)


def _step(seq: int, kind: str, at: Any, snapshot: Any, note: str, public_id: str | None) -> Step:
    then = _json(snapshot)
    if public_id is None:
        return Step(_seconds(at), State("event", seq, "put", kind=kind), ())
    op = "put" if then["status"] == "published" else "note" if note else GONE
    words = words_of(then["content"]) if op == "put" else tuple(filter(None, [squeeze(note)]))
    state = State(public_id, seq, op, then["order"], then["pinned"], then["key"], kind=kind)
    return Step(_seconds(at), state, words)


def words_of(content: dict[str, Any]) -> tuple[str, ...]:
    """Headline, texts, quotes, captions and corrections: whatever must be readable on the page."""
    found = [content["headline"]]
    for block in content["blocks"]:
        found += [_plain(block["html"])] if block["kind"] == "text" else []
        found += [block.get(name, "") for name in ("text", "attribution", "caption", "credit", "lead_in")]
    found += [correction["note"] for correction in content["corrections"]]
    return tuple(filter(None, map(squeeze, found)))


def _plain(html: str) -> str:
    return unescape(re.sub(r"<[^>]*>", "", html))


def _json(value: Any) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(value) if isinstance(value, str) else value
    return found


def _seconds(at: Any) -> float:
    """SQLite keeps times as text in UTC."""
    if isinstance(at, str):
        at = datetime.fromisoformat(at).replace(tzinfo=UTC)
    seconds: float = at.timestamp()
    return seconds
