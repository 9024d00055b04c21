"""Queries for the pages that list events and corrections; call them inside ``reader_pages.snapshot()``."""

from dataclasses import dataclass
from datetime import timedelta
from functools import reduce
from operator import or_

from django.db.models import OuterRef, Q, Subquery, Window
from django.db.models.functions import RowNumber
from django.utils import timezone

from updates.choices import ORDER_STEP, EventStatus
from updates.models import Entry, Event


@dataclass(frozen=True)
class Card:
    """A live event on the front page, with its newest entries."""

    event: Event
    newest: list[Entry]


@dataclass(frozen=True)
class FrontPage:
    now: list[Card]
    also_now: list[Event]
    """Further live events, without their entries."""
    coming_up: list[Event]
    ended: list[Event]
    has_more_ended: bool


CARDS = 24
"""Most live events that the front page shows with their newest entries."""

CANCELLED_FOR = timedelta(days=7)
"""How long a cancelled event stays on the front page after its planned start, at least after the cancellation."""

_OF_ROWS = (
    "title",
    "slug",
    "language",
    "time_zone",
    "status",
    "epoch",
    "head",
    "entry_count",
    "ended_at",
    "changed_at",
)
_OF_CARDS = (*_OF_ROWS, "sensitive", "lead", "ordinals", "started_at")
_OF_COMING = (*_OF_ROWS, "standfirst", "status_note", "planned_start")


def front_page(*, ended: int = 10, newest: int = 3) -> FrontPage:
    """Read the front page with at most five queries.

    The ``CARDS`` live events with the newest updates come first, with ``newest`` entries each, in the order in which
    they began, so that an update moves no card.
    """
    last = Entry.objects.published().filter(event=OuterRef("pk")).newest_first().values("published_at")[:1]
    live = Event.objects.listed().now().order_by(Subquery(last).desc(nulls_last=True), "-started_at", "-pk")
    cards = sorted(live.only(*_OF_CARDS)[:CARDS], key=_start, reverse=True)
    others = list(live.only(*_OF_ROWS)[CARDS:]) if len(cards) == CARDS else []
    entries = _recent(cards, newest)
    past = list(Event.objects.listed().ended().only(*_OF_ROWS)[: ended + 1])
    return FrontPage(
        now=[Card(event, entries[event.pk]) for event in cards],
        also_now=others,
        coming_up=list(Event.objects.listed().coming_up().exclude(_is_old_news()).only(*_OF_COMING)),
        ended=past[:ended],
        has_more_ended=len(past) > ended,
    )


def _is_old_news() -> Q:
    """Select what was cancelled long ago: each would stay at the top, by its start, for good."""
    before = timezone.now() - CANCELLED_FOR
    past = Q(planned_start=None) | Q(planned_start__lt=before)
    return Q(past, status=EventStatus.CANCELLED, changed_at__lt=before)


def _start(event: Event) -> tuple[float, int]:
    return (event.started_at.timestamp() if event.started_at else 0, event.pk)


def _recent(events: list[Event], number: int, places: int = 20) -> dict[int, list[Entry]]:
    """Return the newest entries of each event by its id, of its last ``places`` places."""
    newest: dict[int, list[Entry]] = {event.pk: [] for event in events}
    if not events:
        return newest
    last = (Q(event=event, order__gt=max(0, event.ordinals - places) * ORDER_STEP) for event in events)
    place = Window(RowNumber(), partition_by="event_id", order_by="-order")
    rows = Entry.objects.published().filter(reduce(or_, last)).annotate(place=place).filter(place__lte=number)
    for entry in rows.only("event_id", "public_id", "title", "published_at").order_by("place"):
        newest[entry.event_id].append(entry)
    return newest


def corrected_entries(page: int, size: int = 20) -> tuple[list[Entry], bool]:
    """Return one page of corrected entries of public events, newest correction first, and whether there are more."""
    public = Entry.objects.corrected().filter(event__in=Event.objects.listed()).select_related("event")
    rows = list(public.order_by("-corrected_at", "-pk")[(page - 1) * size : page * size + 1])
    return rows[:size], len(rows) > size


def ended_events(page: int, size: int = 20) -> tuple[list[Event], bool]:
    """Return one page of the archive, newest first, and whether there are more."""
    rows = list(Event.objects.listed().ended()[(page - 1) * size : page * size + 1])
    return rows[:size], len(rows) > size
