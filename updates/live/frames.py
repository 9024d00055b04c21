"""The frames of wire protocol version 1; ``docs/protocol.md`` is its home."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace

from django.conf import settings

from updates.choices import ChangeKind
from updates.models import Event
from updates.queries.reader_pages import event_by_id, snapshot
from updates.rendering import as_json, portion

VERSION = "1"

MOST_BYTES = 700_000
"""Of the items in one frame: Autobahn refuses to send 1 MiB or more."""

ENVELOPE = 200
"""Bytes around them."""


@dataclass(frozen=True, slots=True)
class Frame:
    """An ``ops`` frame, encoded once for all readers: for whoever has ``prev`` or more, up to ``seq``."""

    prev: int
    seq: int
    text: str
    renewed: frozenset[str] = frozenset()
    """Entries in it that readers had in another state: edited, removed and the like."""

    def without(self, ids: frozenset[str]) -> "Frame":
        """The same frame without what it said of some entries, of which a later one says more."""
        text = without(self.text, ids)
        return self if text is self.text else replace(self, text=text, renewed=self.renewed - ids)


def without(text: str, ids: frozenset[str]) -> str:
    """A frame's text without what it says of some entries; the very same where it says nothing of them."""
    if not any(f'"{key}"' in text for key in ids):
        return text
    message = json.loads(text)
    message["items"] = [item for item in message["items"] if item["id"] not in ids]
    return as_json(message)


@dataclass(frozen=True, slots=True)
class Standing:
    """Where an event stands after a look at the database."""

    event_id: int
    epoch: str
    head: int
    status: str
    count: int
    is_public: bool
    shows_readers: bool
    shows_writing: bool


def look(event_id: int, epoch: str | None, after: int) -> tuple[Standing, list[Frame]] | None:
    """Read the log since a number, in one snapshot; ``None`` where the event is gone. Runs in a thread.

    No frames where the numbering is another one (``epoch``), or on the first look (``epoch`` is ``None``).
    """
    with snapshot():
        event = event_by_id(event_id)
        if event is None:
            return None
        standing = standing_of(event)
        frames = []
        while epoch == event.epoch and after < event.head:
            frames.append(_next_frame(event, after))
            after = frames[-1].seq
    return standing, frames


def standing_of(event: Event) -> Standing:
    return Standing(
        event_id=event.pk,
        epoch=event.epoch,
        head=event.head,
        status=event.status,
        count=event.entry_count,
        is_public=event.is_public,
        shows_readers=event.has_reader_count,
        shows_writing=event.has_writing_line,
    )


def _next_frame(event: Event, after: int) -> Frame:
    """The changes after a number, as many as a frame may carry; never cut inside an operation.

    An operation too large for any frame is replaced by a heartbeat with its number: readers fetch it by catch-up.
    """
    changes, items = portion(event, after, MOST_BYTES)
    message = {"t": "ops", "prev": after, "seq": changes.upto, "items": items, "count": event.entry_count}
    text = as_json(message)
    if len(text.encode()) > MOST_BYTES + ENVELOPE:
        return Frame(after, changes.upto, heartbeat(changes.upto))
    renewed = frozenset(entry.public_id for entry in changes.entries if entry.last_kind != ChangeKind.PUBLISH)
    return Frame(after, changes.upto, text, renewed)


Shown = Mapping[str, int | bool]
"""What an event lets its readers see besides its updates: how many they are, whether somebody is writing."""


def sync(standing: Standing, head: int, *, more: bool, spread: float, shown: Shown) -> str:
    """First on every connection: ``ops`` frames follow from ``head`` on; ``more`` sends the reader to catch-up.

    ``spread``: within how many seconds readers that are cut off all at once should come back.
    """
    return as_json(
        {
            "t": "sync",
            "epoch": standing.epoch,
            "head": head,
            "items": [],
            "hb": settings.HEARTBEAT_EVERY,
            "spread": spread,
            "status": standing.status,
            "more": more,
            "count": standing.count,
        }
        | dict(shown)
    )


def heartbeat(seq: int, *, spread: float | None = None, shown: Shown | None = None) -> str:
    """The number readers should have; now and then also what ``sync`` said of ``spread``, and what is shown."""
    return as_json({"t": "hb", "seq": seq} | ({} if spread is None else {"spread": spread}) | dict(shown or {}))


def reset(standing: Standing, why: str) -> str:
    return as_json({"t": "reset", "epoch": standing.epoch, "why": why})


def bye(why: str, *, retry: tuple[float, float], mode: str) -> str:
    """Said before a close that the server chose: why, between how many seconds to come back, and by which way."""
    return as_json({"t": "bye", "why": why, "retry": list(retry), "mode": mode})
