"""Renders entries and events as HTML. Page, permalink, socket and catch-up all use these functions.

The HTML depends neither on neighbouring entries nor, except for the year, on the current time, so that the same number
always gives the same HTML.
"""

from .entries import draw_entry, entries_html, entry_html
from .event import EventParts, event_parts
from .items import EntryItem, EventItem, GoneItem, Item, changes_answer, event_item, item_of, items_of
from .language import content_direction, content_language, in_words_of, strings_language
from .portions import as_json, portion
from .strings import live_strings

__all__ = [
    "EntryItem",
    "EventItem",
    "EventParts",
    "GoneItem",
    "Item",
    "as_json",
    "changes_answer",
    "content_direction",
    "content_language",
    "draw_entry",
    "entries_html",
    "entry_html",
    "event_item",
    "event_parts",
    "in_words_of",
    "item_of",
    "items_of",
    "live_strings",
    "portion",
    "strings_language",
]
