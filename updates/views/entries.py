"""The entries of a page in their order, with the advertisements between them, and where an entry stands."""

from dataclasses import dataclass

from ..choices import ORDER_STEP
from ..models import Entry
from ..reading import EventPage, page_range
from ..rendering import entries_html
from ..rendering.ads import places


@dataclass(frozen=True)
class Shown:
    html: str
    ad_follows: bool


def feed_of(page: EventPage) -> list[Shown]:
    after = places(len(page.entries))
    return [Shown(html, number in after) for number, html in enumerate(entries_html(page.entries), start=1)]


def place_of(entry: Entry) -> str:
    """The page that holds an entry: the address that search engines should know it by."""
    width = entry.event.page_size * ORDER_STEP
    first = page_range(entry.event)
    number = ((entry.order or 1) - 1) // width + 1
    is_on_first = first is None or (entry.order or 0) > first.above
    return entry.event.get_absolute_url() + ("" if is_on_first else f"?page={number}")
