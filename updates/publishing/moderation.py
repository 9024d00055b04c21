"""Moderation: pin, unpin, mark key, remove, restore."""

from datetime import datetime

from django.utils.translation import gettext as _

from updates.choices import ChangeKind, EntryStatus
from updates.content.sanitize import clean_line, clean_lines
from updates.models import Entry
from updates.permissions import check_may_moderate, check_may_remove, check_may_restore, may_moderate
from updates.types import User

from .alerts import withdraw_alert
from .content_mapping import published_content, read_content, title_of, write_rows
from .errors import Refused
from .last_change import last_change_sentence
from .limits import check_length
from .operation import Operation, entry_operation, retried
from .pictures.renditions import withdraw_on_commit
from .pictures.uses import public_ids_in
from .versions import captions_of, is_unsigned_import, without_captions, without_expired


@retried
def pin(entry_id: int, actor: User, *, at: datetime | None = None) -> Entry:
    """Pin an entry and unpin the one that was pinned. Pinning twice changes nothing."""
    with entry_operation(entry_id, actor, at) as (running, entry):
        check_may_moderate(actor, running.event)
        check_published(entry)
        if entry.is_pinned:
            return entry
        for other in Entry.objects.filter(event=running.event, is_pinned=True):
            other.is_pinned = False
            running.entry_changed(other, ChangeKind.UNPIN)
        entry.is_pinned = True
        running.entry_changed(entry, ChangeKind.PIN)
    return entry


@retried
def unpin(entry_id: int, actor: User, *, at: datetime | None = None) -> Entry:
    with entry_operation(entry_id, actor, at) as (running, entry):
        check_may_moderate(actor, running.event)
        if entry.is_pinned:
            entry.is_pinned = False
            running.entry_changed(entry, ChangeKind.UNPIN)
    return entry


@retried
def mark_key(entry_id: int, actor: User, *, is_key: bool, at: datetime | None = None) -> Entry:
    """Mark an entry as key event, or take the mark off."""
    with entry_operation(entry_id, actor, at) as (running, entry):
        check_may_moderate(actor, running.event)
        check_published(entry)
        if entry.is_key != is_key:
            entry.is_key = is_key
            running.entry_changed(entry, ChangeKind.KEY if is_key else ChangeKind.UNKEY)
    return entry


@retried
def remove(entry_id: int, actor: User, *, reason: str = "", reader_note: str = "", at: datetime | None = None) -> Entry:
    """Remove a published entry. ``reason`` stays at the desk; readers see ``reader_note`` in its place."""
    reader_note, reason = clean_line(reader_note), clean_lines(reason)
    check_length(reader_note, Entry, "reader_note")
    with entry_operation(entry_id, actor, at) as (running, entry):
        check_may_remove(actor, entry)
        if entry.is_removed:
            return entry
        check_published(entry)
        apply_removal(running, entry, reason=reason, reader_note=reader_note)
    return entry


def apply_removal(running: Operation, entry: Entry, *, reason: str, reader_note: str = "") -> None:
    """Write a removal, after all checks."""
    entry.status = EntryStatus.REMOVED
    entry.is_pinned = False
    entry.removed_at, entry.removed_by = running.at, running.actor
    entry.reader_note = reader_note
    running.event.entry_count -= 1
    running.entry_changed(entry, ChangeKind.REMOVE, reason=reason, note=reader_note)
    withdraw_alert(entry)
    withdraw_on_commit(public_ids_in(entry.content))


@retried
def restore(entry_id: int, actor: User, *, reason: str = "", pinned: bool = False, at: datetime | None = None) -> Entry:
    """Bring a removed entry back to its old place; its pictures get new public addresses, unless their time is over.

    ``pinned`` pins it again in the same step, if no other is pinned and the actor may pin.
    """
    with entry_operation(entry_id, actor, at) as (running, entry):
        check_may_restore(actor, entry, running.at)
        if entry.is_published:
            return entry
        if not entry.is_removed:
            raise Refused(_("Only a removed update can be restored."))
        stored = read_content(entry)
        content = without_expired(stored)
        if not content.headline and not content.blocks:
            reason = last_change_sentence(entry, ChangeKind.ERASE)
            raise Refused(f"{_('Nothing of this update was kept, so it cannot be restored.')} {reason}".strip())
        before, is_unsigned = entry.content, not content.bylines and is_unsigned_import(entry)
        entry.content = published_content(content, entry.author, was_published=True)
        expired = public_ids_in(before) - public_ids_in(entry.content)
        captions = captions_of(entry, expired) if expired else set()
        entry.content["corrections"] = without_captions(before["corrections"], captions)
        if is_unsigned:
            entry.content["bylines"] = []
        entry.status = EntryStatus.PUBLISHED
        entry.removed_at = entry.removed_by = None
        entry.reader_note = ""
        running.event.entry_count += 1
        entry.title = title_of(content)
        is_free = not Entry.objects.filter(event=running.event, is_pinned=True).exists()
        entry.is_pinned = pinned and is_free and may_moderate(actor, running.event)
        running.entry_changed(entry, ChangeKind.RESTORE, reason=reason)
        if content != stored:
            write_rows(entry, content, replace=True)
    return entry


def check_published(entry: Entry) -> None:
    if not entry.is_published:
        reason = last_change_sentence(entry, ChangeKind.REMOVE, ChangeKind.ERASE)
        raise Refused(f"{_('This update is not published.')} {reason}".strip())
