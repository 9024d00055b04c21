"""The buttons under the form of an entry: which of them rights and state allow, and the operation behind each."""

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal

from django.core.exceptions import PermissionDenied, ValidationError
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from updates import publishing
from updates.choices import EntryStatus
from updates.models import Entry, Event
from updates.permissions import may_draft, may_edit, may_moderate, may_propose, may_publish, may_write
from updates.publishing import EntryContent, EntryInput, EntryResult, Refused
from updates.publishing.errors import UNWRITABLE
from updates.rendering.event import offers_alerts
from updates.types import User

from .picture_dates import pictures_dated
from .schedule_form import SCHEDULE_NAME

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class SubmitAction:
    name: str
    label: str | Promise
    run: Callable[[EntryInput, User], EntryResult]
    takes_unfinished: bool = False
    """Whether the form may be sent with required fields left empty."""
    needs: Literal["", "entry", "published entry"] = ""


def submit(action: SubmitAction, entry_input: EntryInput, actor: User, entry: Entry | None) -> EntryResult:
    """Run an action on the entry in the form, or on a new one. A refusal is also a result."""
    try:
        _check_needs(action, entry)
        with pictures_dated(entry_input, actor):
            result = action.run(entry_input, actor)
    except (ValidationError, PermissionDenied, Refused) as refusal:
        return EntryResult(None, refusal=refusal)
    except UNWRITABLE as error:
        logger.warning("An update was not saved: %s", error)
        return EntryResult(None, refusal=error)
    result.entry.was_changed |= bool(entry_input.picture_dates)  # for the sender: readers are not told of dates
    return result


def _check_needs(action: SubmitAction, entry: Entry | None) -> None:
    if action.needs and entry is None:
        raise Refused(gettext("A new update can only be published, submitted, scheduled or saved as a draft."))
    if action.needs == "published entry" and entry and entry.is_unpublished:
        raise Refused(gettext("This update is not published yet, so there is no published text to change."))


def _approve(entry_input: EntryInput, actor: User) -> EntryResult:
    return EntryResult(publishing.publish_entry(entry_input, actor, expected=frozenset({EntryStatus.SUBMITTED})).entry)


def _publish_with_alert(entry_input: EntryInput, actor: User) -> EntryResult:
    return publishing.publish_entry(replace(entry_input, alert=True), actor)


def _change(entry_input: EntryInput, actor: User) -> EntryResult:
    """Edit, correct or clarify a published entry."""
    pk, content = _published(entry_input)
    note, version = entry_input.note, entry_input.version
    if note is None:
        return EntryResult(publishing.edit(pk, content, actor, version=version), is_new=False)
    explain = publishing.clarify if entry_input.clarifies else publishing.correct
    entry = explain(pk, content, note, actor, version=version, shows_change=entry_input.shows_change)
    return EntryResult(entry, is_new=False)


def _propose(entry_input: EntryInput, actor: User) -> EntryResult:
    pk, content = _published(entry_input)
    correction = entry_input.note or ""
    revision = publishing.propose(pk, content, actor, correction=correction, version=entry_input.version)
    return EntryResult(revision.entry)


def _approve_change(entry_input: EntryInput, actor: User) -> EntryResult:
    pk, content = _published(entry_input)
    version, seen = entry_input.version, entry_input.revision_version
    return EntryResult(publishing.approve_revision(pk, actor, content=content, version=version, revision_version=seen))


def _published(entry_input: EntryInput) -> tuple[int, EntryContent]:
    if entry_input.entry_id is None or entry_input.content is None:
        raise ValueError("Only an entry with content can be changed")
    return entry_input.entry_id, entry_input.content


def _schedule(entry_input: EntryInput, actor: User) -> EntryResult:
    if entry_input.when is None:
        raise ValidationError({"when": gettext("Enter when it should be published.")})
    return publishing.schedule(entry_input, actor, entry_input.when)


def _autosave(entry_input: EntryInput, actor: User) -> EntryResult:
    return publishing.save_draft(entry_input, actor, autosave=True)


