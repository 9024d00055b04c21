"""Content that is not finished: safe to keep, though it could not go out yet. And content written down as JSON."""

from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from updates.content.embeds import find_embed
from updates.content.sanitize import clean_html, clean_line, clean_lines, is_blank
from updates.content.text import check_text
from updates.models import EmbedBlock, Entry, Image, Person, PhotoBlock, QuoteBlock

from .content import (
    BlockContent,
    EmbedContent,
    EntryContent,
    PhotoContent,
    QuoteContent,
    TextContent,
    block_fields,
)
from .limits import check_length


def clean_draft(content: EntryContent) -> EntryContent:
    """As a draft keeps it: cleaned like all content, but nothing has to be there yet."""
    blocks = tuple(kept for kept in map(clean_draft_block, content.blocks) if kept is not None)
    headline = clean_line(content.headline)
    check_length(headline, Entry, "headline")
    if not headline and not blocks:
        raise ValidationError(_("There is nothing to save yet."), code="empty")
    return replace(content, headline=headline, blocks=blocks, bylines=tuple(dict.fromkeys(content.bylines)))


def clean_draft_block(block: BlockContent) -> BlockContent | None:
    """One block as a draft keeps it; ``None`` where it says nothing at all."""
    match block:
        case TextContent():
            html = clean_html(block.html)
            return None if is_blank(html) else TextContent(html)
        case PhotoContent():
            words = {name: _line(PhotoBlock, name, getattr(block, name)) for name in ("alt", "credit", "caption")}
            return PhotoContent(block.image_id, until=block.until, **words)
        case QuoteContent():
            quote = QuoteContent(clean_lines(block.text), _line(QuoteBlock, "attribution", block.attribution))
            return quote if quote.text or quote.attribution else None
        case EmbedContent():
            return _embed(block)


def _line(model: Any, field: str, text: str) -> str:
    clean = clean_line(text)
    check_length(clean, model, field)
    return clean


def _embed(block: EmbedContent) -> EmbedContent | None:
    """An address that is only half there is kept; one that could do harm is refused in a draft, too."""
    url = block.url.strip()
    check_text(url)
    check_length(url, EmbedBlock, "url")
    try:
        parts = urlsplit(url)
        half = parts.scheme in {"", "http", "https"} and "@" not in parts.netloc
    except ValueError:
        half = False
    if not half:
        find_embed(url)  # says why
    words = {name: _line(EmbedBlock, name, getattr(block, name)) for name in ("lead_in", "title")}
    kept = EmbedContent(url, poster_id=block.poster_id, **words)
    return kept if url or any(words.values()) or block.poster_id else None


def check_references(content: EntryContent) -> None:
    """Whether its pictures and names are there: what is published finds out by itself, a draft would not."""
    images, people = content.image_ids(), set(content.bylines)
    if Image.objects.filter(pk__in=images).count() != len(images):
        raise ValidationError(_("A photo in this update no longer exists. Add it again."))
    if Person.objects.filter(pk__in=people).count() != len(people):
        raise ValidationError(_("A byline names somebody who is no longer in the list."))


_KINDS: dict[str, type[BlockContent]] = {
    "text": TextContent,
    "photo": PhotoContent,
    "quote": QuoteContent,
    "embed": EmbedContent,
}
_NAMES = {kind: name for name, kind in _KINDS.items()}


def as_json(content: EntryContent) -> dict[str, Any]:
    """For the log and for submitted changes: what was written, by the numbers of its pictures and persons."""
    return {
        "headline": content.headline,
        "blocks": [{"kind": _NAMES[type(block)]} | block_fields(block) for block in content.blocks],
        "bylines": list(content.bylines),
        "is_key": content.is_key,
    }


def from_json(written: dict[str, Any]) -> EntryContent:
    blocks = [dict(block) for block in written["blocks"]]
    return EntryContent(
        written["headline"],
        tuple(_KINDS[block.pop("kind")](**block) for block in blocks),
        tuple(written["bylines"]),
        written["is_key"],
    )
