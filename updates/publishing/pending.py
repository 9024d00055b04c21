"""Submitted and scheduled updates of a live blog that ends: publish them, return them as drafts, or discard them."""

from django.core.exceptions import ValidationError
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from updates.choices import ChangeKind, EntryStatus, Waiting
from updates.models import Entry, Event
from updates.models.entry import EntryQuerySet
from updates.permissions import check_may_moderate
from updates.types import User

from .content_mapping import pictures_to_publish, read_content
from .entries import check_open, write_published
from .errors import Refused
from .operation import Operation
from .pictures.renditions import prepare


def pending_updates(event: Event) -> EntryQuerySet:
    """Return submitted and scheduled updates, oldest first."""
    waiting = Entry.objects.filter(event=event, status__in=[EntryStatus.SUBMITTED, EntryStatus.SCHEDULED])
    return waiting.order_by(Coalesce("scheduled_at", "submitted_at"), "pk")


def prepare_pending(event_id: int, actor: User) -> None:
    """Prepare the pictures of all pending updates at once; each missing one would cost a retry of the operation."""
    event = Event.objects.get(pk=event_id)
    check_may_moderate(actor, event)
    prepare({image for entry in pending_updates(event) for image in pictures_to_publish(entry)})


def decide_pending(running: Operation, decision: Waiting | None) -> None:
    """Apply a decision to all pending updates. Without one, refuse if there are any."""
    entries = list(pending_updates(running.event))
    if not entries:
        return
    if decision is None:
        count = ngettext("%d update is submitted or scheduled.", "%d updates are submitted or scheduled.", len(entries))
        raise Refused(f"{count % len(entries)} {_('Publish, keep as drafts, or discard?')}", code="waiting")
    for entry in entries:
        entry.event = running.event
        if decision == Waiting.PUBLISH:
            check_open(running, running.user)
            _publish(running, entry)
        else:
            _put_back(running, entry, decision)


def _publish(running: Operation, entry: Entry) -> None:
    try:
        write_published(running, entry, read_content(entry).cleaned())
    except ValidationError as error:  # name the update, since it is one of many
        values = {"title": entry.title, "why": " ".join(error.messages)}
        raise Refused(_("“%(title)s” cannot be published: %(why)s") % values) from error


def _put_back(running: Operation, entry: Entry, decision: Waiting) -> None:
    entry.scheduled_at = entry.scheduled_by = None
    if decision == Waiting.DISCARD:
        entry.status = EntryStatus.DISCARDED
        running.save_unpublished(entry, ChangeKind.DISCARD)
        return
    entry.status = EntryStatus.DRAFT
    entry.sent_back_note = _("The live blog ended or was cancelled before this was published.")
    running.save_unpublished(entry, ChangeKind.SEND_BACK, reason=entry.sent_back_note)
