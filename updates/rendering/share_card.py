"""What the share cards of entries and events say, in the words and the time zone of the event."""

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.utils.translation import gettext as _

from updates.content.published import ImageJSON, PublishedContent
from updates.content.sanitize import truncate
from updates.content.share_cards import CardSpec, card_digest
from updates.languages import is_right_to_left
from updates.models import Entry, Event

from .dates import clock, short_date, zone
from .entries import time_of
from .language import in_words_of

PHOTO_WIDTH = 960
"""The photo of a card is the smallest public size of at least as many pixels."""

LONGEST = 400


@dataclass(frozen=True)
class ShareCardPlan:
    spec: CardSpec
    photo: str
    """Name of a public file; empty for none."""

    @property
    def digest(self) -> str:
        return card_digest(self.spec, self.photo, settings.RELEASE)


def card_of_entry(entry: Entry) -> ShareCardPlan:
    """Show the headline or, without one, a quote that the entry begins with, or its first words."""
    content: PublishedContent = entry.content
    photo = next((block for block in content["blocks"] if block["kind"] == "photo"), None)
    with in_words_of(entry.event):
        spec = _frame(entry.event) | {"event": entry.event.title, "time": _moment(time_of(entry))} | _words(entry)
        if photo:
            spec["credit"] = _credit(photo["credit"])
    return ShareCardPlan(spec, _file(photo["image"]) if photo else "")


def card_of_event(event: Event) -> ShareCardPlan:
    lead = event.lead_picture
    with in_words_of(event):
        spec = _frame(event) | {"headline": event.title}
        start = event.planned_start if event.started_at is None else None
        if start:
            spec["time"] = _moment(start)
        if lead and lead.credit:
            spec["credit"] = _credit(lead.credit)
    return ShareCardPlan(spec, _file(event.lead) if event.lead else "")


def _frame(event: Event) -> CardSpec:
    spec: CardSpec = {
        "site": settings.SITE_NAME,
        "rtl": is_right_to_left(event.language),
        "fonts": settings.SHARE_CARD_FONTS,
    }
    if event.is_live:
        spec |= {"state": _("Live"), "is_live": True}
    return spec


def _words(entry: Entry) -> CardSpec:
    content: PublishedContent = entry.content
    first = content["blocks"][0] if content["blocks"] else None
    if not content["headline"] and first and first["kind"] == "quote":
        return {"quote": truncate(first["text"], LONGEST), "attribution": truncate(first["attribution"], LONGEST)}
    return {"headline": content["headline"] or entry.title}


def _moment(at: datetime) -> str:
    return _("%(day)s, %(time)s") % {"day": short_date(at), "time": f"{clock(at)} {zone(at)}"}


def _credit(name: str) -> str:
    return _("Credit: %(name)s") % {"name": name}


def _file(image: ImageJSON) -> str:
    sizes = sorted(image["renditions"], key=lambda size: size["width"])
    return next((size["jpeg"] for size in sizes if size["width"] >= PHOTO_WIDTH), sizes[-1]["jpeg"] if sizes else "")
