"""The newsroom's words, as choices that models, forms and templates share."""

import secrets
import string

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

ORDER_STEP = 1 << 20
"""Distance between the order of two entries published one after the other: room for some twenty moves between them."""

EVENT_ITEM_ID = "event"
"""The id under which the event itself travels among its entries; theirs have ten characters."""

RESERVED_SLUGS = frozenset(
    {
        "admin",
        "static",
        "media",
        "healthz",
        "readyz",
        "ws",
        "favicon.ico",
        "robots.txt",
        "events",
        "archive",
        "corrections",
    }
)
"""First path segments the site itself answers; an event may not take one of them."""


class EventStatus(TextChoices):
    DRAFT = "draft", _("Draft")
    UPCOMING = "upcoming", _("Upcoming")
    LIVE = "live", _("Live")
    ENDED = "ended", _("Ended")
    POSTPONED = "postponed", _("Postponed")
    CANCELLED = "cancelled", _("Cancelled")


class EntryStatus(TextChoices):
    DRAFT = "draft", _("Draft")
    SUBMITTED = "submitted", _("Submitted")
    SCHEDULED = "scheduled", _("Scheduled")
    PUBLISHED = "published", _("Published")
    REMOVED = "removed", _("Removed")
    DISCARDED = "discarded", _("Discarded")
    """Never published and put away; its writer may take it up again."""


UNPUBLISHED = frozenset({EntryStatus.DRAFT, EntryStatus.SUBMITTED, EntryStatus.SCHEDULED, EntryStatus.DISCARDED})
"""States of entries that no reader has ever seen."""


class Waiting(TextChoices):
    """What becomes of submitted and scheduled entries when their event is over."""

    PUBLISH = "publish", _("Publish all of them now")
    DRAFT = "draft", _("Keep them as drafts of their writers")
    DISCARD = "discard", _("Discard them")


class Role(TextChoices):
    CORRESPONDENT = "correspondent", _("Correspondent")
    MODERATOR = "moderator", _("Moderator")
    EDITOR = "editor", _("Editor")


class ChangeKind(TextChoices):
    """What happened, in the log and on the wire."""

    PUBLISH = "publish", _("Published")
    EDIT = "edit", _("Edited")
    CORRECT = "correct", _("Corrected")
    CLARIFY = "clarify", _("Clarified")
    REVERT = "revert", _("Earlier version brought back")
    TIME = "time", _("Time set")
    PIN = "pin", _("Pinned")
    UNPIN = "unpin", _("Unpinned")
    KEY = "key", _("Marked as key event")
    UNKEY = "unkey", _("Key event mark taken off")
    MOVE = "move", _("Moved")
    REMOVE = "remove", _("Removed")
    RESTORE = "restore", _("Restored")
    ERASE = "erase", _("Content erased")
    DRAFT = "draft", _("Draft saved")
    SUBMIT = "submit", _("Submitted")
    WITHDRAW = "withdraw", _("Submission withdrawn")
    SEND_BACK = "send_back", _("Sent back")
    SCHEDULE = "schedule", _("Scheduled")
    UNSCHEDULE = "unschedule", _("Taken off the schedule")
    HOLD = "hold", _("Held back at its time")
    DISCARD = "discard", _("Discarded")
    EXPIRE = "expire", _("Photo’s time was over")
    LIMIT = "limit", _("Photo’s last moment set")
    CREATE = "create", _("Event created")
    DETAILS = "details", _("Event details changed")
    ANNOUNCE = "announce", _("Event announced")
    OPEN = "open", _("Event went live")
    END = "end", _("Event ended")
    REOPEN = "reopen", _("Event reopened")
    POSTPONE = "postpone", _("Event postponed")
    CANCEL = "cancel", _("Event cancelled")
    ASSIGN = "assign", _("Person assigned")
    UNASSIGN = "unassign", _("Person taken off")
    INVITE = "invite", _("One-time link made")
    EPOCH = "epoch", _("Numbering started anew")


_ID_ALPHABET = string.ascii_letters + string.digits


def new_public_id() -> str:
    """Ten random characters, some 59 bits: an address that cannot be guessed."""
    return "".join(secrets.choice(_ID_ALPHABET) for _ in range(10))


def new_epoch() -> str:
    return secrets.token_hex(4)
