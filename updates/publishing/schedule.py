"""Entries that are published at a set time."""

import logging
from datetime import datetime, timedelta

from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from updates.choices import ChangeKind, EntryStatus
from updates.models import Entry
from updates.permissions import check_may_edit, check_may_moderate, may_moderate
from updates.types import User
from updates.untyped import JSONObject

from .alerts import order_alert
from .clock import database_now
from .content_mapping import read_content
from .drafts import write_unpublished
from .entries import check_may_release, check_open, raise_closed, write_published
from .entry_input import EntryInput, EntryResult, check_unpublished, complete_content, has_changed, input_operation
from .errors import Refused, Unprepared
from .operation import entry_operation, retried

logger = logging.getLogger(__name__)


@retried
def schedule(entry_input: EntryInput, actor: User, when: datetime, *, at: datetime | None = None) -> EntryResult:
    """Have content published at a future time, in the name and with the rights of the scheduling user.

    Nothing shows it to readers before. What is scheduled already gets the new time and content.
    """
    with input_operation(entry_input, actor, at) as (running, entry):
        is_new = not entry.is_stored
        check_may_release(running, entry)
        check_unpublished(entry)
        content = complete_content(entry, entry_input)
        _check_when(when, running.at)
        if not running.event.takes_updates:
            raise_closed(running.event, actor)
        if entry_input.alert:
            check_may_moderate(actor, running.event)
        plan = (EntryStatus.SCHEDULED, when, entry_input.alert)
        is_same = (entry.status, entry.scheduled_at, entry.alerts_when_due) == plan
        if not has_changed(entry, entry_input, content) and is_same:
            return EntryResult(entry, is_new=False)
        entry.status, entry.alerts_when_due = EntryStatus.SCHEDULED, entry_input.alert
        entry.scheduled_at, entry.scheduled_by = when, actor
        entry.sent_back_note = ""
        times: JSONObject = {"sent": content.digest, "scheduled_at": when.isoformat()}
        write_unpublished(running, entry, content, ChangeKind.SCHEDULE, by_key=entry_input.by_key, **times)
    return EntryResult(entry, is_new=is_new)


def _check_when(when: datetime, now: datetime) -> None:
    if when <= now:
        raise Refused(_("That time has passed. Choose a later time, or publish now."), code="past")


@retried
def unschedule(entry_id: int, actor: User, *, at: datetime | None = None) -> Entry:
    """Make it a draft of its writer again, or a submission if somebody else had scheduled it."""
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
    """Publish an entry whose time has come. With several processes, the lock and the state decide which one does it.

    Rights and state are checked at this moment. An entry that may not be published is held back: it becomes a
    submission with the reason, so that somebody decides, and is never published later by itself.
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
        if _is_due(entry, running.at) and (at or _is_due(entry, database_now())):
            running.actor = entry.scheduled_by
            check_may_edit(running.user, entry)
            check_open(running, running.user)
            write_published(running, entry, read_content(entry).cleaned())
            if entry.alerts_when_due and may_moderate(running.user, running.event):
                order_alert(running, entry)
    return entry


@retried
def _hold(entry_id: int, reason: str, *, at: datetime | None = None) -> Entry:
    with entry_operation(entry_id, None, at) as (running, entry):
        if _is_due(entry, running.at):
            entry.status = EntryStatus.SUBMITTED
            entry.submitted_at = running.at
            entry.sent_back_note = _("It was not published at its scheduled time. %s") % reason
            entry.scheduled_at = entry.scheduled_by = None
            running.save_unpublished(entry, ChangeKind.HOLD, reason=reason)
    return entry


def _is_due(entry: Entry, at: datetime) -> bool:
    due = entry.scheduled_at is not None and entry.scheduled_at <= at
    return entry.status == EntryStatus.SCHEDULED and due


def coming(seconds: float, at: datetime | None = None) -> list[tuple[int, datetime]]:
    """Return the entries due within some seconds from now, with their times, the earliest first."""
    until = (at or timezone.now()) + timedelta(seconds=seconds)
    rows = Entry.objects.due(until).values_list("pk", "scheduled_at")
    return [(pk, when) for pk, when in rows if when is not None]
