"""What the address of a desk asks of its timeline: filters, words, a moment, or the link to an update."""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _

from updates.admin.fields import YEARS
from updates.models import Event
from updates.permissions import may_see_desk
from updates.queries.timeline import SHOWS, TimelineQuery, entry_at, place_at
from updates.zones import zone_named

LINK = re.compile(r"/(?P<slug>[a-z0-9-]+)/(?P<id>[A-Za-z0-9]{10})/?(?:[?#].*)?$")
"""The end of a permalink, as somebody pastes it."""


@dataclass(frozen=True)
class Asked:
    """What the address asks of the timeline, and what is to be said about it."""

    wanted: TimelineQuery
    words: str = ""
    at: str = ""
    note: str = ""
    found: int | None = None
    """The entry of a link that was pasted."""

    def address(self, event: Event, **other: Any) -> str:
        """Of the desk, as it is seen here but for ``other``."""
        here = {"show": self.wanted.show, "author": self.wanted.author, "q": self.words, "at": self.at} | other
        asked = urlencode({name: value for name, value in here.items() if value})
        address = desk_address(event.pk)
        return f"{address}?{asked}" if asked else address


def desk_address(event_id: int | None) -> str:
    return reverse("admin:updates_event_desk", args=[event_id])


def post_address(event_id: int | None) -> str:
    """Return the address to write an update: an event's desk, or the page that asks for which event."""
    return reverse("admin:updates_entry_add") if event_id is None else desk_address(event_id)


def list_address(event: Event) -> str:
    return f"{reverse('admin:updates_entry_changelist')}?event__id__exact={event.pk}"


def asked_of(request: HttpRequest, event: Event) -> Asked:
    sent = request.GET
    words, at = sent.get("q", "").strip()[:200], sent.get("at", "")
    show = sent.get("show", "") if sent.get("show") in SHOWS else ""
    author, below = number(sent.get("author", "")), number(sent.get("below", ""))
    if link := LINK.search(words):
        return _linked(request.user, event, words, link["id"])
    if moment := _moment(at, event):
        place = place_at(event, moment)
        note = "" if place else _("Nothing was published by then.")
        return Asked(TimelineQuery(show, author, words, below, place if place else 0), words, at, note)
    return Asked(TimelineQuery(show, author, words, below), words)


def _linked(user: Any, event: Event, words: str, public_id: str) -> Asked:
    """A permalink leads to its entry and what stands around it."""
    entry = entry_at(public_id)
    if entry is not None and entry.event_id == event.pk:
        return Asked(TimelineQuery(from_order=entry.order), words, found=entry.pk)
    note = _("No update of this live blog has this link.")
    if entry is not None and may_see_desk(user, entry.event):
        where = f"{desk_address(entry.event_id)}?{urlencode({'q': words})}"
        note = format_html(
            '{} <a href="{}">{}</a>', _("This update is in another live blog:"), where, entry.event.title
        )
    return Asked(TimelineQuery(from_order=0), words, note=note)


def number(text: str) -> int | None:
    """No longer than a database takes; anything else asks for nothing."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 19 else None


def _moment(at: str, event: Event) -> datetime | None:
    try:
        clock = datetime.fromisoformat(at) if at else None
    except ValueError:
        return None
    return clock.replace(tzinfo=zone_named(event.time_zone), second=59) if clock and clock.year in YEARS else None
