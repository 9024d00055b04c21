"""What is not out, in the shape of what readers get: for the desk's own eyes.

Nothing becomes public by it: a picture that has no public sizes has none here either.
"""

from typing import Any

from django.core.exceptions import ValidationError

from updates.models import Entry, Image, Person

from .content import BlockContent, EmbedContent, EntryContent, PhotoContent
from .content_mapping import byline_of, people_of, published_block, read_content
from .pictures.renditions import ImageSpec, image_spec


def desk_content(entry: Entry, content: EntryContent | None = None) -> dict[str, Any]:
    """As ``published_content``, of an entry's rows or of other words for it; what is not finished is shown as it is."""
    content = content or read_content(entry)
    people = people_of(Person.objects.in_bulk(list(content.bylines)), content, entry.author)
    ids = content.image_ids() | {person.photo_id for person in people if person.photo_id}
    found = Image.objects.filter(pk__in=ids).prefetch_related("renditions")
    images = {image.pk: image_spec(image) for image in found}
    blocks = [_block(block, images) for block in content.blocks]
    return {
        "headline": content.headline,
        "blocks": [block for block in blocks if block is not None],
        "bylines": [byline_of(person, images) for person in people],
        "corrections": entry.content.get("corrections", []),
    }


def _block(block: BlockContent, images: dict[int, ImageSpec]) -> dict[str, Any] | None:
    if isinstance(block, PhotoContent) and block.image_id not in images:
        return None
    try:
        return published_block(block, images)
    except ValidationError:
        return _unfinished(block)


def _unfinished(block: BlockContent) -> dict[str, Any] | None:
    """An address that is not whole yet leads nowhere: it is shown as words."""
    if not isinstance(block, EmbedContent):
        return None
    words = {"title": block.title or block.url, "lead_in": block.lead_in}
    none = {"url": "", "provider": "link", "ref": "", "player": None, "aspect": "", "poster": None}
    return {"kind": "embed"} | none | words
