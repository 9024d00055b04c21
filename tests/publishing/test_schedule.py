"""What is scheduled goes out once, at its time, or is held back with the reason."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied

from tests.factories import NOON, editor_of, make_event
from tests.publishing.waiting import LATER, OTHER, counters, fresh, log_of, scheduled, submitted
from updates import publishing
from updates.choices import ChangeKind, EntryStatus
from updates.models import Change
from updates.publishing import EntryInput, EventDetails, Refused
from updates.publishing.schedule import coming, publish_due

pytestmark = pytest.mark.django_db


def due_ids(at):
    return [pk for pk, _when in coming(0, at)]


@pytest.mark.parametrize("status", ["ended", "cancelled", "postponed"])
def test_nothing_is_scheduled_where_it_could_not_go_out(status):
    event = make_event(status=status)
    with pytest.raises(Refused):
        scheduled(event, editor_of(event))


def test_a_time_that_has_passed_is_refused(event, boss):
    with pytest.raises(Refused) as refused:
        scheduled(event, boss, when=NOON)
    assert refused.value.code == "past"


def test_a_correspondent_does_not_change_what_will_go_out_by_itself_unseen(event, noor, boss):
    publishing.change_event(event.pk, EventDetails(direct_publishing=False), boss)
    entry = submitted(event, noor)
    publishing.schedule(EntryInput(event.pk, entry_id=entry.pk), boss, LATER, at=NOON)
    for attempt in (
        lambda: publishing.save_draft(EntryInput(event.pk, OTHER, entry_id=entry.pk), noor),
        lambda: publishing.unschedule(entry.pk, noor),
        lambda: publishing.discard(entry.pk, noor),
        lambda: publishing.publish_now(entry.pk, noor),
    ):
        with pytest.raises(PermissionDenied):
            attempt()
    publishing.unschedule(entry.pk, boss)
    assert fresh(entry).status == EntryStatus.SUBMITTED


def test_it_goes_out_once_at_its_time_and_not_before(event, noor):
    entry = scheduled(event, noor)
    assert due_ids(LATER - timedelta(seconds=1)) == []
    assert publish_due(entry.pk, at=LATER - timedelta(seconds=1)).status == EntryStatus.SCHEDULED
    assert coming(1, LATER - timedelta(seconds=1)) == [(entry.pk, LATER)]

    assert due_ids(LATER) == [entry.pk]
    publish_due(entry.pk, at=LATER)
    head = counters(event)[0]
    publish_due(entry.pk, at=LATER)

    assert (fresh(entry).status, fresh(entry).published_at) == (EntryStatus.PUBLISHED, LATER)
    assert counters(event)[0] == head
    assert Change.objects.get(kind="publish").actor == noor


def test_after_a_downtime_the_oldest_goes_first(event, boss):
    second, first = scheduled(event, boss), scheduled(event, boss, when=LATER - timedelta(hours=1))
    assert due_ids(LATER + timedelta(hours=1)) == [first.pk, second.pk]


def taken_off(event, entry, boss):
    publishing.unassign(event.pk, entry.author, boss)


def no_direct_publishing(event, entry, boss):
    publishing.change_event(event.pk, EventDetails(direct_publishing=False), boss)


def postponed(event, entry, boss):
    publishing.change_state(event.pk, ChangeKind.POSTPONE, boss)


@pytest.mark.parametrize("hindrance", [taken_off, no_direct_publishing, postponed])
def test_what_may_not_go_out_at_its_time_waits_for_somebody_to_decide(event, noor, boss, hindrance):
    entry = scheduled(event, noor)
    hindrance(event, entry, boss)

    publish_due(entry.pk, at=LATER)

    assert (fresh(entry).status, fresh(entry).scheduled_at) == (EntryStatus.SUBMITTED, None)
    assert fresh(entry).sent_back_note.startswith("It was not published at its scheduled time.")
    assert log_of(entry)[-1] == ("hold", None)
    assert due_ids(LATER) == []
