"""The page of an event, its archive pages, and the address of a single entry."""

import re

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone

from updates.alerts.keys import public_key
from updates.cdn import entry_key, event_key
from updates.models import Event
from updates.queries import reader_pages
from updates.queries.pagination import PageRequest
from updates.rendering import entries_html, entry_html, event_parts, live_strings
from updates.rendering.ads import later_slot
from updates.rendering.corrections import newest_corrections
from updates.rendering.event import offers_alerts
from updates.rendering.structured import EventView, as_script, entry_page
from updates.rendering.structured import event_page as event_data
from updates.site_address import reader_socket, site_address
from updates.untyped import Context

from . import cached_pages
from .entries import feed_of, page_address_of, page_links
from .sharing import first_photo, preview_of, share_of_entry, share_of_event
from .site import error_page

PICTURE_FIRST = ('loading="lazy" decoding', 'fetchpriority="high" decoding')
"""On an entry’s own page, its first picture is not loaded lazily."""

PAGE_NUMBER = re.compile(r"[1-9][0-9]{0,6}")


@cached_pages.depends_on_position
@cached_pages.for_readers
def event_page(request: HttpRequest, slug: str) -> HttpResponse:
    """Show the newest entries, or of an ended event the oldest. ``?page=K`` is a fixed range counted from the oldest;
    ``?order=oldest`` and ``?order=newest`` choose the order, ``?filter=key`` key events only. A page that does not
    exist is 404.

    A cached page takes one query, outside a snapshot: opening one would take as long again.
    """
    if cached := cached_pages.cached_page(request, _name(*_event_and_page(request, slug))):
        return cached_pages.keyed(cached, event_key(slug))
    with reader_pages.snapshot():
        event, page_request = _event_and_page(request, slug)
        page = cached_pages.page(
            request,
            _name(event, page_request),
            "updates/event.html",
            lambda: _event_context(request, event, page_request),
            event,
        )
        return cached_pages.keyed(page, event_key(slug))


def _event_and_page(request: HttpRequest, slug: str) -> tuple[Event, PageRequest]:
    event = reader_pages.public_event(slug)
    if event is None:
        raise Http404(slug)
    page_request = _page_request(request, event)
    if not (page_request.keys_only or reader_pages.standing_range(event, page_request)):
        raise Http404(slug)
    return event, page_request


def _name(event: Event, page_request: PageRequest) -> str:
    return f"{event.epoch}-{event.head}-{cached_pages.today_of(event)}-{page_request.name}"


@cached_pages.depends_on_position
@cached_pages.for_readers
def permalink(request: HttpRequest, slug: str, public_id: str) -> HttpResponse:
    """Show one entry; 410 if it was removed, 404 if readers never saw it."""
    with reader_pages.snapshot():
        entry = reader_pages.entry_for_readers(slug, public_id)
        if entry is None:
            raise Http404(public_id)
        event, keys = entry.event, (event_key(slug), entry_key(public_id))
        if entry.is_removed:
            gone = error_page(request, 410, {"event": event, "note": entry.reader_note}, event)
            return cached_pages.keyed(gone, *keys)
        page = cached_pages.page(
            request,
            f"{event.epoch}-{event.head}-{cached_pages.today_of(event)}-{public_id}",
            "updates/permalink.html",
            lambda: _permalink_context(request, reader_pages.permalink(entry)),
            event,
        )
        return cached_pages.keyed(page, *keys)


def _page_request(request: HttpRequest, event: Event) -> PageRequest:
    """Read the page's address; orders and filters that do not exist are ignored."""
    usual, keys_only = event.is_read_oldest_first, request.GET.get("filter") == "key"
    oldest_first = {"oldest": True, "newest": False}.get(request.GET.get("order", ""), usual) and not keys_only
    text = request.GET.get("page")
    if text is None:
        return PageRequest(None, oldest_first, keys_only, usually_oldest_first=usual)
    if text == "last" and oldest_first:
        return PageRequest(None, oldest_first, at_end=True, usually_oldest_first=usual)
    if not PAGE_NUMBER.fullmatch(text):
        raise Http404(f"page {text}")
    return PageRequest(int(text), oldest_first, keys_only, usually_oldest_first=usual)


def _event_context(request: HttpRequest, event: Event, page_request: PageRequest) -> Context:
    page = reader_pages.event_page(event, page_request)
    if page is None:
        raise Http404(f"page {page_request.number}")
    newest = page.entries[::-1] if page_request.oldest_first else page.entries
    context, links = _live_context(request, event), page_links(page)
    origin, now = context["origin"], context["now"]
    card, view = origin + preview_of(event).address, "first" if page.range.is_open else "archive"
    canonical = origin + event.get_absolute_url() + links.canonical
    return context | {
        "page": page,
        "view": view,
        "address": event.get_absolute_url() + page_request.query,
        "links": links,
        "canonical": canonical,
        "shared_address": canonical,
        "share": share_of_event(event),
        "structured": as_script(event_data(EventView(event, canonical, origin, newest, now, card))),
        "feed": feed_of(page, view),
        "pinned": entry_html(page.pinned, as_copy=True) if page.pinned else "",
        "corrections": newest_corrections(page.corrected),
        "shown": {entry.public_id for entry in page.entries},
        "later_slot": later_slot(event, view),
        "ads": {"most": settings.AD_SLOTS_AT_MOST, "none_for": settings.NO_ADS},
        "latest": next((entry for entry in newest if entry.is_published), None) if page.range.is_open else None,
    }


def _permalink_context(request: HttpRequest, link: reader_pages.Permalink) -> Context:
    context, photo = _live_context(request, link.event), first_photo(link.entry)
    origin = context["origin"]
    return context | {
        "entry": link.entry,
        "older": link.older,
        "newer": link.newer,
        "view": "permalink",
        "address": link.entry.get_absolute_url(),
        "canonical": origin + page_address_of(link.entry),
        "shared_address": origin + link.entry.get_absolute_url(),
        "structured": as_script(entry_page(link.entry, origin, origin + preview_of(link.event, link.entry).address)),
        "photo": photo[0] if photo else None,
        "article": entries_html([link.entry])[0].replace(*PICTURE_FIRST, 1),
        "share": share_of_entry(link.entry),
    }


def _live_context(request: HttpRequest, event: Event) -> Context:
    """Return the context that the scripts of every page of an event need."""
    return {
        "event": event,
        "feed_address": f"{event.get_absolute_url()}feed.rss",
        "origin": site_address(request),
        "socket": reader_socket(event.slug),
        "now": timezone.now(),
        "parts": event_parts(event),
        "strings": live_strings(),
        "alerts_key": public_key() if offers_alerts(event) else "",
        "timing": {
            "hidden_close": settings.HIDDEN_CLOSE,
            "backoff_base": settings.BACKOFF_BASE,
            "poll": settings.POLL_EVERY,
        },
    }
