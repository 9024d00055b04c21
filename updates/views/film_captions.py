"""The captions of a film in an update, as WebVTT."""

from django.http import Http404, HttpRequest, HttpResponse

from updates.models import Entry
from updates.rendering.blocks import numbered_block

from . import cached_pages
from .entry_parts import entry_part


@cached_pages.for_readers
def film_captions(request: HttpRequest, slug: str, public_id: str, number: int) -> HttpResponse:
    """Send the captions of the block with this number, from one; 410 if the update was removed."""
    return entry_part(request, slug, public_id, lambda entry: _document(request, entry, number))


def _document(request: HttpRequest, entry: Entry, number: int) -> HttpResponse:
    text = _captions(entry, number)
    name = f"{entry.event.epoch}-{entry.seq}-{entry.public_id}-captions-{number}"
    response = cached_pages.document(request, name, lambda: text, entry.event, "text/vtt; charset=utf-8")
    response["Cross-Origin-Resource-Policy"] = "cross-origin"  # as pictures have it
    return response


def _captions(entry: Entry, number: int) -> str:
    block = numbered_block(entry, number)
    if block is None or block.captions is None:
        raise Http404(f"block {number}")
    return str(block.data["captions"]["text"])
