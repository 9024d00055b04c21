"""The timeline beside the desk's form: on the page, and again for scripts, drawn by the same templates."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from updates.admin.base import explained
from updates.admin.entry.last_action import just_done
from updates.admin.event.base import EventPages
from updates.admin.event.state import end_address
from updates.admin.row_actions.published import row_actions
from updates.models import Entry, Event
from updates.permissions import check_may_see_desk, may_moderate, remember_roles
from updates.queries.reader_pages import snapshot
from updates.queries.timeline import (
    KEY,
    WAITING,
    Counts,
    Row,
    changed_since,
    counts,
    quiet_hours,
    timeline,
    writers,
)
from updates.types import user_of

from .filters import Asked, asked_of, desk_address, number


class TimelinePages(EventPages):
    """Addresses for scripts. Whoever is not assigned gets a 403 with the reason."""

    def get_urls(self) -> list[Any]:
        views = (("timeline", self.timeline_view), ("changes", self.changes_view))
        addresses = [
            path(f"<int:pk>/{name}/", self.admin_site.admin_view(require_safe(view)), name=f"updates_event_{name}")
            for name, view in views
        ]
        return [*addresses, *super().get_urls()]

    @explained
    def timeline_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Rows as asked; ``below`` brings earlier ones for the end of the list."""
        with snapshot():
            event = self._desk_of(request, pk)
            context = timeline_context(request, event) | {"back": desk_address(event.pk)}
        part = "_rows.html" if context["asked"].wanted.below else "_list.html"
        return JsonResponse(
            {
                "head": event.desk_head,
                "html": _draw(f"admin/updates/desk/{part}", context, request),
                "earlier": context["earlier"],
                "filters": _draw("admin/updates/desk/_shows.html", context, request),
            }
        )

    @explained
    def changes_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """What has become of the rows since ``after``."""
        after = request.GET.get("after", "")
        with snapshot():
            event = self._desk_of(request, pk)
            asked = asked_of(request, event)
            moved = changed_since(event, user_of(request), asked.wanted, number(after) or 0)
            numbers = counts(event, user_of(request))
            standing = _standing(event, request.user)
        context = {"event": event, "asked": asked, "shows": _shows(event, asked, numbers)} | standing
        return JsonResponse(
            {
                "head": moved.head,
                "rows": [_sent(event, request, row) for row in moved.rows],
                "gone": moved.gone,
                "again": moved.too_much,
                "event": moved.event_changed,
                "title": event.title,
                "submitted": numbers.submitted if may_moderate(user_of(request), event) else 0,
                "top": _draw("admin/updates/desk/_state.html", context, request),
                "filters": _draw("admin/updates/desk/_shows.html", context, request),
                "done": _draw("admin/updates/_just_done.html", {"done": just_done(request)}, request),
            }
        )

    def _desk_of(self, request: HttpRequest, pk: int) -> Event:
        event: Event = self.get_queryset(request).filter(pk=pk).first() or Event(pk=0)
        remember_roles(user_of(request), [event])
        check_may_see_desk(user_of(request), event)
        return event


def timeline_context(request: HttpRequest, event: Event, entry: Entry | None = None) -> dict[str, Any]:
    """All that the timeline's templates need. ``entry`` is the one in the form."""
    asked = asked_of(request, event)
    seen = timeline(event, user_of(request), asked.wanted)
    numbers = counts(event, user_of(request))
    last = next((row.entry.order for row in reversed(seen.rows) if not row.entry.is_pinned), None)
    return {
        "event": event,
        "asked": asked,
        "head": event.desk_head,
        "waiting": _offered(request, seen.waiting, asked.found, entry),
        "rows": _offered(request, seen.rows, asked.found, entry),
        "shows": _shows(event, asked, numbers),
        "submitted": numbers.submitted if may_moderate(user_of(request), event) else 0,
        "writers": writers(event),
        "earlier": asked.address(event, below=last) if seen.more and last else "",
        "drafts": asked.address(event, show="draft", at="", q="") if not asked.wanted.show else "",
        "newest": "" if asked.wanted.is_newest else asked.address(event, at=None, q=""),
        "timeline_address": reverse("admin:updates_event_timeline", args=[event.pk]),
        "changes_address": reverse("admin:updates_event_changes", args=[event.pk]),
    } | _standing(event, request.user)


def _standing(event: Event, user: Any) -> dict[str, Any]:
    """What the state above the desk says beside the state itself; whoever may not end it is not asked to."""
    return {"quiet_hours": quiet_hours(event), "end_address": end_address(user, event)}


# Drawing


@dataclass(frozen=True)
class Offered:
    """A row and what may be done with it."""

    row: Row
    actions: list[dict[str, Any]]
    is_found: bool = False
    is_open: bool = False
    """It is in the form."""


@dataclass(frozen=True)
class Show:
    """One of the timeline's filters."""

    name: str
    label: str
    address: str
    number: int | None = field(default=None)
    current: bool = False


def _offered(request: HttpRequest, rows: Iterable[Row], found: int | None, opened: Entry | None) -> list[Offered]:
    return [offered(request.user, row, found=found, opened=opened.pk if opened else None) for row in rows]


def offered(user: Any, row: Row, *, found: int | None = None, opened: int | None = None) -> Offered:
    pk = row.entry.pk
    return Offered(row, row_actions(user, row.entry), is_found=pk == found, is_open=pk == opened)


def _sent(event: Event, request: HttpRequest, row: Row) -> dict[str, Any]:
    context = {"offered": offered(request.user, row), "event": event, "back": desk_address(event.pk)}
    html = _draw("admin/updates/desk/_row.html", context, request)
    return {"pk": row.entry.pk, "html": html, "waits": row.is_waiting}


def _shows(event: Event, asked: Asked, numbers: Counts) -> list[Show]:
    """“Removed” and what waits only where there is some, or where it is what is shown."""
    labels = (
        ("", _("All"), None),
        (KEY, _("Key events"), numbers.key),
        *((status.value, _PLURALS[status.value](), getattr(numbers, status.value)) for status in reversed(WAITING)),
        ("removed", _("Removed"), numbers.removed),
    )
    shown = asked.wanted.show
    return [
        Show(name, label, asked.address(event, show=name, at="", below=""), number, current=name == shown)
        for name, label, number in labels
        if number or name in ("", shown)
    ]


_PLURALS = {"draft": lambda: _("Drafts"), "submitted": lambda: _("Submitted"), "scheduled": lambda: _("Scheduled")}


def _draw(template: str, context: dict[str, Any], request: HttpRequest) -> str:
    return render_to_string(template, context, request).strip()
