"""The oEmbed provider: other sites paste the address of a live blog and get the code that embeds it (oembed.com)."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit
from xml.etree import ElementTree as ET

from django.conf import settings
from django.http import HttpRequest, HttpResponse, QueryDict
from django.urls import Resolver404, resolve, reverse

from updates.cdn import event_key
from updates.models import Entry, Event
from updates.queries import reader_pages
from updates.rendering.section import version_of
from updates.rendering.snippets import HEIGHTS, Snippets
from updates.site_address import site_address

from . import cached_pages
from .cross_origin import plain_refusal
from .sharing import preview_of

TYPES = {"json": "application/json; charset=utf-8", "xml": "text/xml; charset=utf-8"}

PAGES = {"event", "permalink", "embed"}
"""Names of the addresses that can be embedded."""

USUAL_WIDTH = 600
LEAST_HEIGHT = 400
"""Pixels; in less, the newest headlines stand instead of whole updates."""

CACHE_AGE = 3600
"""Seconds for which a consumer keeps the answer. The frame in it is always current."""

PIXELS = re.compile(r"[1-9][0-9]{0,4}")


class BadSize(ValueError):
    pass


@dataclass(frozen=True)
class Size:
    width: int
    height: int
    view: str

    @classmethod
    def of(cls, query: QueryDict) -> "Size":
        width, height = _pixels(query, "maxwidth"), _pixels(query, "maxheight")
        view = "latest" if height and height < LEAST_HEIGHT else "updates"
        return cls(min(USUAL_WIDTH, width or USUAL_WIDTH), min(HEIGHTS[view], height or HEIGHTS[view]), view)


@cached_pages.for_readers
@cached_pages.for_other_sites
def oembed(request: HttpRequest) -> HttpResponse:
    """Respond 404 for an address that is no public live blog of this site, 401 for one that other sites may not embed,
    501 for an unknown format, 400 for a size that is no number.
    """
    form = request.GET.get("format", "json")
    if form not in TYPES:
        return plain_refusal(501, "format: json or xml")
    try:
        size = Size.of(request.GET)
    except BadSize as reason:
        return plain_refusal(400, str(reason))
    with reader_pages.snapshot():
        subject = _subject_at(request, request.GET.get("url", ""))
        if subject is None:
            return plain_refusal(404, "url: no live blog of this site")
        event = subject.event if isinstance(subject, Entry) else subject
        if not event.embed_sites:
            return plain_refusal(401, "other sites may not embed this live blog; link to it instead")
        return _answer(request, event, subject if isinstance(subject, Entry) else None, form, size)


def _answer(request: HttpRequest, event: Event, entry: Entry | None, form: str, size: Size) -> HttpResponse:
    subject = entry.public_id if entry else size.view
    name = f"{version_of(event, event.head)}-oembed-{form}-{size.width}x{size.height}-{subject}"

    def text() -> str:
        values = _values(event, entry, site_address(request), size)
        return json.dumps(values, ensure_ascii=False) if form == "json" else _as_xml(values)

    response = cached_pages.document(request, name, text, event, TYPES[form])
    return cached_pages.keyed(response, event_key(event.slug))


def _subject_at(request: HttpRequest, url: str) -> Event | Entry | None:
    """Return the public event or entry of an address of this site; ``None`` for any other address."""
    try:
        parts = urlsplit(url)
        match = resolve(parts.path)
    except (ValueError, Resolver404):
        return None
    if f"{parts.scheme}://{parts.netloc}".lower() != site_address(request).lower() or match.url_name not in PAGES:
        return None
    if match.url_name != "permalink":
        return reader_pages.public_event(match.kwargs["slug"])
    entry = reader_pages.entry_for_readers(match.kwargs["slug"], match.kwargs["public_id"])
    return entry if entry and entry.is_published else None


def _values(event: Event, entry: Entry | None, origin: str, size: Size) -> dict[str, str | int]:
    picture, snippets = preview_of(event, entry), Snippets(event, origin, size.view, entry)
    return {
        "version": "1.0",
        "type": "rich",
        "title": snippets.title,
        "author_name": event.byline or settings.SITE_NAME,
        "provider_name": settings.SITE_NAME,
        "provider_url": origin + reverse("front"),
        "cache_age": CACHE_AGE,
        "html": snippets.frame(str(size.width), size.height),
        "width": size.width,
        "height": size.height,
        "thumbnail_url": origin + picture.address,
        "thumbnail_width": picture.width,
        "thumbnail_height": picture.height,
    }


def _as_xml(values: Mapping[str, str | int]) -> str:
    root = ET.Element("oembed")
    for name, value in values.items():
        ET.SubElement(root, name).text = str(value)
    return '<?xml version="1.0" encoding="utf-8" standalone="yes"?>\n' + ET.tostring(root, encoding="unicode")


def _pixels(query: QueryDict, name: str) -> int | None:
    text = query.get(name)
    if text is None:
        return None
    if not PIXELS.fullmatch(text):
        raise BadSize(f"{name}: a number of pixels")
    return int(text)
