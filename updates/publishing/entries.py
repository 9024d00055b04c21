"""The first publication of an entry, new or from the desk."""

from datetime import datetime
from typing import Final, NoReturn

from django.utils.translation import gettext_lazy

from updates.choices import ORDER_STEP, UNPUBLISHED, ChangeKind, EntryStatus, EventStatus
from updates.models import Entry, Event
from updates.permissions import check_may_edit, check_may_moderate, check_may_publish, may_moderate
from updates.types import User

from .alerts import order_alert
from .content import EntryContent
from .content_mapping import published_content, title_of, write_rows
from .entry_input import (
    EntryInput,
    EntryResult,
    check_key_mark,
    check_same_content,
    complete_content,
    has_changed,
    input_operation,
)
from .errors import Refused
from .operation import Operation, retried
from .translations import update_translations


def publish(
    event_id: int,
    content: EntryContent,
    actor: User,
    *,
    key: str | None = None,
    time: datetime | None = None,
    go_live: bool = False,
    at: datetime | None = None,
) -> EntryResult:
    """Publish a new entry on top of an event.

    ``key`` makes a retry harmless: the same author, key and content get the first entry again, other content raises
    ``KeyReused``; a draft that was saved with it is published. ``time`` is shown instead of now. ``go_live`` opens an
    upcoming event in the same transaction. Raises ``PermissionDenied``, ``ValidationError`` or ``Refused``; nothing is
    written then.
    """
    return publish_entry(EntryInput(event_id, content, key=key, go_live=go_live), actor, time=time, at=at)


@retried
def publish_entry(
    entry_input: EntryInput,
    actor: User,
    *,
    time: datetime | None = None,
    expected: frozenset[EntryStatus] = UNPUBLISHED,
    at: datetime | None = None,
) -> EntryResult:
    """Publish a new entry, or one from the desk. Its place, number and time are those of this moment, whenever it was
    written. ``expected`` are the states that it may be in."""
    content = entry_input.content.cleaned() if entry_input.content else None
    with input_operation(entry_input, actor, at) as (running, entry):
        check_may_release(running, entry)
        content = content or complete_content(entry, entry_input)
        if entry.is_stored and not entry.is_unpublished:
            return EntryResult(check_same_content(entry, content), is_new=False)
        check_key_mark(running, entry, content)
        if entry.is_stored and entry.status not in expected:
            raise Refused(_NOT_EXPECTED[EntryStatus(entry.status)], code=f"entry-{entry.status}")
        has_changed(entry, entry_input, content)  # raises NewerVersion
        check_open(running, actor, go_live=entry_input.go_live)
        write_published(running, entry, content, time)
        if entry_input.alert:
            order_alert(running, entry)
    return EntryResult(entry)


def approve(
    entry_id: int,
    actor: User,
    *,
    content: EntryContent | None = None,
    version: int | None = None,
    go_live: bool = False,
    at: datetime | None = None,
) -> Entry:
    """Publish what somebody has submitted, as it is or with other content."""
    entry_input = _input_of(entry_id, content, version, go_live=go_live)
    return publish_entry(entry_input, actor, expected=frozenset({EntryStatus.SUBMITTED}), at=at).entry


def publish_now(
    entry_id: int,
    actor: User,
    *,
    content: EntryContent | None = None,
    version: int | None = None,
    go_live: bool = False,
    at: datetime | None = None,
) -> Entry:
    """Publish a draft, a submission, or what is scheduled for later."""
    entry_input = _input_of(entry_id, content, version, go_live=go_live)
    return publish_entry(entry_input, actor, expected=UNPUBLISHED - {EntryStatus.DISCARDED}, at=at).entry


def _input_of(entry_id: int, content: EntryContent | None, version: int | None, *, go_live: bool) -> EntryInput:
    event_id = Entry.objects.values_list("event_id", flat=True).get(pk=entry_id)
    return EntryInput(event_id, content, entry_id, version=version, go_live=go_live)


