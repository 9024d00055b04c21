"""What readers need, read in one snapshot: few queries, frozen results, no writes."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import cache

from django.db import connection, transaction
from django.db.models import Expression

from updates.models import Entry, Event

from .pagination import PageRange, PageRequest, keys_range, oldest_range, page_range

FIRST = PageRequest()

LISTED = 50
"""Most key events, and most corrected entries, that a page of an event lists; others have pages of their own."""

ITEMS_PER_ANSWER = 100
"""Most items of one frame or answer: well below the 1 MiB that Autobahn sends."""


@contextmanager
def snapshot() -> Iterator[None]:
    """Everything inside is read as of one moment, and without waiting for writers.

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
    """One page of an event. ``epoch`` and ``seq`` of the event are of the same moment as its entries."""

    event: Event
    asked: PageRequest
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
        """Whether it was asked for as one page of several."""
        return self.asked.number is not None or self.asked.at_end

    @property
    def has_pin_place(self) -> bool:
        """A pinned entry stands a second time above the newest ones."""
        return self.asked == FIRST


def public_event(slug: str) -> Event | None:
    """The one query of a page that is in memory, by hand: Django takes five times as long to put it as to run it."""
    sql, parameters, names, converters = _public_event_query()
    with connection.cursor() as cursor:
        cursor.execute(sql, [slug if value == "" else value for value in parameters])
        row = cursor.fetchone()
    if row is None:
        return None
    values = list(row)
    for place, (convert_all, column) in converters.items():
        for convert in convert_all:
            values[place] = convert(values[place], column, connection)
    return Event.from_db(connection.alias, names, values)


Converters = dict[int, tuple[list[Callable[..., object]], Expression]]
"""By the number of a column: functions that make its value, and their second argument."""


@cache
def _public_event_query() -> tuple[str, tuple[str, ...], list[str], Converters]:
    """SQL, with an empty string, which no event has for a slug, in the slug’s place; columns, and what makes values."""
    compiler = Event.objects.public().filter(slug="").order_by().query.get_compiler(connection=connection)
    sql, parameters = compiler.as_sql()
    columns = [column for column, *_ in compiler.select]
    return sql, parameters, [column.target.attname for column in columns], compiler.get_converters(columns)


def event_page(event: Event, asked: PageRequest = FIRST) -> EventPage | None:
    """One query, beside the one that read the event; call it inside the same ``snapshot()``."""
    of_event = event.entries.for_readers()
    keys = of_event.published().filter(is_key=True)
    if not asked.keys_only:
        keys = of_event.filter(pk__in=keys.newest_first().values("pk")[: LISTED + 1])
    corrected = of_event.corrected().order_by("-corrected_at").values("pk")[:LISTED]
    wanted = keys | of_event.filter(is_pinned=True) | of_event.filter(pk__in=corrected)
    places = None if asked.keys_only else standing_range(event, asked)
    if places is not None:
        wanted = wanted | of_event.in_range(places.above, places.up_to)
    elif not asked.keys_only:
        return None
    rows = [with_event(entry, event) for entry in wanted.newest_first()]
    candidates = [entry for entry in rows if _is_key_event(entry)] if asked.keys_only else rows
    places = places or keys_range(event, candidates, asked.number)
    if places is None:
        return None
    shown = [entry for entry in candidates if places.hold(entry)]
    if asked.oldest_first:
        shown.reverse()
    pinned = next((entry for entry in rows if entry.is_pinned), None) if asked == FIRST else None
    listed = key_events(rows)
    return EventPage(event, asked, places, shown, pinned, listed[:LISTED], len(listed) > LISTED, _corrected(rows))


def _corrected(rows: list[Entry]) -> list[Entry]:
    """The newest ones; rows of the page's own range are among them only if they are new enough."""
    moments = {entry: entry.corrected_at for entry in rows if entry.is_published and entry.corrected_at}
    return sorted(moments, key=lambda entry: moments[entry], reverse=True)[:LISTED]


def standing_range(event: Event, asked: PageRequest) -> PageRange | None:
    """Where the event's row alone says it: key events are counted with their rows."""
    if asked.oldest_first:
        return oldest_range(event, asked.number, at_end=asked.at_end)
    return page_range(event, asked.number)


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
    """A published or removed entry of a public event; anything else is unknown to readers."""
    known = Entry.objects.known_to_readers().select_related("event")
    entry = known.filter(event__slug=slug, public_id=public_id).first()
    return entry if entry and entry.event.is_public else None


def permalink(entry: Entry) -> Permalink:
    """The entry with its neighbours, for the way on."""
    others = entry.event.entries.published()
    older = others.filter(order__lt=entry.order).newest_first().first()
    newer = others.filter(order__gt=entry.order).order_by("order").first()
    return Permalink(entry.event, entry, older, newer)


@dataclass(frozen=True)
class Changes:
    """What happened to an event after a number.

    ``upto`` is the number these entries complete: the head, or an earlier one where ``more`` has to be asked for.
    """

    event: Event
    after: int
    upto: int
    entries: list[Entry]
    event_changed: bool
    more: bool


def event_by_id(event_id: int) -> Event | None:
    return Event.objects.filter(pk=event_id).first()


def changes_since(event: Event, after: int, limit: int = ITEMS_PER_ANSWER) -> Changes:
    """One query. Entries in order of their newest change; never cut inside a batch."""
    rows = list(event.entries.changed_since(after)[: limit + 1])
    rows = [with_event(entry, event) for entry in rows]
    if len(rows) <= limit:
        return Changes(event, after, event.head, rows, event_changed=event.seq > after, more=False)
    kept = _cut_between_batches(rows, limit)
    if kept is None:  # one operation is larger than the limit: send it whole
        return changes_since(event, after, limit * 4)
    upto = rows[kept].seq - 1
    return Changes(event, after, upto, rows[:kept], event_changed=after < event.seq <= upto, more=True)


def _cut_between_batches(rows: list[Entry], limit: int) -> int | None:
    """The largest number of rows up to ``limit`` whose last operation is complete."""
    for kept in range(limit, 0, -1):
        if all(row.batch_end < rows[kept].seq for row in rows[:kept]):
            return kept
    return None


def heads(event_ids: list[int]) -> dict[int, tuple[str, int]]:
    """Epoch and head of each event, in one query."""
    rows = Event.objects.filter(pk__in=event_ids).values_list("pk", "epoch", "head")
    return {pk: (epoch, head) for pk, epoch, head in rows}


def socket_target(slug: str) -> int | None:
    """The event a socket asks for; its hub is known by this number from then on."""
    return Event.objects.public().filter(slug=slug).values_list("pk", flat=True).first()
