"""How many open pages were sent a change, how fast, and how many of a sample confirmed that they show it.

``sent`` is exact: every server process counts the open pages that it sent the change. ``confirmed`` is a sample and
can be forged by anybody who opens pages: it shows whether pages work as they should, and nothing depends on it. Pages
that poll or sleep are in neither.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Max, Sum
from django.utils import timezone

from updates.models import Change, Delivery

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
    asked: int
    confirmed: int
    is_settled: bool

    @property
    def share(self) -> int | None:
        """Return the share of asked pages that confirmed, in per cent, rounded down."""
        return 100 * self.confirmed // self.asked if self.asked else None


def receipts_of(event_id: int, seq: int, *, at: datetime | None = None) -> Receipts | None:
    """Add up the receipts of one change over all server processes; ``None`` where there was no such change.

    The rows are deleted after some minutes; then the result is as if no page had been open.
    """
    change = Change.objects.filter(event=event_id, seq=seq).only("at", "kind").first()
    if change is None:
        return None
    rows = Delivery.objects.filter(event=event_id, after__lt=seq, seq__gte=seq)
    sums = rows.aggregate(sent=Sum("sent"), asked=Sum("asked"), confirmed=Sum("confirmed"), last=Max("handed_at"))
    asked = sums["asked"] or 0
    return Receipts(
        event_id,
        seq,
        change.kind,
        sent=sums["sent"] or 0,
        seconds=max(0.0, (sums["last"] - change.at).total_seconds()) if sums["last"] else None,
        asked=asked,
        confirmed=min(sums["confirmed"] or 0, asked),
        is_settled=(at or timezone.now()) - change.at > SETTLED_AFTER,
    )
