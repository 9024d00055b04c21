"""A page of a live blog as a ``LiveBlogPosting``."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from updates.choices import EventStatus
from updates.models import Entry, Event
from updates.rendering.dates import iso_local
from updates.untyped import JSONObject

from .entry import entry_data, news_article
from .parts import authors, crops, publisher

USUAL_LENGTH = timedelta(hours=24)
"""A live blog that has no end yet is said to end a whole number of these after its start."""

EVENT_STATUS = {
    EventStatus.UPCOMING: "https://schema.org/EventScheduled",
    EventStatus.POSTPONED: "https://schema.org/EventPostponed",
    EventStatus.CANCELLED: "https://schema.org/EventCancelled",
}


@dataclass(frozen=True)
class EventView:
    """A page of a live blog: its canonical address, and its entries, newest first."""

    event: Event
    address: str
    origin: str
    entries: Sequence[Entry]
    now: datetime
    card: str
    """Address of its share card, which stands for a picture where there is none."""


def event_page(view: EventView) -> list[JSONObject]:
    event, origin = view.event, view.origin
    published = [entry for entry in view.entries if entry.is_published]
    updates = [entry_data(entry, origin) for entry in published]
    for update in updates:
        del update["@context"]
    data: JSONObject = {
        "@context": "https://schema.org",
        "@type": "LiveBlogPosting",
        "@id": origin + event.get_absolute_url(),
        "url": view.address,
        "headline": event.title,
        "description": event.standfirst or event.title,
        "datePublished": iso_local(first_published(event)),
        "dateModified": iso_local(last_modified(event)),
        "author": authors((by for entry in published for by in entry.content["bylines"]), origin),
        "publisher": publisher(origin),
        "mainEntityOfPage": {"@type": "WebPage", "@id": view.address},
        "inLanguage": event.language,
        "isAccessibleForFree": True,
    }
    data |= _coverage(view)
    data["image"] = _image(event, published, origin) or [view.card]
    if updates:
        data["liveBlogUpdate"] = updates
    return [data, news_article(data)]


def first_published(event: Event) -> datetime:
    """Return when coverage began; before that, when the live blog was created."""
    return event.started_at or event.created_at


def last_modified(event: Event) -> datetime:
    began = first_published(event)
    return max(began, event.changed_at or began)


def _coverage(view: EventView) -> JSONObject:
    """Return the times of the coverage, and of an event that is not live yet also its state."""
    event = view.event
    start = event.started_at or event.planned_start
    times: JSONObject = {}
    if start and event.status != EventStatus.POSTPONED:
        times["coverageStartTime"] = iso_local(start)
        times["coverageEndTime"] = iso_local(_coverage_end(event, start, view.now))
    if event.planned_start and event.status in EVENT_STATUS:
        times["about"] = {
            "@type": "Event",
            "name": event.title,
            "startDate": iso_local(event.planned_start),
            **({"endDate": iso_local(event.planned_end)} if event.planned_end else {}),
            "eventStatus": EVENT_STATUS[EventStatus(event.status)],
            "eventAttendanceMode": "https://schema.org/OnlineEventAttendanceMode",
            "location": {"@type": "VirtualLocation", "url": view.origin + event.get_absolute_url()},
        }
    return times


def _coverage_end(event: Event, start: datetime, now: datetime) -> datetime:
    """Return the end, else the planned end, else the end of the present day of coverage, counted from the start.

    A planned end that has passed counts no more. So the time stays the same through all updates of a day.
    """
    if event.ended_at:
        return event.ended_at
    if event.status == EventStatus.CANCELLED:
        return max(start, event.changed_at or start)
    if event.planned_end and event.planned_end > max(start, now):
        return event.planned_end
    return start + USUAL_LENGTH * (max(timedelta(), now - start) // USUAL_LENGTH + 1)


def _image(event: Event, published: Sequence[Entry], origin: str) -> list[str]:
    photos = (block["image"] for entry in published for block in entry.content["blocks"] if block["kind"] == "photo")
    pictures = (crops(image, origin) for image in (event.lead or None, *photos))
    return next(filter(None, pictures), [])
