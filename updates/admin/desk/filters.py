"""The filter of a desk's timeline, from its address: state, author, words, a time, or the link to an update."""

import re
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _

from updates.admin.fields import YEARS
from updates.models import Event
from updates.permissions import may_see_desk
from updates.queries.timeline import SHOWS, TimelineQuery, entry_at, place_at
from updates.types import User, user_of
from updates.zones import zone_named

LINK = re.compile(r"/(?P<slug>[a-z0-9-]+)/(?P<id>[A-Za-z0-9]{10})/?(?:[?#].*)?$")
"""The end of a permalink, as somebody pastes it."""


@dataclass(frozen=True)
class TimelineFilter:
    query: TimelineQuery
    words: str = ""
    at: str = ""
    note: str = ""
    """A message about the result."""
    linked: int | None = None
    """The entry of a pasted link."""

    def address(self, event: Event, **changes: object) -> str:
        """Return the address of the desk with this filter and some ``changes``."""
        current = {"show": self.query.show, "author": self.query.author, "q": self.words, "at": self.at}
        query = urlencode({name: value for name, value in (current | changes).items() if value})
        address = desk_address(event.pk)
        return f"{address}?{query}" if query else address


def desk_address(event_id: int | None) -> str:
    return reverse("admin:updates_event_desk", args=[event_id])


def post_address(event_id: int | None) -> str:
    """Return the address to write an update: an event's desk, or the page that asks for which event."""
    return reverse("admin:updates_entry_add") if event_id is None else desk_address(event_id)


def list_address(event: Event) -> str:
    return f"{reverse('admin:updates_entry_changelist')}?event__id__exact={event.pk}"


def filter_of(request: HttpRequest, event: Event) -> TimelineFilter:
    data = request.GET
    words, at = data.get("q", "").strip()[:200], data.get("at", "")
    show = data.get("show", "") if data.get("show") in SHOWS else ""
    author, below = number(data.get("author", "")), number(data.get("below", ""))
    if link := LINK.search(words):
        return _linked(user_of(request), event, words, link["id"])
    if moment := _moment(at, event):
        place = place_at(event, moment)
        note = "" if place else _("Nothing had been published by then.")
        return TimelineFilter(TimelineQuery(show, author, words, below, place if place else 0), words, at, note)
    return TimelineFilter(TimelineQuery(show, author, words, below), words)


def _linked(user: User, event: Event, words: str, public_id: str) -> TimelineFilter:
    """Show the entry of a permalink and those around it."""
    entry = entry_at(public_id)
    if entry is not None and entry.event_id == event.pk:
        return TimelineFilter(TimelineQuery(from_order=entry.order), words, linked=entry.pk)
    note = _("No update of this live blog has this link.")
    if entry is not None and may_see_desk(user, entry.event):
        where = f"{desk_address(entry.event_id)}?{urlencode({'q': words})}"
        note = format_html(
            '{} <a href="{}">{}</a>', _("This update is in another live blog:"), where, entry.event.title
        )
    return TimelineFilter(TimelineQuery(from_order=0), words, note=note)


def number(text: str) -> int | None:
    """Return a number no longer than a database takes; ``None`` for anything else."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 19 else None


def _moment(at: str, event: Event) -> datetime | None:
    try:
        clock = datetime.fromisoformat(at) if at else None
    except ValueError:
        return None
    return clock.replace(tzinfo=zone_named(event.time_zone), second=59) if clock and clock.year in YEARS else None
