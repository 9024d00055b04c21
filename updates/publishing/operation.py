"""One operation: take the lock, check, change the rows, append to the log, notify on commit."""

import logging
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from functools import wraps
from typing import ParamSpec, TypeVar

from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, IntegrityError, OperationalError, connection, transaction
from django.db.models import JSONField, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from updates.cdn import LISTS, event_key
from updates.choices import ChangeKind
from updates.metrics import OPERATIONS
from updates.models import Change, Entry, Event
from updates.models.guard import writing
from updates.nudge import event_moved
from updates.queries.reader_pages import event_by_id
from updates.types import Actor, User
from updates.untyped import JSONObject
from updates.websub import ping

from .after_commit import after_commit
from .errors import Overtaken, Unprepared
from .pictures.cards import withdraw_cards
from .pictures.renditions import prepare
from .pictures.uses import index_pictures, public_ids_in
from .purges import purge

logger = logging.getLogger(__name__)

P = ParamSpec("P")
R = TypeVar("R")

RETRIES = 3
"""How often an operation is tried."""

CONFLICTS = {"40001", "40P01", "55P03", "23505", "23503"}
"""PostgreSQL's codes for a serialization failure, a deadlock, a lock that was not available, a value that must be
unique and was stored by another transaction since it was checked, and a row that was deleted since: the next check sees
it."""

SHOWING = {
    ChangeKind.PUBLISH, ChangeKind.EDIT, ChangeKind.CORRECT, ChangeKind.CLARIFY, ChangeKind.REVERT, ChangeKind.REMOVE,
    ChangeKind.RESTORE, ChangeKind.EXPIRE, ChangeKind.ERASE,
}  # fmt: skip
"""Kinds of changes of an entry's content, by which it may also come to show other pictures."""

JSON_COLUMNS = [column.attname for column in Event._meta.concrete_fields if isinstance(column, JSONField)]
COLUMNS = [column.attname for column in Event._meta.concrete_fields if not isinstance(column, JSONField)]
"""Of an event: those with lists and the like, and all others."""


@dataclass
class Operation:
    """The changes of one event in one transaction."""

    event: Event
    actor: Actor
    at: datetime
    _changes: list[Change] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._read = self._columns()

    def entry_changed(self, entry: Entry, kind: str, *, reason: str = "", note: str = "", **snapshot: object) -> None:
        """Number and save a change of an entry that readers see; ``snapshot`` adds to the log's copy of the entry."""
        self.event.head += 1
        entry.seq = entry.batch_end = self.event.head
        entry.last_kind = kind
        entry.version += 1
        if kind in SHOWING:
            entry.changed_at = self.at
        self.event.changed_at = self.at
        entry.save()
        if kind in SHOWING and (kind != ChangeKind.PUBLISH or public_ids_in(entry.content)):  # nothing showed before
            index_pictures([entry])
        if kind in SHOWING and kind != ChangeKind.PUBLISH:  # nobody has asked for a card before
            withdraw_cards(Q(entry=entry))
        self._append(kind, entry=entry, seq=entry.seq, reason=reason, note=note, snapshot=snapshot_of(entry) | snapshot)

    def event_changed(self, kind: str, *, reason: str = "", **snapshot: object) -> None:
        """Number a change of the event itself; readers get it as an item, too."""
        self.event.head += 1
        self.event.seq = self.event.head
        self.event.last_kind = kind
        self.event.changed_at = self.at
        self.event.version += 1
        withdraw_cards(Q(event=self.event, entry=None))
        self._append(kind, seq=self.event.head, reason=reason, snapshot=snapshot)

    def log_desk(self, kind: str, *, reason: str = "", **snapshot: object) -> None:
        """Log a change of the event that readers do not see; it takes none of their numbers."""
        self._append(kind, seq=None, reason=reason, snapshot=snapshot)

    def save_unpublished(
        self, entry: Entry, kind: str, *, reason: str = "", logged: bool = True, **snapshot: object
    ) -> None:
        """Save an unpublished entry. The log takes no number that readers know, so nothing shows them that it is
        there; ``logged=False`` is for what a device saves every few seconds."""
        entry.version += 1
        entry.save()
        if logged:
            self.log_entry(entry, kind, reason=reason, **snapshot)

    def log_entry(self, entry: Entry, kind: str, *, reason: str = "", **snapshot: object) -> None:
        """Log a change of an entry that readers do not see, such as a revision that waits for approval."""
        snapshot = {"status": entry.status, "title": entry.title} | snapshot
        self._append(kind, entry=entry, seq=None, reason=reason, snapshot=snapshot)

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
    def kind(self) -> str:
        """The kind of its first change, after which it is called in measurements."""
        return self._changes[0].kind if self._changes else ""

    @property
    def stale_keys(self) -> list[str]:
        """Return what shared caches must forget; publishing a new update leaves their copies correct."""
        kinds = {change.kind for change in self._changes if change.seq is not None or change.kind == ChangeKind.EPOCH}
        return [event_key(self.event.slug), LISTS] if kinds - {ChangeKind.PUBLISH} else []

    @property
    def changes_feeds(self) -> bool:
        """Return whether feeds that anybody may know of have changed."""
        is_seen = any(change.seq is not None for change in self._changes)
        return is_seen and self.event.is_public and self.event.is_listed

    def log(self) -> None:
        """Write a line about each change, by which it can be followed to the frames of the hubs."""
        name = self.actor.get_username() if self.actor else "the server"
        for change in self._changes:
            entry = change.entry.public_id if change.entry else "-"
            logger.info("%s of %s %s by %r, number %s", change.kind, self.event.slug, entry, name, change.seq or "-")

    def _append(self, kind: str, **fields: object) -> None:
        self.event.desk_head += 1
        fields |= {"kind": kind, "actor": self.actor, "at": self.at, "desk_seq": self.event.desk_head}
        self._changes.append(Change(event=self.event, **fields))

    def _finish(self) -> None:
        numbered = [change for change in self._changes if change.seq is not None]
        if len(numbered) > 1:
            self._join(numbered)
        Change.objects.bulk_create(self._changes)
        self._save_event()

    def _save_event(self) -> None:
        """Save the columns that have changed: an update of all takes twice as long. JSON may have changed in place."""
        now = self._columns()
        changed = [name for name in now if now[name] != self._read[name]]
        self.event.save(update_fields=[*changed, *JSON_COLUMNS])

    def _columns(self) -> dict[str, object]:
        values = vars(self.event)
        return {name: values[name] for name in COLUMNS}

    def _join(self, batch: list[Change]) -> None:
        """Mark the changes as one batch: readers get them in one frame."""
        for change in batch:
            change.batch = batch[0].seq
            if change.entry is not None and change.entry.batch_end != self.event.head:
                change.entry.batch_end = self.event.head
                change.entry.save(update_fields=["batch_end"])


