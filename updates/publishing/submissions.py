"""Submissions: content that somebody else publishes, or sends back with a note."""

from datetime import datetime
from typing import Final

from django.utils.translation import gettext as _

from updates.choices import ChangeKind, EntryStatus, EventStatus
from updates.content.sanitize import clean_lines
from updates.models import Entry, Event
from updates.permissions import check_may_moderate, check_may_write
from updates.types import User

from .drafts import check_may_save, write_unpublished
from .entries import raise_closed
from .entry_input import EntryInput, EntryResult, check_same_content, complete_content, has_changed, input_operation
from .errors import Refused
from .operation import entry_operation, retried

LONGEST_NOTE: Final = 1000


@retried
def submit(entry_input: EntryInput, actor: User, *, at: datetime | None = None) -> EntryResult:
    """Hand content over to moderators and editors, new or a draft's. Submitted again it replaces what waits; the same
    content sent twice changes nothing."""
    with input_operation(entry_input, actor, at) as (running, entry):
        is_new = not entry.is_stored
        check_may_save(running, entry)
        content = complete_content(entry, entry_input)
        if not is_new and not entry.is_unpublished:
            return EntryResult(check_same_content(entry, content), is_new=False)
        if entry.status == EntryStatus.SCHEDULED:
            raise Refused(_("This update is scheduled. Unschedule it first."), code="entry-scheduled")
        check_takes_submissions(running.event, actor)
        if not has_changed(entry, entry_input, content) and entry.status == EntryStatus.SUBMITTED:
            return EntryResult(entry, is_new=False)
        if entry.status != EntryStatus.SUBMITTED:
            entry.submitted_at = running.at
        entry.status = EntryStatus.SUBMITTED
        entry.sent_back_note = ""
        write_unpublished(running, entry, content, ChangeKind.SUBMIT, by_key=entry_input.by_key, sent=content.digest)
    return EntryResult(entry, is_new=is_new)


@retried
def withdraw(entry_id: int, actor: User, *, at: datetime | None = None) -> Entry:
    """Turn a submission back into a draft."""
    with entry_operation(entry_id, actor, at) as (running, entry):
        check_may_write(actor, entry)
        if entry.status == EntryStatus.DRAFT:
            return entry
        _check_submitted(entry)
        entry.status = EntryStatus.DRAFT
        running.save_unpublished(entry, ChangeKind.WITHDRAW)
    return entry


@retried
def send_back(
    entry_id: int, note: str, actor: User, *, version: int | None = None, at: datetime | None = None
) -> Entry:
    """Return a submission to its writer as a draft, with a note that says what it lacks."""
    note = cleaned_note(note)
    with entry_operation(entry_id, actor, at) as (running, entry):
        check_may_moderate(actor, running.event)
        _check_submitted(entry)
        if version is not None and version != entry.version:
            raise Refused(_("Its author has changed it since you opened it. Check it again."), code="newer")
        entry.status = EntryStatus.DRAFT
        entry.sent_back_note = note
        running.save_unpublished(entry, ChangeKind.SEND_BACK, reason=note)
    return entry


def cleaned_note(note: str) -> str:
    note = clean_lines(note)
    if not note:
        raise Refused(_("Say what needs to change. The author sees your note."))
    if len(note) > LONGEST_NOTE:
        raise Refused(_("The note has %(length)s characters. The limit is %(most)s.")
                      % {"length": len(note), "most": LONGEST_NOTE})  # fmt: skip
    return note


def check_takes_submissions(event: Event, actor: User) -> None:
    """Refuse submissions after the end of an event, when nobody would look at them."""
    if event.status in {EventStatus.ENDED, EventStatus.CANCELLED}:
        raise_closed(event, actor)


def _check_submitted(entry: Entry) -> None:
    if entry.status == EntryStatus.SUBMITTED:
        return
    if entry.is_unpublished:
        raise Refused(_("This update is no longer submitted."), code=f"entry-{entry.status}")
    raise Refused(_("This update is already published."), code="published")
