"""What readers need, read in one snapshot: few queries, frozen results, no writes."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import cache, lru_cache

from django.db import connection, transaction
from django.db.models import QuerySet

from updates.choices import EventStatus
from updates.models import Entry, Event

from .pagination import PageRange, PageRequest, keys_range, oldest_range, page_range
from .prepared import Compiled, compiled, prepared

FIRST = PageRequest()

LISTED = 50
"""Most key events, and most corrected entries, that a page of an event lists; others have pages of their own."""

ANY_SLUG = ""
"""Takes the place of a slug while SQL is made; no live blog has it."""

ITEMS_PER_ANSWER = 100
"""Most items of one frame or answer: well below the 1 MiB that Autobahn sends."""


@contextmanager
def snapshot() -> Iterator[None]:
    """Read everything inside as of one moment, without waiting for writers.

    PostgreSQL: REPEATABLE READ. SQLite: a deferred transaction, since our IMMEDIATE ones would queue behind writers.
    Inside another transaction it does nothing.
    """
    if connection.in_atomic_block:
        yield
    elif connection.vendor == "sqlite":
        connection.ensure_connection()
        usual = connection.transaction_mode  # type: ignore[attr-defined]
        connection.transaction_mode = "DEFERRED"  # type: ignore[attr-defined]
        try:
            with transaction.atomic():
                yield
        finally:
            connection.transaction_mode = usual  # type: ignore[attr-defined]
    else:
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            yield


@dataclass(frozen=True)
class KeyEvent:
    public_id: str
    title: str
    at: datetime
    seq: int
    order: int


@dataclass(frozen=True)
class EventPage:
    """One page of an event, read in one snapshot."""

    event: Event
    request: PageRequest
    range: PageRange
    entries: list[Entry]
    """In the order of the page."""
    pinned: Entry | None
    key_events: list[KeyEvent]
    """The newest ones of any page, at most ``LISTED``."""
    has_more_keys: bool
    corrected: list[Entry]
    """The entries of any page that were corrected or clarified last, at most ``LISTED``."""

    @property
    def is_part(self) -> bool:
        """Return whether the address asked for one page of several."""
        return self.request.number is not None or self.request.at_end

    @property
    def is_brief(self) -> bool:
        """Return whether the page begins with its updates: the plain address has the whole head."""
        return self.is_part or self.request.keys_only

    @property
    def has_pin_place(self) -> bool:
        """Return whether a pinned entry is repeated above the newest ones."""
        return self.request.is_front


def public_event(slug: str) -> Event | None:
    """Read a public event with SQL that is compiled once: it is the only query of a cached page, and Django takes five
    times as long to compile it as the database takes to run it."""
    return next(iter(_public_event(connection.vendor).run({ANY_SLUG: slug})), None)


@cache
def _public_event(_vendor: str) -> Compiled[Event]:
    return compiled(Event.objects.public().filter(slug=ANY_SLUG).order_by())


def positions(slugs: Iterable[str]) -> dict[str, tuple[str, int]]:
    """Return epoch and head of public events, with SQL that is compiled once: see ``public_event``."""
    sql, parameters = _position_query()
    result = {}
    with connection.cursor() as cursor:
        for slug in slugs:
            cursor.execute(sql, [slug if value == "" else value for value in parameters])
            if row := cursor.fetchone():
                result[slug] = (row[0], row[1])
    return result


@cache
def _position_query() -> tuple[str, tuple[str, ...]]:
    """Return SQL and its parameters, among which an empty string marks the place of the slug."""
    rows = Event.objects.public().filter(slug="").order_by().values_list("epoch", "head")
    return rows.query.sql_with_params()


def event_page(event: Event, page_request: PageRequest = FIRST) -> EventPage | None:
    """Read a page with one query, inside the ``snapshot()`` that read the event. ``None``: there is no such page."""
    of_event = event.entries.for_readers()
    keys = of_event.published().filter(is_key=True)
    if not page_request.keys_only:
        keys = of_event.filter(pk__in=keys.newest_first().values("pk")[: LISTED + 1])
    corrected = of_event.corrected().order_by("-corrected_at").values("pk")[:LISTED]
    wanted = keys | of_event.filter(is_pinned=True) | of_event.filter(pk__in=corrected)
    places = None if page_request.keys_only else standing_range(event, page_request)
    if places is not None:
        wanted = wanted | of_event.in_range(places.above, places.up_to)
    elif not page_request.keys_only:
        return None
    rows = [with_event(entry, event) for entry in wanted.newest_first()]
    candidates = [entry for entry in rows if _is_key_event(entry)] if page_request.keys_only else rows
    places = places or keys_range(event, candidates, page_request.number)
    if places is None:
        return None
    entries = [entry for entry in candidates if places.hold(entry)]
    if page_request.oldest_first:
        entries.reverse()
    pinned = next((entry for entry in rows if entry.is_pinned), None) if page_request.is_front else None
    listed = key_events(rows)
    return EventPage(
        event, page_request, places, entries, pinned, listed[:LISTED], len(listed) > LISTED, _corrected(rows)
    )


def _corrected(rows: list[Entry]) -> list[Entry]:
    """Return the newest corrected entries: rows of the page's own range may be older ones."""
    moments = {entry: entry.corrected_at for entry in rows if entry.is_published and entry.corrected_at}
    return sorted(moments, key=lambda entry: moments[entry], reverse=True)[:LISTED]


