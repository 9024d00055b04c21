"""Responses with one part of a published entry, such as its card for other sites or the captions of its film."""

from collections.abc import Callable

from django.http import Http404, HttpRequest, HttpResponse

from updates.cdn import entry_key, event_key
from updates.models import Entry
from updates.queries import reader_pages

from . import cached_pages
from .site import error_page


def entry_part(
    request: HttpRequest, slug: str, public_id: str, respond: Callable[[Entry], HttpResponse]
) -> HttpResponse:
    """Send a part of a published entry; 410 if the entry was removed."""
    entry = reader_pages.entry_for_readers(slug, public_id)
    if entry is None:
        raise Http404(public_id)
    if entry.is_removed:
        response = error_page(request, 410, {"event": entry.event, "note": ""}, entry.event)
    else:
        response = respond(entry)
    return cached_pages.keyed(response, event_key(slug), entry_key(public_id))
