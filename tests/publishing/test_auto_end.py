"""A live blog without updates: the desk is warned, and it ends by itself where its editors want that."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from tests.factories import editor_of, make_event, make_member, post
from updates import publishing
from updates.choices import ChangeKind, EventStatus, Role
from updates.models import Change
from updates.publishing import EntryContent, EntryInput, EventDetails
from updates.publishing.auto_end import end_if_quiet, quiet_ids
from updates.queries.timeline import quiet_hours
from updates.scheduling import Scheduler

pytestmark = pytest.mark.django_db


def in_hours(hours):
    return timezone.now() + timedelta(hours=hours)


def state(event):
    event.refresh_from_db()
    return event.status


@pytest.fixture
def event():
    event = make_event(ends_after=6)
    post(event, "The last word")
    return event


def test_it_ends_by_itself_once_and_the_log_says_why(event):
    Scheduler().turn(in_hours(5))
    assert state(event) == EventStatus.LIVE
    over = in_hours(7)
    for scheduler in (Scheduler(), Scheduler()):
        scheduler.turn(over)

    assert (state(event), event.ended_at) == (EventStatus.ENDED, over)
    (change,) = Change.objects.filter(event=event, kind="end")
    assert (change.actor, change.reason, change.seq) == (None, "No update for 6 hours.", event.head)


def test_an_update_or_a_reopening_gives_it_its_hours_anew(event):
    end_if_quiet(event.pk, at=in_hours(7))
    publishing.change_state(event.pk, ChangeKind.REOPEN, editor_of(event), at=in_hours(8))
    assert not quiet_ids(in_hours(13))
    publishing.publish(event.pk, EntryContent("Another"), editor_of(event), at=in_hours(13))
    assert not quiet_ids(in_hours(18))
    assert quiet_ids(in_hours(19)) == [event.pk]


def test_what_came_meanwhile_keeps_it_going(event):
    """Another process looked before."""
    publishing.publish(event.pk, EntryContent("Another"), editor_of(event), at=in_hours(7))
    end_if_quiet(event.pk, at=in_hours(7))
    assert state(event) == EventStatus.LIVE


@pytest.mark.parametrize("kind", ["submitted", "scheduled"])
def test_what_waits_keeps_it_going(event, kind):
    written = EntryInput(event.pk, EntryContent("To come"))
    if kind == "submitted":
        publishing.submit(written, make_member(event))
    else:
        publishing.schedule(written, editor_of(event), in_hours(9))
    assert not quiet_ids(in_hours(7))
    end_if_quiet(event.pk, at=in_hours(7))
    assert state(event) == EventStatus.LIVE


def test_it_never_does_unless_an_editor_wants_it(event):
    publishing.change_event(event.pk, EventDetails(ends_after=None), editor_of(event))
    assert not quiet_ids(in_hours(1000))


@pytest.mark.parametrize("hours", [0, 169])
def test_hours_until_the_end_are_bounded(event, hours):
    with pytest.raises(ValidationError) as refused:
        publishing.change_event(event.pk, EventDetails(ends_after=hours), editor_of(event))
    assert "ends_after" in refused.value.message_dict


def test_the_desk_is_warned_after_six_hours_while_it_is_live(event, time_machine, client):
    moderator = make_member(event, Role.MODERATOR)
    client.force_login(moderator)
    desk = f"/admin/updates/event/{event.pk}/desk/"
    end = f"/admin/updates/event/{event.pk}/state/end/"
    assert "no update for" not in client.get(desk).content.decode()

    time_machine.move_to(in_hours(6.5), tick=False)
    client.force_login(moderator)
    page = client.get(desk).content.decode()
    assert "no update for 6 hours" in page
    assert end in page.partition("no update for")[2][:200]
    client.force_login(make_member(event))
    page = client.get(desk).content.decode()
    assert "no update for 6 hours" in page
    assert end not in page.partition("no update for")[2][:200]

    publishing.change_state(event.pk, ChangeKind.END, moderator)
    assert state(event) == EventStatus.ENDED
    assert quiet_hours(event) == 0
