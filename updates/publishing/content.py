"""What an entry says: the value that forms, import and tests hand to an operation, and the JSON that readers get.

``cleaned`` makes content safe and checks it; ``content_mapping.published_content`` turns it into ``PublishedContent``.
"""

import json
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from hashlib import sha256

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from updates.content.embeds import find_embed
from updates.content.sanitize import clean_html, clean_line, clean_lines, is_blank
from updates.content.webvtt import clean_captions
from updates.languages import canonical_language, check_language
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
    """A “Show until” that is saved with a draft; in published content the picture's own date holds."""

    def cleaned(self) -> "PhotoContent":
        alt, credit, caption = clean_line(self.alt), clean_line(self.credit), clean_line(self.caption)
        if not alt:
            raise ValidationError(_("A photo needs alt text. Describe what it shows, for readers who cannot see it."))
        if not credit:
            raise ValidationError(_("A photo needs a credit. Say who took it."))
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
            raise ValidationError(_("A quote needs its text and the name of who said it."))
        check_length(attribution, QuoteBlock, "attribution")
        return QuoteContent(text, attribution)


@dataclass(frozen=True)
class EmbedContent:
    url: str
    lead_in: str = ""
    title: str = ""
    poster_id: int | None = None
    captions: str = ""
    captions_language: str = ""
    """Empty for the language of the live blog, and without captions."""

    def cleaned(self, *, was_published: bool = False) -> "EmbedContent":
        url, lead_in, title = self.url.strip(), clean_line(self.lead_in), clean_line(self.title)
        embed = find_embed(url, was_published=was_published)  # refuses what cannot be embedded or linked
        check_length(lead_in, EmbedBlock, "lead_in")
        check_length(title, EmbedBlock, "title")
        captions = clean_captions(self.captions)
        if captions and not embed.is_film:
            raise ValidationError(_("Captions are shown with video files and streams only. Remove them."))
        language = clean_captions_language(self.captions_language) if captions else ""
        return EmbedContent(url, lead_in, title, self.poster_id, captions, language)


def clean_captions_language(tag: str) -> str:
    if not tag.strip():
        return ""
    tag = canonical_language(tag)
    check_language(tag)
    return tag


BlockContent = TextContent | PhotoContent | QuoteContent | EmbedContent


def block_fields(block: BlockContent) -> dict[str, str | int | None]:
    """Return a block's fields by name, without a photo's “Show until”, which is no part of what the block says."""
    return {name: value for name, value in asdict(block).items() if name != "until"}


@dataclass(frozen=True)
class EntryContent:
    """``bylines`` are primary keys of persons in the order they sign; without any the writer signs."""

    headline: str = ""
    blocks: tuple[BlockContent, ...] = ()
    bylines: tuple[int, ...] = ()
    is_key: bool = False

    def cleaned(self, *, was_published: bool = False) -> "EntryContent":
        """Return the content safe to store; ``ValidationError`` says what is missing or cannot be stored as typed.

        With ``was_published`` embeds that were accepted before are not judged by newer rules.
        """
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
        """Return the content without the “Show until” of photos: operations set those on the pictures."""
        blocks = (replace(block, until=None) if isinstance(block, PhotoContent) else block for block in self.blocks)
        return replace(self, blocks=tuple(blocks))

    def image_ids(self) -> set[int]:
        photos = {block.image_id for block in self.blocks if isinstance(block, PhotoContent)}
        posters = {block.poster_id for block in self.blocks if isinstance(block, EmbedContent) and block.poster_id}
        return photos | posters

    @property
    def digest(self) -> str:
        """Return a hash of the content, by which a retry is recognised whatever became of the entry since."""
        blocks = [[type(block).__name__, block_fields(block)] for block in self.blocks]
        return sha256(json.dumps([self.headline, blocks, self.bylines, self.is_key]).encode()).hexdigest()
