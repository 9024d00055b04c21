"""The history of one entry: who changed what, when and why, and each of its versions to be brought back."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import path, reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from updates import publishing
from updates.admin.base import OperationAdmin, explained, refusals_as_messages
from updates.admin.desk.filters import number
from updates.admin.fields import WordsForm
from updates.content.diff import ChangedLine, Piece, changed_lines, lines_of
from updates.models import Change, Entry
from updates.permissions import check_may_edit, may_edit, may_manage
from updates.publishing.last_change import actor_name
from updates.types import user_of
from updates.zones import zone_named

from .last_action import remember, way_to_earlier

AT_ONCE = 100
"""Changes on one page."""

PARTS: dict[str, str | Promise] = {
    "headline": gettext_lazy("Headline"),
    "text": gettext_lazy("Text"),
    "link": gettext_lazy("Link"),
    "photo": gettext_lazy("Picture"),
    "alt": gettext_lazy("Alt text"),
    "caption": gettext_lazy("Caption"),
    "credit": gettext_lazy("Credit"),
    "quote": gettext_lazy("Quote"),
    "attribution": gettext_lazy("Who said it"),
    "address": gettext_lazy("Address"),
    "lead_in": gettext_lazy("Lead-in"),
    "title": gettext_lazy("Title"),
    "byline": gettext_lazy("Byline"),
}


@dataclass(frozen=True)
class Difference:
    label: str | Promise
    line: ChangedLine


@dataclass(frozen=True)
class Version:
    """One change, as the page shows it."""

    change: Change
    who: str
    at: Any
    differences: list[Difference]
    restore: str
    """The address that brings this version back; empty where that is not to be."""


def differences(before: dict[str, Any], after: dict[str, Any]) -> list[Difference]:
    return [Difference(PARTS[line.part], line) for line in changed_lines(lines_of(before), lines_of(after))]


def _whole(content: dict[str, Any]) -> list[Difference]:
    """Of the first version everything is new, so nothing is marked as such."""
    lines = (ChangedLine(line.part, (Piece("=", line.text),)) for line in lines_of(content))
    return [Difference(PARTS[line.part], line) for line in lines]


class RestoreForm(WordsForm):
    note = forms.CharField(
        label=gettext_lazy("What readers should know"), required=False, max_length=300,
        help_text=gettext_lazy("With a note it is a correction. Left empty, readers see “Updated”."),
    )  # fmt: skip
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)


class History(OperationAdmin):
    def get_urls(self) -> list[Any]:
        view = self.admin_site.admin_view(self.version_view)
        address = path("<int:pk>/versions/<int:desk_seq>/", view, name="updates_entry_version")
        return [address, *super().get_urls()]

    @explained
    def history_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        entry = self._asked(request, object_id)
        changes = entry.changes.visible_to(user_of(request)).select_related("actor").order_by("-desk_seq")
        before = number(request.GET.get("before", ""))
        if before is not None:
            changes = changes.filter(desk_seq__lt=before)
        rows = list(changes[: AT_ONCE + 1])
        context = {
            "entry": entry,
            "event": entry.event,
            "versions": list(_versions(request.user, entry, rows))[:AT_ONCE],
            "older": rows[AT_ONCE - 1].desk_seq if len(rows) > AT_ONCE else None,
            "may_export": may_manage(user_of(request), entry.event),
        }
        return self.page(request, "entry/history.html", _("History"), **context)

    @explained
    def version_view(self, request: HttpRequest, pk: int, desk_seq: int) -> HttpResponse:
        """Look at an earlier version beside the present one, and bring it back."""
        entry = self._asked(request, str(pk))
        check_may_edit(user_of(request), entry)
        change = entry.changes.select_related("actor").filter(desk_seq=desk_seq).first()
        if change is None or not _has_words(change):
            raise Http404
        history = reverse("admin:updates_entry_history", args=[pk])
        form = RestoreForm(request.POST if request.method == "POST" else None, initial={"version": entry.version})
        if form.is_valid():
            said = form.cleaned_data
            with refusals_as_messages(request):
                done = publishing.restore_version(
                    pk, desk_seq, user_of(request), note=said["note"], version=said["version"]
                )
                _say(request, done)
            return HttpResponseRedirect(history)
        changes = differences(entry.content, change.snapshot["content"])
        context = {"entry": entry, "event": entry.event, "back": history, "form": form, "differences": changes}
        context |= {
            "who": actor_name(change.actor),
            "at": timezone.localtime(change.at, zone_named(entry.event.time_zone)),
        }
        return self.page(request, "entry/version.html", _("Bring back an earlier version"), **context)

    def _asked(self, request: HttpRequest, object_id: str) -> Entry:
        entry: Entry | None = None
        if (pk := number(object_id)) is not None:
            entry = self.get_queryset(request).select_related("event").filter(pk=pk).first()
        if entry is None:
            raise Http404
        return entry


def _say(request: HttpRequest, entry: Entry) -> None:
    """Readers have other words now, or had these already."""
    if entry.was_changed:
        remember(request, entry, way_to_earlier(entry))
        messages.success(request, _("Brought back: %s") % entry.title)
    else:
        messages.info(request, _("Nothing was changed."))


def _versions(user: Any, entry: Entry, rows: list[Change]) -> Iterator[Version]:
    """Newest first. What a change did is told from the one before it: both say what readers had then."""
    may = entry.is_published and may_edit(user, entry)
    zone = zone_named(entry.event.time_zone)
    for place, change in enumerate(rows):
        said = change.snapshot.get("content")
        before = next((row for row in rows[place + 1 :] if row.seq is not None), None)  # the desk's own say nothing
        was = before.snapshot.get("content") if before else None
        differs: list[Difference] = []
        if said is not None:
            differs = _whole(said) if before is None else differences(was, said) if was is not None else []
        to_old = may and _has_words(change) and _words(change.snapshot["content"]) != _words(entry.content)
        restore = reverse("admin:updates_entry_version", args=[entry.pk, change.desk_seq]) if to_old else ""
        yield Version(change, actor_name(change.actor), timezone.localtime(change.at, zone), differs, restore)


def _words(content: dict[str, Any]) -> list[Any]:
    return [content[part] for part in ("headline", "blocks", "bylines")]


def _has_words(change: Change) -> bool:
    said = change.snapshot.get("content") or {}
    return bool(said.get("headline") or said.get("blocks"))
