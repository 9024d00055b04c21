"""How many open pages were sent a change, how fast, and how many of a sample confirmed that they show it.

``sent`` is exact: every server process counts the open pages that it sent the change. ``confirmed`` is a sample and
can be forged by whoever opens pages: it shows whether pages work as they should, and decides nothing. Pages that
poll or sleep are in neither.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Max, Sum
from django.utils import timezone

from updates.models import Change, Delivery

SETTLED_AFTER = timedelta(seconds=15)
"""After which no more confirmations are expected."""


@dataclass(frozen=True)
class Receipts:
    event_id: int
    seq: int
    kind: str
    """Of the change, as the log calls it."""
    sent: int
    seconds: float | None
    """From the operation until the last open page was sent it; ``None`` where no page was open."""
    asked: int
    confirmed: int
    is_settled: bool

    @property
    def share(self) -> int | None:
        """Confirmed of those that were asked, in per cent, rounded down."""
        return 100 * self.confirmed // self.asked if self.asked else None


def receipts_of(event_id: int, seq: int, *, at: datetime | None = None) -> Receipts | None:
    """Add up the receipts of one change over all server processes; ``None`` where there was no such change.

    The rows live for some minutes: for an older change the result is that of a change that no page was open for.
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
