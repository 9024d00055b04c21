"""Buttons and a page to announce, open, end, reopen, postpone or cancel a live blog."""

from typing import TypedDict

from django import forms
from django.http import HttpRequest, HttpResponseRedirect, QueryDict
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from updates import publishing
from updates.admin.base import assigned_event, refusals_as_messages
from updates.admin.fields import UnstrippedForm
from updates.admin.responses import Answer, PageResponse
from updates.choices import ChangeKind, EventStatus, Waiting
from updates.models import Event
from updates.permissions import check_may_moderate, may_moderate
from updates.publishing.events import TRANSITIONS
from updates.publishing.pending import pending_updates
from updates.types import User, user_of

BUTTONS = {
    ChangeKind.OPEN: gettext_lazy("Go live"),
    ChangeKind.ANNOUNCE: gettext_lazy("Announce"),
    ChangeKind.REOPEN: gettext_lazy("Reopen"),
    ChangeKind.END: gettext_lazy("End live blog"),
    ChangeKind.POSTPONE: gettext_lazy("Postpone live blog"),
    ChangeKind.CANCEL: gettext_lazy("Cancel live blog"),
}
NEEDS_NOTE = {ChangeKind.POSTPONE, ChangeKind.CANCEL}
OVER = {ChangeKind.END, ChangeKind.CANCEL}
CONFIRMED = NEEDS_NOTE | OVER
"""Steps that need a confirmation page, since readers see them at once."""


class StateButton(TypedDict):
    kind: str
    label: str | Promise
    address: str
    asks: bool
    """Whether it leads to a confirmation page."""


def possible_states(user: User, event: Event) -> list[StateButton]:
    if not may_moderate(user, event):
        return []
    status = EventStatus(event.status)
    return [
        StateButton(kind=kind.value, label=label, address=_address(event, kind), asks=kind in CONFIRMED)
        for kind, label in BUTTONS.items()
        if status in TRANSITIONS[kind]
    ]


def end_address(user: User, event: Event) -> str:
    """Return the address that ends a live blog; empty if it is not live or the user may not end it."""
    return _address(event, ChangeKind.END) if event.is_live and may_moderate(user, event) else ""


def _address(event: Event, kind: ChangeKind) -> str:
    return reverse("admin:updates_event_state", args=[event.pk, kind.value])


class StateForm(UnstrippedForm):
    note = forms.CharField(
        label=gettext_lazy("Note to readers"), max_length=300, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("Shown on the page while the live blog is in this state."),
    )  # fmt: skip
    reason = forms.CharField(
        label=gettext_lazy("Reason"), required=False, max_length=1000, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("For the desk only. It stays in the log."),
    )  # fmt: skip

    waiting = forms.ChoiceField(
        label=gettext_lazy("What should happen to them?"), choices=Waiting, widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose what should happen to the submitted and scheduled updates.")},
    )  # fmt: skip

    def __init__(self, data: QueryDict | None, *, kind: ChangeKind, has_pending: bool) -> None:
        super().__init__(data)
        if not has_pending:
            del self.fields["waiting"]
        elif kind == ChangeKind.CANCEL:
            choices = [choice for choice in Waiting.choices if choice[0] != Waiting.PUBLISH]
            self.fields["waiting"].choices = choices  # type: ignore[attr-defined]
        if kind not in NEEDS_NOTE:
            del self.fields["note"]


def state_view(request: HttpRequest, pk: str, kind: str) -> Answer:
    """Show the form of a step, or take the step."""
    event, step = assigned_event(request, pk), ChangeKind(kind)
    check_may_moderate(user_of(request), event)
    pending = list(pending_updates(event).select_related("author")) if step in OVER else []
    form = StateForm(request.POST if request.method == "POST" else None, kind=step, has_pending=bool(pending))
    if not form.is_valid():
        return PageResponse("event/state.html", BUTTONS[step], {"event": event, "waiting": pending}, form=form)
    with refusals_as_messages(request, _("%(what)s: %(title)s") % {"what": step.label, "title": event.title}):
        publishing.change_state(event.pk, step, user_of(request), **form.cleaned_data)
    page = "updates_event_report" if step == ChangeKind.END else "updates_event_change"
    return HttpResponseRedirect(reverse(f"admin:{page}", args=[event.pk]))
