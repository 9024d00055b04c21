"""Between an entry's content and the rows the desk edits."""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from updates.content.embeds import find_embed
from updates.content.sanitize import plain_text, truncate
from updates.models import (
    BLOCK_MODELS,
    Block,
    Byline,
    EmbedBlock,
    Entry,
    Person,
    PhotoBlock,
    QuoteBlock,
    TextBlock,
    display_name,
)
from updates.models.entry import REGION

from .content import BlockContent, EmbedContent, EntryContent, PhotoContent, QuoteContent, TextContent
from .pictures.renditions import ImageSpec, image_specs

TITLE_LENGTH = 80


def write_rows(entry: Entry, content: EntryContent, *, replace: bool) -> None:
    """Store blocks and bylines; with ``replace`` in the place of those that are there."""
    if replace:
        for model in BLOCK_MODELS:
            model.objects.filter(parent=entry).delete()
        Byline.objects.filter(entry=entry).delete()
    rows = [_row(entry, position, block) for position, block in enumerate(content.blocks, start=1)]
    for model in BLOCK_MODELS:
        if mine := [row for row in rows if isinstance(row, model)]:
            model.objects.bulk_create(mine)
    if content.bylines:
        Byline.objects.bulk_create(
            Byline(entry=entry, person_id=person, position=position) for position, person in enumerate(content.bylines)
        )


def _row(entry: Entry, position: int, block: BlockContent) -> Block:
    place: dict[str, Any] = {"parent": entry, "region": REGION, "ordering": position * 10}
    match block:
        case TextContent():
            return TextBlock(**place, html=block.html)
        case PhotoContent():
            words = {"alt": block.alt, "caption": block.caption, "credit": block.credit}
            return PhotoBlock(**place, **words, image_id=block.image_id, until=block.until)
        case QuoteContent():
            return QuoteBlock(**place, text=block.text, attribution=block.attribution)
        case EmbedContent():
            return EmbedBlock(
                **place, url=block.url, lead_in=block.lead_in, title=block.title, poster_id=block.poster_id
            )


def read_content(entry: Entry) -> EntryContent:
    """The content as the desk has it, from its rows."""
    rows: list[Block] = [row for model in BLOCK_MODELS for row in model.objects.filter(parent=entry)]
    blocks = tuple(_block(row) for row in sorted(rows, key=lambda row: row.ordering))
    bylines = tuple(entry.bylines.values_list("person_id", flat=True))
    return EntryContent(entry.headline, blocks, bylines, entry.is_key)


def _block(row: Block) -> BlockContent:
    match row:
        case TextBlock():
            return TextContent(row.html)
        case PhotoBlock():
            return PhotoContent(row.image_id, alt=row.alt, credit=row.credit, caption=row.caption, until=row.until)
        case QuoteBlock():
            return QuoteContent(row.text, row.attribution)
        case EmbedBlock():
            return EmbedContent(row.url, row.lead_in, row.title, row.poster_id)
    raise TypeError(f"{type(row).__name__} is no block kind")


def published_content(content: EntryContent, writer: Any, *, was_published: bool = False) -> dict[str, Any]:
    """Return the JSON that readers' pages are drawn from, without corrections; ``content.py`` has its shape.

    Content that ``was_published`` before keeps its embed addresses.
    """
    people = people_of(_named(content), content, writer)
    photos = {person.photo_id for person in people if person.photo_id}
    images = image_specs(content.image_ids() | photos)
    return {
        "headline": content.headline,
        "blocks": [published_block(block, images, was_published=was_published) for block in content.blocks],
        "bylines": [byline_of(person, images) for person in people],
        "corrections": [],
    }


def byline_of(person: Person, images: dict[int, ImageSpec]) -> dict[str, Any]:
    return {"name": person.name, "role": person.role_line, "photo": images.get(person.photo_id or 0)}


def title_of(content: EntryContent) -> str:
    """What lists call an entry: its headline, else the first words of what it says."""
    if content.headline:
        return content.headline
    texts = (_words(block) for block in content.blocks)
    return truncate(" ".join(next((text for text in texts if text), "").split()), TITLE_LENGTH)


def _words(block: BlockContent) -> str:
    match block:
        case TextContent():
            return plain_text(block.html)
        case PhotoContent():
            return block.caption or block.alt
        case QuoteContent():
            return block.text
        case EmbedContent():
            return block.title or block.lead_in


def _named(content: EntryContent) -> dict[int, Person]:
    found = Person.objects.in_bulk(list(content.bylines)) if content.bylines else {}
    if len(found) != len(content.bylines):
        raise ValidationError(_("A byline names somebody who is not in the list any more."))
    return found


def people_of(found: dict[int, Person], content: EntryContent, writer: Any) -> list[Person]:
    """Who signs, in their order; where nobody is named it is the writer."""
    if not content.bylines:
        own = Person.objects.filter(user=writer).first()
        return [own or Person(name=display_name(writer))]
    return [found[person] for person in content.bylines if person in found]


def published_block(
    block: BlockContent, images: dict[int, ImageSpec], *, was_published: bool = False
) -> dict[str, Any]:
    match block:
        case TextContent():
            return {"kind": "text", "html": block.html}
        case PhotoContent():
            if block.image_id not in images:
                raise ValidationError(_("A photo of this update is gone, or its time is over. Take it out."))
            image = images[block.image_id]
            return {
                "kind": "photo",
                "image": image,
                "alt": block.alt,
                "caption": block.caption,
                "credit": block.credit,
            }
        case QuoteContent():
            return {"kind": "quote", "text": block.text, "attribution": block.attribution}
        case EmbedContent():
            return _published_embed(block, images, was_published=was_published)


def _published_embed(block: EmbedContent, images: dict[int, ImageSpec], *, was_published: bool) -> dict[str, Any]:
    embed = find_embed(block.url, was_published=was_published)
    return {
        "kind": "embed",
        "url": embed.url,
        "provider": embed.provider,
        "ref": embed.ref,
        "player": embed.player_url,
        "aspect": embed.aspect,
        "title": block.title,
        "lead_in": block.lead_in,
        "poster": images.get(block.poster_id or 0),
    }
