"""Earlier content of an entry, to be published again: from the log, and without photos whose time is over."""

from dataclasses import replace
from datetime import datetime

from django.utils.translation import gettext as _

from updates.content.published import BlockJSON, BylineJSON, PublishedContent
from updates.models import Entry, Image, Person

from .content import BlockContent, EmbedContent, EntryContent, PhotoContent, QuoteContent, TextContent
from .errors import Refused
from .pictures.uses import public_ids_in


def version_content(entry: Entry, desk_seq: int) -> EntryContent:
    """Return what an entry said after a change. The key mark is no part of it and stays as it is."""
    snapshot = entry.changes.filter(desk_seq=desk_seq).values_list("snapshot", flat=True).first() or {}
    published: PublishedContent | None = snapshot.get("content")
    if not published or not (published["headline"] or published["blocks"]):
        raise Refused(_("The log has no content for this version."))
    ids = public_ids_in(published)
    images = dict(Image.objects.filter(public_id__in=ids).values_list("public_id", "pk"))
    blocks = tuple(_block(block, images) for block in published["blocks"])
    bylines = snapshot.get("bylines")
    if bylines is None:
        bylines = _bylines(published["bylines"])
    known = set(Person.objects.filter(pk__in=bylines).values_list("pk", flat=True))
    content = EntryContent(published["headline"], blocks, tuple(pk for pk in bylines if pk in known), entry.is_key)
    return without_expired(content)


def _block(block: BlockJSON, images: dict[str, int]) -> BlockContent:
    match block["kind"]:
        case "text":
            return TextContent(block["html"])
        case "photo":
            image = images.get(block["image"]["id"])
            if image is None:
                raise Refused(_("A photo in this version no longer exists, so the version cannot be brought back."))
            return PhotoContent(image, alt=block["alt"], credit=block["credit"], caption=block["caption"])
        case "quote":
            return QuoteContent(block["text"], block["attribution"])
        case "embed":
            poster = images.get(block["poster"]["id"]) if block["poster"] else None
            captions = block.get("captions", {"text": "", "language": ""})
            words = block["lead_in"], block["title"], poster, captions["text"], captions["language"]
            return EmbedContent(block["url"], *words)


def _bylines(signed: list[BylineJSON]) -> list[int]:
    """Find the people of rows of the log that keep names only."""
    pks = (Person.objects.filter(name=by["name"], role_line=by["role"]).values_list("pk", flat=True) for by in signed)
    return [pk for persons in pks for pk in persons[:1]]


def without_expired(content: EntryContent, at: datetime | None = None) -> EntryContent:
    """Leave out the photos and posters whose time is over."""
    expired = set(Image.objects.filter(pk__in=content.image_ids()).expired(at).values_list("pk", flat=True))
    if not expired:
        return content
    left = [block for block in content.blocks if not (isinstance(block, PhotoContent) and block.image_id in expired)]
    bare = (
        replace(block, poster_id=None) if isinstance(block, EmbedContent) and block.poster_id in expired else block
        for block in left
    )
    return replace(content, blocks=tuple(bare))
