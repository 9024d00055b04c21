"""Entries of a page with the advertisements between them, the links of a page, and the page that holds an entry."""

from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

from updates.choices import ORDER_STEP
from updates.models import Entry
from updates.queries.pagination import PageRequest, page_range
from updates.queries.reader_pages import EventPage
from updates.rendering import entries_html
from updates.rendering.ads import places
from updates.rendering.dates import same_day
from updates.rendering.entries import time_of


@dataclass(frozen=True)
class FeedRow:
    html: str
    ad_follows: bool
    new_day: datetime | None
    """Set if it was published on another day than the entry above."""


def feed_of(page: EventPage) -> list[FeedRow]:
    """Return the rows of a page; the event's time zone is active while its page is drawn."""
    after = places(len(page.entries))
    times = [time_of(entry) for entry in page.entries]
    days = [None, *(None if same_day(above, time) else time for above, time in pairwise(times))]
    drawn = zip(entries_html(page.entries), days, strict=False)
    return [FeedRow(html, number in after, day) for number, (html, day) in enumerate(drawn, start=1)]


@dataclass(frozen=True)
class PageLinks:
    """Query strings of a page's links: empty for the plain address, ``None`` for no link."""

    onward: str | None
    back: str | None
    home: str
    """The page that gets new entries."""
    other_order: str
    canonical: str
    """For search engines; empty for the same entries in another order."""


def page_links(page: EventPage) -> PageLinks:
    page_request, places = page.request, page.range

    def at(number: int | None) -> str | None:
        return PageRequest(number, page_request.oldest_first, page_request.keys_only).query if number else None

    plain = PageRequest(keys_only=page_request.keys_only)
    if page_request.oldest_first:
        home = PageRequest(oldest_first=True, at_end=True)
        return PageLinks(at(places.newer), at(places.older), home.query, other_order=PageRequest().query, canonical="")
    back = None if places.is_first else at(places.newer) or plain.query
    canonical = "" if page_request.keys_only else page_request.query
    return PageLinks(at(places.older), back, plain.query, PageRequest(oldest_first=True).query, canonical)


def page_address_of(entry: Entry) -> str:
    """Return the address of the page that holds an entry, for search engines."""
    width = entry.event.page_size * ORDER_STEP
    first = page_range(entry.event)
    number = ((entry.order or 1) - 1) // width + 1
    is_on_first = first is None or (entry.order or 0) > first.above
    return entry.event.get_absolute_url() + ("" if is_on_first else f"?page={number}")
