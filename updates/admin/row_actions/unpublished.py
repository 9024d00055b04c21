"""The actions on unpublished entries and on submitted changes."""

from collections.abc import Callable

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from updates import publishing
from updates.choices import ChangeKind, EntryStatus
from updates.models import Entry, Revision
from updates.permissions import may_edit, may_moderate, may_propose, may_write
from updates.types import User

from .action import RowAction


def _may_moderate(user: User, entry: Entry) -> bool:
    return may_moderate(user, entry.event)


def _may_write_own(user: User, entry: Entry) -> bool:
    """Return whether the entry is the user's own. Moderators send those of others back, with a note."""
    return entry.author_id == user.pk and may_write(user, entry)


def _is(*statuses: EntryStatus) -> Callable[[Entry], bool]:
    return lambda entry: entry.status in statuses


def revision_of(entry: Entry) -> Revision | None:
    """Return the submitted change of an entry. Lists select it along with their rows."""
    return getattr(entry, "revision", None)


def _has_submitted_change(entry: Entry) -> bool:
    revision = revision_of(entry) if entry.is_published else None
    return revision is not None and revision.is_submitted


def state_badge(entry: Entry) -> str:
    """Return what stands beside the state in lists."""
    if _has_submitted_change(entry):
        return gettext("Change submitted")
    if entry.sent_back_note and entry.is_unpublished:
        return gettext("Held back") if entry.status == EntryStatus.SUBMITTED else gettext("Sent back")
    return ""


APPROVE = RowAction(
    "approve", _("Approve"), _is(EntryStatus.SUBMITTED), _may_moderate, publishing.approve,
    _("Published: %s"), (ChangeKind.PUBLISH,), place="row", takes=("version",),
)  # fmt: skip
SEND_BACK = RowAction("send_back", _("Send back…"), _is(EntryStatus.SUBMITTED), _may_moderate, asks=True, place="row")
PUBLISH_NOW = RowAction(
    "publish_now", _("Publish now"), _is(EntryStatus.SCHEDULED), may_edit, publishing.publish_now,
    _("Published: %s"), (ChangeKind.PUBLISH,), place="row", takes=("version",),
)  # fmt: skip
UNSCHEDULE = RowAction(
    "unschedule", _("Unschedule"), _is(EntryStatus.SCHEDULED), may_edit, publishing.unschedule,
    _("Unscheduled: %s"), (ChangeKind.UNSCHEDULE,),
)  # fmt: skip
WITHDRAW = RowAction(
    "withdraw", _("Withdraw"), _is(EntryStatus.SUBMITTED), _may_write_own, publishing.withdraw,
    _("Back to draft: %s"), (ChangeKind.WITHDRAW, ChangeKind.SEND_BACK), place="row",
)  # fmt: skip
DISCARD = RowAction(
    "discard", _("Discard"), _is(EntryStatus.DRAFT, EntryStatus.SUBMITTED, EntryStatus.SCHEDULED), may_write,
    publishing.discard, _("Discarded: %s"), (ChangeKind.DISCARD,), place="last",
)  # fmt: skip

AT_THE_DESK = (APPROVE, SEND_BACK, PUBLISH_NOW, WITHDRAW, UNSCHEDULE, DISCARD)

REVIEW = RowAction("review", _("Review change…"), _has_submitted_change, _may_moderate, asks=True, place="row")
WITHDRAW_CHANGE = RowAction(
    "withdraw_change", _("Withdraw change"), lambda entry: entry.is_published and revision_of(entry) is not None,
    lambda user, entry: entry.author_id == user.pk and may_propose(user, entry), publishing.withdraw_revision,
    _("Change withdrawn: %s"), (ChangeKind.WITHDRAW,), place="row",
)  # fmt: skip

OF_CHANGES = (REVIEW, WITHDRAW_CHANGE)
"""The review has a link to send the change back."""
