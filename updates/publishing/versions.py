"""Earlier content of an entry, to be published again: from the log, and without photos whose time is over."""

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime
from itertools import chain

from django.utils.translation import gettext as _

from updates.choices import ChangeKind
from updates.content.published import BlockJSON, BylineJSON, CorrectionJSON, PublishedContent
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


def is_unsigned_import(entry: Entry) -> bool:
    """Return whether readers have it as an import brought it, without bylines: its author is not who wrote it."""
    if entry.content["bylines"]:
        return False
    published = entry.changes.filter(kind=ChangeKind.PUBLISH)
    return published.exists() and not published.filter(snapshot__has_key="sent").exists()


def captions_of(entry: Entry, public_ids: Collection[str]) -> set[str]:
    """Return each alt text, caption and credit that photos have in an entry, or had in a version that the log has."""
    versions = entry.changes.filter(snapshot__has_key="content").values_list("snapshot__content", flat=True)
    photos = (
        block
        for content in chain([entry.content], versions.iterator())
        for block in content["blocks"]
        if block["kind"] == "photo" and block["image"]["id"] in public_ids
    )
    return {text for photo in photos for text in (photo["alt"], photo["caption"], photo["credit"]) if text}


def without_captions(corrections: list[CorrectionJSON], captions: set[str]) -> list[CorrectionJSON]:
    """Drop the lines of corrections that were or became one of these texts, those of other blocks included."""
    return [
        _without_captions(correction, captions) if "change" in correction else correction for correction in corrections
    ]


def _without_captions(correction: CorrectionJSON, captions: set[str]) -> CorrectionJSON:
    def is_other(line: list[list[str]]) -> bool:
        before, after = ("".join(text for mark, text in line if mark != other) for other in "+-")
        return captions.isdisjoint((before, after))

    return {**correction, "change": list(filter(is_other, correction["change"]))}
