"""Scheduling: words that go out by themselves at their time."""

import logging
from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from updates.choices import ChangeKind, EntryStatus
from updates.models import Entry
from updates.permissions import check_may_edit, check_may_publish
from updates.types import User

from .content_mapping import read_content
from .drafts import keep
from .entries import check_open, go_out, raise_closed
from .entry_input import EntryInput, EntryResult, check_unpublished, has_changed, input_operation, words_of
from .errors import Refused, Unprepared
from .operation import entry_operation, retried

logger = logging.getLogger(__name__)


@retried
def schedule(written: EntryInput, actor: User, when: datetime, *, at: datetime | None = None) -> EntryResult:
    """Have words published at a time to come, in the name and under the rights of who schedules them.

    Nothing shows readers that they are there. What is scheduled already gets the new time and words.
    """
    with input_operation(written, actor, at) as (running, entry):
        is_new = not entry.is_stored
        if is_new:
            check_may_publish(actor, running.event)
        else:
            check_may_edit(actor, entry)
        check_unpublished(entry)
        content = words_of(entry, written)
        _check_when(when, running.at)
        if not running.event.takes_updates:
            raise_closed(running.event, actor)
        if not has_changed(entry, written, content) and (entry.status, entry.scheduled_at) == (
            EntryStatus.SCHEDULED,
            when,
        ):
            return EntryResult(entry, is_new=False)
        entry.status = EntryStatus.SCHEDULED
        entry.scheduled_at, entry.scheduled_by = when, actor
        entry.sent_back_note = ""
        told: dict[str, Any] = {"sent": content.digest, "scheduled_at": when.isoformat()}
        keep(running, entry, content, ChangeKind.SCHEDULE, by_its_form=written.by_its_form, **told)
    return EntryResult(entry, is_new=is_new)


def _check_when(when: datetime, now: datetime) -> None:
    if when <= now:
        raise Refused(_("That time has passed. Choose one to come, or publish now."), code="past")


@retried
def unschedule(entry_id: int, actor: User, *, at: datetime | None = None) -> Entry:
    """Back to the desk: a draft of its writer, or a submission where somebody else had scheduled it."""
    with entry_operation(entry_id, actor, at) as (running, entry):
        check_may_edit(actor, entry)
        check_unpublished(entry)
        if entry.status == EntryStatus.SCHEDULED:
            own = entry.scheduled_by_id == entry.author_id
            entry.status = EntryStatus.DRAFT if own else EntryStatus.SUBMITTED
            entry.submitted_at = None if own else entry.submitted_at or running.at
            entry.scheduled_at = entry.scheduled_by = None
            running.save_unpublished(entry, ChangeKind.UNSCHEDULE)
    return entry


def publish_due(entry_id: int, *, at: datetime | None = None) -> Entry:
    """Publish an entry whose time has come; the lock and its state decide which of several processes does it.

    Rights and state are asked at this moment. What may not go out is held back: submitted, with the reason, so that
    somebody decides. It never goes out later by itself.
    """
    try:
        return _publish_due(entry_id, at=at)
    except Unprepared:
        raise
    except (PermissionDenied, Refused, ValidationError) as error:
        reason = " ".join(error.messages) if isinstance(error, ValidationError) else str(error)
        logger.warning("Entry %s was not published at its time: %s", entry_id, reason)
        return _hold(entry_id, reason, at=at)


@retried
def _publish_due(entry_id: int, *, at: datetime | None = None) -> Entry:
    with entry_operation(entry_id, None, at) as (running, entry):
        if _is_due(entry, running.at):
            running.actor = entry.scheduled_by
            check_may_edit(running.user, entry)
            check_open(running, running.user)
            go_out(running, entry, read_content(entry).cleaned())
    return entry


@retried
def _hold(entry_id: int, reason: str, *, at: datetime | None = None) -> Entry:
    with entry_operation(entry_id, None, at) as (running, entry):
        if _is_due(entry, running.at):
            entry.status = EntryStatus.SUBMITTED
            entry.submitted_at = running.at
            entry.sent_back_note = _("It did not go out at its time. %s") % reason
            entry.scheduled_at = entry.scheduled_by = None
            running.save_unpublished(entry, ChangeKind.HOLD, reason=reason)
    return entry


def _is_due(entry: Entry, at: datetime) -> bool:
    due = entry.scheduled_at is not None and entry.scheduled_at <= at
    return entry.status == EntryStatus.SCHEDULED and due


def coming(seconds: float, at: datetime | None = None) -> list[tuple[int, datetime]]:
    """What is due by now or within a time, with its moment; the earliest first."""
    until = (at or timezone.now()) + timedelta(seconds=seconds)
    rows = Entry.objects.due(until).values_list("pk", "scheduled_at")
    return [(pk, when) for pk, when in rows if when is not None]


def due_ids(at: datetime | None = None) -> list[int]:
    """What should be out by now, in the order of its times."""
    return list(Entry.objects.due(at or timezone.now()).values_list("pk", flat=True))
