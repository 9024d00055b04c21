"""What the desk is told of a change: how many open pages got it, how fast, and how many of a sample confirmed it.

``sent`` is exact: every server process counts the open pages it handed the change to. ``confirmed`` is a sample, and
can be forged by whoever opens pages: it answers whether pages do what they should, and decides nothing. Pages that poll
or sleep are in neither.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Max, Sum
from django.utils import timezone

from updates.models import Change, Delivery

SETTLED = timedelta(seconds=15)
"""After which no more confirmations are waited for."""


@dataclass(frozen=True)
class Delivered:
    event_id: int
    seq: int
    kind: str
    """What was done, as the log calls it."""
    sent: int
    seconds: float | None
    """From the operation until the last open page was handed it; ``None`` where no page was open."""
    asked: int
    confirmed: int
    is_settled: bool

    @property
    def share(self) -> int | None:
        """Of those that were asked, in hundredths, rounded down."""
        return 100 * self.confirmed // self.asked if self.asked else None


def delivered(event_id: int, seq: int, *, at: datetime | None = None) -> Delivered | None:
    """The figures of one change, over all server processes; ``None`` where there was no such change.

    They are kept for some minutes only: of an older change they say nothing, as if no page had been open.
    """
    change = Change.objects.filter(event=event_id, seq=seq).only("at", "kind").first()
    if change is None:
        return None
    rows = Delivery.objects.filter(event=event_id, after__lt=seq, seq__gte=seq)
    sums = rows.aggregate(sent=Sum("sent"), asked=Sum("asked"), confirmed=Sum("confirmed"), last=Max("handed_at"))
    asked = sums["asked"] or 0
    seconds = max(0.0, (sums["last"] - change.at).total_seconds()) if sums["last"] else None
    return Delivered(
        event_id,
        seq,
        change.kind,
        sums["sent"] or 0,
        seconds,
        asked,
        min(sums["confirmed"] or 0, asked),
        is_settled=(at or timezone.now()) - change.at > SETTLED,
    )
