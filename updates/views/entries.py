"""Entries of a page with the advertisements between them, the links of a page, and the page that holds an entry."""

from dataclasses import dataclass, replace
from datetime import datetime
from itertools import pairwise

from updates.choices import ORDER_STEP
from updates.models import Entry
from updates.queries.pagination import PageRequest, archive_numbers, last_block
from updates.queries.reader_pages import EventPage
from updates.rendering import entries_html
from updates.rendering.ads import ad_slots
from updates.rendering.dates import same_day
from updates.rendering.entries import time_of


@dataclass(frozen=True)
class FeedRow:
    html: str
    ad: str
    """The place for an advertisement that follows it."""
    new_day: datetime | None
    """Set if it was published on another day than the entry above."""


def feed_of(page: EventPage, view: str) -> list[FeedRow]:
    """Return the rows of a page; the event's time zone is active while its page is drawn."""
    slots = ad_slots(page.event, view, len(page.entries))
    times = [time_of(entry) for entry in page.entries]
    days = [None, *(None if same_day(above, time) else time for above, time in pairwise(times))]
    drawn = zip(entries_html(page.entries), days, strict=False)
    return [FeedRow(html, slots.get(number, ""), day) for number, (html, day) in enumerate(drawn, start=1)]


@dataclass(frozen=True)
class PageLinks:
    """Query strings of a page's links: empty for the plain address, ``None`` for no link."""

    onward: str | None
    back: str | None
    home: str
    """The page that gets new entries."""
    other_order: str
    canonical: str
    """For search engines; that of the same entries in the usual order."""


def page_links(page: EventPage) -> PageLinks:
    request, places = page.request, page.range
    usual = request.usually_oldest_first

    def at(number: int | None) -> str | None:
        if number == 1 and usual and request.oldest_first:
            return PageRequest(oldest_first=True, usually_oldest_first=True).query
        return replace(request, number=number, at_end=False).query if number else None

    plain = PageRequest(oldest_first=request.oldest_first, keys_only=request.keys_only, usually_oldest_first=usual)
    other = PageRequest(oldest_first=not request.oldest_first, usually_oldest_first=usual).query
    if request.oldest_first:
        home = replace(plain, at_end=True).query
        return PageLinks(at(places.newer), at(places.older), home, other, canonical_query(page))
    back = None if places.is_first else at(places.newer) or plain.query
    return PageLinks(at(places.older), back, plain.query, other, canonical_query(page))


def canonical_query(page: EventPage) -> str:
    """Return the query of the page that has the same entries in the usual order, without a filter."""
    request, event = page.request, page.event
    if request.keys_only:
        return ""
    number = page.range.number
    if number is None and event.is_read_oldest_first:  # the newest ones
        number = last_block(event)
    return f"?page={number}" if number in archive_numbers(event) else ""


def page_address_of(entry: Entry) -> str:
    """Return the address of the page that holds an entry, for search engines."""
    event = entry.event
    number = ((entry.order or 1) - 1) // (event.page_size * ORDER_STEP) + 1
    return event.get_absolute_url() + (f"?page={number}" if number in archive_numbers(event) else "")
