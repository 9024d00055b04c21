"""The start of a live blog as a calendar file (RFC 5545)."""

import re
from datetime import UTC, datetime

from django.http import Http404, HttpRequest, HttpResponse

from updates.cdn import event_key
from updates.choices import EventStatus
from updates.models import Event
from updates.queries import reader_pages
from updates.site_address import site_address

from . import cached_pages

_SPECIAL = re.compile(r"([\\;,])")

FOLDED_AT = 75
"""Most bytes of a line."""


@cached_pages.for_readers
def calendar(request: HttpRequest, slug: str) -> HttpResponse:
    """Respond with the planned start; 404 for a live blog without one. Calendars that subscribe follow its changes."""
    event = reader_pages.public_event(slug)
    if event is None or event.planned_start is None:
        raise Http404(slug)
    etag = f"{event.epoch}-{event.head}-calendar"
    origin = site_address(request)
    file = cached_pages.data(request, etag, lambda: calendar_file(event, origin), content_type="text/calendar")
    file["Content-Disposition"] = f'attachment; filename="{slug}.ics"'
    return cached_pages.keyed(file, event_key(slug))


def calendar_file(event: Event, origin: str) -> str:
    if event.planned_start is None:
        raise ValueError(f"Event {event.pk} has no planned start")
    address = f"{origin}{event.get_absolute_url()}"
    about = "\n\n".join(filter(None, (event.standfirst, event.status_note, address)))
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//liveblog//EN",
        "BEGIN:VEVENT",
        f"UID:{event.slug}@{origin.partition('://')[2]}",
        f"SEQUENCE:{event.head}",
        f"DTSTAMP:{_moment(event.changed_at or event.created_at)}",
        f"DTSTART:{_moment(event.planned_start)}",
        *([f"DTEND:{_moment(event.planned_end)}"] if event.planned_end else []),
        f"SUMMARY:{_escaped(event.title)}",
        f"DESCRIPTION:{_escaped(about)}",
        f"URL:{address}",
        f"STATUS:{_status(event)}",
        "TRANSP:TRANSPARENT",
        "END:VEVENT",
        "END:VCALENDAR",
    ]
    return "".join(f"{_folded(line)}\r\n" for line in lines)


def _status(event: Event) -> str:
    match event.status:
        case EventStatus.CANCELLED:
            return "CANCELLED"
        case EventStatus.POSTPONED:
            return "TENTATIVE"
        case _:
            return "CONFIRMED"


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")


def _escaped(text: str) -> str:
    return _SPECIAL.sub(r"\\\1", text).replace("\r\n", "\n").replace("\n", "\\n")


def _folded(line: str) -> str:
    """Break a line into pieces of at most 75 bytes, none inside a character; all but the first begin with a space."""
    pieces, piece = [], ""
    for character in line:
        if len((piece + character).encode()) > FOLDED_AT:
            pieces.append(piece)
            piece = " "
        piece += character
    return "\r\n".join([*pieces, piece])
