"""From an event to a file: what readers have of it, and nothing of the desk."""

import base64
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from updates.models import Entry, Event, Image
from updates.queries.reader_pages import snapshot
from updates.untyped import JSONObject

from . import corrections
from .shapes import (
    FORMAT,
    VERSION,
    BlockShape,
    BylineShape,
    EmbedShape,
    EntryShape,
    EventShape,
    FileShape,
    PictureShape,
)

Keep = Callable[[str, Image], PictureShape]
"""Where the bytes of a picture go, given its name in the file."""


def inline(_name: str, image: Image) -> PictureShape:
    return {"data": base64.b64encode(bytes_of(image)).decode()}


def into_folder(beside: Path, folder: str) -> Keep:
    """Pictures as files in a folder, which is a path as seen from where the JSON lies."""

    def keep(name: str, image: Image) -> PictureShape:
        file = f"{folder.rstrip('/')}/{name}{Path(str(image.master.name)).suffix}"
        (beside / folder).mkdir(parents=True, exist_ok=True)
        (beside / file).write_bytes(bytes_of(image))
        return {"file": file}

    return keep


def bytes_of(image: Image) -> bytes:
    with image.master.open("rb") as master:
        return bytes(master.read())


def record_of(event: Event, keep: Keep = inline) -> FileShape:
    """The file of an event, as of one moment: published entries, and the notes left where some were removed."""
    with snapshot():
        event = Event.objects.select_related("lead_picture").get(pk=event.pk)
        entries = list(event.entries.for_readers().order_by("order"))
        names = _Names()
        described = _event(event, names)
        written = [_entry(entry, names) for entry in entries]
        images = names.images()
    pictures = {name: _picture(name, images[public_id], keep) for public_id, name in names.items()}
    return {"format": FORMAT, "version": VERSION, "event": described, "pictures": pictures, "entries": written}


def _picture(name: str, image: Image, keep: Keep) -> PictureShape:
    picture = keep(name, image)
    if image.expires_at:
        picture["until"] = _moment(image.expires_at)
    return picture


class _Names(dict[str, str]):
    """Pictures are called by the order in which they come, so that the same event makes the same file everywhere."""

    def __missing__(self, public_id: str) -> str:
        return self.setdefault(public_id, f"picture-{len(self) + 1}")

    def images(self) -> dict[str, Image]:
        return {image.public_id: image for image in Image.objects.filter(public_id__in=list(self))}


def _event(event: Event, names: _Names) -> EventShape:
    described: EventShape = {
        "title": event.title,
        "slug": event.slug,
        "standfirst": event.standfirst,
        "byline": event.byline,
        "key_points": event.key_points,
        "key_points_at": _moment_or_none(event.key_points_at),
        "lead_picture": names[event.lead_picture.public_id] if event.lead_picture else None,
        "language": event.language,
        "time_zone": event.time_zone,
        "page_size": event.page_size,
        "shows_ads": event.shows_ads,
        "shows_reader_count": event.shows_reader_count,
        "shows_writing": event.shows_writing,
        "ends_after": event.ends_after,
        "sensitive": event.sensitive,
        "is_listed": event.is_listed,
        "direct_publishing": event.direct_publishing,
        "status": event.status,
        "status_note": event.status_note,
        "planned_start": _moment_or_none(event.planned_start),
        "started_at": _moment_or_none(event.started_at),
        "ended_at": _moment_or_none(event.ended_at),
        "places": event.ordinals,
    }
    return described


def _entry(entry: Entry, names: _Names) -> EntryShape:
    """What is absent or empty is left out, since most entries have little beside their text."""
    written: EntryShape = {"id": entry.public_id, "place": entry.order or 0, "time": _moment(entry.published_at)}
    if entry.is_removed:
        return written | {"removed": {"at": _moment(entry.removed_at), "note": entry.reader_note}}
    if entry.updated_at:
        written["updated"] = _moment(entry.updated_at)
    if entry.headline:
        written["headline"] = entry.headline
    written["blocks"] = [_block(block, names) for block in entry.content["blocks"]]
    written["bylines"] = [_byline(byline, names) for byline in entry.content["bylines"]]
    _add_marks(entry, written)
    return written


def _add_marks(entry: Entry, written: EntryShape) -> None:
    if entry.is_key:
        written["key"] = True
    if entry.is_pinned:
        written["pinned"] = True
    if stored := entry.content["corrections"]:
        written["corrections"] = [corrections.written(correction) for correction in stored]


def _block(block: JSONObject, names: _Names) -> BlockShape:
    match block["kind"]:
        case "text":
            return {"kind": "text", "html": block["html"]}
        case "photo":
            return {
                "kind": "photo",
                "picture": names[block["image"]["id"]],
                "alt": block["alt"],
                "caption": block["caption"],
                "credit": block["credit"],
            }
        case "quote":
            return {"kind": "quote", "text": block["text"], "attribution": block["attribution"]}
        case "embed":
            return _embed(block, names)
    raise ValueError(f"The format has no block of the kind {block['kind']}")


def _embed(block: JSONObject, names: _Names) -> EmbedShape:
    embed: EmbedShape = {"kind": "embed", "url": block["url"]}
    if block["lead_in"]:
        embed["lead_in"] = block["lead_in"]
    if block["title"]:
        embed["title"] = block["title"]
    if block["poster"]:
        embed["poster"] = names[block["poster"]["id"]]
    return embed


def _byline(byline: JSONObject, names: _Names) -> BylineShape:
    signed: BylineShape = {"name": byline["name"]}
    if byline["role"]:
        signed["role"] = byline["role"]
    if byline["photo"]:
        signed["photo"] = names[byline["photo"]["id"]]
    return signed


def _moment(at: datetime | None) -> str:
    if at is None:
        raise ValueError("A published or removed entry has its time")
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z")


def _moment_or_none(at: datetime | None) -> str | None:
    return _moment(at) if at else None