@contextmanager
def operation(event_id: int, actor: Actor, at: datetime | None = None) -> Iterator[Operation]:
    """Run one operation on an event.

    1. The first statement of the transaction is an UPDATE of the event's row. It locks the row until the commit, so
       numbers follow the order of commits (``select_for_update`` does nothing on SQLite).
    2. Everything that the operation decides on is read after that: rights, states, versions and content.
    3. An exception inside rolls everything back, numbers included.
    4. After the commit the hubs are nudged; a failure there does not fail the operation.
    """
    start = time.monotonic()
    with transaction.atomic(), writing():
        event = event_by_id(event_id) if _lock(event_id) else None
        if event is None:
            raise Event.DoesNotExist(f"No event {event_id}")
        running = Operation(event, actor, at or timezone.now())
        yield running
        if running.has_changes:
            running._finish()
            after_commit(event_moved, event_id)
            after_commit(purge, running.stale_keys)
            if running.changes_feeds:
                after_commit(ping, running.event.slug)
    if running.has_changes:
        OPERATIONS.labels(running.kind).observe(time.monotonic() - start)
        running.log()


def _lock(event_id: int) -> bool:
    """Lock the row of an event until the end of the transaction; ``False`` where there is none."""
    table = connection.ops.quote_name(Event._meta.db_table)
    with connection.cursor() as cursor:  # as SQL: every operation begins with it, and Django makes it anew each time
        cursor.execute(f"UPDATE {table} SET desk_head = desk_head WHERE id = %s", [event_id])  # noqa: S608  # nosec B608
        return bool(cursor.rowcount)


@contextmanager
def joint_operation(event_ids: set[int], actor: Actor, at: datetime | None = None) -> Iterator[dict[int, Operation]]:
    """Run one operation on several events in one transaction, locked in order of their keys."""
    at = at or timezone.now()
    with transaction.atomic(), ExitStack() as stack:
        yield {pk: stack.enter_context(operation(pk, actor, at)) for pk in sorted(event_ids)}


@contextmanager
def entry_operation(entry_id: int, actor: Actor, at: datetime | None = None) -> Iterator[tuple[Operation, Entry]]:
    """Run one operation on one entry, which is read under the lock."""
    event_id = Entry.objects.values_list("event_id", flat=True).get(pk=entry_id)
    with operation(event_id, actor, at) as running:
        entry = Entry.objects.get(pk=entry_id)
        entry.event = running.event
        yield running, entry
        entry.was_changed = running.has_changes


def retried(function: Callable[P, R]) -> Callable[P, R]:
    """Try an operation again after a conflict with another one; nothing was written by then.

    Where pictures have no renditions they are made first, outside of the transaction.
    """

    @wraps(function)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        for attempt in range(1, RETRIES):
            try:
                return function(*args, **kwargs)
            except Unprepared as error:
                prepare(error.image_ids)
            except Overtaken:
                continue
            except (OperationalError, IntegrityError) as error:
                if not is_conflict(error) or connection.in_atomic_block:
                    raise
                time.sleep(0.05 * 2**attempt)
        return function(*args, **kwargs)

    return run


def is_conflict(error: DatabaseError) -> bool:
    """Return whether another transaction came first, so that a new try may succeed or be refused with a reason."""
    return getattr(error.__cause__, "sqlstate", None) in CONFLICTS or "locked" in str(error)


def snapshot_of(entry: Entry) -> JSONObject:
    return {
        "status": entry.status,
        "content": entry.content,
        "key": entry.is_key,
        "pinned": entry.is_pinned,
        "order": entry.order,
        "published_at": entry.published_at.isoformat() if entry.published_at else None,
    }
