"""The history of one entry: who changed what, when and why, and each version to be restored."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import Http404, HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from updates import publishing
from updates.admin.base import text_of, visible_entry
from updates.admin.desk.filters import number
from updates.admin.fields import UnstrippedForm
from updates.admin.responses import Answer, PageResponse, Redirect
from updates.content.diff import ChangedLine, Piece, changed_lines, lines_of
from updates.content.published import PublishedContent
from updates.models import Change, Entry
from updates.permissions import check_may_edit, may_edit, may_manage
from updates.publishing import Refused
from updates.publishing.last_change import actor_name
from updates.types import User, user_of
from updates.zones import zone_named

from .last_action import remember, undo_by_version

PER_PAGE = 100

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
    "captions": gettext_lazy("Captions"),
    "byline": gettext_lazy("Byline"),
}


PICTURE = "photo"


@dataclass(frozen=True)
class Difference:
    label: str | Promise
    line: ChangedLine

    @property
    def pictures(self) -> tuple[str, str] | None:
        """Return the addresses of the picture before and after, empty where there is none; None for text."""
        return picture_addresses(self.line)

    @property
    def is_same(self) -> bool:
        return self.line.before == self.line.after


@dataclass(frozen=True)
class Version:
    """One change, as the page shows it."""

    change: Change
    who: str
    at: datetime
    differences: list[Difference]
    restore: str
    """The address that restores this version; empty if the user may not or nothing would change."""


def picture_addresses(line: ChangedLine) -> tuple[str, str] | None:
    """Return where the desk sees the pictures of both versions, for a line that holds their ids."""
    if line.part != PICTURE:
        return None
    return _picture_address(line.before), _picture_address(line.after)


def _picture_address(pieces: list[Piece]) -> str:
    public_id = "".join(piece.text for piece in pieces)
    return reverse("admin:updates_picture", args=[public_id]) if public_id else ""


def differences(before: PublishedContent, after: PublishedContent) -> list[Difference]:
    return [Difference(PARTS[line.part], line) for line in changed_lines(lines_of(before), lines_of(after))]


def _unmarked(content: PublishedContent) -> list[Difference]:
    """Return the lines of the first version: everything is new, so nothing is marked."""
    lines = (ChangedLine(line.part, (Piece("=", line.text),)) for line in lines_of(content))
    return [Difference(PARTS[line.part], line) for line in lines]


class RestoreForm(UnstrippedForm):
    note = forms.CharField(
        label=gettext_lazy("What readers should know"), required=False, max_length=300,
        help_text=gettext_lazy("With a note it is a correction. Without one, readers see “Updated”."),
    )  # fmt: skip
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)


def history_view(request: HttpRequest, object_id: str) -> PageResponse:
    entry, user = visible_entry(request, object_id), user_of(request)
    changes = entry.changes.visible_to(user).select_related("actor").order_by("-desk_seq")
    before = number(request.GET.get("before", ""))
    if before is not None:
        changes = changes.filter(desk_seq__lt=before)
    rows = list(changes[: PER_PAGE + 1])
    context = {
        "entry": entry,
        "event": entry.event,
        "versions": list(_versions(user, entry, [*rows, *_published_before(changes, rows)]))[:PER_PAGE],
        "older": rows[PER_PAGE - 1].desk_seq if len(rows) > PER_PAGE else None,
        "may_export": may_manage(user, entry.event),
    }
    return PageResponse("entry/history.html", _("History"), context)


def _published_before(changes: QuerySet[Change], rows: list[Change]) -> QuerySet[Change]:
    """Return the change before those of a page that readers got last: the oldest of the page is compared with it."""
    is_more = len(rows) > PER_PAGE
    return changes.filter(desk_seq__lt=rows[-1].desk_seq, seq__isnull=False)[:1] if is_more else changes.none()


def version_view(request: HttpRequest, pk: int, desk_seq: int) -> Answer:
    """Show an earlier version beside the current one, and restore it."""
    entry = visible_entry(request, pk)
    check_may_edit(user_of(request), entry)
    change = entry.changes.select_related("actor").filter(desk_seq=desk_seq).first()
    if change is None or not _has_content(change):
        raise Http404
    form = RestoreForm(request.POST if request.method == "POST" else None, initial={"version": entry.version})
    if form.is_valid():
        return _restore(request, pk, desk_seq, form)
    context = {
        "entry": entry,
        "event": entry.event,
        "back": _history_address(pk),
        "differences": differences(entry.content, change.snapshot["content"]),
        "who": actor_name(change.actor),
        "at": timezone.localtime(change.at, zone_named(entry.event.time_zone)),
    }
    return PageResponse("entry/version.html", _("Bring back an earlier version"), context, form)


def _restore(request: HttpRequest, pk: int, desk_seq: int, form: RestoreForm) -> Redirect:
    note, version = form.cleaned_data["note"], form.cleaned_data["version"]
    try:
        entry = publishing.restore_version(pk, desk_seq, user_of(request), note=note, version=version)
    except (Refused, ValidationError) as error:
        return Redirect(_history_address(pk), text_of(error), messages.ERROR)
    if not entry.was_changed:
        return Redirect(_history_address(pk), _("Nothing was changed."), messages.INFO)
    remember(request, entry, undo_by_version(entry))
    return Redirect(_history_address(pk), _("Brought back: %s") % entry.title)


def _history_address(pk: int) -> str:
    return reverse("admin:updates_entry_history", args=[pk])


def _versions(user: User, entry: Entry, rows: list[Change]) -> Iterator[Version]:
    """Yield the changes, newest first, each with its differences from the one before that readers got."""
    may_restore = entry.is_published and may_edit(user, entry)
    zone = zone_named(entry.event.time_zone)
    for place, change in enumerate(rows):
        before = next((row for row in rows[place + 1 :] if row.seq is not None), None)  # skips changes at the desk only
        restores = may_restore and _has_content(change) and _parts(change.snapshot["content"]) != _parts(entry.content)
        restore = reverse("admin:updates_entry_version", args=[entry.pk, change.desk_seq]) if restores else ""
        at = timezone.localtime(change.at, zone)
        yield Version(change, actor_name(change.actor), at, _differences_of(change, before), restore)


def _differences_of(change: Change, before: Change | None) -> list[Difference]:
    content = change.snapshot.get("content")
    if content is None:
        return []
    if before is None:
        return _unmarked(content)
    earlier = before.snapshot.get("content")
    return [] if earlier is None else differences(earlier, content)


def _parts(content: PublishedContent) -> tuple[object, ...]:
    return content["headline"], content["blocks"], content["bylines"]


def _has_content(change: Change) -> bool:
    content = change.snapshot.get("content") or {}
    return bool(content.get("headline") or content.get("blocks"))
