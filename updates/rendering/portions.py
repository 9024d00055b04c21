"""Selects the changes after a number that fit into one frame or response."""

import json

from updates.models import Event
from updates.queries.reader_pages import ITEMS_PER_ANSWER, Changes, changes_since

from .items import Item, changes_answer


def portion(event: Event, after: int, most_bytes: int) -> tuple[Changes, list[Item]]:
    """Return the changes and their items. An operation is never split, even if it is larger than ``most_bytes``."""
    limit = ITEMS_PER_ANSWER
    while True:
        changes = changes_since(event, after, limit)
        items = changes_answer(changes)
        if limit == 1 or len(as_json(items).encode()) <= most_bytes:
            return changes, items
        limit = max(1, min(limit, len(items)) // 4)


def as_json(message: object) -> str:
    return json.dumps(message, ensure_ascii=False, separators=(",", ":"))
