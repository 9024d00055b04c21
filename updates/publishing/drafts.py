"""Drafts: seen by their writers, moderators and editors only."""

from datetime import datetime, timedelta
from typing import Final

from django.utils.translation import gettext as _

from updates.choices import ChangeKind, EntryStatus
from updates.models import Entry
from updates.permissions import check_may_draft, check_may_write
from updates.types import User

from .content import EntryContent
from .content_mapping import write_rows
from .draft_content import as_json, check_references, clean_draft
from .entry_input import (
    EntryInput,
    EntryResult,
    check_key_mark,
    check_unpublished,
    has_changed,
    input_operation,
    set_content,
)
from .errors import Refused
from .operation import Operation, entry_operation, operation, retried

LOGGED_EVERY: Final = timedelta(minutes=1)
"""How often autosaves of a draft are logged."""

_COMPLETE: Final = {EntryStatus.SUBMITTED, EntryStatus.SCHEDULED}
"""States in which nothing may be missing: somebody, or the scheduler, is about to publish it."""


@retried
def save_draft(
    entry_input: EntryInput, actor: User, *, autosave: bool = False, at: datetime | None = None
) -> EntryResult:
    """Save content that is not to be published yet: a new draft, or a change of one.

    A draft may be unfinished. What is submitted or scheduled keeps its state, and must be complete. What was discarded
    becomes a draft again. Raises ``NewerVersion`` if somebody else, or another device, has saved since.
    """
    if entry_input.content is None:
        raise ValueError("There is no content to save")
    with input_operation(entry_input, actor, at) as (running, entry):
        check_may_save(running, entry)
        check_unpublished(entry)
        if autosave and _is_late(entry, entry_input):
            return EntryResult(entry, is_new=False)
        content = entry_input.content.cleaned() if entry.status in _COMPLETE else clean_draft(entry_input.content)
        content = content if autosave else content.undated()
        is_new, is_back = not entry.is_stored, entry.status == EntryStatus.DISCARDED
        if not has_changed(entry, entry_input, content) and not is_back:
            return EntryResult(entry, is_new=False)
        if is_back:
            entry.status = EntryStatus.DRAFT
        waits = entry.status in _COMPLETE  # somebody looks at its row, and approves what it shows
        logged = is_new or is_back or waits or not autosave or not _logged_lately(running, entry)
        write_unpublished(running, entry, content, ChangeKind.DRAFT, by_key=entry_input.by_key, logged=logged)
    return EntryResult(entry, is_new=is_new)


def _is_late(entry: Entry, entry_input: EntryInput) -> bool:
    """Return whether the form of an autosave has saved, submitted, scheduled or discarded the entry since."""
    if not entry_input.by_key or not entry.is_stored:
        return False
    return entry.status in _COMPLETE or 0 < entry_input.number <= entry.save_number


def write_unpublished(
    running: Operation,
    entry: Entry,
    content: EntryContent,
    kind: ChangeKind,
    *,
    by_key: bool,
    logged: bool = True,
    **snapshot: str,
) -> None:
    """Write the content of an entry that is not published, and log the change."""
    check_key_mark(running, entry, content)
    check_references(content)
    is_new = not entry.is_stored
    set_content(running, entry, content, by_key=by_key)
    entry.written = as_json(content)
    running.save_unpublished(entry, kind, logged=logged, written=entry.written, **snapshot)
    write_rows(entry, content, replace=not is_new)


@retried
def discard(entry_id: int, actor: User, *, at: datetime | None = None) -> Entry:
    """Discard what was never published. Its content stays: saving it again brings it back."""
    with entry_operation(entry_id, actor, at) as (running, entry):
        check_may_write(actor, entry)
        if not entry.is_unpublished:
            raise Refused(_("This update is published. Remove it instead."), code="published")
        if entry.status != EntryStatus.DISCARDED:
            _discard(running, entry)
    return entry


@retried
def discard_copy(event_id: int, key: str, actor: User, *, number: int = 0, at: datetime | None = None) -> Entry | None:
    """Discard the copy at the desk of a draft that its writer has discarded on a device.

    It stays if another device or page has saved it since, if it was sent back, or if it is no draft any more.
    ``number`` is that of ``EntryInput``: a late autosave does not bring it back.
    """
    copies = Entry.objects.filter(
        idempotency_key=key, author=actor, saved_by_key=True, status=EntryStatus.DRAFT, sent_back_note=""
    )
    with operation(event_id, actor, at) as running:
        entry = copies.filter(event=event_id).first()
        if entry is not None:
            entry.event = running.event
            check_may_write(actor, entry)
            entry.save_number = max(entry.save_number, number)
            _discard(running, entry)
    return entry


def _discard(running: Operation, entry: Entry) -> None:
    entry.status = EntryStatus.DISCARDED
    entry.scheduled_at = entry.scheduled_by = None
    running.save_unpublished(entry, ChangeKind.DISCARD)


def check_may_save(running: Operation, entry: Entry) -> None:
    if not entry.is_stored:
        check_may_draft(running.user, running.event)
    else:
        check_may_write(running.user, entry)


def _logged_lately(running: Operation, entry: Entry) -> bool:
    since = running.at - LOGGED_EVERY
    return entry.changes.filter(kind=ChangeKind.DRAFT, actor=running.actor, at__gt=since).exists()
