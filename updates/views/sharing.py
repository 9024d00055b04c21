"""Title, description and picture of a page for search engines and other sites."""

from dataclasses import dataclass
from datetime import datetime

from updates.content.sanitize import truncate
from updates.models import Entry, Event
from updates.rendering.entries import time_of
from updates.rendering.pictures import Picture, picture
from updates.rendering.structured.entry import entry_text
from updates.rendering.structured.event import first_published, last_modified

LONGEST = 200

CARD_SIZE = (1200, 630)

COUNTRIES = {
    "ar": "AR", "bn": "IN", "cs": "CZ", "da": "DK", "el": "GR", "en": "GB", "fa": "IR", "he": "IL", "hi": "IN",
    "ja": "JP", "ko": "KR", "nb": "NO", "sv": "SE", "uk": "UA", "ur": "PK", "vi": "VN", "zh": "CN",
}  # fmt: skip
"""By language, if it is not the language's own letters. Open Graph names a language always with a country."""


@dataclass(frozen=True)
class Preview:
    """The picture that other sites show with a link to a page."""

    address: str
    width: int
    height: int
    alt: str


@dataclass(frozen=True)
class Share:
    title: str
    description: str
    locale: str
    preview: Preview
    published: datetime
    modified: datetime
    authors: tuple[str, ...]


def share_of_event(event: Event) -> Share:
    return Share(
        event.title,
        _short(event.standfirst or event.title),
        open_graph_locale(event.language),
        preview_of(event),
        first_published(event),
        last_modified(event),
        (event.byline,) if event.byline else (),
    )


def share_of_entry(entry: Entry) -> Share:
    published = time_of(entry)
    return Share(
        entry.title,
        _short(entry_text(entry) or entry.title),
        open_graph_locale(entry.event.language),
        preview_of(entry.event, entry),
        published,
        max(published, entry.changed_at or published),
        tuple(by["name"] for by in entry.content["bylines"]),
    )


def open_graph_locale(language: str) -> str:
    """Return “pt_BR” for the tag “pt-BR”, and “ru_RU” for “ru”."""
    name, *others = language.split("-")
    name = name.lower()
    country = next((part for part in others if len(part) == 2), COUNTRIES.get(name, name))
    return f"{name}_{country.upper()}"


def preview_of(event: Event, entry: Entry | None = None) -> Preview:
    """Return the share card of an event's page, or of an entry's. Its address changes with what it shows, since other
    sites keep a picture for as long as it has the same address.
    """
    width, height = CARD_SIZE
    if entry is None:
        return Preview(f"{event.get_absolute_url()}card.jpg?v={event.seq}", width, height, event.title)
    photo = first_photo(entry)
    alt = f"{entry.title} – {photo[1]}" if photo and photo[1] else entry.title
    return Preview(f"{entry.get_absolute_url()}card.jpg?v={entry.seq}", width, height, alt)


def first_photo(entry: Entry) -> tuple[Picture, str] | None:
    """Return the first photo of an entry and its alt text."""
    photos = ((picture(block["image"]), block["alt"]) for block in entry.content["blocks"] if block["kind"] == "photo")
    return next(((address, alt) for address, alt in photos if address), None)


def _short(text: str) -> str:
    return truncate(" ".join(text.split()), LONGEST)
