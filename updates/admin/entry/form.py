"""The form of an entry with its blocks, which makes the input of an operation."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import cast

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from updates.admin.base import add_errors, replace_values
from updates.admin.blocks import BLOCK_INLINES, BlockFormSet, BlockInline, contents, initial_blocks, limits
from updates.admin.fields import SigningNames
from updates.choices import EventStatus
from updates.models import Entry, Event
from updates.permissions import may_moderate, may_upload
from updates.publishing import (
    BlockContent,
    EntryContent,
    EntryInput,
    EntryResult,
    KeyReused,
    NewerVersion,
    Refused,
)
from updates.publishing.alerts import subscriber_count
from updates.publishing.editing import UNCHANGED
from updates.publishing.errors import not_saved
from updates.types import user_of
from updates.untyped import Context

from .initial import new_key
from .schedule_form import ScheduleForm
from .submit_actions import (
    ALERT,
    AUTOSAVE,
    SCHEDULE,
    SubmitAction,
    offered_actions,
    pressed_action,
    replaced_version,
    replacing,
    submit,
)

NOT_STARTED = {f"event-{EventStatus.DRAFT}", f"event-{EventStatus.UPCOMING}"}
"""Codes of refusals that “Go live and publish” resolves."""

CORRECTION, CLARIFICATION = "correction", "clarification"
NOTES = {
    CORRECTION: _("Correction: something was wrong"),
    CLARIFICATION: _("Clarification: nothing was wrong, but it needs explaining"),
}


@dataclass(frozen=True)
class WritingTask:
    """The task of a form: write a new update of an event, or change an entry."""

    event: Event
    entry: Entry | None = None
    correcting: bool = False
    """Whether the form has a note to readers."""
    reviewing: bool = False
    """Whether a submitted change of a published entry is shown."""


HIGHEST_NUMBER = 2**53
"""Of a save: the largest whole number of JavaScript."""


class EntryForm(ScheduleForm):
    headline = forms.CharField(
        label=_("Headline"), max_length=200, required=False,
        widget=forms.Textarea(attrs={"rows": 1, "placeholder": _("Headline")}),
    )  # fmt: skip
    bylines = SigningNames(label=_("Byline"))
    is_key = forms.BooleanField(label=_("Key event"), required=False)
    correction = forms.CharField(
        label=_("Correction"), required=False, max_length=300,
        help_text=_("Readers see “Corrected 14:36: …”. Leave empty to make the change without a note."),
    )  # fmt: skip
    note_is = forms.ChoiceField(label=_("Kind of note"), choices=NOTES, initial=CORRECTION, widget=forms.RadioSelect)
    shows_change = forms.BooleanField(label=_("Let readers see the text before and after"), required=False)
    revision_version = forms.IntegerField(widget=forms.HiddenInput(attrs={"autocomplete": "off"}), required=False)
    key = forms.CharField(widget=forms.HiddenInput(attrs={"autocomplete": "off"}), required=False, max_length=64)
    version = forms.IntegerField(widget=forms.HiddenInput(attrs={"autocomplete": "off"}), required=False)
    number = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0, max_value=HIGHEST_NUMBER)
    """Sent by scripts, see ``EntryInput``."""

    def __init__(
        self,
        request: HttpRequest,
        task: WritingTask,
        *,
        initial: Mapping[str, object] | None = None,
        blocks: Iterable[BlockContent] = (),
        takes_unfinished: bool = False,
    ) -> None:
        """Bind the form to what a POST sends; otherwise show ``initial`` values and ``blocks``."""
        super().__init__(request.POST if request.method == "POST" else None, initial=dict(initial or {}))
        self.user, self.task = user_of(request), task
        self.can_go_live = False
        """Whether it can be sent again with “Go live and publish”."""
        rights = {"correcting": task.correcting, "reviewing": task.reviewing}
        self.actions = offered_actions(self.user, task.event, task.entry, **rights)
        self.action = pressed_action(self.data, self.actions)
        if self.is_bound and not self.actions:  # who has lost the right gets their words back, to try again later
            self.actions = [self.action]
        self.replaces = ""
        """Value of the button that replaces somebody else's version, after a conflict."""
        if self.is_bound:
            replace_values(self, **replaced_version(self.data, self.action))
        self._fit_fields()
        takes_unfinished = takes_unfinished or self.action.takes_unfinished
        self.blocks = self._block_formsets(request, blocks, takes_unfinished=takes_unfinished)

    def _fit_fields(self) -> None:
        """Remove fields that state or rights do not allow."""
        task, fields = self.task, self.fields
        fields["bylines"].load_choices()  # type: ignore[attr-defined]
        self.schedules = self.action.name == SCHEDULE.name
        self.fit_schedule(task.event.time_zone, task.entry.scheduled_at if task.entry and not self.is_bound else None)
        if task.correcting:  # not required by the form: the operation says what is missing
            note = fields["correction"]
            note.label = _("What readers should know")
            note.help_text = _(
                "Readers see this after “Corrected 14:36:”, on the update and in the list of corrections."
            )
        wanted = {
            "note_is": task.correcting,
            "shows_change": task.correcting,
            "key": task.entry is None,
            "number": task.entry is None,
            "correction": bool(task.entry and not task.entry.is_unpublished and not task.reviewing),
            "when": any(SCHEDULE.name in names for names in (self.data, [action.name for action in self.actions])),
            "revision_version": task.reviewing,
            "is_key": may_moderate(self.user, task.event),
        }
        for name, is_wanted in wanted.items():
            if not is_wanted:
                del fields[name]
        if "when" not in fields:
            del fields["hour"], fields["is_far"]
        if "when" not in fields or ALERT not in self.actions:
            del fields["with_alert"]

    def _block_formsets(
        self, request: HttpRequest, blocks: Iterable[BlockContent], *, takes_unfinished: bool
    ) -> list[tuple[BlockFormSet, BlockInline]]:
        """Make the forms of each kind of block, paired with the inline that draws them."""
        event = self.task.event
        may = self.is_bound and may_upload(self.user, event)
        options: Context = {"data": request.POST, "files": request.FILES} if self.is_bound else {}
        options["form_kwargs"] = {
            "user": self.user, "may_upload": may, "unfinished": takes_unfinished, "zone": event.time_zone
        }  # fmt: skip
        initial = {} if self.is_bound else initial_blocks(blocks, event.time_zone)
        pairs = []
        for inline in (inline_class(Entry, admin.site) for inline_class in BLOCK_INLINES):
            formset_class = cast("type[BlockFormSet]", inline.get_formset(request))
            formset = formset_class(instance=Entry(), prefix=inline.kind, initial=initial.get(inline.kind), **options)
            pairs.append((formset, inline))
        return pairs

    @property
    def formsets(self) -> list[BlockFormSet]:
        return [formset for formset, _inline in self.blocks]

    @property
    def subscriber_count(self) -> int:
        return subscriber_count(self.task.event)

    @property
    def title(self) -> str:
        """The title of its page."""
        entry = self.task.entry
        if entry is None:
            return gettext("Post an update")
        if entry.is_unpublished:
            return gettext("Write update")
        return gettext("Correct update") if self.task.correcting else gettext("Change update")

    @property
    def has_choice(self) -> bool:
        """Whether its buttons ask something for this one time."""
        return bool(self.replaces) or (self.schedules and (self.asks_hour or self.asks_far))

    @property
    def replacing_action(self) -> SubmitAction:
        """The action of the button that replaces a newer version: the pressed one where it is still possible."""
        return self.action if self.action in self.actions else (self.actions or [self.action])[0]

    @property
    def own_row_actions(self) -> set[str]:
        """Row actions that its page is or links to, and those that would ignore what is typed in the form."""
        names = {"edit", "history", "approve", "publish_now"}
        return names | {"correct"} if self.task.correcting else names

    def is_valid(self) -> bool:
        return all([super().is_valid(), *(formset.is_valid() for formset in self.formsets)])

    def content(self) -> EntryContent:
        cleaned, entry = self.cleaned_data, self.task.entry
        is_key = cleaned["is_key"] if "is_key" in cleaned else bool(entry and entry.is_key)
        return EntryContent(cleaned["headline"], contents(self.formsets), tuple(cleaned["bylines"]), is_key)

    def entry_input(self) -> EntryInput:
        cleaned, entry = self.cleaned_data, self.task.entry
        return EntryInput(
            self.task.event.pk,
            self.content(),
            entry.pk if entry else None,
            key=cleaned.get("key") or None,
            version=cleaned.get("version"),
            number=cleaned.get("number") or 0,
            note=cleaned.get("correction") or ("" if self.task.correcting else None),
            clarifies=cleaned.get("note_is") == CLARIFICATION,
            shows_change=cleaned.get("shows_change", False),
            revision_version=cleaned.get("revision_version"),
            when=cleaned.get("when"),
            alert=self.schedules and cleaned.get("with_alert", False),
            go_live="_go_live" in self.data,
            picture_dates={} if self.action is AUTOSAVE else limits(self.formsets),  # a date holds at once
        )

    def submit(self) -> EntryResult:
        """Run the operation of the pressed button. A refusal becomes an error of the form, which keeps the input."""
        result = submit(self.action, self.entry_input(), self.user, self.task.entry)
        match result.refusal:
            case None:
                pass
            case ValidationError() as error:
                add_errors(self, error)
            case PermissionDenied() as error:
                why = str(error) or _("You no longer have permission to do that. What you typed is still here.")
                self.add_error(None, why)
            case Refused() as error:
                self._show_refusal(error)
            case Exception() as error:
                busy = _("The database is busy. Nothing was lost. Send it again: it will not appear twice.")
                self.add_error(None, not_saved(error, str(busy)))
        return result

    def _show_refusal(self, error: Refused) -> None:
        """Offer to replace the other version by a button of its own: the one that was pressed is refused again."""
        self.add_error(None, str(error))
        if error.code == UNCHANGED and self.task.correcting:
            why = _("To add an explanation only, choose “Clarification”. The text can stay as it is.")
            self.add_error("note_is", why)
        match error:
            case NewerVersion() if error.revision:
                self.replaces = replacing(error.revision.version, of_revision=True)
            case NewerVersion():
                self.replaces = replacing(error.current.version)
            case KeyReused() if self.task.entry is None:
                replace_values(self, key=new_key())
            case KeyReused():
                self.replaces = replacing(error.first.version)
        self.can_go_live = error.code in NOT_STARTED and may_moderate(self.user, self.task.event)
