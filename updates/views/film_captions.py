"""The captions of a film in an update, as WebVTT."""

from django.http import Http404, HttpRequest, HttpResponse

from updates.cdn import entry_key, event_key
from updates.models import Entry
from updates.queries import reader_pages
from updates.rendering.blocks import numbered_block

from . import cached_pages
from .site import error_page


@cached_pages.for_readers
def film_captions(request: HttpRequest, slug: str, public_id: str, number: int) -> HttpResponse:
    """Send the captions of the block with this number, from one; 410 if the update was removed."""
    entry = reader_pages.entry_for_readers(slug, public_id)
    if entry is None:
        raise Http404(public_id)
    event = entry.event
    if entry.is_removed:
        response = error_page(request, 410, {"event": event, "note": ""}, event)
    else:
        text = _captions(entry, number)
        name = f"{event.epoch}-{entry.seq}-{public_id}-captions-{number}"
        response = cached_pages.document(request, name, lambda: text, event, "text/vtt; charset=utf-8")
        response["Cross-Origin-Resource-Policy"] = "cross-origin"  # as pictures have it
    return cached_pages.keyed(response, event_key(slug), entry_key(public_id))


def _captions(entry: Entry, number: int) -> str:
    block = numbered_block(entry, number)
    if block is None or block.captions is None:
        raise Http404(f"block {number}")
    return str(block.data["captions"]["text"])
