"""The front page, and the archive of ended live blogs."""

from collections.abc import Iterable
from hashlib import sha256

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from updates.cdn import LISTS
from updates.models import Event
from updates.queries import lists, reader_pages
from updates.rendering.pictures import picture
from updates.site_address import site_address
from updates.untyped import Context

from . import cached_pages
from .numbered_pages import numbered_page, page_number

EVERY = 3
"""The front page fetches itself anew this many times more rarely than a live blog without a socket polls."""


@cached_pages.for_readers
def front_page(request: HttpRequest) -> HttpResponse:
    """Show live blogs that are live, that are coming up, and that ended last."""
    with reader_pages.snapshot():
        front = lists.front_page()
    events = [card.event for card in front.now] + front.also_now + front.coming_up + front.ended
    page = cached_pages.page(
        request,
        f"front-{_state_of(events)}",
        "updates/front.html",
        lambda: _front_context(request, front),
    )
    return cached_pages.keyed(page, LISTS)


@cached_pages.for_readers
def archive(request: HttpRequest) -> HttpResponse:
    """List ended live blogs, newest first. A page without any is 404, except the first."""
    with reader_pages.snapshot():
        events, has_more = lists.ended_events(page_number(request))
    return numbered_page(
        request, "archive", events, state=_state_of(events), has_more=has_more, context=lambda: {"events": events}
    )


def _front_context(request: HttpRequest, front: lists.FrontPage) -> Context:
    cards = [{"event": card.event, "newest": card.newest, "picture": picture(card.event.lead)} for card in front.now]
    cards.sort(key=lambda card: card["picture"] is None)  # cards in one row have the same height
    return {
        "origin": site_address(request),
        "address": request.path,
        "cards": cards,
        "front": front,
        "every": f"{EVERY * settings.POLL_EVERY:g}",
    }


def _state_of(events: Iterable[Event]) -> str:
    """Return a digest that changes when any of the events or their order changes."""
    numbers = ",".join(f"{event.pk}-{event.epoch}-{event.head}-{cached_pages.today_of(event)}" for event in events)
    return sha256(numbers.encode()).hexdigest()[:16]
