"""Content of drafts: cleaned but possibly unfinished, and as JSON for the log and for submitted changes."""

from dataclasses import replace
from urllib.parse import urlsplit

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from updates.content.embeds import find_embed
from updates.content.sanitize import clean_html, clean_line, clean_lines, is_blank
from updates.content.text import check_text
from updates.models import Block, EmbedBlock, Entry, Image, Person, PhotoBlock, QuoteBlock
from updates.untyped import JSONObject

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
    """Clean content as ``EntryContent.cleaned`` does, but require nothing except that it is not empty."""
    blocks = tuple(block for block in map(clean_draft_block, content.blocks) if block is not None)
    headline = clean_line(content.headline)
    check_length(headline, Entry, "headline")
    if not headline and not blocks:
        raise ValidationError(_("There is nothing to save yet."), code="empty")
    return replace(content, headline=headline, blocks=blocks, bylines=tuple(dict.fromkeys(content.bylines)))


def clean_draft_block(block: BlockContent) -> BlockContent | None:
    """Clean one block; return ``None`` where it is empty."""
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


def _line(model: type[Block], field: str, text: str) -> str:
    clean = clean_line(text)
    check_length(clean, model, field)
    return clean


def _embed(block: EmbedContent) -> EmbedContent | None:
    """Keep an incomplete address; refuse a harmful one in a draft, too."""
    url = block.url.strip()
    check_text(url)
    check_length(url, EmbedBlock, "url")
    try:
        parts = urlsplit(url)
        is_harmless = parts.scheme in {"", "http", "https"} and "@" not in parts.netloc
    except ValueError:
        is_harmless = False
    if not is_harmless:
        find_embed(url)  # raises the reason
    check_text(block.captions)
    check_length(block.captions, EmbedBlock, "captions")
    lines = ("lead_in", "title", "captions_language")
    words = {name: _line(EmbedBlock, name, getattr(block, name)) for name in lines} | {"captions": block.captions}
    embed = EmbedContent(url, poster_id=block.poster_id, **words)
    return embed if url or any(words.values()) or block.poster_id else None


def check_references(content: EntryContent) -> None:
    """Raise ``ValidationError`` where a picture or a byline was deleted. Publishing checks this by itself."""
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


def as_json(content: EntryContent) -> JSONObject:
    """Return the content with the primary keys of its pictures and people."""
    return {
        "headline": content.headline,
        "blocks": [{"kind": _NAMES[type(block)]} | block_fields(block) for block in content.blocks],
        "bylines": list(content.bylines),
        "is_key": content.is_key,
    }


def from_json(json: JSONObject) -> EntryContent:
    blocks = [dict(block) for block in json["blocks"]]
    return EntryContent(
        json["headline"],
        tuple(_KINDS[block.pop("kind")](**block) for block in blocks),
        tuple(json["bylines"]),
        json["is_key"],
    )
