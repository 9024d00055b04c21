"""Title, description and picture of a page for search engines and other sites."""

from dataclasses import dataclass

from django.utils.translation import to_locale

from updates.content.sanitize import plain_text, truncate
from updates.models import Entry, Event
from updates.rendering.pictures import Picture, picture

LONGEST = 200


@dataclass(frozen=True)
class Share:
    title: str
    description: str
    locale: str
    picture: Picture | None
    alt: str = ""

    @property
    def shows_own_picture(self) -> bool:
        """Return whether the picture is on the page itself."""
        return self.picture is not None and bool(self.alt)


def share_of_event(event: Event) -> Share:
    return Share(event.title, _short(event.standfirst or event.title), to_locale(event.language), picture(event.lead))


def share_of_entry(entry: Entry) -> Share:
    """Return an entry's title, first words and first picture, or else the event's picture."""
    blocks = entry.content["blocks"]
    photo = next((block for block in blocks if block["kind"] == "photo"), None)
    text = next((plain_text(block["html"]) for block in blocks if block["kind"] == "text"), entry.title)
    own = picture(photo["image"]) if photo else None
    locale = to_locale(entry.event.language)
    if photo and own:
        return Share(entry.title, _short(text), locale, own, photo["alt"])
    return Share(entry.title, _short(text), locale, picture(entry.event.lead))


def _short(text: str) -> str:
    return truncate(" ".join(text.split()), LONGEST)
