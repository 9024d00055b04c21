"""Drafts: what is being written and seen by its writer, moderators and editors only."""

from datetime import datetime, timedelta
from typing import Any, Final

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
    put_words,
)
from .errors import Refused
from .operation import Operation, entry_operation, operation, retried

LOGGED_EVERY: Final = timedelta(minutes=1)
"""What a device saves by itself is logged once in this time, for whoever follows the desk."""

_WHOLE: Final = {EntryStatus.SUBMITTED, EntryStatus.SCHEDULED}
"""States in which nothing may be missing: somebody, or the clock, is about to publish it."""


@retried
def save_draft(written: EntryInput, actor: User, *, autosave: bool = False, at: datetime | None = None) -> EntryResult:
    """Keep words that are not to go out yet: a new draft, or a change of one.

    It may be unfinished. What is submitted or scheduled keeps its state, and must be whole. What was discarded is a
    draft again. Raises ``NewerVersion`` where somebody else, or another device, has saved meanwhile.
    """
    if written.content is None:
        raise ValueError("There are no words to keep")
    with input_operation(written, actor, at) as (running, entry):
        _check_right(running, entry)
        check_unpublished(entry)
        content = written.content.cleaned() if entry.status in _WHOLE else clean_draft(written.content)
        content = content if autosave else content.undated()
        is_new, is_back = not entry.is_stored, entry.status == EntryStatus.DISCARDED
        if not has_changed(entry, written, content) and not is_back:
            return EntryResult(entry, is_new=False)
        if is_back:
            entry.status = EntryStatus.DRAFT
        waits = entry.status in _WHOLE  # somebody looks at its row, and approves what stands there
        logged = is_new or is_back or waits or not autosave or not _logged_lately(running, entry)
        keep(running, entry, content, ChangeKind.DRAFT, by_its_form=written.by_its_form, logged=logged)
    return EntryResult(entry, is_new=is_new)


def keep(
    running: Operation,
    entry: Entry,
    content: EntryContent,
    kind: ChangeKind,
    *,
    by_its_form: bool,
    logged: bool = True,
    **snapshot: Any,
) -> None:
    """Write the words of an entry that is not out, and what happened to it."""
    check_key_mark(running, entry, content)
    check_references(content)
    is_new = not entry.is_stored
    put_words(running, entry, content, by_its_form=by_its_form)
    entry.written = as_json(content)
    running.save_unpublished(entry, kind, logged=logged, written=entry.written, **snapshot)
    write_rows(entry, content, replace=not is_new)


@retried
def discard(entry_id: int, actor: User, *, at: datetime | None = None) -> Entry:
    """Put away what was never published. Its words are kept: saving it again brings it back."""
    with entry_operation(entry_id, actor, at) as (running, entry):
        check_may_write(actor, entry)
        if not entry.is_unpublished:
            raise Refused(_("This update is published: remove it instead."), code="published")
        if entry.status != EntryStatus.DISCARDED:
            _put_away(running, entry)
    return entry


@retried
def discard_copy(event_id: int, key: str, actor: User, *, at: datetime | None = None) -> Entry | None:
    """Put away what a device has kept at the desk of words that their writer throws away there.

    What another device or page has saved since stays, and so do what was sent back and what is no draft any more.
    """
    mine = Entry.objects.filter(idempotency_key=key, author=actor, saved_by_key=True)
    copies = mine.filter(status=EntryStatus.DRAFT, sent_back_note="")
    with operation(event_id, actor, at) as running:
        entry = copies.filter(event=event_id).first()
        if entry is not None:
            entry.event = running.event
            check_may_write(actor, entry)
            _put_away(running, entry)
    return entry


def _put_away(running: Operation, entry: Entry) -> None:
    entry.status = EntryStatus.DISCARDED
    entry.scheduled_at = entry.scheduled_by = None
    running.save_unpublished(entry, ChangeKind.DISCARD)


def _check_right(running: Operation, entry: Entry) -> None:
    if not entry.is_stored:
        check_may_draft(running.user, running.event)
    else:
        check_may_write(running.user, entry)


def _logged_lately(running: Operation, entry: Entry) -> bool:
    since = running.at - LOGGED_EVERY
    return entry.changes.filter(kind=ChangeKind.DRAFT, actor=running.actor, at__gt=since).exists()