def standing_range(event: Event, page_request: PageRequest) -> PageRange | None:
    """Return the range of a page that is not filtered; it follows from the event's row alone."""
    if page_request.oldest_first:
        return oldest_range(event, page_request.number, at_end=page_request.at_end)
    return page_range(event, page_request.number)


def _is_key_event(entry: Entry) -> bool:
    return entry.is_key and entry.is_published


def with_event(entry: Entry, event: Event) -> Entry:
    entry.event = event
    return entry


def key_events(entries: list[Entry]) -> list[KeyEvent]:
    return [
        KeyEvent(entry.public_id, entry.title, entry.published_at, entry.seq, entry.order)
        for entry in entries
        if _is_key_event(entry) and entry.published_at is not None and entry.order is not None
    ]


@dataclass(frozen=True)
class Permalink:
    event: Event
    entry: Entry
    older: Entry | None
    newer: Entry | None


def entry_for_readers(slug: str, public_id: str) -> Entry | None:
    """Return a published or removed entry of a public event."""
    known = Entry.objects.known_to_readers().select_related("event")
    entry = known.filter(event__slug=slug, public_id=public_id).first()
    return entry if entry and entry.event.is_public else None


def permalink(entry: Entry) -> Permalink:
    """Return an entry with its neighbours."""
    others = entry.event.entries.published()
    older = others.filter(order__lt=entry.order).newest_first().first()
    newer = others.filter(order__gt=entry.order).order_by("order").first()
    return Permalink(entry.event, entry, older, newer)


@dataclass(frozen=True)
class Changes:
    """Changes of an event after a number.

    ``upto`` is the number these entries complete: the head, or an earlier one if there are ``more``.
    """

    event: Event
    after: int
    upto: int
    entries: list[Entry]
    event_changed: bool
    more: bool


def event_by_id(event_id: int) -> Event | None:
    return next(iter(_event(event_id)), None)


@prepared
def _event(event_id: int) -> QuerySet[Event]:
    return Event.objects.filter(pk=event_id)


def changes_since(event: Event, after: int, limit: int = ITEMS_PER_ANSWER) -> Changes:
    """Read changes with one query, in order of the newest change of each entry; no batch is cut."""
    rows = [with_event(entry, event) for entry in _changed(limit + 1)(event.pk, after)]
    if len(rows) <= limit:
        return Changes(event, after, event.head, rows, event_changed=event.seq > after, more=False)
    count = _cut_between_batches(rows, limit)
    if count is None:  # one operation is larger than the limit: send it whole
        return changes_since(event, after, limit * 4)
    upto = rows[count].seq - 1
    return Changes(event, after, upto, rows[:count], event_changed=after < event.seq <= upto, more=True)


@lru_cache(maxsize=64)
def _changed(limit: int) -> Callable[..., list[Entry]]:
    """Return the query for the first entries of an event that have changed since a number."""
    return prepared(lambda event_id, after: Entry.objects.filter(event_id=event_id).changed_since(after)[:limit])


def _cut_between_batches(rows: list[Entry], limit: int) -> int | None:
    """Return the largest number of rows up to ``limit`` that ends with a complete operation."""
    for count in range(limit, 0, -1):
        if all(row.batch_end < rows[count].seq for row in rows[:count]):
            return count
    return None


def heads(event_ids: list[int]) -> dict[int, tuple[str, int]]:
    """Return epoch and head of each event, with one query."""
    rows = Event.objects.filter(pk__in=event_ids).values_list("pk", "epoch", "head")
    return {pk: (epoch, head) for pk, epoch, head in rows}


def events_with_sockets() -> list[int]:
    """Return the ids of the events whose pages open a socket."""
    return list(Event.objects.public().exclude(status=EventStatus.ENDED).values_list("pk", flat=True))


def socket_target(slug: str) -> int | None:
    """Return the id of the public event that a socket's address names."""
    return Event.objects.public().filter(slug=slug).values_list("pk", flat=True).first()


def embed_sites(slug: str) -> list[str]:
    """Return the sites that may embed the public event that a socket's address names."""
    return Event.objects.public().filter(slug=slug).values_list("embed_sites", flat=True).first() or []
