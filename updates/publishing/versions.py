"""What an entry said after a change of long ago: the log has it as readers got it."""

from typing import Any

from django.core.exceptions import ObjectDoesNotExist
from django.utils.translation import gettext as _

from updates.models import Entry, Image, Person

from .content import BlockContent, EmbedContent, EntryContent, PhotoContent, QuoteContent, TextContent
from .errors import Refused
from .expired import without_expired


def version_content(entry: Entry, desk_seq: int) -> EntryContent:
    """To be published again. The key mark is no part of what it said, and stays as it is."""
    snapshot = entry.changes.filter(desk_seq=desk_seq).values_list("snapshot", flat=True).first() or {}
    said = snapshot.get("content")
    if not said or not (said["headline"] or said["blocks"]):
        raise Refused(_("The log has no words of this version."))
    images = _images(said)
    blocks = tuple(_block(block, images) for block in said["blocks"])
    bylines = snapshot.get("bylines")
    if bylines is None:
        bylines = _bylines(said["bylines"])
    known = set(Person.objects.filter(pk__in=bylines).values_list("pk", flat=True))
    content = EntryContent(said["headline"], blocks, tuple(pk for pk in bylines if pk in known), entry.is_key)
    return without_expired(content)


def _images(said: dict[str, Any]) -> dict[str, int]:
    named = [block.get("image") or block.get("poster") for block in said["blocks"]]
    ids = [image["id"] for image in named if image]
    return dict(Image.objects.filter(public_id__in=ids).values_list("public_id", "pk"))


def _block(block: dict[str, Any], images: dict[str, int]) -> BlockContent:
    match block["kind"]:
        case "text":
            return TextContent(block["html"])
        case "photo":
            image = images.get(block["image"]["id"])
            if image is None:
                raise Refused(_("A photo of this version is gone, so it cannot be brought back."))
            return PhotoContent(image, alt=block["alt"], credit=block["credit"], caption=block["caption"])
        case "quote":
            return QuoteContent(block["text"], block["attribution"])
        case "embed":
            poster = images.get(block["poster"]["id"]) if block["poster"] else None
            return EmbedContent(block["url"], block["lead_in"], block["title"], poster)
    raise ObjectDoesNotExist(block["kind"])


def _bylines(signed: list[dict[str, Any]]) -> list[int]:
    """Older rows of the log have names only."""
    found = (Person.objects.filter(name=by["name"], role_line=by["role"]).values_list("pk", flat=True) for by in signed)
    return [pk for persons in found for pk in persons[:1]]
