"""Submitting: words that somebody else publishes, or sends back with a note."""

from datetime import datetime
from typing import Final

from django.utils.translation import gettext as _

from updates.choices import ChangeKind, EntryStatus, EventStatus
from updates.content.sanitize import clean_lines
from updates.models import Entry, Event
from updates.permissions import check_may_draft, check_may_moderate, check_may_write
from updates.types import User

from .drafts import keep
from .entries import raise_closed
from .entry_input import EntryInput, EntryResult, has_changed, input_operation, same_or_refuse, words_of
from .errors import Refused
from .operation import entry_operation, retried

LONGEST_NOTE: Final = 1000


@retried
def submit(written: EntryInput, actor: User, *, at: datetime | None = None) -> EntryResult:
    """Hand words over to moderators and editors: new ones, or a draft's. Submitted again, they replace those that
    wait; sent a second time by mistake, they are what they were."""
    with input_operation(written, actor, at) as (running, entry):
        is_new = not entry.is_stored
        if is_new:
            check_may_draft(actor, running.event)
        else:
            check_may_write(actor, entry)
        content = words_of(entry, written)
        if not is_new and not entry.is_unpublished:
            return EntryResult(same_or_refuse(entry, content), is_new=False)
        if entry.status == EntryStatus.SCHEDULED:
            raise Refused(_("This update is scheduled. Take it off the schedule first."), code="entry-scheduled")
        check_takes_submissions(running.event, actor)
        if not has_changed(entry, written, content) and entry.status == EntryStatus.SUBMITTED:
            return EntryResult(entry, is_new=False)
        if entry.status != EntryStatus.SUBMITTED:
            entry.submitted_at = running.at
        entry.status = EntryStatus.SUBMITTED
        entry.sent_back_note = ""
        keep(running, entry, content, ChangeKind.SUBMIT, by_its_form=written.by_its_form, sent=content.digest)
    return EntryResult(entry, is_new=is_new)


@retried
def withdraw(entry_id: int, actor: User, *, at: datetime | None = None) -> Entry:
    """Take a submission back: a draft again."""
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
    """Return a submission to its writer: a draft again, with a note that says what it lacks."""
    note = cleaned_note(note)
    with entry_operation(entry_id, actor, at) as (running, entry):
        check_may_moderate(actor, running.event)
        _check_submitted(entry)
        if version is not None and version != entry.version:
            raise Refused(_("Its writer has changed it meanwhile. Look at it again."), code="newer")
        entry.status = EntryStatus.DRAFT
        entry.sent_back_note = note
        running.save_unpublished(entry, ChangeKind.SEND_BACK, reason=note)
    return entry


def cleaned_note(note: str) -> str:
    note = clean_lines(note)
    if not note:
        raise Refused(_("Say what it lacks: its writer sees your note."))
    if len(note) > LONGEST_NOTE:
        raise Refused(_("The note has %(length)s characters; %(most)s is the most.")
                      % {"length": len(note), "most": LONGEST_NOTE})  # fmt: skip
    return note


def check_takes_submissions(event: Event, actor: User) -> None:
    """Before and while it is live; afterwards nobody would look."""
    if event.status in {EventStatus.ENDED, EventStatus.CANCELLED}:
        raise_closed(event, actor)


def _check_submitted(entry: Entry) -> None:
    if entry.status == EntryStatus.SUBMITTED:
        return
    if entry.is_unpublished:
        raise Refused(_("This update is not submitted any more."), code=f"entry-{entry.status}")
    raise Refused(_("This update is published already."), code="published")
