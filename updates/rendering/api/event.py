"""A live blog as JSON."""

from datetime import datetime

from django.urls import reverse

from updates.models import Event
from updates.rendering.absolute import with_absolute_links
from updates.rendering.dates import iso_utc
from updates.rendering.structured.event import last_modified
from updates.untyped import JSONObject

from .pictures import picture_json


def event_reference(event: Event, origin: str) -> JSONObject:
    """Return what names a live blog and the state of its numbering."""
    return {
        "slug": event.slug,
        "title": event.title,
        "url": origin + event.get_absolute_url(),
        "state": event.status,
        "epoch": event.epoch,
        "head": event.head,
    }


def event_json(event: Event, origin: str) -> JSONObject:
    return event_reference(event, origin) | {
        "standfirst": event.standfirst,
        "byline": event.byline,
        "key_points": [with_absolute_links(point, origin) for point in event.key_points],
        "note": event.status_note,
        "language": event.language,
        "time_zone": event.time_zone,
        "is_listed": event.is_listed,
        "is_sensitive": event.sensitive,
        "planned_start": _moment(event.planned_start),
        "planned_end": _moment(event.planned_end),
        "started_at": _moment(event.started_at),
        "ended_at": _moment(event.ended_at),
        "changed_at": iso_utc(last_modified(event)),
        "entry_count": event.entry_count,
        "picture": picture_json(event.lead or None, origin),
        "translations": [
            {
                "language": other["language"],
                "slug": other["slug"],
                "url": origin + reverse("event", args=[other["slug"]]),
            }
            for other in event.translations
        ],
        "links": {
            "self": origin + reverse("api-event", args=[event.slug]),
            "entries": origin + reverse("api-entries", args=[event.slug]),
            "changes": f"{origin}{reverse('api-changes', args=[event.slug])}?after={event.head}&epoch={event.epoch}",
        },
    }


def _moment(value: datetime | None) -> str | None:
    return iso_utc(value) if value else None
