"""What a feed contains, whatever its format. All addresses are absolute."""

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from updates.models import Entry, Event
from updates.queries.feeds import FeedRows
from updates.rendering.absolute import with_absolute_links
from updates.rendering.blocks import blocks_of
from updates.rendering.corrections import corrections_of
from updates.rendering.drawing import draw
from updates.rendering.entries import time_of
from updates.rendering.language import content_direction, content_language, in_words_of
from updates.rendering.structured.entry import entry_text
from updates.rendering.structured.event import last_modified
from updates.websub import hub_of_feed


@dataclass(frozen=True)
class Author:
    name: str
    page: str
    """Address of a page about the person; empty for none."""


@dataclass(frozen=True)
class FeedItem:
    address: str
    """Also its id, which never changes."""
    title: str
    language: str
    html: str
    text: str
    published: datetime
    updated: datetime
    authors: tuple[Author, ...]
    is_key: bool


@dataclass(frozen=True)
class RemovedItem:
    address: str
    at: datetime


@dataclass(frozen=True)
class Feed:
    title: str
    description: str
    language: str
    site_name: str
    origin: str
    home: str
    """Address of the page that it follows."""
    address: str
    hub: str
    updated: datetime
    items: list[FeedItem]
    removed: list[RemovedItem]


def feed_of_event(event: Event, rows: FeedRows, origin: str, address: str, *, keys_only: bool) -> Feed:
    """Return an event's feed; the event's language is active."""
    title = _("%(title)s: key events") % {"title": event.title} if keys_only else event.title
    return Feed(
        title=title,
        description=event.standfirst or event.title,
        language=event.language,
        site_name=settings.SITE_NAME,
        origin=origin,
        home=origin + event.get_absolute_url(),
        address=address,
        hub=hub_of_feed(is_listed=event.is_listed, keys_only=keys_only),
        updated=last_modified(event),
        items=[_item(entry, origin) for entry in rows.entries],
        removed=_removed(rows, origin),
    )


def feed_of_site(rows: FeedRows, origin: str, address: str, updated: datetime, *, keys_only: bool) -> Feed:
    """Return the feed of all listed events. Each title begins with that of its event."""
    title = _("%(title)s: key events") % {"title": settings.SITE_NAME} if keys_only else settings.SITE_NAME
    return Feed(
        title=title,
        description=_("Live blogs"),
        language=settings.LANGUAGE_CODE,
        site_name=settings.SITE_NAME,
        origin=origin,
        home=origin + reverse("front"),
        address=address,
        hub=hub_of_feed(is_listed=True, keys_only=keys_only),
        updated=updated,
        items=[_item(entry, origin, title=f"{entry.event.title}: {entry.title}") for entry in rows.entries],
        removed=_removed(rows, origin),
    )


def _item(entry: Entry, origin: str, *, title: str = "") -> FeedItem:
    published = time_of(entry)
    return FeedItem(
        address=origin + entry.get_absolute_url(),
        title=title or entry.title,
        language=entry.event.language,
        html=content_html(entry, origin),
        text=entry_text(entry) or entry.title,
        published=published,
        updated=max(published, entry.changed_at or published),
        authors=tuple(Author(by["name"], by.get("page", "")) for by in entry.content["bylines"]),
        is_key=entry.is_key,
    )


def content_html(entry: Entry, origin: str) -> str:
    """Return what an update says as HTML that needs neither our styles nor our scripts."""
    with in_words_of(entry.event):
        context = {
            "entry": entry,
            "blocks": blocks_of(entry),
            "corrections": corrections_of(entry),
            "origin": origin,
            "language": content_language(),
            "direction": content_direction(),
        }
        return with_absolute_links(draw("updates/feeds/entry.html", context), origin)


def _removed(rows: FeedRows, origin: str) -> list[RemovedItem]:
    return [
        RemovedItem(origin + entry.get_absolute_url(), entry.removed_at) for entry in rows.removed if entry.removed_at
    ]
