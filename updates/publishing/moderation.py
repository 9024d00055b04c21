"""Moderation: pin, unpin, mark key, move, remove, restore."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from ..choices import ORDER_STEP, ChangeKind, EntryStatus
from ..content.sanitize import clean_line
from ..models import Entry
from ..permissions import check_may_moderate, check_may_remove, check_may_restore
from .desk_rows import published_content, read_content
from .errors import Refused
from .lengths import check_length
from .log import Operation, entry_operation, retried
from .pictures import shown_in, withdraw_on_commit


@retried
def pin(entry_id: int, actor: Any, *, at: datetime | None = None) -> Entry:
    """Pin an entry; the one that was pinned is unpinned in the same step. Pinning twice changes nothing."""
    with entry_operation(entry_id, actor, at) as (running, entry):
        check_may_moderate(actor, running.event)
        _check_published(entry)
        if entry.is_pinned:
            return entry
        for other in Entry.objects.filter(event=running.event, is_pinned=True):
            other.is_pinned = False
            running.entry_changed(other, ChangeKind.UNPIN)
        entry.is_pinned = True
        running.entry_changed(entry, ChangeKind.PIN)
    return entry


@retried
def unpin(entry_id: int, actor: Any, *, at: datetime | None = None) -> Entry:
    with entry_operation(entry_id, actor, at) as (running, entry):
        check_may_moderate(actor, running.event)
        if entry.is_pinned:
            entry.is_pinned = False
            running.entry_changed(entry, ChangeKind.UNPIN)
    return entry


@retried
def mark_key(entry_id: int, actor: Any, *, is_key: bool, at: datetime | None = None) -> Entry:
    """Put an entry on the list of key events, or take it off."""
    with entry_operation(entry_id, actor, at) as (running, entry):
        check_may_moderate(actor, running.event)
        _check_published(entry)
        if entry.is_key != is_key:
            entry.is_key = is_key
            running.entry_changed(entry, ChangeKind.KEY if is_key else ChangeKind.UNKEY)
    return entry


@retried
def remove(entry_id: int, actor: Any, *, reason: str = "", reader_note: str = "", at: datetime | None = None) -> Entry:
    """Take an entry away from readers. ``reason`` stays at the desk; ``reader_note`` is shown in its place."""
    reader_note = clean_line(reader_note)
    check_length(reader_note, Entry, "reader_note")
    with entry_operation(entry_id, actor, at) as (running, entry):
        check_may_remove(actor, entry)
        if entry.is_removed:
            return entry
        _check_published(entry)
        entry.status = EntryStatus.REMOVED
        entry.is_pinned = False
        entry.removed_at, entry.removed_by = running.at, actor
        entry.reader_note = reader_note
        running.event.entry_count -= 1
        running.entry_changed(entry, ChangeKind.REMOVE, reason=reason, note=reader_note)
        withdraw_on_commit(shown_in(entry.content))
    return entry


@retried
def restore(entry_id: int, actor: Any, *, reason: str = "", at: datetime | None = None) -> Entry:
    """Bring a removed entry back to its old place; its pictures get new public addresses."""
    content = read_content(Entry.objects.get(pk=entry_id))
    if not content.headline and not content.blocks:
        raise Refused(_("Nothing of this update was kept, so it cannot be restored."))
    with entry_operation(entry_id, actor, at) as (running, entry):
        check_may_restore(actor, entry, running.at)
        if entry.is_published:
            return entry
        if not entry.is_removed:
            raise Refused(_("Only a removed update can be restored."))
        corrections = entry.content["corrections"]
        entry.content = published_content(content, entry.author) | {"corrections": corrections}
        entry.status = EntryStatus.PUBLISHED
        entry.removed_at = entry.removed_by = None
        entry.reader_note = ""
        running.event.entry_count += 1
        running.entry_changed(entry, ChangeKind.RESTORE, reason=reason)
    return entry


@retried
def move(entry_id: int, actor: Any, *, above: int, at: datetime | None = None) -> Entry:
    """Put an entry directly above another one (by primary key) of its event; its time stays."""
    with entry_operation(entry_id, actor, at) as (running, entry):
        check_may_moderate(actor, running.event)
        _check_published(entry)
        if above == entry_id:
            raise Refused(_("An update cannot be moved above itself."))
        others = Entry.objects.known_to_readers().filter(event=running.event).exclude(pk=entry_id)
        below = others.filter(pk=above).first()
        if below is None or below.order is None:
            raise Refused(_("The update to move above is not in this live blog."))
        if not _has_room_above(running, others, below.order):
            _spread(running, below.order)
            below.refresh_from_db(fields=["order"])
            entry.refresh_from_db(fields=["order", "version", "seq", "batch_end"])
        entry.order = _middle_above(running, others, below.order)
        running.entry_changed(entry, ChangeKind.MOVE)
    return entry


def _next_above(running: Operation, others: Any, order: int) -> int:
    """The next higher order; above the newest entry the one that the next publication will take."""
    upper = others.filter(order__gt=order).order_by("order").values_list("order", flat=True).first()
    return upper or _next_order(running)


def _next_order(running: Operation) -> int:
    return (running.event.ordinals + 1) * ORDER_STEP


def _has_room_above(running: Operation, others: Any, order: int) -> bool:
    return _next_above(running, others, order) - order > 1


def _middle_above(running: Operation, others: Any, order: int) -> int:
    return (order + _next_above(running, others, order)) // 2


def _spread(running: Operation, order: int) -> None:
    """Renumber the page that an order lies in, evenly and in the same sequence.

    No entry changes its page, and none comes to stand where the next publication will.
    """
    width = running.event.page_size * ORDER_STEP
    floor = (order - 1) // width * width
    room = min(floor + width, _next_order(running)) - floor
    block = list(Entry.objects.filter(event=running.event).in_range(floor, floor + width).order_by("order"))
    Entry.objects.filter(pk__in=[entry.pk for entry in block]).update(order=None)
    for position, entry in enumerate(block, start=1):
        entry.order = floor + position * room // (len(block) + 1)
        entry.event = running.event
        running.entry_changed(entry, ChangeKind.MOVE)


def _check_published(entry: Entry) -> None:
    if not entry.is_published:
        raise Refused(_("This update is not published."))
