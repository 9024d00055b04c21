"""Structured data (JSON-LD) of a page for search engines, from the published content that the page shows.

Types and properties are those of schema.org; ``tests/rendering/structured`` compares them with its vocabulary.
"""

from .entry import entry_data, entry_page
from .event import EventView, event_page
from .script import as_script

__all__ = ["EventView", "as_script", "entry_data", "entry_page", "event_page"]