def check_may_release(running: Operation, entry: Entry) -> None:
    if not entry.is_stored:
        check_may_publish(running.user, running.event)
    else:
        check_may_edit(running.user, entry)


def write_published(running: Operation, entry: Entry, content: EntryContent, time: datetime | None = None) -> None:
    """Write the first publication of an entry, under the lock and after all checks."""
    status_before, is_new = entry.status, not entry.is_stored
    entry.headline, entry.title, entry.is_key = content.headline, title_of(content), content.is_key
    entry.status = EntryStatus.PUBLISHED
    entry.published_at = time or running.at
    entry.scheduled_at = entry.scheduled_by = None
    entry.sent_back_note = ""
    entry.content = published_content(content, entry.author)
    running.event.ordinals += 1
    running.event.entry_count += 1
    entry.order = running.event.ordinals * ORDER_STEP
    origin = {} if is_new else {"was": str(status_before)}
    running.entry_changed(entry, ChangeKind.PUBLISH, sent=content.digest, bylines=list(content.bylines), **origin)
    write_rows(entry, content, replace=not is_new)


def check_open(running: Operation, actor: User, *, go_live: bool = False) -> None:
    """Refuse new entries unless the event is live; the first one may open a draft or upcoming event."""
    event = running.event
    if event.status == EventStatus.LIVE:
        return
    if event.status in {EventStatus.DRAFT, EventStatus.UPCOMING} and go_live:
        check_may_moderate(actor, event)
        open_now(running)
        return
    raise_closed(event, actor)


def raise_closed(event: Event, actor: User) -> NoReturn:
    """Tell those who may open the event to do so, and others whom to ask."""
    reasons = _CLOSED if may_moderate(actor, event) else _CLOSED_TO_WRITERS
    raise Refused(reasons[EventStatus(event.status)], code=f"event-{event.status}")


def open_now(running: Operation) -> None:
    event: Event = running.event
    event.status = EventStatus.LIVE
    event.started_at = event.started_at or running.at
    event.ended_at = None
    event.status_note = ""
    running.event_changed(ChangeKind.OPEN, status=event.status)
    update_translations(running)


_CLOSED: Final = {
    EventStatus.DRAFT: gettext_lazy("This live blog is a draft. Go live first, then publish."),
    EventStatus.UPCOMING: gettext_lazy("This live blog has not started. Go live with this update?"),
    EventStatus.ENDED: gettext_lazy("This live blog has ended. Reopen it to publish."),
    EventStatus.POSTPONED: gettext_lazy("This live blog is postponed. Go live first, then publish."),
    EventStatus.CANCELLED: gettext_lazy("This live blog is cancelled. Announce it again first."),
}

_CLOSED_TO_WRITERS: Final = {
    EventStatus.DRAFT: gettext_lazy(
        "This live blog is a draft. Save a draft, or ask a moderator or an editor to go live."
    ),
    EventStatus.UPCOMING: gettext_lazy(
        "This live blog has not started. Save a draft, or ask a moderator or an editor to go live."
    ),
    EventStatus.ENDED: gettext_lazy(
        "This live blog has ended. Save a draft, or ask a moderator or an editor to reopen it."
    ),
    EventStatus.POSTPONED: gettext_lazy(
        "This live blog is postponed. Save a draft, or ask a moderator or an editor to go live."
    ),
    EventStatus.CANCELLED: gettext_lazy(
        "This live blog is cancelled. Save a draft, or ask a moderator or an editor to announce it again."
    ),
}

_NOT_EXPECTED: Final = {
    EntryStatus.DRAFT: gettext_lazy("This update is no longer submitted. Its author withdrew it."),
    EntryStatus.SUBMITTED: gettext_lazy("This update is submitted."),
    EntryStatus.SCHEDULED: gettext_lazy("This update is scheduled."),
    EntryStatus.DISCARDED: gettext_lazy("This update was discarded."),
}
