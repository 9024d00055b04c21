"""How many open pages were sent a change, how fast, and how many of a sample confirmed that they show it.

``sent`` is exact: every server process counts the open pages that it sent the change. ``confirmed`` is a sample and
can be forged by anybody who opens pages: it shows whether pages work as they should, and nothing depends on it. Pages
that poll or sleep are in neither.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Max, QuerySet, Sum
from django.utils import timezone

from updates.models import Change, Delivery

ALL = 100  # per cent

CHANGES, CONFIRMATIONS = 200, 100
"""Of the pace: most changes and most confirmations of each in one process."""

SETTLED_AFTER = timedelta(seconds=15)
"""Time after which no more confirmations are expected."""


@dataclass(frozen=True)
class Receipts:
    event_id: int
    seq: int
    kind: str
    """The kind of the change in the log."""
    sent: int
    seconds: float | None
    """From the operation until it was sent to the last open page; ``None`` if no page was open."""
    requested: int
    confirmed: int
    is_settled: bool

    @property
    def share(self) -> int | None:
        """Return how many of the requested confirmations came, in per cent, rounded down."""
        return 100 * self.confirmed // self.requested if self.requested else None


def receipts_of(event_id: int, seq: int, *, at: datetime | None = None) -> Receipts | None:
    """Add up the receipts of one change over all server processes; ``None`` where there was no such change.

    The rows are deleted after some minutes; then the result is as if no page had been open.
    """
    change = Change.objects.filter(event=event_id, seq=seq).only("at", "kind").first()
    if change is None:
        return None
    rows = Delivery.objects.filter(event=event_id, after__lt=seq, seq__gte=seq)
    sums = rows.aggregate(requested=Sum("requested"), confirmed=Sum("confirmed"), last=Max("handed_at"))
    # Two relays write rows of the same nginx, perhaps of frames that they have cut in different places.
    sent = [row["most"] for row in rows.values("process").annotate(most=Max("sent")).order_by()]
    requested = sums["requested"] or 0
    return Receipts(
        event_id,
        seq,
        change.kind,
        sent=sum(sent),
        seconds=max(0.0, (sums["last"] - change.at).total_seconds()) if sums["last"] else None,
        requested=requested,
        confirmed=min(sums["confirmed"] or 0, requested),
        is_settled=(at or timezone.now()) - change.at > SETTLED_AFTER,
    )


@dataclass(frozen=True)
class Pace:
    """How long it took until open pages showed what was published or changed, in seconds."""

    median: float
    slow: float
    """95 of 100 pages were as fast."""


def pace_of(event_id: int) -> Pace | None:
    """Return the pace of an event over its last minutes; ``None`` if no page has confirmed anything."""
    delays = sorted(staleness_of(Delivery.objects.filter(event=event_id)))
    if not delays:
        return None
    return Pace(_percentile(delays, 50), _percentile(delays, 95))


def staleness_of(deliveries: QuerySet[Delivery]) -> list[float]:
    """Return the seconds after which pages showed the newest changes of one event."""
    rows = list(deliveries.only("event_id", "seq", "handed_at", "delays").order_by("-seq")[:CHANGES])
    changes = Change.objects.filter(event__in={row.event_id for row in rows}, seq__in=[row.seq for row in rows])
    times = dict(changes.values_list("seq", "at"))
    return [seconds for row in rows for seconds in staleness(row, times.get(row.seq))]


def staleness(row: Delivery, published_at: datetime | None) -> list[float]:
    """Return the seconds from an operation until pages confirmed that they show it."""
    return [delay / 1000 + _before_sending(row, published_at) for delay in row.delays[:CONFIRMATIONS]]


def _before_sending(row: Delivery, published_at: datetime | None) -> float:
    if row.handed_at is None or published_at is None:
        return 0.0
    return max(0.0, (row.handed_at - published_at).total_seconds())


def _percentile(values: list[float], percent: int) -> float:
    return values[min(len(values) - 1, percent * len(values) // ALL)]
