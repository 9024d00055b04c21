"""The site's page of corrections: those of all public live blogs, except of removed updates."""

from hashlib import sha256

from django.http import Http404, HttpRequest, HttpResponse

from updates.cdn import LISTS
from updates.models import Entry
from updates.queries import lists, reader_pages
from updates.rendering.corrections import newest_corrections
from updates.site_address import site_address
from updates.untyped import Context

from . import cached_pages
from .front import page_number


@cached_pages.for_readers
def corrections(request: HttpRequest) -> HttpResponse:
    """List entries by their last correction, newest first. A page without any is 404, except the first."""
    number = page_number(request)
    with reader_pages.snapshot():
        entries, has_more = lists.corrected_entries(number)
    if not entries and number > 1:
        raise Http404(f"page {number}")
    name = f"corrections{number}-{_state_of(entries)}{'+' if has_more else ''}"
    page = cached_pages.page(
        request, name, "updates/corrections.html", lambda: _context(request, entries, number, has_more=has_more)
    )
    return cached_pages.keyed(page, LISTS)


def _context(request: HttpRequest, entries: list[Entry], number: int, *, has_more: bool) -> Context:
    return {
        "origin": site_address(request),
        "address": request.path + (f"?page={number}" if number > 1 else ""),
        "corrected": [
            {"entry": entry, "corrections": [one.correction for one in newest_corrections([entry])]}
            for entry in entries
        ],
        "number": number,
        "newer": number - 1,
        "older": number + 1 if has_more else None,
    }


def _state_of(entries: list[Entry]) -> str:
    """Return a digest that changes when any of the entries or events, or their order, changes."""
    states = (f"{entry.pk}-{entry.seq}-{entry.event.epoch}-{entry.event.version}" for entry in entries)
    return sha256(",".join(states).encode()).hexdigest()[:16]
