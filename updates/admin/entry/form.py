"""An entry on the desk: the form and its blocks, and what an operation answers to them."""

import logging
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import OperationalError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from updates.admin.base import add_errors, replace_values
from updates.admin.blocks import BlockFormSet, contents, limits
from updates.admin.fields import SigningNames, WallClockField, WordsForm
from updates.choices import EventStatus
from updates.models import Entry, Event, Revision
from updates.permissions import may_moderate
from updates.publishing import EntryContent, KeyReused, NewerVersion, Refused, show_until
from updates.publishing.editing import UNCHANGED
from updates.publishing.expiry import check_show_until, undo_show_until
from updates.zones import zone_named

from .initial import new_key
from .submit_actions import AUTOSAVE, CLARIFICATION, CORRECTION, SCHEDULE, Sending, Way, chosen_way, ways_out

logger = logging.getLogger(__name__)

NOT_STARTED = {f"event-{EventStatus.DRAFT}", f"event-{EventStatus.UPCOMING}"}
"""Refusals that go away with “Go live and publish”."""


NOTES = {
    CORRECTION: _("Correction: something was wrong"),
    CLARIFICATION: _("Clarification: nothing was wrong, it is only explained"),
}


class EntryForm(WordsForm):
    headline = forms.CharField(
        label=_("Headline"), max_length=200, required=False, widget=forms.Textarea(attrs={"rows": 1})
    )
    bylines = SigningNames(label=_("Byline"))
    is_key = forms.BooleanField(label=_("Key event"), required=False)
    correction = forms.CharField(
        label=_("Correction"), required=False, max_length=300,
        help_text=_("Readers see “Corrected 14:36: …”. Left empty, the change is made without a word."),
    )  # fmt: skip
    note_is = forms.ChoiceField(label=_("The note is"), choices=NOTES, initial=CORRECTION, widget=forms.RadioSelect)
    shows_change = forms.BooleanField(label=_("Readers may unfold what it said before and after"), required=False)
    when = WallClockField(
        label=_("Time"), required=False, help_text=_("On the live blog’s own clock. It goes out by itself then.")
    )
    revision_version = forms.IntegerField(widget=forms.HiddenInput(attrs={"autocomplete": "off"}), required=False)
    key = forms.CharField(widget=forms.HiddenInput(attrs={"autocomplete": "off"}), required=False, max_length=64)
    version = forms.IntegerField(widget=forms.HiddenInput(attrs={"autocomplete": "off"}), required=False)

    def __init__(
        self,
        *args: Any,
        event: Event,
        entry: Entry | None,
        actor: Any,
        correcting: bool = False,
        reviewing: bool = False,
        **options: Any,
    ) -> None:
        """``correcting`` asks for a note to readers; ``reviewing`` shows a submitted change of what is out."""
        super().__init__(*args, **options)
        self.entry = entry
        self.correcting = correcting
        self.ways = ways_out(actor, event, entry, correcting=correcting, reviewing=reviewing)
        if self.is_bound and not self.ways:  # whose right is gone gets their words back, to try again later
            self.ways = [chosen_way(self.data, [])]
        if correcting:
            self._ask_for_the_note()
        else:
            del self.fields["note_is"], self.fields["shows_change"]
        self.fields["bylines"].offer_everybody()  # type: ignore[attr-defined]
        self.fields["when"].zone = zone_named(event.time_zone)  # type: ignore[attr-defined]
        for name in self._unwanted(reviewing=reviewing, moderates=may_moderate(actor, event)):
            del self.fields[name]

    def _unwanted(self, *, reviewing: bool, moderates: bool) -> list[str]:
        """Fields that the state or the rights leave no use for."""
        wanted = {
            "key": self.entry is None,
            "correction": bool(self.entry and not self.entry.is_unpublished and not reviewing),
            "when": SCHEDULE.name in self.data or any(way.name == SCHEDULE.name for way in self.ways),
            "revision_version": reviewing,
            "is_key": moderates,
        }
        return [name for name, is_wanted in wanted.items() if not is_wanted]

    def _ask_for_the_note(self) -> None:
        """Not required by the form: the operation says what is missing, so that all refusals come from one place."""
        note = self.fields["correction"]
        note.label = _("What readers should know")
        note.help_text = _("They see “Corrected 14:36:” and this, on the update and in the list of corrections.")

    @property
    def purpose(self) -> str:
        """The page's title."""
        if self.entry is None:
            return gettext("Post an update")
        if self.entry.is_unpublished:
            return gettext("Write update")
        return gettext("Correct update") if self.correcting else gettext("Change update")

    @property
    def offers(self) -> set[str]:
        """Row actions that its page is, or has a link to."""
        ours = {"edit", "history", "approve", "publish_now"}  # the last two would pass by what is typed in the form
        return ours | {"correct"} if self.correcting else ours

    def content(self, formsets: Sequence[BlockFormSet]) -> EntryContent:
        cleaned = self.cleaned_data
        is_key = cleaned["is_key"] if "is_key" in cleaned else bool(self.entry and self.entry.is_key)
        return EntryContent(cleaned["headline"], contents(formsets), tuple(cleaned["bylines"]), is_key)


