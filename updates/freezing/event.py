"""One ended live blog as a folder."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from pathlib import Path
from typing import Final

from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.files.storage import default_storage

from updates.content.published import ImageJSON
from updates.content.share_cards import draw_card
from updates.exchange.shapes import FileShape, PictureShape
from updates.exchange.writing import export_event
from updates.models import Entry, Event, Image
from updates.queries.feeds import FeedRows
from updates.queries.reader_pages import key_events, snapshot, with_event
from updates.rendering import in_words_of
from updates.rendering.corrections import EntryCorrection, corrections_of
from updates.rendering.dates import same_day, this_year
from updates.rendering.drawing import draw
from updates.rendering.entries import draw_entry, time_of
from updates.rendering.feeds import feed_of_event
from updates.rendering.feeds.formats import atom
from updates.rendering.page_frame import frame
from updates.rendering.pictures import picture, pictures_at
from updates.rendering.share_card import card_of_event

from .folder import Content, Frozen, locked_folder
from .links import Links, captions_file, picture_file

ATTEMPTS: Final = 5
"""Reads of an event while somebody removes its pictures."""

CARD: Final = "card.jpg"
"""As on the site, so that a copy in the place of the live blog has it at the same address."""

STYLES: Final = (
    "css/tokens.css",
    "css/reader.css",
    "css/layout.css",
    "css/lists.css",
    "css/frozen.css",
    "css/theme.css",
)


@dataclass(frozen=True)
class FrozenEvent:
    """An event as of one moment."""

    event: Event
    entries: list[Entry]
    """The published entries and the removed ones with a note to readers, oldest first."""
    record: FileShape

    def images(self) -> Iterator[ImageJSON]:
        if self.event.lead:
            yield self.event.lead
        for entry in self.entries:
            for block in entry.content["blocks"]:
                if image := block.get("image") or block.get("poster"):
                    yield image
            yield from (byline["photo"] for byline in entry.content["bylines"] if byline["photo"])

    def captions(self) -> Iterator[tuple[str, bytes]]:
        """Yield the captions of films, each with its file."""
        for entry in self.entries:
            for number, block in enumerate(entry.content["blocks"], start=1):
                if "captions" in block:
                    yield captions_file(entry.public_id, number), block["captions"]["text"].encode()


@dataclass(frozen=True)
class FrozenRow:
    entry: Entry
    html: str
    new_day: datetime | None
    names: str
    corrections: list[EntryCorrection]


def freeze_event(event: Event, path: Path) -> Frozen:
    """Write the folder of an event. Writes nothing if it has not changed since the last time."""
    for attempt in range(ATTEMPTS):
        try:
            return _freeze(Event.objects.get(pk=event.pk), path)
        except FileNotFoundError:  # a picture was removed between the reading of its name and of its file
            if attempt == ATTEMPTS - 1:
                raise
    raise AssertionError("unreachable")


def _freeze(event: Event, path: Path) -> Frozen:
    state = f"{settings.RELEASE}-{settings.SITE_URL}-{this_year()}-{event.slug}-{event.epoch}-{event.head}"
    with locked_folder(path) as folder:
        if folder.holds(state):
            return Frozen(unchanged=len(folder.files))
        frozen = _read(event)
        is_outdated = frozen.event.head != event.head
        return folder.replace(_contents(frozen), "" if is_outdated else state)


def _read(event: Event) -> FrozenEvent:
    with snapshot():
        event = Event.objects.get(pk=event.pk)
        entries = [with_event(entry, event) for entry in event.entries.for_readers().order_by("order")]
        return FrozenEvent(event, entries, export_event(event, _as_public_file))


def _contents(frozen: FrozenEvent) -> dict[str, Content]:
    """Return the files in the order in which they are written: the page after all that it shows."""
    contents: dict[str, Content] = {}
    for image in frozen.images():
        for name in chain.from_iterable((size["webp"], size["jpeg"]) for size in image["renditions"]):
            contents[picture_file(name)] = lambda name=name: _stored(name)  # type: ignore[misc]
    contents |= dict(frozen.captions())
    contents["style.css"] = style_sheet()
    contents["event.json"] = (json.dumps(frozen.record, ensure_ascii=False, indent=1) + "\n").encode()
    if settings.SITE_URL:
        contents["feed.atom"] = feed(frozen).encode()
    if drawn := share_card(frozen.event):
        contents[CARD] = drawn
    contents["index.html"] = page(frozen, has_card=drawn is not None).encode()
    return contents


def share_card(event: Event) -> bytes | None:
    """Return the picture for links to the page, if it can be drawn."""
    plan = card_of_event(event)
    return draw_card(plan.spec, _stored(plan.photo) if plan.photo else b"")


def feed(frozen: FrozenEvent) -> str:
    """Return an Atom feed of all entries, which needs the addresses that they have on the site."""
    event, published = frozen.event, [entry for entry in frozen.entries if entry.is_published]
    rows = FeedRows(published[::-1], [entry for entry in frozen.entries if entry.is_removed])
    with in_words_of(event):
        address = f"{settings.SITE_URL}{event.get_absolute_url()}feed.atom"
        return atom(feed_of_event(event, rows, settings.SITE_URL, address, keys_only=False))


def page(frozen: FrozenEvent, *, has_card: bool) -> str:
    event, links = frozen.event, Links(frozen.event.slug, {entry.public_id for entry in frozen.entries})
    keys = key_events(frozen.entries)
    with in_words_of(event), pictures_at(picture_file):
        rows = list(_rows(frozen.entries, links))
        context = {
            "event": event,
            "rows": rows,
            "lead": picture(event.lead),
            "key_points": [links.local(point) for point in event.key_points],
            "key_events": keys,
            "keys_dated": bool(keys) and not same_day(keys[0].at, keys[-1].at),
            "corrections": [correction for row in rows for correction in row.corrections],
            "address": settings.SITE_URL and settings.SITE_URL + event.get_absolute_url(),
            "card": CARD if has_card else "",
        }
        return draw("updates/frozen/event.html", frame() | context)


def _rows(entries: list[Entry], links: Links) -> Iterator[FrozenRow]:
    above: datetime | None = None
    for entry in entries:
        at = time_of(entry)
        new_day = None if above and same_day(above, at) else at
        above = at
        names = ", ".join(byline["name"] for byline in entry.content["bylines"])
        corrections = [] if entry.is_removed else [EntryCorrection(entry, one) for one in corrections_of(entry)]
        yield FrozenRow(entry, links.local(draw_entry(entry)), new_day, names, corrections)


def style_sheet() -> bytes:
    places = (finders.find(name) for name in STYLES)
    return b"\n".join(Path(place).read_bytes() for place in places if place)


def _as_public_file(_name: str, image: Image) -> PictureShape:
    """Name the largest public size; the original stays private."""
    largest = image.renditions.order_by("width").last()
    if largest is None:
        raise FileNotFoundError(f"The picture {image.public_id} has no public file")
    return {"file": picture_file(str(largest.jpeg.name))}


def _stored(name: str) -> bytes:
    with default_storage.open(name) as file:
        return bytes(file.read())
