"""Answers the buttons in an entry's row and on its page. Each is a POST of its own and works without a script."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.urls import path, reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from updates.admin.base import OperationAdmin, explained, refusals_as_messages
from updates.admin.desk.filters import number
from updates.admin.fields import WordsForm
from updates.admin.json_responses import answers_scripts
from updates.admin.row_actions.action import RowAction
from updates.admin.row_actions.published import ACTIONS
from updates.models import Entry
from updates.permissions import check_may_remove
from updates.publishing.last_change import last_change_sentence
from updates.types import user_of

from .last_action import remember, way_to_undo
from .preview_data import shown


class RemovalForm(WordsForm):
    reason = forms.CharField(
        label=gettext_lazy("Reason"), required=False, max_length=1000, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("For the desk. It never leaves the log."),
    )  # fmt: skip
    reader_note = forms.CharField(
        label=gettext_lazy("Note to readers"), required=False, max_length=300, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("Shown in the place of the update. Left empty, no trace is shown."),
    )  # fmt: skip


class Moderation(OperationAdmin):
    """The addresses of the actions."""

    def get_urls(self) -> list[Any]:
        act = self.admin_site.admin_view(self.act_view)
        names = [action.name for action in ACTIONS.values() if action.run]
        addresses = [path(f"<int:pk>/{name}/", act, {"name": name}, name=f"updates_entry_{name}") for name in names]
        return [*addresses, *super().get_urls()]

    @answers_scripts
    @explained
    def act_view(self, request: HttpRequest, pk: int, name: str) -> HttpResponse:
        action = ACTIONS[name]
        try:
            entry = self.get_queryset(request).select_related("event").get(pk=pk)
        except Entry.DoesNotExist as error:
            raise Http404 from error
        if action.asks:
            return self._remove(request, action, entry)
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        said = {"pinned": "pinned" in request.POST, "version": number(request.GET.get("version", "")) or 0}
        return self._run(request, action, entry, said)

    def _remove(self, request: HttpRequest, action: RowAction, entry: Entry) -> HttpResponse:
        check_may_remove(user_of(request), entry)
        form = RemovalForm(request.POST if request.method == "POST" else None)
        if form.is_valid():
            return self._run(request, action, entry, form.cleaned_data)
        context = {"form": form, "shown": shown(entry), "event": entry.event, "back": way_back(request, entry)}
        return self.page(request, "entry/remove.html", _("Remove update"), **context)

    def _run(self, request: HttpRequest, action: RowAction, entry: Entry, said: Mapping[str, Any]) -> HttpResponse:
        """Somebody may have been quicker: then nothing is done, and it is said who did it."""
        undo = way_to_undo(action.name, entry)
        with refusals_as_messages(request):
            done = action.operate(entry.pk, request.user, said)
            if done.was_changed:
                remember(request, done, undo)
                messages.success(request, str(action.done) % entry.title)
            else:
                messages.warning(request, _already(action, done))
        return HttpResponseRedirect(way_back(request, entry))


def _already(action: RowAction, entry: Entry) -> str:
    title, first = entry.title, last_change_sentence(entry, *action.kinds)
    return _("Nothing was changed, “%(title)s” is so already: %(first)s") % {"title": title, "first": first}


def way_back(request: HttpRequest, entry: Entry) -> str:
    """Where the button was pressed; the event's list otherwise."""
    asked = request.POST.get("back") or request.GET.get("back") or ""
    if url_has_allowed_host_and_scheme(asked, {request.get_host()}, require_https=request.is_secure()):
        return asked
    return f"{reverse('admin:updates_entry_changelist')}?event__id__exact={entry.event_id}"
