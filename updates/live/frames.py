"""The frames of wire protocol version 1; ``docs/protocol.md`` is its home."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from django.conf import settings

from updates.choices import ChangeKind
from updates.metrics import RESETS
from updates.models import Event
from updates.queries.reader_pages import event_by_id, snapshot
from updates.rendering import as_json, portion

VERSION = "1"

MAX_BYTES = 700_000
"""Most bytes of the items in one frame; Autobahn refuses to send 1 MiB or more."""

ENVELOPE = 200
"""Bytes around the items."""

_ID = re.compile(r'"id":"([^"]*)"')
"""In the text of a frame: of an item, or of something in it."""


@dataclass(frozen=True, slots=True)
class Frame:
    """An ``ops`` frame, encoded once for all readers: the changes after ``prev`` up to ``seq``."""

    prev: int
    seq: int
    text: str
    renewed: frozenset[str] = frozenset()
    """Ids of its items that readers had in another state: edited, removed and the like, and the event itself."""
    ids: frozenset[str] = frozenset()
    """Ids of all its items, so that nobody needs to read a long text to see that an entry is not in it."""

    def without(self, ids: frozenset[str]) -> "Frame":
        """Return the frame without some entries, of which a later frame has a newer state."""
        if self.ids.isdisjoint(ids):
            return self
        return replace(self, text=without(self.text, ids), renewed=self.renewed - ids, ids=self.ids - ids)


def without(text: str, ids: frozenset[str]) -> str:
    """Return a frame's text without some entries; the same object where it has none of them.

    The text is read once, however many entries there are: a renumbering has those of a whole page.
    """
    if ids.isdisjoint(_ID.findall(text)):
        return text
    message = json.loads(text)
    message["items"] = [item for item in message["items"] if item["id"] not in ids]
    return as_json(message)


@dataclass(frozen=True, slots=True)
class EventState:
    """The state of an event and its new frames, read from the log."""

    event_id: int
    slug: str
    epoch: str
    head: int
    status: str
    count: int
    is_public: bool
    shows_readers: bool
    shows_writing: bool
    changed_at: datetime | None
    """When the newest change began, by the clock of the process that made it."""


def read_log(event_id: int, epoch: str | None, after: int) -> tuple[EventState, list[Frame]] | None:
    """Read the log after a number, in one snapshot; ``None`` where the event is gone. Runs in a thread.

    Returns no frames where the event has another ``epoch`` by now, or on the first read (``epoch`` is ``None``).
    """
    with snapshot():
        event = event_by_id(event_id)
        if event is None:
            return None
        state = state_of(event)
        frames = []
        while epoch == event.epoch and after < event.head:
            frames.append(_next_frame(event, after))
            after = frames[-1].seq
    return state, frames


def state_of(event: Event) -> EventState:
    return EventState(
        event_id=event.pk,
        slug=event.slug,
        epoch=event.epoch,
        head=event.head,
        status=event.status,
        count=event.entry_count,
        is_public=event.is_public,
        shows_readers=event.has_reader_count,
        shows_writing=event.has_writing_line,
        changed_at=event.changed_at,
    )


def _next_frame(event: Event, after: int) -> Frame:
    """Make a frame of as many changes as it may carry; an operation is never cut in two.

    An operation too large for any frame becomes a heartbeat with its number, so that readers fetch it by catch-up.
    """
    changes, items = portion(event, after, MAX_BYTES)
    message = {"t": "ops", "prev": after, "seq": changes.upto, "items": items, "count": event.entry_count}
    text = as_json(message)
    if len(text.encode()) > MAX_BYTES + ENVELOPE:
        return Frame(after, changes.upto, heartbeat(changes.upto))
    renewed = {entry.public_id for entry in changes.entries if entry.last_kind != ChangeKind.PUBLISH}
    renewed |= {item["id"] for item in items if item["id"] == "event"}  # its title and key points had other words
    return Frame(after, changes.upto, text, frozenset(renewed), frozenset(item["id"] for item in items))


Extras = Mapping[str, int | bool]
"""What an event may show its readers besides its updates: how many they are, and whether somebody is writing."""


def sync(state: EventState, head: int, *, more: bool, spread: float, extras: Extras) -> str:
    """Make the first frame of a connection: ``ops`` follow from ``head`` on; ``more`` sends the reader to catch-up.

    ``spread`` is the number of seconds over which readers that are cut off all at once should come back.
    """
    return as_json(
        {
            "t": "sync",
            "epoch": state.epoch,
            "head": head,
            "items": [],
            "hb": settings.HEARTBEAT_EVERY,
            "spread": spread,
            "status": state.status,
            "more": more,
            "count": state.count,
        }
        | dict(extras)
    )


def heartbeat(seq: int, *, spread: float | None = None, extras: Extras | None = None) -> str:
    """Make a frame with the number that readers should have, and with what has changed since ``sync``."""
    return as_json({"t": "hb", "seq": seq} | ({} if spread is None else {"spread": spread}) | dict(extras or {}))


def reset(state: EventState, reason: str) -> str:
    RESETS.labels(reason).inc()
    return as_json({"t": "reset", "epoch": state.epoch, "why": reason})


def bye(reason: str, *, retry: tuple[float, float], mode: str) -> str:
    """Make the last frame before the server closes: why, after how many seconds to come back, and how (``mode``)."""
    return as_json({"t": "bye", "why": reason, "retry": list(retry), "mode": mode})
