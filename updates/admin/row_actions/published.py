"""The actions on an entry, for its row, its own page and the desk; here those on published entries."""

from collections.abc import Collection
from functools import partial
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


def _is_unpinned(entry: Entry) -> bool:
    return entry.is_published and not entry.is_pinned


def _is_no_key_event(entry: Entry) -> bool:
    return entry.is_published and not entry.is_key


def _is_key_event(entry: Entry) -> bool:
    return entry.is_published and entry.is_key


EDIT = RowAction(
    "edit", _("Edit"), lambda entry: not entry.is_removed, may_change, asks=True, place="row", page="change"
)
CORRECT = RowAction("correct", _("Correct…"), _is_published, may_edit, asks=True, place="row")
TIME = RowAction("time", _("Set time…"), _is_published, may_edit, asks=True)
HISTORY = RowAction("history", _("History"), lambda _entry: True, lambda _user, _entry: True, asks=True)

PIN = RowAction("pin", _("Pin"), _is_unpinned, _may_moderate, publishing.pin, _("Pinned: %s"), (ChangeKind.PIN,))
UNPIN = RowAction(
    "unpin", _("Unpin"), lambda entry: entry.is_pinned, _may_moderate, publishing.unpin, _("Unpinned: %s"),
    (ChangeKind.UNPIN, ChangeKind.REMOVE),
)  # fmt: skip

KEY = RowAction(
    "key", _("Mark as key event"), _is_no_key_event, _may_moderate, partial(publishing.mark_key, is_key=True),
    _("Marked as key event: %s"), (ChangeKind.KEY, ChangeKind.PUBLISH, ChangeKind.EDIT),
)  # fmt: skip
UNKEY = RowAction(
    "unkey", _("Unmark as key event"), _is_key_event, _may_moderate, partial(publishing.mark_key, is_key=False),
    _("No longer a key event: %s"), (ChangeKind.UNKEY, ChangeKind.EDIT),
)  # fmt: skip

UP = RowAction("up", _("Move up"), _is_published, _may_moderate, publishing.move_up, _("Moved up: %s"))
DOWN = RowAction("down", _("Move down"), _is_published, _may_moderate, publishing.move_down, _("Moved down: %s"))
MOVE = RowAction("move", _("Move…"), _is_published, _may_moderate, asks=True)

RESTORE = RowAction(
    "restore", _("Restore"), lambda entry: entry.is_removed and not entry.is_empty, may_restore, publishing.restore,
    _("Restored to its old place: %s"), (ChangeKind.RESTORE,), place="row", takes=("pinned",),
)  # fmt: skip
REMOVE = RowAction(
    "remove", _("Remove…"), _is_published, may_remove, publishing.remove,
    _("Removed: %s"), (ChangeKind.REMOVE,), asks=True, place="last", takes=("reason", "reader_note"),
)  # fmt: skip

ACTIONS = {
    action.name: action
    for action in (
        *OF_CHANGES, EDIT, *AT_THE_DESK, CORRECT, RESTORE, PIN, UNPIN, KEY, UNKEY, UP, DOWN, MOVE, TIME, HISTORY, REMOVE
    )
}  # fmt: skip
"""In the order of the page: “More” separates “Correct” from “Remove”, so that they are not mixed up in a hurry."""


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
