"""Export an event to a file, as readers see it."""

import base64
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from updates.content.published import BlockJSON, BylineJSON, EmbedJSON
from updates.models import Entry, Event, Image
from updates.queries.reader_pages import snapshot

from .corrections import correction_shape
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

SavePicture = Callable[[str, Image], PictureShape]
"""Stores the bytes of a picture under its name in the file."""


def as_base64(_name: str, image: Image) -> PictureShape:
    return {"data": base64.b64encode(bytes_of(image)).decode()}


def into_folder(base: Path, folder: str) -> SavePicture:
    """Store pictures as files in ``folder``, a path relative to the folder of the JSON."""

    def save(name: str, image: Image) -> PictureShape:
        file = f"{folder.rstrip('/')}/{name}{Path(str(image.master.name)).suffix}"
        (base / folder).mkdir(parents=True, exist_ok=True)
        (base / file).write_bytes(bytes_of(image))
        return {"file": file}

    return save


def bytes_of(image: Image) -> bytes:
    with image.master.open("rb") as master:
        return bytes(master.read())


def export_event(event: Event, save: SavePicture = as_base64) -> FileShape:
    """Read an event in one snapshot: its published entries, and the notes of removed ones."""
    with snapshot():
        event = Event.objects.select_related("lead_picture").get(pk=event.pk)
        entries = list(event.entries.for_readers().order_by("order"))
        names = _Names()
        event_shape = _event(event, names)
        entry_shapes = [_entry(entry, names) for entry in entries]
        images = names.images()
    pictures = {name: _picture(name, images[public_id], save) for public_id, name in names.items()}
    return {"format": FORMAT, "version": VERSION, "event": event_shape, "pictures": pictures, "entries": entry_shapes}


def _picture(name: str, image: Image, save: SavePicture) -> PictureShape:
    picture = save(name, image)
    if image.expires_at:
        picture["until"] = _moment(image.expires_at)
    return picture


class _Names(dict[str, str]):
    """Names of pictures by their order, so that the same event gives the same file everywhere."""

    def __missing__(self, public_id: str) -> str:
        return self.setdefault(public_id, f"picture-{len(self) + 1}")

    def images(self) -> dict[str, Image]:
        return {image.public_id: image for image in Image.objects.filter(public_id__in=list(self))}


def _event(event: Event, names: _Names) -> EventShape:
    return {
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
        "ended_oldest_first": event.ended_oldest_first,
        "ends_after": event.ends_after,
        "sensitive": event.sensitive,
        "is_listed": event.is_listed,
        "embed_sites": event.embed_sites,
        "direct_publishing": event.direct_publishing,
        "status": event.status,
        "status_note": event.status_note,
        "planned_start": _moment_or_none(event.planned_start),
        "planned_end": _moment_or_none(event.planned_end),
        "started_at": _moment_or_none(event.started_at),
        "ended_at": _moment_or_none(event.ended_at),
        "changed_at": _moment_or_none(event.changed_at),
        "places": event.ordinals,
    }


def _entry(entry: Entry, names: _Names) -> EntryShape:
    """Return the shape of an entry, without fields that are empty."""
    shape: EntryShape = {"id": entry.public_id, "place": entry.order or 0, "time": _moment(entry.published_at)}
    if entry.is_removed:
        return shape | {"removed": {"at": _moment(entry.removed_at), "note": entry.reader_note}}
    if entry.changed_at and entry.changed_at != entry.published_at:
        shape["changed"] = _moment(entry.changed_at)
    if entry.updated_at:
        shape["updated"] = _moment(entry.updated_at)
    if entry.headline:
        shape["headline"] = entry.headline
    shape["blocks"] = [_block(block, names) for block in entry.content["blocks"]]
    shape["bylines"] = [_byline(byline, names) for byline in entry.content["bylines"]]
    _add_marks(entry, shape)
    return shape


def _add_marks(entry: Entry, shape: EntryShape) -> None:
    if entry.is_key:
        shape["key"] = True
    if entry.is_pinned:
        shape["pinned"] = True
    if stored := entry.content["corrections"]:
        shape["corrections"] = [correction_shape(correction) for correction in stored]


def _block(block: BlockJSON, names: _Names) -> BlockShape:
    if block["kind"] == "text":
        return {"kind": "text", "html": block["html"]}
    if block["kind"] == "photo":
        return {
            "kind": "photo",
            "picture": names[block["image"]["id"]],
            "alt": block["alt"],
            "caption": block["caption"],
            "credit": block["credit"],
        }
    if block["kind"] == "quote":
        return {"kind": "quote", "text": block["text"], "attribution": block["attribution"]}
    return _embed(block, names)


def _embed(block: EmbedJSON, names: _Names) -> EmbedShape:
    embed: EmbedShape = {"kind": "embed", "url": block["url"]}
    if block["lead_in"]:
        embed["lead_in"] = block["lead_in"]
    if block["title"]:
        embed["title"] = block["title"]
    if block["poster"]:
        embed["poster"] = names[block["poster"]["id"]]
    if "captions" in block:
        embed["captions"], embed["captions_language"] = block["captions"]["text"], block["captions"]["language"]
    return embed


def _byline(byline: BylineJSON, names: _Names) -> BylineShape:
    signed: BylineShape = {"name": byline["name"]}
    if byline["role"]:
        signed["role"] = byline["role"]
    if page := byline.get("page"):
        signed["page"] = page
    if byline["photo"]:
        signed["photo"] = names[byline["photo"]["id"]]
    return signed


def _moment(at: datetime | None) -> str:
    if at is None:
        raise ValueError("A published or removed entry has its time")
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z")


def _moment_or_none(at: datetime | None) -> str | None:
    return _moment(at) if at else None
