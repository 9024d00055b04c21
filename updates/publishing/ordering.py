"""The place of an entry and the time it shows; each changes without the other."""

from datetime import datetime
from typing import Final, Literal

from django.utils.translation import gettext as _

from updates.choices import ORDER_STEP, ChangeKind
from updates.models import Entry
from updates.models.entry import EntryQuerySet
from updates.permissions import check_may_edit, check_may_moderate
from updates.types import User

from .errors import Refused
from .moderation import check_published
from .operation import Operation, entry_operation, retried

Edge = Literal["top", "bottom"]
EDGES: Final[dict[str, Edge]] = {"top": "top", "bottom": "bottom"}


@retried
def set_time(entry_id: int, time: datetime, actor: User, *, at: datetime | None = None) -> Entry:
    """Change the time that an entry shows; its place stays."""
    with entry_operation(entry_id, actor, at) as (running, entry):
        check_may_edit(actor, entry)
        check_published(entry)
        if time > running.at:
            raise Refused(_("This time is in the future. Enter a time that has passed."))
        if entry.published_at != time:
            was = entry.published_at
            entry.published_at = time
            running.entry_changed(entry, ChangeKind.TIME, was=was.isoformat() if was else None)
    return entry


@retried
def move_up(entry_id: int, actor: User, *, at: datetime | None = None) -> Entry:
    """Exchange places with the published entry above."""
    return _swap(entry_id, actor, upwards=True, at=at)


@retried
def move_down(entry_id: int, actor: User, *, at: datetime | None = None) -> Entry:
    """Exchange places with the published entry below."""
    return _swap(entry_id, actor, upwards=False, at=at)


def _swap(entry_id: int, actor: User, *, upwards: bool, at: datetime | None) -> Entry:
    """Exchange the places of two neighbours; their times, other entries and the length of pages stay."""
    with entry_operation(entry_id, actor, at) as (running, entry):
        check_may_moderate(actor, running.event)
        check_published(entry)
        others = Entry.objects.published().filter(event=running.event)
        if upwards:
            other = others.filter(order__gt=entry.order).order_by("order").first()
        else:
            other = others.filter(order__lt=entry.order).newest_first().first()
        if other is None:
            raise Refused(
                _("This update is already at the top.") if upwards else _("This update is already at the bottom.")
            )
        other.event = running.event
        entry.order, other.order = other.order, entry.order
        Entry.objects.filter(pk__in=[entry.pk, other.pk]).update(order=None)  # the order is unique
        running.entry_changed(other, ChangeKind.MOVE, made_room_for=entry.public_id)
        running.entry_changed(entry, ChangeKind.MOVE)
    return entry


@retried
def move(entry_id: int, actor: User, *, above: int | Edge, at: datetime | None = None) -> Entry:
    """Put an entry directly above another one (by primary key) of its event, or at an end; its time stays."""
    with entry_operation(entry_id, actor, at) as (running, entry):
        check_may_moderate(actor, running.event)
        check_published(entry)
        if above == entry_id:
            raise Refused(_("An update cannot be moved above itself."))
        others = Entry.objects.known_to_readers().filter(event=running.event).exclude(pk=entry_id)
        below = _order_below(others, above)
        if below < (entry.order or 0) < _next_above(running, others, below):
            return entry  # it is there
        if not _has_room_above(running, others, below):
            _spread(running, max(below, 1))
            below = _order_below(others, above)
            entry.refresh_from_db(fields=["order", "version", "seq", "batch_end"])
        entry.order = _middle_above(running, others, below)
        running.entry_changed(entry, ChangeKind.MOVE)
    return entry


def _order_below(others: EntryQuerySet, above: int | Edge) -> int:
    """Return the order of the entry that will be directly below; 0 at the bottom."""
    if above == "bottom":
        return 0
    if above == "top":
        highest = others.newest_first().first()
        return (highest and highest.order) or 0
    below = others.filter(pk=above).first()
    if below is None or below.order is None:
        raise Refused(_("The update to move above is not in this live blog."))
    return below.order


def _next_above(running: Operation, others: EntryQuerySet, order: int) -> int:
    """Return the next higher order; above the newest entry it is that of the next publication."""
    above = others.filter(order__gt=order).order_by("order").first()
    return (above and above.order) or _next_order(running)


def _next_order(running: Operation) -> int:
    return (running.event.ordinals + 1) * ORDER_STEP


def _has_room_above(running: Operation, others: EntryQuerySet, order: int) -> bool:
    return _next_above(running, others, order) - order > 1


def _middle_above(running: Operation, others: EntryQuerySet, order: int) -> int:
    return (order + _next_above(running, others, order)) // 2


def _spread(running: Operation, order: int) -> None:
    """Renumber the page that contains an order, evenly and in the same sequence.

    No entry changes its page, and none gets the order of the next publication.
    """
    width = running.event.page_size * ORDER_STEP
    floor = (order - 1) // width * width
    room = min(floor + width, _next_order(running)) - floor
    block = list(Entry.objects.filter(event=running.event).in_range(floor, floor + width).order_by("order"))
    Entry.objects.filter(pk__in=[entry.pk for entry in block]).update(order=None)
    for position, entry in enumerate(block, start=1):
        entry.order = floor + position * room // (len(block) + 1)
        entry.event = running.event
        running.entry_changed(entry, ChangeKind.MOVE)
