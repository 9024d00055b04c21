"""What is kept of each minute: one row for an event at most, the readers of all processes, and how soon they saw it."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.db import connection
from django.utils import timezone

from tests.factories import NOON, make_event, post
from updates.live.minutes import keep_delays, record_readers
from updates.live.receipts import _write
from updates.models import Change, Delivery, EventMinute
from updates.queries.audience import BOUNDS, POINTS, audience_lately, bucket_of, minutes_of, staleness_in

pytestmark = pytest.mark.django_db

MINUTE = timedelta(minutes=1)


@pytest.fixture
def event():
    event = make_event(at=NOON)
    event.refresh_from_db()
    return event


def test_a_minute_has_one_row_with_the_highest_number(event):
    other = make_event()
    record_readers({event.pk: 5, other.pk: 2}, NOON)
    record_readers({event.pk: 9, other.pk: 1}, NOON + timedelta(seconds=30))
    record_readers({event.pk: 7, other.pk: 0}, NOON + timedelta(seconds=59))
    record_readers({event.pk: 4}, NOON + MINUTE)

    assert minutes_of(event) == [(NOON, 9), (NOON + MINUTE, 4)]
    assert minutes_of(other) == [(NOON, 2)]
    assert EventMinute.objects.count() == 3


def test_nobody_reading_leaves_no_row(event):
    record_readers({event.pk: 0}, NOON)
    record_readers({}, NOON)
    assert not EventMinute.objects.exists()


def test_the_curve_has_a_bounded_number_of_points_and_its_peak(event):
    for number in range(400):
        record_readers({event.pk: 1000 if number == 200 else 10}, NOON + number * MINUTE)
    now = NOON + 399 * MINUTE
    audience = audience_lately(event, now)

    assert len(audience.points) == POINTS
    assert (audience.now, audience.peak, audience.peak_at) == (10, 1000, NOON + 200 * MINUTE)
    assert max(audience.points) == 1000
    assert min(audience.points) == 10
    assert audience_lately(event, now + timedelta(minutes=5)).now == 0


def test_an_event_without_readers_has_a_flat_curve(event):
    audience = audience_lately(event)
    assert (audience.now, audience.peak, audience.peak_at, set(audience.points)) == (0, 0, None, {0})


def delivery(event, seq, delays, *, until):
    change = Change.objects.get(event=event, seq=seq)
    return Delivery(
        event=event,
        process="one",
        seq=seq,
        after=seq - 1,
        sent=50,
        requested=len(delays),
        confirmed=len(delays),
        delays=delays,
        handed_at=change.at + timedelta(seconds=0.2),
        until=until,
    )


def test_how_soon_pages_showed_it_outlives_the_receipts(event):
    seq = post(event, "News").seq
    now = timezone.now()
    _write([delivery(event, seq, [100] * 18 + [1500] * 2, until=now - MINUTE)])
    before = staleness_in(event)
    _write([])  # deletes what has ended
    after = staleness_in(event)

    assert not Delivery.objects.exists()
    assert EventMinute.objects.get().confirmed == 20
    assert before == after
    assert (after.median, after.slow, after.confirmed) == (0.3, 2.0, 20)


def test_confirmations_of_a_minute_add_up(event):
    seq = post(event, "News").seq
    keep_delays([delivery(event, seq, [100], until=NOON)])
    keep_delays([delivery(event, seq, [100, 200], until=NOON), delivery(event, seq, [], until=NOON)])
    row = EventMinute.objects.get()
    assert (row.confirmed, row.readers) == (3, 0)
    assert minutes_of(event) == []


@pytest.mark.django_db(transaction=True)
def test_processes_that_write_at_the_same_time_count_each_confirmation_once(event):
    seqs = [post(event, "News").seq for _ in range(10)]
    ended = timezone.now() - MINUTE
    Delivery.objects.bulk_create(delivery(event, seq, [100, 1500], until=ended) for seq in seqs)
    together = Barrier(4)

    def write(_number):
        try:
            connection.ensure_connection()
            together.wait()
            _write([])
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as processes:
        list(processes.map(write, range(4)))
    assert not Delivery.objects.exists()
    assert sum(EventMinute.objects.values_list("confirmed", flat=True)) == 20


@pytest.mark.parametrize(("seconds", "bound"), [(0, 0.1), (0.1, 0.1), (0.11, 0.2), (2.5, 3.0), (1000, 120.0)])
def test_each_delay_counts_for_the_next_bound(seconds, bound):
    assert BOUNDS[bucket_of(seconds)] == bound
