"""Atom (RFC 4287, with the tombstones of RFC 6721), RSS 2.0 and JSON Feed 1.1."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from django.urls import reverse

from updates.rendering.dates import iso_utc
from updates.rendering.drawing import draw
from updates.rendering.portions import as_json
from updates.untyped import JSONObject

from .feed import Feed, FeedItem


@dataclass(frozen=True)
class FeedFormat:
    name: str
    """As people know it."""
    media_type: str
    write: Callable[[Feed], str]


def atom(feed: Feed) -> str:
    return draw("updates/feeds/atom.xml", {"feed": feed})


def rss(feed: Feed) -> str:
    return draw("updates/feeds/rss.xml", {"feed": feed})


def json_feed(feed: Feed) -> str:
    """Write a JSON Feed. Removed entries are only left out, because the format has no place for them."""
    return as_json(
        {
            "version": "https://jsonfeed.org/version/1.1",
            "title": feed.title,
            "home_page_url": feed.home,
            "feed_url": feed.address,
            "description": feed.description,
            "language": feed.language,
            "authors": [{"name": feed.site_name, "url": feed.origin + reverse("front")}],
            "items": [_json_item(item) for item in feed.items],
        }
        | ({"hubs": [{"type": "WebSub", "url": feed.hub}]} if feed.hub else {})
    )


def _json_item(item: FeedItem) -> JSONObject:
    data: JSONObject = {
        "id": item.address,
        "url": item.address,
        "title": item.title,
        "content_html": item.html,
        "content_text": item.text,
        "date_published": iso_utc(item.published),
        "date_modified": iso_utc(item.updated),
        "language": item.language,
    }
    if item.authors:
        data["authors"] = [{"name": by.name} | ({"url": by.page} if by.page else {}) for by in item.authors]
    return data | ({"tags": ["key"]} if item.is_key else {})


FORMATS: Final = {
    "atom": FeedFormat("Atom", "application/atom+xml", atom),
    "rss": FeedFormat("RSS", "application/rss+xml", rss),
    "json": FeedFormat("JSON Feed", "application/feed+json", json_feed),
}
"""By the ending of a feed's address."""
