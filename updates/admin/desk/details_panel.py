"""The desk's panel for title, standfirst, “What we know” and “sensitive”."""

from collections.abc import Sequence

from django.http import HttpRequest, JsonResponse
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _

from updates.admin.base import assigned_event
from updates.admin.event.details import NotSaved, save_details
from updates.admin.event.form import PANEL_FIELDS, Difference, PanelForm
from updates.admin.responses import Answer, PageResponse, Redirect, asks_for_json
from updates.models import Event
from updates.permissions import check_may_moderate, may_moderate
from updates.types import user_of
from updates.untyped import Context

from .filters import desk_address


def panel_view(request: HttpRequest, pk: int) -> Answer:
    """Show or save the panel: as a page without a script, as JSON for scripts."""
    event = assigned_event(request, pk)
    if request.method == "POST":
        return _save(request, event)
    check_may_moderate(user_of(request), event)
    if asks_for_json(request):
        return JsonResponse(_values(event))
    return _page(event, PanelForm.of(event))


def panel_context(request: HttpRequest, event: Event) -> Context:
    """Return the panel's part of the desk's context; empty for those who may not change it."""
    if not may_moderate(user_of(request), event):
        return {}
    return {"panel": PanelForm.of(event), "panel_address": reverse("admin:updates_event_panel", args=[event.pk])}


def _save(request: HttpRequest, event: Event) -> Answer:
    form = PanelForm.of(event, request.POST)
    saved = save_details(request, event, form) if form.is_valid() else NotSaved()
    if isinstance(saved, NotSaved):
        return _refused(form, saved) if asks_for_json(request) else _page(event, form, saved)
    if asks_for_json(request):
        return JsonResponse({"state": "sent", "message": _("Saved. Readers see it."), "now": _values(saved)})
    return Redirect(desk_address(event.pk), _("Saved: %s") % saved.title)


def _page(event: Event, form: PanelForm, refused: NotSaved | None = None) -> PageResponse:
    refused = refused or NotSaved()
    context = {"event": event, "panel": form, "media": form.media, "newer": refused.newer}
    return PageResponse("desk/panel.html", _("What we know"), context, status=refused.status)


def _refused(form: PanelForm, refused: NotSaved) -> JsonResponse:
    """``now`` comes with a newer version: scripts show it in the fields that were not touched."""
    errors = {name: [str(error) for error in problems] for name, problems in form.errors.items()}
    reason = " ".join(errors.pop("__all__", []))
    body = {
        "state": "refused",
        "reason": reason,
        "errors": errors,
        "other": _newer_html(refused.newer),
        "now": _values(refused.current) if refused.current else None,
        "instead": {"version": form["version"].value()},
    }
    return JsonResponse(body, status=refused.status if refused.status >= 400 else 422)


def _newer_html(newer: Sequence[Difference]) -> str:
    return render_to_string("admin/updates/event/_newer.html", {"newer": newer}) if newer else ""


def _values(event: Event) -> Context:
    """Return the saved value of every field, for scripts to show."""
    form = PanelForm.of(event)
    return {name: form[name].value() for name in (*PANEL_FIELDS, "version")}
