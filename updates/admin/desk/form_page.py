"""The page around the form of an entry: the desk of its event, or only the form for users who are not assigned."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.core.exceptions import PermissionDenied
from django.db import InternalError, OperationalError
from django.http import HttpRequest, HttpResponse

from updates.admin.base import admin_of
from updates.admin.entry.conflict import conflict_of
from updates.admin.entry.form import EntryForm
from updates.admin.entry.initial import own_drafts
from updates.admin.entry.submit_actions import is_pressed_action_gone
from updates.admin.responses import PageResponse, clock_of
from updates.admin.row_actions.published import row_actions
from updates.models import Entry, Event
from updates.permissions import may_see_desk
from updates.publishing import EntryResult, KeyReused
from updates.signals import desk_opened

from .details_panel import panel_context
from .filters import desk_address, filter_of
from .pulse import pulse_context
from .timeline import timeline_context


@dataclass(frozen=True)
class FormPage(PageResponse):
    """The change form of an entry. Scripts get its errors without the queries of the page."""

    form: EntryForm = field(kw_only=True)

    def as_html(self, request: HttpRequest) -> HttpResponse:
        context = {"title": self.title, **self.context, **_desk_context(request, self.form)}
        response = admin_of(Entry).form_page(
            request, self.form, self.form.task.entry, blocks=self.form.blocks, status=self.status, **context
        )
        with clock_of(self.form.task.event):
            return response.render()


def form_page(request: HttpRequest, form: EntryForm, result: EntryResult | None = None) -> FormPage:
    """Return the page of a form; ``result`` is the refusal that it shows."""
    event, entry = form.task.event, form.task.entry
    is_assigned = may_see_desk(form.user, event)
    conflict = conflict_of(result, form.content(), entry, form.user) if result else None
    parts = {"other": "admin/updates/entry/_versions.html"} if conflict else {}
    if is_pressed_action_gone(request.POST, form.actions) or form.has_choice:
        parts["buttons"] = "admin/updates/entry/_submit_actions.html"
    return FormPage(
        "entry/change_form.html",
        form.title,
        {
            "event": event if is_assigned else None,
            "original": entry if is_assigned or entry is None else _typed_entry(entry, form),
            "conflict": conflict,
        },
        form=form,
        formsets=form.formsets,
        status=_status(result.refusal) if result else 200,
        go_live=form.can_go_live,
        replaces=form.replaces,
        has_choice=form.has_choice,
        parts=parts,
    )


def _status(refusal: Exception | None) -> int:
    match refusal:
        case PermissionDenied():
            return 403
        case KeyReused():
            return 409
        case OperationalError() | InternalError():
            return 503
    return 200


def _typed_entry(entry: Entry, form: EntryForm) -> Entry:
    """Return a stand-in for an entry that the user may not see any more, with the headline that they typed."""
    return Entry(event=entry.event, author_id=entry.author_id, headline=form["headline"].value() or "")


def _desk_context(request: HttpRequest, form: EntryForm) -> Mapping[str, object]:
    event, entry = form.task.event, form.task.entry
    back: dict[str, object] = {"back": request.get_full_path(), "kinds": [inline for _formset, inline in form.blocks]}
    if not may_see_desk(form.user, event):
        return back
    desk_opened.send(Event, event_id=event.pk)
    around = timeline_context(request, event, filter_of(request, event), entry) | panel_context(request, event) | back
    around |= pulse_context(event)
    around |= {"subtitle": event.title, "has_no_name": not (form.user.get_full_name() or hasattr(form.user, "person"))}
    if entry is None:
        return around | {"mine": own_drafts(form.user, event), "form_address": desk_address(event.pk)}
    actions = row_actions(form.user, entry, besides=form.own_row_actions)
    return around | {"actions": actions, "revision": getattr(entry, "revision", None)}