PUBLISH: Final = SubmitAction("_publish", _("Publish"), publishing.publish_entry)
PUBLISH_NOW: Final = SubmitAction("_publish", _("Publish now"), publishing.publish_entry)
APPROVE: Final = SubmitAction("_approve", _("Approve and publish"), _approve, needs="entry")
ALERT: Final = SubmitAction("_alert", _("Publish and send the alert"), _publish_with_alert)
CHANGE: Final = SubmitAction("_save", _("Publish changes"), _change, needs="published entry")
CORRECT: Final = SubmitAction("_save", _("Publish correction"), _change, needs="published entry")
PROPOSE: Final = SubmitAction("_propose", _("Submit change"), _propose, needs="published entry")
APPROVE_CHANGE: Final = SubmitAction("_approve_change", _("Approve change"), _approve_change, needs="published entry")
SUBMIT: Final = SubmitAction("_submit", _("Submit"), publishing.submit)
SUBMIT_AGAIN: Final = SubmitAction("_submit", _("Submit again"), publishing.submit)
SCHEDULE: Final = SubmitAction(SCHEDULE_NAME, _("Schedule"), _schedule)
RESCHEDULE: Final = SubmitAction(SCHEDULE_NAME, _("Save schedule"), _schedule)
DRAFT: Final = SubmitAction("_draft", _("Save draft"), publishing.save_draft, takes_unfinished=True)
SAVE: Final = SubmitAction("_draft", _("Save"), publishing.save_draft, takes_unfinished=True)
REOPEN: Final = SubmitAction("_draft", _("Reopen as draft"), publishing.save_draft, takes_unfinished=True)
AUTOSAVE: Final = SubmitAction("_autosave", "", _autosave, takes_unfinished=True)
"""Without a button: scripts send it, so that the draft can be opened on another device."""

SUBMIT_ACTIONS: Final = {
    action.name: action
    for action in (PUBLISH, ALERT, APPROVE, CHANGE, PROPOSE, APPROVE_CHANGE, SUBMIT, SCHEDULE, DRAFT, AUTOSAVE)
}


def offered_actions(
    user: User, event: Event, entry: Entry | None, *, correcting: bool, reviewing: bool
) -> list[SubmitAction]:
    """Return the buttons that a user has a right to, the primary one first."""
    if entry is None:
        offered = _of_draft(user, event, publishes=may_publish(user, event)) if may_draft(user, event) else []
        return _with_alert(offered, user, event)
    if entry.is_unpublished:
        offered = _of_unpublished(user, event, entry) if may_write(user, entry) else []
        return offered if entry.status == EntryStatus.DISCARDED else _with_alert(offered, user, event)
    if may_edit(user, entry):
        return [APPROVE_CHANGE] if reviewing else [CORRECT if correcting else CHANGE]
    return [PROPOSE] if may_propose(user, entry) else []


def _with_alert(offered: list[SubmitAction], user: User, event: Event) -> list[SubmitAction]:
    return [*offered, ALERT] if offered and offers_alerts(event) and may_moderate(user, event) else offered


def _of_draft(user: User, event: Event, *, publishes: bool) -> list[SubmitAction]:
    """Return the buttons of a draft. Users who may publish can also submit it, except moderators."""
    if not publishes:
        return [SUBMIT, DRAFT]
    return [PUBLISH, DRAFT, SCHEDULE] if may_moderate(user, event) else [PUBLISH, DRAFT, SUBMIT, SCHEDULE]


def _of_unpublished(user: User, event: Event, entry: Entry) -> list[SubmitAction]:
    publishes = may_edit(user, entry)
    match entry.status:
        case EntryStatus.DISCARDED:
            return [REOPEN]
        case EntryStatus.SCHEDULED:
            return [RESCHEDULE, PUBLISH_NOW]
        case EntryStatus.SUBMITTED if publishes:
            return [APPROVE if may_moderate(user, event) else PUBLISH, SAVE, SCHEDULE]
        case EntryStatus.SUBMITTED:
            return [SUBMIT_AGAIN]
    return _of_draft(user, event, publishes=publishes)


def pressed_action(data: Mapping[str, object], offered: Sequence[SubmitAction]) -> SubmitAction:
    """Return the action of the button that was pressed, also if it is not offered any more: the operation then says
    why. Without a button, as when Enter sends a form, it is the primary one."""
    pressed = next((action for name, action in SUBMIT_ACTIONS.items() if name in data), None)
    return pressed or (offered[0] if offered else PUBLISH)


def is_pressed_action_gone(data: Mapping[str, object], offered: Sequence[SubmitAction]) -> bool:
    """Return whether the button of a refused form is not possible any more."""
    names = {action.name for action in offered} | {AUTOSAVE.name}
    return any(name in data for name in SUBMIT_ACTIONS if name not in names)


def replacing(version: int, *, of_revision: bool = False) -> str:
    """Return the value of a button that replaces a newer version, which its user has seen."""
    return f"{_OVER_REVISION if of_revision else _OVER}{version}"


def replaced_version(data: Mapping[str, object], action: SubmitAction) -> dict[str, str]:
    """Return the field with the version that the pressed button replaces; empty for any other button."""
    value = str(data.get(action.name, ""))
    for start, name in ((_OVER_REVISION, "revision_version"), (_OVER, "version")):
        if value.startswith(start):
            return {name: value.removeprefix(start)}
    return {}


_OVER, _OVER_REVISION = "over-", "over-revision-"
