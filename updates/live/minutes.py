"""Writes what the desk keeps of each minute of a live blog. Several processes may write the same row."""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from updates.models import Change, Delivery, EventMinute
from updates.queries.audience import bucket_of, empty_buckets
from updates.queries.receipts import staleness


def record_readers(sums: dict[int, int], at: datetime | None = None) -> None:
    """Note the readers of this minute, by event. A number of the same minute is replaced only by a higher one."""
    minute = _minute(at or timezone.now())
    sums = {event_id: readers for event_id, readers in sums.items() if readers}
    with transaction.atomic():
        known = EventMinute.objects.filter(minute=minute, event__in=sums).values_list("event", "readers")
        lower = {event_id for event_id, readers in known if readers >= sums[event_id]}
        # Rows in one order, so that two processes never wait for each other
        EventMinute.objects.bulk_create(
            (EventMinute(event_id=pk, minute=minute, readers=n) for pk, n in sorted(sums.items()) if pk not in lower),
            update_conflicts=True,
            unique_fields=["event", "minute"],
            update_fields=["readers"],
        )


def keep_delays(rows: Iterable[Delivery]) -> None:
    """Add up the confirmations of rows that are about to be deleted; call it in the transaction that locks the rows and
    deletes them.
    """
    counts: Counter[tuple[int, datetime, int]] = Counter()
    rows = [row for row in rows if row.delays and row.handed_at]
    changes = Change.objects.filter(event__in={row.event_id for row in rows}, seq__in={row.seq for row in rows})
    times = {(event_id, seq): at for event_id, seq, at in changes.values_list("event", "seq", "at")}
    for row in rows:
        minute = _minute(row.handed_at or row.until)
        for seconds in staleness(row, times.get((row.event_id, row.seq))):
            counts[row.event_id, minute, bucket_of(seconds)] += 1
    for event_id, minute in sorted({key[:2] for key in counts}):  # in one order, since each row is locked
        _add(event_id, minute, {bucket: n for (pk, at, bucket), n in counts.items() if (pk, at) == (event_id, minute)})


def _add(event_id: int, minute: datetime, counts: dict[int, int]) -> None:
    row, _is_new = EventMinute.objects.select_for_update().get_or_create(event_id=event_id, minute=minute)
    delays = row.delays or empty_buckets()
    row.delays = [number + counts.get(bucket, 0) for bucket, number in enumerate(delays)]
    row.confirmed += sum(counts.values())
    row.save(update_fields=["delays", "confirmed"])


def _minute(at: datetime) -> datetime:
    return at.replace(second=0, microsecond=0)