@dataclass
class Attempt:
    """What came of sending the form: an entry, or a refusal for the form to show with everything that was typed."""

    entry: Entry | None = None
    is_new: bool = True
    status: int = 200
    other: Entry | None = None
    """The version, or the first entry, that stands against what was typed."""
    revision: Revision | None = None
    """The submitted change of it, where that is what is newer."""
    is_another: bool = False
    """Sent again it makes an update of its own; else it takes the place of ``other``."""
    typed: EntryContent | None = None
    can_go_live: bool = False


def send(
    form: EntryForm, formsets: Sequence[BlockFormSet], way: Way, event: Event, actor: Any, *, go_live: bool
) -> Attempt:
    """Do what the button says. Whatever refuses becomes an error of the form."""
    content, cleaned = form.content(formsets), form.cleaned_data
    sending = Sending(event, form.entry, content, cleaned, actor, correcting=form.correcting, go_live=go_live)
    try:
        dated = limits(formsets) if way is not AUTOSAVE else {}  # a date holds at once: the draft keeps it
        with _shown_again(sending, dated):
            posted = way.run(sending)
        _set_dates(sending, dated)
        posted.entry.was_changed |= bool(dated)  # for who sent it: readers are not told of dates
        return Attempt(posted.entry, posted.is_new)
    except ValidationError as error:
        add_errors(form, error)
        return Attempt()
    except PermissionDenied as error:
        form.add_error(None, str(error) or _("You may not do that any more. What you typed is still here."))
        return Attempt(status=403)
    except Refused as error:
        form.add_error(None, str(error))
        if error.code == UNCHANGED and form.correcting:
            form.add_error("note_is", _("To explain what stands there, choose “Clarification”: it needs no change."))
        return _refused(form, content, error, may_open=may_moderate(actor, event))
    except OperationalError as error:
        logger.warning("An update was not saved: %s", error)
        form.add_error(None, _("The database is busy. Nothing was lost: send it again, it will not appear twice."))
        return Attempt(status=503)


@contextmanager
def _shown_again(sending: Sending, dated: Mapping[int, datetime]) -> Iterator[None]:
    """A photo whose time is over can be sent with its new date only. Where the words are refused, it stays over."""
    event, actor = sending.event, sending.actor
    images = [check_show_until(event, pk, until, actor) for pk, until in dated.items()]
    over = {image.pk: image.expires_at for image in images if image.expires_at and image.has_expired()}
    try:
        _set_dates(sending, {pk: dated[pk] for pk in over})
        yield
    except Exception:
        for pk, was in over.items():
            undo_show_until(event.pk, pk, was, dated[pk], actor)
        raise


def _set_dates(sending: Sending, dated: Mapping[int, datetime]) -> None:
    for image_id, until in dated.items():
        show_until(sending.event.pk, image_id, until, sending.actor)


def _refused(form: EntryForm, typed: EntryContent, error: Refused, *, may_open: bool) -> Attempt:
    """Whoever sends the form again has seen what stands against it: its version, and no more than that, is theirs."""
    attempt = Attempt(typed=typed)
    if isinstance(error, NewerVersion):
        attempt.other, attempt.revision = error.current, error.revision
        if error.revision:
            replace_values(form, revision_version=error.revision.version)
        else:
            replace_values(form, version=error.current.version)
    elif isinstance(error, KeyReused):
        attempt.other, attempt.is_another, attempt.status = error.first, form.entry is None, 409
        instead = {"key": new_key()} if attempt.is_another else {"version": error.first.version}
        replace_values(form, **instead)
    elif error.code in NOT_STARTED and may_open:
        attempt.can_go_live = True
    return attempt
