"""Writing: publish, edit, correct."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ..choices import ORDER_STEP, ChangeKind, EntryStatus, EventStatus
from ..content.sanitize import clean_line
from ..models import Entry, Event
from ..permissions import check_may_edit, check_may_moderate, check_may_publish
from .content import EntryContent
from .desk_rows import published_content, read_content, title_of, write_rows
from .errors import KeyReused, NewerVersion, Refused
from .lengths import check_correction
from .log import Operation, entry_operation, operation, retried
from .pictures import shown_in, withdraw_on_commit

SECOND_THOUGHTS = timedelta(minutes=1)
"""An edit this soon after publishing is not shown as one."""


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
        running.entry_changed(entry, ChangeKind.PUBLISH, sent=content.digest)
        write_rows(entry, content, replace=False)
    return Posted(entry, is_new=True)


@retried
def edit(
    entry_id: int,
    content: EntryContent,
    actor: Any,
    *,
    version: int | None = None,
    at: datetime | None = None,
) -> Entry:
    """Change an entry. Without a difference nothing happens.

    ``version`` is the one the writer saw; a newer one raises ``NewerVersion``, which carries the present entry.
    """
    return _rewrite(entry_id, content, actor, version=version, note="", at=at)


@retried
def correct(
    entry_id: int,
    content: EntryContent,
    note: str,
    actor: Any,
    *,
    version: int | None = None,
    at: datetime | None = None,
) -> Entry:
    """Change an entry and say so on it: “Corrected 14:32: ” and the note. Refused when nothing changed."""
    note = clean_line(note)
    if not note:
        raise Refused(_("Say what was corrected: readers see it on the update."))
    check_correction(note)
    return _rewrite(entry_id, content, actor, version=version, note=note, at=at)


def _rewrite(
    entry_id: int, content: EntryContent, actor: Any, *, version: int | None, note: str, at: datetime | None
) -> Entry:
    content = content.cleaned()
    with entry_operation(entry_id, actor, at) as (running, entry):
        check_may_edit(actor, entry)
        if content.is_key != entry.is_key:
            check_may_moderate(actor, running.event)
        if not entry.is_published:
            raise Refused(_("This update was removed. Restore it before changing it."))
        check_version(entry, version)
        if read_content(entry) == content:
            if note:
                raise Refused(_("Nothing was changed, so there is nothing to correct."))
            return entry
        before = shown_in(entry.content)
        _apply(running, entry, content, note)
        write_rows(entry, content, replace=True)
        withdraw_on_commit(before - shown_in(entry.content))
    return entry


def _apply(running: Operation, entry: Entry, content: EntryContent, note: str) -> None:
    corrections = entry.content["corrections"]
    if note:
        corrections = [*corrections, {"at": running.at.isoformat(), "note": note}]
    elif entry.published_at and running.at - entry.published_at > SECOND_THOUGHTS:
        entry.updated_at = running.at
    entry.headline, entry.title, entry.is_key = content.headline, title_of(content), content.is_key
    entry.content = published_content(content, entry.author) | {"corrections": corrections}
    running.entry_changed(entry, ChangeKind.CORRECT if note else ChangeKind.EDIT, note=note)


def check_version(entry: Entry, version: int | None) -> None:
    if version is not None and version != entry.version:
        raise NewerVersion(_("Somebody saved a newer version of this update meanwhile."), current=entry)


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
