"""A post of a server that no list names, in a frame of our own: ``docs/decisions/0040-any-mastodon-server.md``."""

from urllib.parse import urlsplit

from django.http import Http404, HttpRequest, HttpResponse

from updates.models import Entry
from updates.rendering.blocks import Block, needs_own_frame, numbered_block

from . import cached_pages
from .entry_parts import entry_part
from .framing import framable

POLICY = "default-src 'none'; style-src 'self'; frame-src https://{host}; frame-ancestors {ancestors}; base-uri 'none'"


@cached_pages.for_readers
def post_frame(request: HttpRequest, slug: str, public_id: str, number: int) -> HttpResponse:
    """Frame the post of the block with this number, from one; 410 if the update was removed."""
    return entry_part(request, slug, public_id, lambda entry: _frame(request, entry, number))


def _frame(request: HttpRequest, entry: Entry, number: int) -> HttpResponse:
    block, event = _block(entry, number), entry.event
    name = f"{event.epoch}-{entry.seq}-{entry.public_id}-post-{number}"
    response = cached_pages.page(request, name, "updates/post_frame.html", lambda: {"block": block}, event)
    response = framable(response, event)
    response["Content-Security-Policy"] = POLICY.format(
        host=urlsplit(block.data["player"]).netloc,
        ancestors=response.frame_ancestors,  # type: ignore[attr-defined]
    )
    return response


def _block(entry: Entry, number: int) -> Block:
    block = numbered_block(entry, number)
    if block is None or not needs_own_frame(block.data):
        raise Http404(f"block {number}")
    return block
