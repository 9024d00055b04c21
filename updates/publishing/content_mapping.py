"""Between an entry's content, the rows that the desk edits, and the JSON that pages are drawn from."""

from dataclasses import asdict

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _

from updates.content.embeds import find_embed
from updates.content.published import BlockJSON, BylineJSON, EmbedJSON, ImageJSON, PublishedContent
from updates.content.sanitize import plain_text, truncate
from updates.models import (
    BLOCK_MODELS,
    Block,
    Byline,
    EmbedBlock,
    Entry,
    Image,
    Person,
    PhotoBlock,
    QuoteBlock,
    TextBlock,
)
from updates.models.entry import REGION
from updates.queries.prepared import prepared
from updates.types import User

from .content import BlockContent, EmbedContent, EntryContent, PhotoContent, QuoteContent, TextContent
from .pictures.renditions import image_json, published_images

TITLE_LENGTH = 80

ROW_OF: dict[type[BlockContent], type[Block]] = {
    TextContent: TextBlock,
    PhotoContent: PhotoBlock,
    QuoteContent: QuoteBlock,
    EmbedContent: EmbedBlock,
}
"""Each kind's table; its columns are named as the fields of the content."""


def write_rows(entry: Entry, content: EntryContent, *, replace: bool) -> None:
    """Store blocks and bylines; with ``replace`` the entry's present ones are deleted first."""
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
    model = ROW_OF[type(block)]
    row: Block = model(parent=entry, region=REGION, ordering=position * 10, **asdict(block))
    return row


def read_content(entry: Entry) -> EntryContent:
    """Return the content as the desk edits it, from its rows."""
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
            captions = row.captions, row.captions_language
            return EmbedContent(row.url, row.lead_in, row.title, row.poster_id, *captions)
    raise TypeError(f"{type(row).__name__} is no block kind")


def published_content(content: EntryContent, writer: User, *, was_published: bool = False) -> PublishedContent:
    """Return the JSON that readers get, without corrections. The pictures are held until the transaction ends.

    Content that ``was_published`` before keeps its embed addresses. Raises ``Unprepared`` and ``ValidationError``.
    """
    people = Person.objects.in_bulk(list(content.bylines)) if content.bylines else {}
    if len(people) != len(content.bylines):
        raise ValidationError(_("A byline names somebody who is no longer in the list."))
    signed = _signed_by(people, content, writer)
    images = published_images(content.image_ids() | {person.photo_id for person in signed if person.photo_id})
    blocks = [_published_block(block, images, was_published=was_published) for block in content.blocks]
    return _assembled(content, blocks, signed, images)


def pictures_to_publish(entry: Entry) -> set[int]:
    """Return the keys of the pictures that an unpublished entry will show, with the portraits of those who sign it."""
    content = read_content(entry)
    signed = _signed_by(Person.objects.in_bulk(list(content.bylines)), content, entry.author)
    return content.image_ids() | {person.photo_id for person in signed if person.photo_id}


def desk_content(entry: Entry, content: EntryContent | None = None) -> PublishedContent:
    """Return an unpublished entry in the shape of ``published_content``, for the desk's previews.

    It shows the entry's rows, or other content for it; what is unfinished is shown as it is, or left out. Nothing
    becomes public by it: a picture without public sizes has none here either.
    """
    content = content or read_content(entry)
    signed = _signed_by(Person.objects.in_bulk(list(content.bylines)), content, entry.author)
    ids = content.image_ids() | {person.photo_id for person in signed if person.photo_id}
    pictures = Image.objects.filter(pk__in=ids).prefetch_related("renditions")
    images = {image.pk: image_json(image) for image in pictures}
    blocks = [json for block in content.blocks if (json := _desk_block(block, images))]
    drawn = _assembled(content, blocks, signed, images)
    drawn["corrections"] = entry.content.get("corrections", [])
    return drawn


def title_of(content: EntryContent) -> str:
    """Return what lists call an entry: its headline, else the first words of its blocks."""
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


def _signed_by(people: dict[int, Person], content: EntryContent, writer: User) -> list[Person]:
    if not content.bylines:
        own, name = _people_of(writer.pk), writer.get_full_name()
        return own or ([Person(name=name)] if name else [])  # a username is not for readers
    return [people[pk] for pk in content.bylines if pk in people]


@prepared
def _people_of(user_id: int) -> models.QuerySet[Person]:
    """Return a user's own entry in the list of people, if there is one."""
    return Person.objects.filter(user_id=user_id).order_by("pk")[:1]


def _assembled(
    content: EntryContent, blocks: list[BlockJSON], signed: list[Person], images: dict[int, ImageJSON]
) -> PublishedContent:
    bylines = [_byline(person, images) for person in signed]
    return {"headline": content.headline, "blocks": blocks, "bylines": bylines, "corrections": []}


def _byline(person: Person, images: dict[int, ImageJSON]) -> BylineJSON:
    byline: BylineJSON = {"name": person.name, "role": person.role_line, "photo": images.get(person.photo_id or 0)}
    return {**byline, "page": person.page} if person.page else byline


def _published_block(block: BlockContent, images: dict[int, ImageJSON], *, was_published: bool = False) -> BlockJSON:
    match block:
        case TextContent():
            return {"kind": "text", "html": block.html}
        case PhotoContent():
            if block.image_id not in images:
                raise ValidationError(_("A photo in this update no longer exists or has expired. Remove it."))
            return {
                "kind": "photo",
                "image": images[block.image_id],
                "alt": block.alt,
                "caption": block.caption,
                "credit": block.credit,
            }
        case QuoteContent():
            return {"kind": "quote", "text": block.text, "attribution": block.attribution}
        case EmbedContent():
            return _published_embed(block, images, was_published=was_published)


def _published_embed(block: EmbedContent, images: dict[int, ImageJSON], *, was_published: bool) -> EmbedJSON:
    embed = find_embed(block.url, was_published=was_published)
    json: EmbedJSON = {
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
    if block.captions:
        json["captions"] = {"language": block.captions_language, "text": block.captions}
    return json


def _desk_block(block: BlockContent, images: dict[int, ImageJSON]) -> BlockJSON | None:
    """Return a block for the desk. An unfinished address of an embed becomes words; an unfinished photo is left out."""
    try:
        return _published_block(block, images)
    except ValidationError:
        if not isinstance(block, EmbedContent):
            return None
        return {
            "kind": "embed",
            "url": "",
            "provider": "link",
            "ref": "",
            "player": None,
            "aspect": "",
            "title": block.title or block.url,
            "lead_in": block.lead_in,
            "poster": None,
        }
