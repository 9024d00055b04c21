"""A post of a server that no list names, in a frame of our own: ``docs/decisions/0040-any-mastodon-server.md``."""

from urllib.parse import urlsplit

from django.http import Http404, HttpRequest, HttpResponse

from updates.cdn import entry_key, event_key
from updates.models import Entry
from updates.queries import reader_pages
from updates.rendering.blocks import Block, needs_own_frame, numbered_block

from . import cached_pages
from .framing import framable
from .site import error_page

POLICY = "default-src 'none'; style-src 'self'; frame-src https://{host}; frame-ancestors {ancestors}; base-uri 'none'"


@cached_pages.for_readers
def post_frame(request: HttpRequest, slug: str, public_id: str, number: int) -> HttpResponse:
    """Frame the post of the block with this number, from one; 410 if the update was removed."""
    entry = reader_pages.entry_for_readers(slug, public_id)
    if entry is None:
        raise Http404(public_id)
    event = entry.event
    if entry.is_removed:
        response = error_page(request, 410, {"event": event, "note": ""}, event)
    else:
        block = _block(entry, number)
        name = f"{event.epoch}-{entry.seq}-{public_id}-post-{number}"
        response = cached_pages.page(request, name, "updates/post_frame.html", lambda: {"block": block}, event)
        response = framable(response, event)
        response["Content-Security-Policy"] = POLICY.format(
            host=urlsplit(block.data["player"]).netloc,
            ancestors=response.frame_ancestors,  # type: ignore[attr-defined]
        )
    return cached_pages.keyed(response, event_key(slug), entry_key(public_id))


def _block(entry: Entry, number: int) -> Block:
    block = numbered_block(entry, number)
    if block is None or not needs_own_frame(block.data):
        raise Http404(f"block {number}")
    return block
