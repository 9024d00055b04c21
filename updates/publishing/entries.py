"""Writing a new entry."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ..choices import ORDER_STEP, ChangeKind, EntryStatus, EventStatus
from ..models import Entry, Event
from ..permissions import check_may_moderate, check_may_publish
from .content import EntryContent
from .desk_rows import published_content, read_content, title_of, write_rows
from .errors import KeyReused, Refused
from .log import Operation, operation, retried


@dataclass(frozen=True)
class Posted:
    """The entry, and whether this call made it (``False``: a retry found the first one)."""

    entry: Entry
    is_new: bool


@retried
def publish(
    event_id: int,
    content: EntryContent,
    actor: Any,
    *,
    key: str | None = None,
    time: datetime | None = None,
    go_live: bool = False,
    at: datetime | None = None,
) -> Posted:
    """Publish a new entry on top of an event.

    ``key`` makes a retry harmless: the same author, key and content get the first entry again, other content
    raises ``KeyReused``. ``time`` is shown instead of now. ``go_live`` opens an upcoming event in the same step.
    Raises ``PermissionDenied``, ``ValidationError`` or ``Refused``; nothing is written then.
    """
    content = content.cleaned()
    with operation(event_id, actor, at) as running:
        check_may_publish(actor, running.event)
        if content.is_key:
            check_may_moderate(actor, running.event)
        if key and (first := Entry.objects.filter(author=actor, idempotency_key=key).first()):
            return Posted(_same_or_refuse(first, event_id, content), is_new=False)
        _check_open(running, actor, go_live=go_live)
        entry = Entry(
            event=running.event,
            author=actor,
            idempotency_key=key or None,
            headline=content.headline,
            is_key=content.is_key,
        )
        entry.status = EntryStatus.PUBLISHED
        entry.published_at = time or running.at
        entry.title = title_of(content)
        entry.content = published_content(content, actor)
        running.event.ordinals += 1
        running.event.entry_count += 1
        entry.order = running.event.ordinals * ORDER_STEP
        running.entry_changed(entry, ChangeKind.PUBLISH, sent=content.digest, bylines=list(content.bylines))
        write_rows(entry, content, replace=False)
    return Posted(entry, is_new=True)


def _same_or_refuse(first: Entry, event_id: int, content: EntryContent) -> Entry:
    """Compared with what was sent then, not with what has become of it: another may have edited it since."""
    sent = first.changes.filter(kind=ChangeKind.PUBLISH).values_list("snapshot__sent", flat=True).first()
    if first.event_id != event_id or (sent or read_content(first).digest) != content.digest:
        raise KeyReused(_("This was already sent, with other content. Both are shown: keep one."), first=first)
    return first


def _check_open(running: Operation, actor: Any, *, go_live: bool) -> None:
    """Only a live event takes new entries; the first one may open an upcoming event."""
    event = running.event
    if event.status == EventStatus.LIVE:
        return
    if event.status in {EventStatus.DRAFT, EventStatus.UPCOMING} and go_live:
        check_may_moderate(actor, event)
        open_now(running)
        return
    raise Refused(_CLOSED[EventStatus(event.status)], code=f"event-{event.status}")


def open_now(running: Operation) -> None:
    event: Event = running.event
    event.status = EventStatus.LIVE
    event.started_at = event.started_at or running.at
    event.ended_at = None
    event.status_note = ""
    running.event_changed(ChangeKind.OPEN, status=event.status)


_CLOSED = {
    EventStatus.DRAFT: gettext_lazy("This live blog is a draft: open it first, then publish."),
    EventStatus.UPCOMING: gettext_lazy("This live blog has not started: go live with this update?"),
    EventStatus.ENDED: gettext_lazy("This live blog has ended: reopen it to publish."),
    EventStatus.POSTPONED: gettext_lazy("This live blog is postponed: open it first, then publish."),
    EventStatus.CANCELLED: gettext_lazy("This live blog is cancelled: announce it again first."),
}
