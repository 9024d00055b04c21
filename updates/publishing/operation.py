"""One operation: take the lock, ask, change the row, append to the log, nudge on commit."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial, wraps
from typing import Any, ParamSpec, TypeVar

from django.core.exceptions import PermissionDenied
from django.db import OperationalError, connection, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from updates.cdn import event_key, purge
from updates.choices import ChangeKind
from updates.models import Change, Entry, Event
from updates.models.guard import writing
from updates.nudge import event_moved
from updates.types import Actor, User

from .errors import Unprepared
from .pictures.renditions import prepare

P = ParamSpec("P")
R = TypeVar("R")

RETRIES = 3
"""How often an operation is tried: pictures may have to be made ready, and SQLite may be locked."""


@dataclass
class Operation:
    """What happens to one event in one transaction."""

    event: Event
    actor: Actor
    at: datetime
    _changes: list[Change] = field(default_factory=list)

    def entry_changed(self, entry: Entry, kind: str, *, reason: str = "", note: str = "", **snapshot: Any) -> None:
        """Number a change of an entry that readers see, and save it; ``snapshot`` adds to what the log keeps of it."""
        self.event.head += 1
        entry.seq = entry.batch_end = self.event.head
        entry.last_kind = kind
        entry.version += 1
        entry.save()
        self._append(kind, entry=entry, seq=entry.seq, reason=reason, note=note, snapshot=snapshot_of(entry) | snapshot)

    def event_changed(self, kind: str, *, reason: str = "", **snapshot: Any) -> None:
        """Number a change of the event itself; it reaches readers as an item too."""
        self.event.head += 1
        self.event.seq = self.event.head
        self.event.last_kind = kind
        self.event.version += 1
        self._append(kind, seq=self.event.head, reason=reason, snapshot=snapshot)

    def log_desk(self, kind: str, *, reason: str = "", **snapshot: Any) -> None:
        """Log what readers do not see: no number of theirs is taken."""
        self._append(kind, seq=None, reason=reason, snapshot=snapshot)

    def save_unpublished(
        self, entry: Entry, kind: str, *, reason: str = "", logged: bool = True, **snapshot: Any
    ) -> None:
        """Save an entry that is not out. The log takes no number that readers know, so nothing shows them that it is
        there; ``logged=False`` is for what a device saves every few seconds."""
        entry.version += 1
        entry.save()
        if logged:
            self.log_entry(entry, kind, reason=reason, **snapshot)

    def log_entry(self, entry: Entry, kind: str, *, reason: str = "", **snapshot: Any) -> None:
        """Log what happens to an entry at the desk only, such as a change of it that waits for approval."""
        told = {"status": entry.status, "title": entry.title} | snapshot
        self._append(kind, entry=entry, seq=None, reason=reason, snapshot=told)

    @property
    def user(self) -> User:
        """The actor, where rights are asked of a person."""
        if self.actor is None:
            raise PermissionDenied(_("You are not assigned to this live blog. Ask one of its editors."))
        return self.actor

    @property
    def has_changes(self) -> bool:
        return bool(self._changes)

    @property
    def stale_keys(self) -> list[str]:
        """What shared caches should forget: a new update alone makes nothing wrong that they hold."""
        wrong = any(change.kind != ChangeKind.PUBLISH and change.seq is not None for change in self._changes)
        renumbered = any(change.kind == ChangeKind.EPOCH for change in self._changes)
        return [event_key(self.event.slug)] if wrong or renumbered else []

    def _append(self, kind: str, **fields: Any) -> None:
        self.event.desk_head += 1
        fields |= {"kind": kind, "actor": self.actor, "at": self.at, "desk_seq": self.event.desk_head}
        self._changes.append(Change(event=self.event, **fields))

    def _finish(self) -> None:
        numbered = [change for change in self._changes if change.seq is not None]
        if len(numbered) > 1:
            self._join(numbered)
        Change.objects.bulk_create(self._changes)
        self.event.save()

    def _join(self, batch: list[Change]) -> None:
        """Mark the changes as one step: readers get them in one frame."""
        for change in batch:
            change.batch = batch[0].seq
            if change.entry is not None and change.entry.batch_end != self.event.head:
                change.entry.batch_end = self.event.head
                change.entry.save(update_fields=["batch_end"])


@contextmanager
def operation(event_id: int, actor: Actor, at: datetime | None = None) -> Iterator[Operation]:
    """Run one operation on an event.

    1. The first statement of the transaction is an UPDATE of the event's row: it holds the row until the commit,
       so numbers are given in the order of commits (``select_for_update`` does nothing on SQLite).
    2. Only then is anything read, so that rights, state and version are the newest.
    3. Whatever raises inside rolls the number back with everything else.
    4. After the commit the hubs are nudged; that cannot fail the operation.
    """
    with transaction.atomic(), writing():
        if not Event.objects.filter(pk=event_id).update(desk_head=F("desk_head")):
            raise Event.DoesNotExist(f"No event {event_id}")
        running = Operation(Event.objects.get(pk=event_id), actor, at or timezone.now())
        yield running
        if running.has_changes:
            running._finish()
            transaction.on_commit(partial(event_moved, event_id), robust=True)
            transaction.on_commit(partial(purge, running.stale_keys), robust=True)


@contextmanager
def entry_operation(entry_id: int, actor: Actor, at: datetime | None = None) -> Iterator[tuple[Operation, Entry]]:
    """Run one operation on one entry, read again under the lock."""
    event_id = Entry.objects.values_list("event_id", flat=True).get(pk=entry_id)
    with operation(event_id, actor, at) as running:
        entry = Entry.objects.get(pk=entry_id)
        entry.event = running.event
        yield running, entry
        entry.was_changed = running.has_changes


def retried(function: Callable[P, R]) -> Callable[P, R]:
    """Try a whole operation again; nothing was written by then.

    Where its pictures have no renditions they are made first, outside of its transaction and after its questions
    about rights. Where SQLite is locked longer than its timeout, it waits a little.
    """

    @wraps(function)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        for attempt in range(RETRIES):
            try:
                return function(*args, **kwargs)
            except Unprepared as error:
                if attempt == RETRIES - 1:
                    raise
                prepare(error.image_ids)
            except OperationalError as error:
                if "locked" not in str(error) or connection.in_atomic_block or attempt == RETRIES - 1:
                    raise
                time.sleep(0.05 * 2**attempt)
        raise AssertionError("unreachable")

    return run


def snapshot_of(entry: Entry) -> dict[str, Any]:
    return {
        "status": entry.status,
        "content": entry.content,
        "key": entry.is_key,
        "pinned": entry.is_pinned,
        "order": entry.order,
        "published_at": entry.published_at.isoformat() if entry.published_at else None,
    }
