"""The actions on an entry, for its row, its own page and the desk; here those on published entries."""

from collections.abc import Collection
from typing import TypedDict

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from updates import publishing
from updates.choices import ChangeKind
from updates.models import Entry
from updates.permissions import may_change, may_edit, may_moderate, may_remove, may_restore
from updates.types import User

from .action import Place, RowAction
from .unpublished import AT_THE_DESK, OF_CHANGES


def _may_moderate(user: User, entry: Entry) -> bool:
    return may_moderate(user, entry.event)


def _is_published(entry: Entry) -> bool:
    return entry.is_published


EDIT = RowAction(
    "edit", _("Edit"), lambda entry: not entry.is_removed, may_change, asks=True, place="row", page="change"
)

CORRECT = RowAction("correct", _("Correct…"), _is_published, may_edit, asks=True, place="row")

PIN = RowAction(
    "pin",
    _("Pin"),
    lambda entry: entry.is_published and not entry.is_pinned,
    _may_moderate,
    lambda pk, actor, _details: publishing.pin(pk, actor),
    _("Pinned: %s"),
    (ChangeKind.PIN,),
)

UNPIN = RowAction(
    "unpin",
    _("Unpin"),
    lambda entry: entry.is_pinned,
    _may_moderate,
    lambda pk, actor, _details: publishing.unpin(pk, actor),
    _("Unpinned: %s"),
    (ChangeKind.UNPIN, ChangeKind.REMOVE),
)

KEY = RowAction(
    "key",
    _("Mark key"),
    lambda entry: entry.is_published and not entry.is_key,
    _may_moderate,
    lambda pk, actor, _details: publishing.mark_key(pk, actor, is_key=True),
    _("Marked as key event: %s"),
    (ChangeKind.KEY, ChangeKind.PUBLISH, ChangeKind.EDIT),
)

UNKEY = RowAction(
    "unkey",
    _("Unmark key"),
    lambda entry: entry.is_published and entry.is_key,
    _may_moderate,
    lambda pk, actor, _details: publishing.mark_key(pk, actor, is_key=False),
    _("No longer a key event: %s"),
    (ChangeKind.UNKEY, ChangeKind.EDIT),
)

UP = RowAction(
    "up",
    _("Move up"),
    _is_published,
    _may_moderate,
    lambda pk, actor, _details: publishing.move_up(pk, actor),
    _("Moved up: %s"),
)

DOWN = RowAction(
    "down",
    _("Move down"),
    _is_published,
    _may_moderate,
    lambda pk, actor, _details: publishing.move_down(pk, actor),
    _("Moved down: %s"),
)

TIME = RowAction("time", _("Set time…"), _is_published, may_edit, asks=True)


RESTORE = RowAction(
    "restore",
    _("Restore"),
    lambda entry: entry.is_removed and not entry.is_empty,
    may_restore,
    lambda pk, actor, details: publishing.restore(pk, actor, pinned=bool(details.get("pinned"))),
    _("Restored to its old place: %s"),
    (ChangeKind.RESTORE,),
    place="row",
)

HISTORY = RowAction("history", _("History"), lambda _entry: True, lambda _user, _entry: True, asks=True)

REMOVE = RowAction(
    "remove",
    _("Remove…"),
    _is_published,
    may_remove,
    lambda pk, actor, details: publishing.remove(pk, actor, **details),
    _("Removed: %s"),
    (ChangeKind.REMOVE,),
    asks=True,
    place="last",
)

ACTIONS = {
    action.name: action
    for action in (
        *OF_CHANGES,
        EDIT,
        *AT_THE_DESK,
        CORRECT,
        RESTORE,
        PIN,
        UNPIN,
        KEY,
        UNKEY,
        UP,
        DOWN,
        TIME,
        HISTORY,
        REMOVE,
    )
}
"""In their order on the page: “More” separates “Correct” from “Remove”, so that no hurried thumb hits the wrong one."""


class OfferedAction(TypedDict):
    name: str
    label: str | Promise
    address: str
    asks: bool
    place: Place


def row_actions(user: User, entry: Entry, *, besides: Collection[str] = ()) -> list[OfferedAction]:
    """Return the actions that a user may take now, except those that the page itself offers: ``besides``."""
    return [
        {
            "name": action.name,
            "label": action.label,
            "address": action.address(entry),
            "asks": action.asks,
            "place": action.place,
        }
        for action in ACTIONS.values()
        if action.name not in besides and action.offered(entry) and action.allowed(user, entry)
    ]
