"""The changes after a number that fit into one frame or one answer."""

import json

from updates.models import Event
from updates.queries.reader_pages import ITEMS_PER_ANSWER, Changes, changes_since

from .items import Item, changes_answer


def portion(event: Event, after: int, most_bytes: int) -> tuple[Changes, list[Item]]:
    """Never cut inside an operation: one that is larger than ``most_bytes`` by itself comes whole."""
    limit = ITEMS_PER_ANSWER
    while True:
        changes = changes_since(event, after, limit)
        items = changes_answer(changes)
        if limit == 1 or len(as_json(items).encode()) <= most_bytes:
            return changes, items
        limit = max(1, min(limit, len(items)) // 4)


def as_json(message: object) -> str:
    return json.dumps(message, ensure_ascii=False, separators=(",", ":"))
