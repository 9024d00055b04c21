"""Announce, open, end, reopen, postpone, cancel: a button for each step that the state and the rights allow."""

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import re_path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from updates import publishing
from updates.admin.base import explained, refusals_as_messages
from updates.admin.fields import WordsForm
from updates.choices import ChangeKind, EventStatus, Waiting
from updates.models import Event
from updates.permissions import check_may_moderate, may_moderate
from updates.publishing import TRANSITIONS
from updates.types import user_of

from .base import EventPages

BUTTONS = {
    ChangeKind.OPEN: gettext_lazy("Go live"),
    ChangeKind.ANNOUNCE: gettext_lazy("Announce"),
    ChangeKind.REOPEN: gettext_lazy("Reopen"),
    ChangeKind.END: gettext_lazy("End"),
    ChangeKind.POSTPONE: gettext_lazy("Postpone"),
    ChangeKind.CANCEL: gettext_lazy("Cancel event"),
}
NEEDS_NOTE = {ChangeKind.POSTPONE, ChangeKind.CANCEL}
OVER = {ChangeKind.END, ChangeKind.CANCEL}
ASKS = NEEDS_NOTE | OVER
"""Steps that a page asks about first, since readers see them at once."""


def possible_states(user: Any, event: Event) -> list[dict[str, Any]]:
    if not may_moderate(user, event):
        return []
    status = EventStatus(event.status)
    return [
        {"kind": kind.value, "label": label, "asks": kind in ASKS, "address": _address(event, kind)}
        for kind, label in BUTTONS.items()
        if status in TRANSITIONS[kind]
    ]


def end_address(user: Any, event: Event) -> str:
    """Where the live blog is ended; empty for those who may not, or where it is not live."""
    may = may_moderate(user, event) and event.is_live
    return _address(event, ChangeKind.END) if may else ""


def _address(event: Event, kind: ChangeKind) -> str:
    return reverse("admin:updates_event_state", args=[event.pk, kind.value])


class StateForm(WordsForm):
    note = forms.CharField(
        label=gettext_lazy("A sentence to readers"), max_length=300, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("Shown on the page for as long as this state lasts."),
    )  # fmt: skip
    reason = forms.CharField(
        label=gettext_lazy("Reason"), required=False, max_length=1000, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("For the desk. It never leaves the log."),
    )  # fmt: skip

    waiting = forms.ChoiceField(
        label=gettext_lazy("What becomes of them?"), choices=Waiting, widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Decide what becomes of what is submitted or scheduled.")},
    )  # fmt: skip

    def __init__(self, *args: Any, kind: ChangeKind, anything_waits: bool, **options: Any) -> None:
        super().__init__(*args, **options)
        if not anything_waits:
            del self.fields["waiting"]
        elif kind == ChangeKind.CANCEL:
            choices: Any = self.fields["waiting"]
            choices.choices = [choice for choice in Waiting.choices if choice[0] != Waiting.PUBLISH]
        if kind not in NEEDS_NOTE:
            del self.fields["note"]


class States(EventPages):
    def get_urls(self) -> list[Any]:
        view = self.admin_site.admin_view(self.state_view)
        kinds = "|".join(kind.value for kind in BUTTONS)
        address = re_path(rf"^(?P<pk>[0-9]+)/state/(?P<kind>{kinds})/$", view, name="updates_event_state")
        return [address, *super().get_urls()]

    @explained
    def state_view(self, request: HttpRequest, pk: str, kind: str) -> HttpResponse:
        event, step = self.asked_event(request, pk), ChangeKind(kind)
        check_may_moderate(user_of(request), event)
        waiting = list(publishing.waiting_in(event).select_related("author")) if step in OVER else []
        form = StateForm(request.POST if request.method == "POST" else None, kind=step, anything_waits=bool(waiting))
        if form.is_valid():
            return self._enter(request, event, step, form.cleaned_data)
        return self.page(request, "event/state.html", BUTTONS[step], event=event, form=form, waiting=waiting)

    def _enter(self, request: HttpRequest, event: Event, step: ChangeKind, said: dict[str, Any]) -> HttpResponse:
        with refusals_as_messages(request, _("%(what)s: %(title)s") % {"what": step.label, "title": event.title}):
            publishing.change_state(event.pk, step, user_of(request), **said)
        return HttpResponseRedirect(reverse("admin:updates_event_change", args=[event.pk]))
