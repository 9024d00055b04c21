"""The timeline beside the desk's form, for the page and for scripts, drawn by the same templates."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.http import HttpRequest, JsonResponse
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from updates.admin.base import assigned_event
from updates.admin.entry.last_action import last_action
from updates.admin.entry.outcome import news_of
from updates.admin.event.state import end_address
from updates.admin.row_actions.published import OfferedAction, row_actions
from updates.models import Entry, Event
from updates.permissions import may_moderate, remember_roles
from updates.queries.own_updates import done_by_others
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
from updates.site_address import desk_socket
from updates.types import User, user_of

from .filters import TimelineFilter, desk_address, filter_of, number


@require_safe
def timeline_view(request: HttpRequest, pk: int) -> JsonResponse:
    """Return the rows that a filter selects; ``below`` brings earlier ones for the end of the list."""
    with snapshot():
        event = _event_at_desk(request, pk)
        timeline_filter = filter_of(request, event)
        context = timeline_context(request, event, timeline_filter) | {"back": desk_address(event.pk)}
    part = "_rows.html" if timeline_filter.query.below else "_list.html"
    return JsonResponse(
        {
            "head": event.desk_head,
            "html": _draw(f"admin/updates/desk/{part}", context, request),
            "earlier": context["earlier"],
            "filters": _draw("admin/updates/desk/_shows.html", context, request),
        }
    )


@require_safe
def changes_view(request: HttpRequest, pk: int) -> JsonResponse:
    """Return the rows that have changed since ``after``."""
    after, user = number(request.GET.get("after", "")) or 0, user_of(request)
    with snapshot():
        event = _event_at_desk(request, pk)
        timeline_filter = filter_of(request, event)
        moved = changed_since(event, user, timeline_filter.query, after)
        numbers = counts(event, user)
        state = _state(event, user)
        by_others = done_by_others(event, user, after)
    submitted = numbers.submitted if may_moderate(user, event) else 0
    shows = _shows(event, timeline_filter, numbers)
    context = {"event": event, "filter": timeline_filter, "shows": shows, "submitted": submitted} | state
    return JsonResponse(
        {
            "head": moved.head,
            "rows": [_changed_row(event, request, row) for row in moved.rows],
            "gone": moved.gone,
            "again": moved.too_much,
            "event": moved.event_changed,
            "title": event.title,
            "submitted": submitted,
            "count": number_format(event.entry_count),
            "top": _draw("admin/updates/desk/_state.html", context, request),
            "filters": _draw("admin/updates/desk/_shows.html", context, request),
            "news": news_of(by_others) if by_others else "",
            "done": _draw("admin/updates/_last_action.html", {"done": last_action(request), "in_form": True}, request),
        }
    )


def _event_at_desk(request: HttpRequest, pk: int) -> Event:
    event = assigned_event(request, pk)
    remember_roles(user_of(request), [event])
    return event


def timeline_context(
    request: HttpRequest, event: Event, timeline_filter: TimelineFilter, entry: Entry | None = None
) -> dict[str, object]:
    """Return all that the timeline's templates need. ``entry`` is the one in the form."""
    user = user_of(request)
    seen = timeline(event, user, timeline_filter.query)
    numbers = counts(event, user)
    linked, opened = timeline_filter.linked, entry.pk if entry else None
    last = next((row.entry.order for row in reversed(seen.rows) if not row.entry.is_pinned), None)
    return {
        "event": event,
        "filter": timeline_filter,
        "head": event.desk_head,
        "waiting": [timeline_row(user, row, linked, opened) for row in seen.waiting],
        "rows": [timeline_row(user, row, linked, opened) for row in seen.rows],
        "shows": _shows(event, timeline_filter, numbers),
        "submitted": numbers.submitted if may_moderate(user, event) else 0,
        "writers": writers(event),
        "earlier": timeline_filter.address(event, below=last) if seen.more and last else "",
        "drafts": timeline_filter.address(event, show="draft", at="", q="") if not timeline_filter.query.show else "",
        "newest": "" if timeline_filter.query.is_newest else timeline_filter.address(event, at=None, q=""),
        "socket_address": desk_socket(event.pk),
        "timeline_address": reverse("admin:updates_event_timeline", args=[event.pk]),
        "changes_address": reverse("admin:updates_event_changes", args=[event.pk]),
    } | _state(event, user)


def _state(event: Event, user: User) -> dict[str, object]:
    """Return what stands beside the event's state: its quiet hours, and the address to end it for those who may."""
    return {"quiet_hours": quiet_hours(event), "end_address": end_address(user, event)}


@dataclass(frozen=True)
class TimelineRow:
    """A row with the actions that a user may take."""

    row: Row
    actions: list[OfferedAction]
    is_linked: bool = False
    """Whether it is the entry of a pasted link."""
    is_open: bool = False
    """Whether it is the entry in the form."""


@dataclass(frozen=True)
class Show:
    """One of the timeline's filters."""

    name: str
    label: str
    address: str
    number: int | None = None
    current: bool = False


def timeline_row(user: User, row: Row, linked: int | None = None, opened: int | None = None) -> TimelineRow:
    pk = row.entry.pk
    return TimelineRow(row, row_actions(user, row.entry), is_linked=pk == linked, is_open=pk == opened)


def _changed_row(event: Event, request: HttpRequest, row: Row) -> dict[str, object]:
    context = {"offered": timeline_row(user_of(request), row), "event": event, "back": desk_address(event.pk)}
    html = _draw("admin/updates/desk/_row.html", context, request)
    return {"pk": row.entry.pk, "html": html, "waits": row.is_waiting}


def _shows(event: Event, timeline_filter: TimelineFilter, numbers: Counts) -> list[Show]:
    """Return the filters; those for removed and unpublished entries only if there are some, or if one is selected."""
    labels = (
        ("", _("All"), None),
        (KEY, _("Key events"), numbers.key),
        *((status.value, _PLURALS[status.value](), getattr(numbers, status.value)) for status in reversed(WAITING)),
        ("removed", _("Removed"), numbers.removed),
    )
    current = timeline_filter.query.show
    return [
        Show(name, label, timeline_filter.address(event, show=name, at="", below=""), number, current=name == current)
        for name, label, number in labels
        if number or name in ("", current)
    ]


_PLURALS = {"draft": lambda: _("Drafts"), "submitted": lambda: _("Submitted"), "scheduled": lambda: _("Scheduled")}


def _draw(template: str, context: Mapping[str, object], request: HttpRequest) -> str:
    return render_to_string(template, context, request).strip()
