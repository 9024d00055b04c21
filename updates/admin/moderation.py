"""What moderators do to an entry from the list and from its page: pin, unpin, mark key, remove, restore.

Each is a POST of its own and works without a script.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.urls import path, reverse
from django.utils.functional import Promise
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from .. import publishing
from ..models import Entry
from ..permissions import check_may_remove, may_moderate, may_remove, may_restore
from .doors import ThroughOperations, explained, saying_refusals
from .shown import shown


@dataclass(frozen=True)
class RowAction:
    """``offered`` is the state's answer, ``allowed`` the rights'."""

    name: str
    label: str | Promise
    done: str | Promise
    offered: Callable[[Entry], bool]
    allowed: Callable[[Any, Entry], bool]
    run: Callable[[int, Any, Mapping[str, Any]], Entry]
    asks: bool = False
    """Whether a page comes first that asks for more."""

    def address(self, entry: Entry) -> str:
        return reverse(f"admin:updates_entry_{self.name}", args=[entry.pk])


def _may_moderate(user: Any, entry: Entry) -> bool:
    return may_moderate(user, entry.event)


ACTIONS = {
    action.name: action
    for action in (
        RowAction(
            "pin",
            gettext_lazy("Pin"),
            gettext_lazy("Pinned: %s"),
            lambda entry: entry.is_published and not entry.is_pinned,
            _may_moderate,
            lambda pk, actor, _said: publishing.pin(pk, actor),
        ),
        RowAction(
            "unpin",
            gettext_lazy("Unpin"),
            gettext_lazy("Unpinned: %s"),
            lambda entry: entry.is_pinned,
            _may_moderate,
            lambda pk, actor, _said: publishing.unpin(pk, actor),
        ),
        RowAction(
            "key",
            gettext_lazy("Mark key"),
            gettext_lazy("Marked as key event: %s"),
            lambda entry: entry.is_published and not entry.is_key,
            _may_moderate,
            lambda pk, actor, _said: publishing.mark_key(pk, actor, is_key=True),
        ),
        RowAction(
            "unkey",
            gettext_lazy("Unmark key"),
            gettext_lazy("No key event any more: %s"),
            lambda entry: entry.is_published and entry.is_key,
            _may_moderate,
            lambda pk, actor, _said: publishing.mark_key(pk, actor, is_key=False),
        ),
        RowAction(
            "remove",
            gettext_lazy("Remove…"),
            gettext_lazy("Removed: %s"),
            lambda entry: entry.is_published,
            may_remove,
            lambda pk, actor, said: publishing.remove(pk, actor, **said),
            asks=True,
        ),
        RowAction(
            "restore",
            gettext_lazy("Restore"),
            gettext_lazy("Restored to its old place: %s"),
            lambda entry: entry.is_removed,
            may_restore,
            lambda pk, actor, _said: publishing.restore(pk, actor),
        ),
    )
}


def row_actions(user: Any, entry: Entry) -> list[dict[str, Any]]:
    """What a user may do to an entry now; the rest is absent."""
    return [
        {"name": action.name, "label": action.label, "address": action.address(entry), "asks": action.asks}
        for action in ACTIONS.values()
        if action.offered(entry) and action.allowed(user, entry)
    ]


class RemovalForm(forms.Form):
    reason = forms.CharField(
        label=gettext_lazy("Reason"), required=False, max_length=1000, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("For the desk. It never leaves the log."),
    )  # fmt: skip
    reader_note = forms.CharField(
        label=gettext_lazy("Note to readers"), required=False, max_length=300, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("Shown in the place of the update. Left empty, no trace is shown."),
    )  # fmt: skip


class Moderation(ThroughOperations):
    """The addresses of the actions."""

    def get_urls(self) -> list[Any]:
        act = self.admin_site.admin_view(self.act_view)
        addresses = [path(f"<int:pk>/{name}/", act, {"name": name}, name=f"updates_entry_{name}") for name in ACTIONS]
        return [*addresses, *super().get_urls()]

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
        return self._run(request, action, entry, {})

    def _remove(self, request: HttpRequest, action: RowAction, entry: Entry) -> HttpResponse:
        check_may_remove(request.user, entry)
        form = RemovalForm(request.POST if request.method == "POST" else None)
        if form.is_valid():
            return self._run(request, action, entry, form.cleaned_data)
        context = {"form": form, "shown": shown(entry), "event": entry.event, "back": way_back(request, entry)}
        return self.page(request, "entry/remove.html", _("Remove update"), **context)

    def _run(self, request: HttpRequest, action: RowAction, entry: Entry, said: Mapping[str, Any]) -> HttpResponse:
        with saying_refusals(request, str(action.done) % entry.title):
            action.run(entry.pk, request.user, said)
        return HttpResponseRedirect(way_back(request, entry))


def way_back(request: HttpRequest, entry: Entry) -> str:
    """Where the button was pressed; the event's list otherwise."""
    asked = request.POST.get("back") or request.GET.get("back") or ""
    if url_has_allowed_host_and_scheme(asked, {request.get_host()}, require_https=request.is_secure()):
        return asked
    return f"{reverse('admin:updates_entry_changelist')}?event__id__exact={entry.event_id}"
