"""Choices that models, forms and templates share."""

import secrets
import string

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

ORDER_STEP = 1 << 20
"""Distance between the order of two entries published one after the other: room for some twenty moves between them."""

EVENT_ITEM_ID = "event"
"""Id of the event's own item. Ids of entries have ten characters."""

RESERVED_SLUGS = frozenset(
    {
        "admin",
        "api",
        "static",
        "media",
        "healthz",
        "readyz",
        "metrics",
        "ws",
        "favicon.ico",
        "robots.txt",
        "events",
        "archive",
        "corrections",
        "oembed",
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
    """Discarded before publication. Saving it again makes it a draft."""


UNPUBLISHED = frozenset({EntryStatus.DRAFT, EntryStatus.SUBMITTED, EntryStatus.SCHEDULED, EntryStatus.DISCARDED})
"""States of entries that were never published."""


class Waiting(TextChoices):
    """Decision about submitted and scheduled entries when their event ends."""

    PUBLISH = "publish", _("Publish them all now")
    DRAFT = "draft", _("Return them to their authors as drafts")
    DISCARD = "discard", _("Discard them")


class Role(TextChoices):
    CORRESPONDENT = "correspondent", _("Correspondent")
    MODERATOR = "moderator", _("Moderator")
    EDITOR = "editor", _("Editor")


class ChangeKind(TextChoices):
    """Kinds of changes, in the log and in items."""

    PUBLISH = "publish", _("Published")
    EDIT = "edit", _("Edited")
    CORRECT = "correct", _("Corrected")
    CLARIFY = "clarify", _("Clarified")
    REVERT = "revert", _("Earlier version brought back")
    TIME = "time", _("Time set")
    PIN = "pin", _("Pinned")
    UNPIN = "unpin", _("Unpinned")
    KEY = "key", _("Marked as key event")
    UNKEY = "unkey", _("Unmarked as key event")
    MOVE = "move", _("Moved")
    REMOVE = "remove", _("Removed")
    RESTORE = "restore", _("Restored")
    ERASE = "erase", _("Content erased")
    DRAFT = "draft", _("Draft saved")
    SUBMIT = "submit", _("Submitted")
    WITHDRAW = "withdraw", _("Submission withdrawn")
    SEND_BACK = "send_back", _("Sent back")
    SCHEDULE = "schedule", _("Scheduled")
    UNSCHEDULE = "unschedule", _("Unscheduled")
    HOLD = "hold", _("Held back at its scheduled time")
    DISCARD = "discard", _("Discarded")
    EXPIRE = "expire", _("Photo expired")
    LIMIT = "limit", _("Photo expiry set")
    CREATE = "create", _("Live blog created")
    DETAILS = "details", _("Live blog details changed")
    ANNOUNCE = "announce", _("Live blog announced")
    OPEN = "open", _("Live blog went live")
    END = "end", _("Live blog ended")
    REOPEN = "reopen", _("Live blog reopened")
    POSTPONE = "postpone", _("Live blog postponed")
    CANCEL = "cancel", _("Live blog cancelled")
    ASSIGN = "assign", _("Person assigned")
    UNASSIGN = "unassign", _("Person removed")
    INVITE = "invite", _("One-time link created")
    EPOCH = "epoch", _("Numbering restarted")


_ID_ALPHABET = string.ascii_letters + string.digits


def new_public_id() -> str:
    """Return ten random characters, about 59 bits, for an address that cannot be guessed."""
    return "".join(secrets.choice(_ID_ALPHABET) for _ in range(10))


def new_epoch() -> str:
    return secrets.token_hex(4)
