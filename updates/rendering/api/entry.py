"""An update as JSON: its texts both as HTML and as plain text, and everything else in fields of its own."""

from django.conf import settings
from django.core.cache import cache

from updates.content.published import BlockJSON, BylineJSON, CorrectionJSON, EmbedJSON, PhotoJSON
from updates.content.sanitize import plain_text
from updates.models import Entry
from updates.rendering.absolute import with_absolute_links
from updates.rendering.blocks import captions_address
from updates.rendering.dates import iso_utc
from updates.rendering.entries import CACHED_FOR, time_of
from updates.rendering.feeds.feed import content_html
from updates.untyped import JSONObject

from .pictures import picture_json


def entry_json(entry: Entry, origin: str) -> JSONObject:
    """Return a published update. Its event must be loaded."""
    content = entry.content
    return {
        "id": entry.public_id,
        "seq": entry.seq,
        "order": entry.order,
        "url": origin + entry.get_absolute_url(),
        "title": entry.title,
        "headline": content["headline"],
        "published_at": iso_utc(time_of(entry)),
        "changed_at": iso_utc(max(time_of(entry), entry.changed_at or time_of(entry))),
        "is_key": entry.is_key,
        "is_pinned": entry.is_pinned,
        "bylines": [_byline(byline, origin) for byline in content["bylines"]],
        "blocks": [
            _block(block, origin) | _captions(entry, number, block, origin)
            for number, block in enumerate(content["blocks"], 1)
        ],
        "corrections": [_correction(correction) for correction in content["corrections"]],
        "html": _html(entry, origin),
    }


def removed_json(entry: Entry) -> JSONObject:
    """Return all that readers may know of a removed update."""
    return {"id": entry.public_id, "seq": entry.seq}


def _html(entry: Entry, origin: str) -> str:
    event = entry.event
    state = (settings.RELEASE, origin, event.epoch, event.slug, event.language, event.time_zone, str(entry.seq))
    key = ":".join(("api", entry.public_id, *state))
    html: str | None = cache.get(key)
    if html is None:
        html = content_html(entry, origin).strip()
        cache.set(key, html, CACHED_FOR)
    return html


def _byline(byline: BylineJSON, origin: str) -> JSONObject:
    return {
        "name": byline["name"],
        "role": byline["role"],
        "page": byline.get("page"),
        "picture": picture_json(byline["photo"], origin),
    }


def _block(block: BlockJSON, origin: str) -> JSONObject:
    match block["kind"]:
        case "text":
            html = with_absolute_links(block["html"], origin)
            return {"kind": "text", "html": html, "text": plain_text(block["html"])}
        case "quote":
            return {"kind": "quote", "text": block["text"], "attribution": block["attribution"]}
        case "photo":
            return _photo(block, origin)
        case "embed":
            return _embed(block, origin)


def _photo(block: PhotoJSON, origin: str) -> JSONObject:
    """``picture`` is null once the right to show it has ended."""
    return {
        "kind": "photo",
        "alt": block["alt"],
        "caption": block["caption"],
        "credit": block["credit"],
        "picture": picture_json(block["image"], origin),
    }


def _embed(block: EmbedJSON, origin: str) -> JSONObject:
    return {
        "kind": "embed",
        "url": block["url"],
        "provider": block["provider"],
        "title": block["title"],
        "lead_in": block["lead_in"],
        "player": block["player"],
        "aspect": block["aspect"],
        "poster": picture_json(block["poster"], origin),
    }


def _captions(entry: Entry, number: int, block: BlockJSON, origin: str) -> JSONObject:
    """Return the captions of an embed; null if it has none. Other blocks have no such member."""
    if block["kind"] != "embed":
        return {}
    if "captions" not in block:
        return {"captions": None}
    language = block["captions"]["language"] or entry.event.language
    return {"captions": {"language": language, "url": origin + captions_address(entry, number)}}


def _correction(correction: CorrectionJSON) -> JSONObject:
    kind = "clarification" if correction.get("clarifies") else "correction"
    return {"at": correction["at"], "kind": kind, "note": correction["note"]}
