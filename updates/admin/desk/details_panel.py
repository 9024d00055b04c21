"""What stands above all updates – title, standfirst, what we know – changed from the desk, in a panel of its own."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.template.loader import render_to_string
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from updates import publishing
from updates.admin.base import add_busy, add_errors, explained, replace_values, with_nonce
from updates.admin.event.base import EventPages
from updates.admin.event.form import in_words
from updates.admin.fields import PointsField, WordsForm
from updates.admin.json_responses import asks_for_json
from updates.models import Event
from updates.permissions import check_may_moderate, may_moderate
from updates.publishing import EventDetails, NewerVersion, Refused
from updates.types import user_of

from .filters import desk_address

NAMES = ("title", "standfirst", "key_points", "sensitive")


class PanelForm(WordsForm):
    key_points = PointsField(
        label=gettext_lazy("What we know"), help_text=gettext_lazy("One point a line, the newest first.")
    )
    title = forms.CharField(label=gettext_lazy("Title"), max_length=200)
    standfirst = forms.CharField(
        label=gettext_lazy("Standfirst"), required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    sensitive = forms.BooleanField(
        label=gettext_lazy("Sensitive"), required=False,
        help_text=gettext_lazy("No advertisements, no number of readers and no motion beside grave news."),
    )  # fmt: skip
    version = forms.IntegerField(widget=forms.HiddenInput(attrs={"autocomplete": "off"}))

    @classmethod
    def of(cls, event: Event, data: Any = None) -> "PanelForm":
        present = {name: getattr(event, name) for name in (*NAMES, "version")}
        return cls(data, initial=present, auto_id="panel_%s")

    @property
    def touched(self) -> list[str]:
        """What its sender has changed. Scripts say it; without one every field may be meant."""
        said = self.data.get("touched")
        return list(NAMES) if said is None else [name for name in NAMES if name in said.split()]

    def details(self) -> EventDetails:
        return EventDetails(**{name: self.cleaned_data[name] for name in self.touched})

    def differences(self, current: Event) -> list[tuple[str, str, str]]:
        """Label, what stands now, what was typed: of each field in which a newer version differs."""
        now = PanelForm.of(current)
        return [
            (str(self.fields[name].label), in_words(now[name].initial), in_words(self[name].value()))
            for name in self.touched
            if self.fields[name].has_changed(now[name].initial, self[name].data)
        ]


class PanelPages(EventPages):
    def get_urls(self) -> list[Any]:
        view = self.admin_site.admin_view(self.panel_view)
        return [path("<int:pk>/panel/", view, name="updates_event_panel"), *super().get_urls()]

    @explained
    def panel_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """A page by itself without a script; scripts get what stands now, and what came of a change, as JSON."""
        event = self.asked_event(request, pk)
        if request.method == "POST":
            return self._take_panel(request, event)
        check_may_moderate(user_of(request), event)
        if asks_for_json(request):
            return JsonResponse(_now(event))
        return self._panel_page(request, event, PanelForm.of(event))

    def _take_panel(self, request: HttpRequest, event: Event) -> HttpResponse:
        form = PanelForm.of(event, request.POST)
        status, newer, now = 200, [], None
        if form.is_valid():
            try:
                changed = publishing.change_event(
                    event.pk, form.details(), user_of(request), version=form.cleaned_data["version"]
                )
            except NewerVersion as error:
                form.add_error(None, _("Somebody changed this live blog meanwhile. Save again to keep what you typed."))
                newer, now = form.differences(error.current), _now(error.current)
                replace_values(form, version=error.current.version)
            except (ValidationError, Refused) as error:
                add_errors(form, error if isinstance(error, ValidationError) else ValidationError(str(error)))
            except PermissionDenied as error:
                form.add_error(None, str(error))
                status = 403
            except OperationalError as error:
                add_busy(form, error)
                status = 503
            else:
                return self._saved(request, changed)
        if asks_for_json(request):
            return _refused(form, newer, now, status if status >= 400 else 422)
        page = self._panel_page(request, event, form, newer=newer)
        page.status_code = status
        return page

    def _saved(self, request: HttpRequest, event: Event) -> HttpResponse:
        if asks_for_json(request):
            return JsonResponse({"state": "sent", "said": _("Readers see it."), "now": _now(event)})
        messages.success(request, _("Saved: %s") % event.title)
        return HttpResponseRedirect(desk_address(event.pk))

    def _panel_page(self, request: HttpRequest, event: Event, form: PanelForm, **context: Any) -> HttpResponse:
        page: Any = self.page(request, "desk/panel.html", _("What we know"), event=event, panel=form, **context)
        page.context_data["media"] = with_nonce(request, self.media + form.media)
        return page  # type: ignore[no-any-return]


def panel_context(request: HttpRequest, event: Event) -> dict[str, Any]:
    """For the desk; nothing for whom it is not."""
    if not may_moderate(user_of(request), event):
        return {}
    return {"panel": PanelForm.of(event), "panel_address": reverse("admin:updates_event_panel", args=[event.pk])}


def _now(event: Event) -> dict[str, Any]:
    """What stands, field by field, for scripts to show."""
    form = PanelForm.of(event)
    return {name: form[name].value() for name in (*NAMES, "version")}


def _refused(
    form: PanelForm, newer: list[tuple[str, str, str]], now: dict[str, Any] | None, status: int
) -> HttpResponse:
    """``now`` comes with a newer version: fields that were not touched are to show it."""
    errors = {name: [str(why) for why in problems] for name, problems in form.errors.items()}
    general = errors.pop("__all__", [])
    other = render_to_string("admin/updates/event/_newer.html", {"newer": newer}) if newer else ""
    told = {"state": "refused", "reason": " ".join(general), "errors": errors, "other": other, "now": now}
    return JsonResponse(told | {"instead": {"version": form["version"].value()}}, status=status)
