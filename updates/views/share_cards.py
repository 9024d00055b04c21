"""The pictures that other sites show for links to an entry or an event, drawn when they are first asked for."""

from collections import deque
from contextlib import suppress

from django.core.files.storage import default_storage
from django.db import DatabaseError
from django.http import Http404, HttpRequest, HttpResponse

from updates.cdn import event_key
from updates.content.image_process import Busy
from updates.content.share_cards import draw_card
from updates.models import Entry, Event
from updates.publishing.pictures.cards import store_card, stored_card
from updates.rendering.share_card import ShareCardPlan, card_of_entry, card_of_event

from . import cached_pages
from .entry_parts import entry_part

CARD = "public, max-age=0, s-maxage=4"
"""Browsers and shared caches revalidate, as the entry may be removed."""

RETRY_AFTER = "2"
"""Seconds after which somebody returns who came while others were drawn."""

_UNDRAWABLE: deque[str] = deque(maxlen=1000)
"""Digests of cards that this process failed to draw, since each try costs a worker process."""


@cached_pages.for_readers
def event_card(request: HttpRequest, slug: str) -> HttpResponse:
    event = Event.objects.public().select_related("lead_picture").filter(slug=slug).first()
    if event is None:
        raise Http404(slug)
    return cached_pages.keyed(_card(request, card_of_event(event), event, None), event_key(slug))


@cached_pages.for_readers
def entry_card(request: HttpRequest, slug: str, public_id: str) -> HttpResponse:
    """Send the card of a published entry; 410 if it was removed."""
    return entry_part(request, slug, public_id, lambda entry: _card(request, card_of_entry(entry), entry.event, entry))


def _card(request: HttpRequest, plan: ShareCardPlan, event: Event, entry: Entry | None) -> HttpResponse:
    is_current = cached_pages.browser_has(request, plan.digest)
    if plan.digest in _UNDRAWABLE:
        raise Http404(plan.digest)
    try:
        data = b"" if is_current else stored_card(event, entry, plan.digest) or _drawn(plan, event, entry)
    except (Busy, FileNotFoundError):  # too many are waiting, or its photo has just been deleted
        return HttpResponse(status=503, headers={"Retry-After": RETRY_AFTER, "Cache-Control": "no-store"})
    response = HttpResponse(data, content_type="image/jpeg", status=304 if is_current else 200)
    response["ETag"] = f'"{plan.digest}"'
    response["Cache-Control"] = CARD
    response["Cross-Origin-Resource-Policy"] = "cross-origin"  # other sites show it
    response["X-Content-Type-Options"] = "nosniff"
    return response


def _drawn(plan: ShareCardPlan, event: Event, entry: Entry | None) -> bytes:
    """Draw and store a card. Raises ``Http404`` if it cannot be drawn."""
    data = draw_card(plan.spec, _read(plan.photo))
    if data is None:
        _UNDRAWABLE.append(plan.digest)
        raise Http404(plan.digest)
    with suppress(DatabaseError, OSError):  # read-only, locked or full: it is drawn again
        store_card(event, entry, plan.digest, data)
    return data


def _read(name: str) -> bytes:
    if not name:
        return b""
    with default_storage.open(name) as file:
        return bytes(file.read())
