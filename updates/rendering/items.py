"""Builds items: the full state of an entry or of the event, as ``docs/protocol.md`` describes them."""

from collections.abc import Sequence
from typing import Literal, NotRequired, TypedDict

from updates.choices import EVENT_ITEM_ID, ChangeKind
from updates.models import Entry, Event
from updates.queries.reader_pages import Changes

from .corrections import corrections_of
from .dates import iso_utc
from .entries import entries_html, time_of
from .event import event_parts


class EntryItem(TypedDict):
    id: str
    seq: int
    op: Literal["put"]
    order: int
    pinned: bool
    key: bool
    at: str
    kind: str
    title: str
    note: str
    """Time of the newest correction."""
    html: str


class GoneItem(TypedDict):
    """A removed entry: its id, and more only if it was removed with a note to readers."""

    id: str
    seq: int
    op: Literal["del"]
    kind: str
    order: NotRequired[int]
    at: NotRequired[str]
    note: NotRequired[str]
    html: NotRequired[str]


class EventItem(TypedDict):
    """The event. ``html`` has the elements with ``data-part`` that replace those of the page."""

    id: str
    seq: int
    op: Literal["put"]
    kind: str
    title: str
    status: str
    sensitive: bool
    """Whether the event is “Sensitive”: no advertisements, reader numbers or motion."""
    html: str


Item = EntryItem | GoneItem | EventItem


def item_of(entry: Entry) -> EntryItem | GoneItem:
    return items_of([entry])[0]


def items_of(entries: Sequence[Entry]) -> list[EntryItem | GoneItem]:
    return [_item(entry, html) for entry, html in zip(entries, entries_html(entries), strict=True)]


def event_item(event: Event) -> EventItem:
    return {
        "id": EVENT_ITEM_ID,
        "seq": event.seq,
        "op": "put",
        "kind": event.last_kind,
        "title": event.title,
        "status": event.status,
        "sensitive": event.sensitive,
        "html": event_parts(event).html,
    }


def changes_answer(changes: Changes) -> list[Item]:
    """Return all changed items, each id once, in the order of the newest changes."""
    items: list[Item] = [*items_of(changes.entries)]
    if changes.event_changed:
        items.append(event_item(changes.event))
    return sorted(items, key=lambda item: item["seq"])


def _item(entry: Entry, html: str) -> EntryItem | GoneItem:
    if entry.is_removed:
        return _gone(entry, html)
    corrections = corrections_of(entry)
    return {
        "id": entry.public_id,
        "seq": entry.seq,
        "op": "put",
        "order": entry.order or 0,
        "pinned": entry.is_pinned,
        "key": entry.is_key,
        "at": iso_utc(time_of(entry)),
        "kind": entry.last_kind,
        "title": entry.title,
        "note": corrections[-1].note if corrections else "",
        "html": html,
    }


def _gone(entry: Entry, html: str) -> GoneItem:
    item: GoneItem = {"id": entry.public_id, "seq": entry.seq, "op": "del", "kind": ChangeKind.REMOVE.value}
    if entry.reader_note:
        item["order"] = entry.order or 0
        item["at"] = iso_utc(time_of(entry))
        item["note"] = entry.reader_note
        item["html"] = html
    return item
