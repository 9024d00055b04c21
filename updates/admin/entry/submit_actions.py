"""What the buttons under the form do with the words: publish, submit, schedule, keep – as rights and state allow."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from updates import publishing
from updates.choices import EntryStatus
from updates.models import Entry, Event
from updates.permissions import may_draft, may_edit, may_moderate, may_propose, may_publish, may_write
from updates.publishing import EntryContent, EntryInput, EntryResult, Refused

CORRECTION, CLARIFICATION = "correction", "clarification"


@dataclass(frozen=True)
class Sending:
    """A valid form on its way into an operation."""

    event: Event
    entry: Entry | None
    content: EntryContent
    cleaned: Mapping[str, Any]
    actor: Any
    correcting: bool = False
    go_live: bool = False

    @property
    def written(self) -> EntryInput:
        entry_id = self.entry.pk if self.entry else None
        key = self.cleaned.get("key") or None
        version = self.cleaned.get("version")
        return EntryInput(self.event.pk, self.content, entry_id, key, version, go_live=self.go_live)

    @property
    def known(self) -> Entry:
        if self.entry is None:
            raise Refused(gettext("A new update can be published, submitted, scheduled or kept as a draft only."))
        return self.entry

    @property
    def out(self) -> Entry:
        if self.known.is_unpublished:
            raise Refused(gettext("This update is not out yet, so there is nothing of it to change for readers."))
        return self.known


@dataclass(frozen=True)
class Way:
    """One button. ``takes_unfinished`` lets the form be sent with holes in it."""

    name: str
    label: str | Promise
    run: Callable[[Sending], EntryResult]
    takes_unfinished: bool = False


def _publish(sending: Sending) -> EntryResult:
    return publishing.publish_entry(sending.written, sending.actor)


def _approve(sending: Sending) -> EntryResult:
    options = {"content": sending.content, "version": sending.cleaned["version"], "go_live": sending.go_live}
    return EntryResult(publishing.approve(sending.known.pk, sending.actor, **options), is_new=True)


def _change(sending: Sending) -> EntryResult:
    """Edit, correct or clarify what is out."""
    entry, note, version = sending.out, sending.cleaned.get("correction", ""), sending.cleaned["version"]
    if not (note or sending.correcting):
        return EntryResult(publishing.edit(entry.pk, sending.content, sending.actor, version=version), is_new=False)
    tell = publishing.clarify if sending.cleaned.get("note_is") == CLARIFICATION else publishing.correct
    shows_change = sending.cleaned.get("shows_change", False)
    told = tell(entry.pk, sending.content, note, sending.actor, version=version, shows_change=shows_change)
    return EntryResult(told, is_new=False)


def _propose(sending: Sending) -> EntryResult:
    note, version = sending.cleaned.get("correction", ""), sending.cleaned["version"]
    revision = publishing.propose(sending.out.pk, sending.content, sending.actor, correction=note, version=version)
    return EntryResult(revision.entry, is_new=True)


def _approve_change(sending: Sending) -> EntryResult:
    cleaned = sending.cleaned
    entry = publishing.approve_revision(
        sending.out.pk,
        sending.actor,
        content=sending.content,
        version=cleaned["version"],
        revision_version=cleaned.get("revision_version"),
    )
    return EntryResult(entry, is_new=True)


def _schedule(sending: Sending) -> EntryResult:
    when = sending.cleaned.get("when")
    if when is None:
        raise ValidationError({"when": gettext("When shall it go out?")})
    return publishing.schedule(sending.written, sending.actor, when)


PUBLISH: Final = Way("_publish", _("Publish"), _publish)
PUBLISH_NOW: Final = Way("_publish", _("Publish now"), _publish)
APPROVE: Final = Way("_approve", _("Approve and publish"), _approve)
CHANGE: Final = Way("_save", _("Publish changes"), _change)
CORRECT: Final = Way("_save", _("Publish correction"), _change)
PROPOSE: Final = Way("_propose", _("Submit change"), _propose)
APPROVE_CHANGE: Final = Way("_approve_change", _("Approve change"), _approve_change)
SUBMIT: Final = Way("_submit", _("Submit"), lambda sending: publishing.submit(sending.written, sending.actor))
SUBMIT_AGAIN: Final = Way("_submit", _("Submit again"), SUBMIT.run)
SCHEDULE: Final = Way("_schedule", _("Schedule"), _schedule)
RESCHEDULE: Final = Way("_schedule", _("Save schedule"), _schedule)
DRAFT: Final = Way(
    "_draft",
    _("Save draft"),
    lambda sending: publishing.save_draft(sending.written, sending.actor),
    takes_unfinished=True,
)
KEEP: Final = Way("_draft", _("Save"), DRAFT.run, takes_unfinished=True)
TAKE_UP: Final = Way("_draft", _("Take up again"), DRAFT.run, takes_unfinished=True)
AUTOSAVE: Final = Way(
    "_autosave",
    "",
    lambda sending: publishing.save_draft(sending.written, sending.actor, autosave=True),
    takes_unfinished=True,
)
"""No button: what a device sends by itself, so that the draft opens on another one."""

ALL: Final = {
    way.name: way for way in (PUBLISH, APPROVE, CHANGE, PROPOSE, APPROVE_CHANGE, SUBMIT, SCHEDULE, DRAFT, AUTOSAVE)
}


def ways_out(user: Any, event: Event, entry: Entry | None, *, correcting: bool, reviewing: bool) -> list[Way]:
    """The buttons for somebody, the filled one first. What they have no right to is absent."""
    if entry is None:
        return _of_a_draft(user, event, publishes=may_publish(user, event)) if may_draft(user, event) else []
    if entry.is_unpublished:
        return _from_the_desk(user, event, entry) if may_write(user, entry) else []
    if may_edit(user, entry):
        return [APPROVE_CHANGE] if reviewing else [CORRECT if correcting else CHANGE]
    return [PROPOSE] if may_propose(user, entry) else []


def _of_a_draft(user: Any, event: Event, *, publishes: bool) -> list[Way]:
    """Whoever publishes may still ask for a second pair of eyes, unless these are theirs."""
    if not publishes:
        return [SUBMIT, DRAFT]
    return [PUBLISH, DRAFT, SCHEDULE] if may_moderate(user, event) else [PUBLISH, DRAFT, SUBMIT, SCHEDULE]


def _from_the_desk(user: Any, event: Event, entry: Entry) -> list[Way]:
    publishes = may_edit(user, entry)
    match entry.status:
        case EntryStatus.DISCARDED:
            return [TAKE_UP]
        case EntryStatus.SCHEDULED:
            return [RESCHEDULE, PUBLISH_NOW]
        case EntryStatus.SUBMITTED if publishes:
            return [APPROVE if may_moderate(user, event) else PUBLISH, KEEP, SCHEDULE]
        case EntryStatus.SUBMITTED:
            return [SUBMIT_AGAIN]
    return _of_a_draft(user, event, publishes=publishes)


def chosen_way(sent: Mapping[str, Any], offered: list[Way]) -> Way:
    """The button that was pressed, also one that is not offered any more: then the operation says why. Without one,
    as when Enter sends a form, it is the filled one."""
    pressed = next((way for name, way in ALL.items() if name in sent), None)
    return pressed or (offered[0] if offered else PUBLISH)


def pressed_in_vain(sent: Mapping[str, Any], offered: list[Way]) -> bool:
    """Whether the button of a refused form is none of those that are possible by now."""
    names = {way.name for way in offered} | {AUTOSAVE.name}
    return any(name in sent for name in ALL if name not in names)
