"""Renders an entry as HTML, once for each number, and caches it."""

from collections.abc import Sequence
from datetime import datetime

from django.conf import settings
from django.core.cache import cache

from updates.models import Entry
from updates.untyped import Context

from .blocks import blocks_of, in_galleries, signatures_of
from .corrections import corrections_of
from .dates import clock, this_year
from .drawing import draw
from .language import in_words_of

CACHED_FOR = 24 * 3600
"""Seconds. The HTML of a number does not change within a year; dates of other years include the year."""


def entry_html(entry: Entry, *, as_copy: bool = False) -> str:
    """Return the article of an entry; with ``as_copy`` the pinned copy, which has no ids.

    Empty for an entry that was removed without a note to readers.
    """
    key = _key(entry, as_copy=as_copy)
    html: str | None = cache.get(key)
    if html is None:
        html = draw_entry(entry, as_copy=as_copy)
        cache.set(key, html, CACHED_FOR)
    return html


def entries_html(entries: Sequence[Entry]) -> list[str]:
    """Return the articles of several entries, with one request to the cache."""
    keys = {entry.public_id: _key(entry) for entry in entries}
    cached = cache.get_many(keys.values())
    missing = {keys[entry.public_id]: draw_entry(entry) for entry in entries if keys[entry.public_id] not in cached}
    if missing:
        cache.set_many(missing, CACHED_FOR)
    html = cached | missing
    return [html[keys[entry.public_id]] for entry in entries]


def time_of(entry: Entry) -> datetime:
    """Return the time of publication, which every entry for readers has."""
    if entry.published_at is None:
        raise ValueError(f"Entry {entry.pk} was never published")
    return entry.published_at


def _key(entry: Entry, *, as_copy: bool = False) -> str:
    """Return the cache key: everything that the HTML depends on. After a restore from a backup the epoch tells apart
    two changes with the same number.
    """
    event = entry.event
    form = "copy" if as_copy else "entry"
    place = (event.epoch, event.slug, event.language, event.time_zone, str(this_year()))
    return ":".join([form, settings.RELEASE, *place, entry.public_id, str(entry.seq)])


def draw_entry(entry: Entry, *, as_copy: bool = False) -> str:
    """Return the article without using the cache."""
    if entry.is_removed and not entry.reader_note:
        return ""
    with in_words_of(entry.event):
        if entry.is_removed:
            return draw("updates/_removed.html", {"entry": entry})
        return draw("updates/_entry.html", _context(entry, as_copy=as_copy))


def _context(entry: Entry, *, as_copy: bool) -> Context:
    headline = entry.content["headline"]
    heading = headline or f"{clock(time_of(entry))}: {entry.title}"
    corrections = corrections_of(entry)
    return {
        "entry": entry,
        "as_copy": as_copy,
        "classes": " ".join(_classes(entry, as_copy=as_copy)),
        "headline": headline,
        "heading": heading,
        "label": " ".join(heading.split()),  # as the script reads it from the heading
        "blocks": in_galleries(blocks_of(entry)),
        "corrections": corrections,
        "corrected": any(not correction.clarifies for correction in corrections),
        "signatures": signatures_of(entry),
    }


def _classes(entry: Entry, *, as_copy: bool) -> list[str]:
    marks = {"key": entry.is_key, "is-pinned": entry.is_pinned, "pin": as_copy}
    return ["entry", *(name for name, holds in marks.items() if holds)]
