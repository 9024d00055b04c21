"""Choices that models, forms and templates share."""

import base64
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


OVER = frozenset({EventStatus.ENDED, EventStatus.CANCELLED})
"""States of events in which readers need not wait for another update."""


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


class WebhookType(TextChoices):
    """Types of messages to other programs, each for some kinds of changes."""

    PUBLISHED = "entry.published", _("Update published")
    CHANGED = "entry.changed", _("Update changed, moved, or its photo expired")
    CORRECTED = "entry.corrected", _("Update corrected or clarified")
    PINNED = "entry.pinned", _("Update pinned or unpinned")
    REMOVED = "entry.removed", _("Update removed")
    RESTORED = "entry.restored", _("Removal undone")
    EVENT_CHANGED = "event.changed", _("Title or other details of the live blog changed")
    EVENT_STATE = "event.state", _("Live blog announced, opened, ended, reopened, postponed or cancelled")
    TEST = "test", _("Test")

    @classmethod
    def of(cls, kind: str) -> "WebhookType":
        """Return the type of a kind of changes that readers see."""
        return cls(_WEBHOOK_TYPES[kind])

    @classmethod
    def kinds(cls) -> list[str]:
        return list(_WEBHOOK_TYPES)


class PauseReason(TextChoices):
    """Why the server has paused a webhook."""

    GONE = "gone", _("Its receiver answered 410: it wants no more messages.")
    FAILING = "failing", _("Its receiver has accepted nothing for two days.")


_WEBHOOK_KINDS: dict[WebhookType, tuple[ChangeKind, ...]] = {
    WebhookType.PUBLISHED: (ChangeKind.PUBLISH,),
    WebhookType.CHANGED: (
        ChangeKind.EDIT, ChangeKind.REVERT, ChangeKind.TIME, ChangeKind.KEY, ChangeKind.UNKEY, ChangeKind.MOVE,
        ChangeKind.EXPIRE,
    ),
    WebhookType.CORRECTED: (ChangeKind.CORRECT, ChangeKind.CLARIFY),
    WebhookType.PINNED: (ChangeKind.PIN, ChangeKind.UNPIN),
    WebhookType.REMOVED: (ChangeKind.REMOVE, ChangeKind.ERASE),
    WebhookType.RESTORED: (ChangeKind.RESTORE,),
    WebhookType.EVENT_CHANGED: (ChangeKind.CREATE, ChangeKind.DETAILS),
    WebhookType.EVENT_STATE: (
        ChangeKind.ANNOUNCE, ChangeKind.OPEN, ChangeKind.END, ChangeKind.REOPEN, ChangeKind.POSTPONE,
        ChangeKind.CANCEL,
    ),
}  # fmt: skip
_WEBHOOK_TYPES = {kind.value: kind_type for kind_type, kinds in _WEBHOOK_KINDS.items() for kind in kinds}

_ID_ALPHABET = string.ascii_letters + string.digits


def new_public_id() -> str:
    """Return ten random characters, about 59 bits, for an address that cannot be guessed."""
    return "".join(secrets.choice(_ID_ALPHABET) for _ in range(10))


def new_message_id() -> str:
    return f"msg_{new_public_id()}{new_public_id()}"


def new_webhook_secret() -> str:
    """Return 24 random bytes in the form that the libraries of Standard Webhooks read."""
    return f"whsec_{base64.b64encode(secrets.token_bytes(24)).decode()}"


def new_epoch() -> str:
    return secrets.token_hex(4)
