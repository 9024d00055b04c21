"""What an entry says: the value that forms, import and tests hand to an operation.

``cleaned`` makes it safe and checks it; ``published`` turns it into the JSON that readers' pages are drawn from::

    {"headline": str, "blocks": [block, …], "bylines": [{"name", "role", "photo": image | None}],
     "corrections": [{"at": ISO time, "note": str, and where it is so "clarifies": True, "change": [line, …]}]}

    block: {"kind": "text", "html"} | {"kind": "photo", "image": image, "alt", "caption", "credit"}
         | {"kind": "quote", "text", "attribution"}
         | {"kind": "embed", "url", "provider", "ref", "title", "lead_in", "aspect", "player", "poster": image | None}
    line: [["=" | "-" | "+", words], …], what stayed, went and came
    image: {"id", "width", "height", "colour", "renditions": [{"width", "height", "webp", "jpeg"}]} (storage names)
"""

import json
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from hashlib import sha256
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from updates.content.embeds import find_embed
from updates.content.sanitize import clean_html, clean_line, clean_lines, is_blank
from updates.models import EmbedBlock, Entry, PhotoBlock, QuoteBlock

from .limits import check_length


@dataclass(frozen=True)
class TextContent:
    html: str

    def cleaned(self) -> "TextContent | None":
        html = clean_html(self.html)
        return None if is_blank(html) else TextContent(html)


@dataclass(frozen=True)
class PhotoContent:
    image_id: int
    alt: str
    credit: str
    caption: str = ""
    until: datetime | None = None
    """A last moment that somebody has typed and not sent. Whole content has none: then it is the picture's."""

    def cleaned(self) -> "PhotoContent":
        alt, credit, caption = clean_line(self.alt), clean_line(self.credit), clean_line(self.caption)
        if not alt:
            raise ValidationError(_("A photo needs an alt text: what does it show, for readers who cannot see it?"))
        if not credit:
            raise ValidationError(_("A photo needs a credit: who took it?"))
        check_length(alt, PhotoBlock, "alt")
        check_length(credit, PhotoBlock, "credit")
        check_length(caption, PhotoBlock, "caption")
        return PhotoContent(self.image_id, alt=alt, credit=credit, caption=caption)


@dataclass(frozen=True)
class QuoteContent:
    text: str
    attribution: str

    def cleaned(self) -> "QuoteContent":
        text, attribution = clean_lines(self.text), clean_line(self.attribution)
        if not text or not attribution:
            raise ValidationError(_("A quote needs its words and who said them."))
        check_length(attribution, QuoteBlock, "attribution")
        return QuoteContent(text, attribution)


@dataclass(frozen=True)
class EmbedContent:
    url: str
    lead_in: str = ""
    title: str = ""
    poster_id: int | None = None

    def cleaned(self, *, was_published: bool = False) -> "EmbedContent":
        url, lead_in, title = self.url.strip(), clean_line(self.lead_in), clean_line(self.title)
        find_embed(url, was_published=was_published)  # refuses what cannot be embedded or linked
        check_length(lead_in, EmbedBlock, "lead_in")
        check_length(title, EmbedBlock, "title")
        return EmbedContent(url, lead_in, title, self.poster_id)


BlockContent = TextContent | PhotoContent | QuoteContent | EmbedContent


def block_fields(block: BlockContent) -> dict[str, Any]:
    """What a block says, by the names of its fields; until when a photo is to be shown is none of it."""
    return {name: value for name, value in asdict(block).items() if name != "until"}


@dataclass(frozen=True)
class EntryContent:
    """``bylines`` are primary keys of persons, in the order they sign; none means the writer's own."""

    headline: str = ""
    blocks: tuple[BlockContent, ...] = ()
    bylines: tuple[int, ...] = ()
    is_key: bool = field(default=False)

    def cleaned(self, *, was_published: bool = False) -> "EntryContent":
        """Safe to store; raises ``ValidationError`` where something is missing or cannot be kept as typed. Words that
        ``was_published`` before keep their addresses."""
        cleaned = (
            block.cleaned(was_published=was_published) if isinstance(block, EmbedContent) else block.cleaned()
            for block in self.blocks
        )
        blocks = tuple(block for block in cleaned if block is not None)
        headline = clean_line(self.headline)
        if not headline and not blocks:
            raise ValidationError(_("An update needs a headline or some text."))
        check_length(headline, Entry, "headline")
        return replace(self, headline=headline, blocks=blocks, bylines=tuple(dict.fromkeys(self.bylines)))

    def undated(self) -> "EntryContent":
        """Without last moments that were typed: who saves or sends it has them set."""
        blocks = (replace(block, until=None) if isinstance(block, PhotoContent) else block for block in self.blocks)
        return replace(self, blocks=tuple(blocks))

    def image_ids(self) -> set[int]:
        photos = {block.image_id for block in self.blocks if isinstance(block, PhotoContent)}
        posters = {block.poster_id for block in self.blocks if isinstance(block, EmbedContent) and block.poster_id}
        return photos | posters

    @property
    def digest(self) -> str:
        """Equal for equal content: by it a retry is known as one, whatever became of the entry since."""
        blocks = [[type(block).__name__, block_fields(block)] for block in self.blocks]
        return sha256(json.dumps([self.headline, blocks, self.bylines, self.is_key]).encode()).hexdigest()
