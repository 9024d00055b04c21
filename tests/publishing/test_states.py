"""The event's states: every operation in every state, and what a state means for publishing."""

import pytest
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied, ValidationError

from tests.factories import make_event, post
from updates import publishing
from updates.choices import ChangeKind, EventStatus
from updates.models import Change, Event
from updates.publishing import EntryContent, EventDetails, Refused, TextContent
from updates.publishing.events import TRANSITIONS

pytestmark = [pytest.mark.django_db, pytest.mark.once]

EXPECTED = {
    ("draft", "announce"): "upcoming", ("draft", "open"): "live",
    ("upcoming", "open"): "live", ("upcoming", "postpone"): "postponed", ("upcoming", "cancel"): "cancelled",
    ("live", "end"): "ended", ("live", "postpone"): "postponed", ("live", "cancel"): "cancelled",
    ("ended", "reopen"): "live",
    ("postponed", "announce"): "upcoming", ("postponed", "open"): "live", ("postponed", "cancel"): "cancelled",
    ("cancelled", "announce"): "upcoming",
}  # fmt: skip


@pytest.fixture
def boss():
    return User.objects.create(username="boss", is_superuser=True)


@pytest.mark.parametrize("kind", TRANSITIONS)
@pytest.mark.parametrize("status", EventStatus.values)
def test_cell_of_the_transition_table(boss, status, kind):
    event = make_event(status=status)
    before = Event.objects.get(pk=event.pk)
    expected = EXPECTED.get((status, kind.value))

    if expected is None:
        with pytest.raises(Refused):
            publishing.change_state(event.pk, kind, boss)
        after = Event.objects.get(pk=event.pk)
        assert (after.status, after.head, after.desk_head) == (before.status, before.head, before.desk_head)
    else:
        publishing.change_state(event.pk, kind, boss)
        after = Event.objects.get(pk=event.pk)
        assert (after.status, after.head, after.seq) == (expected, before.head + 1, before.head + 1)


def test_the_table_has_every_step_of_an_event():
    steps = [ChangeKind.ANNOUNCE, ChangeKind.OPEN, ChangeKind.END, ChangeKind.REOPEN, ChangeKind.POSTPONE]
    assert set(TRANSITIONS) == {*steps, ChangeKind.CANCEL}


@pytest.mark.parametrize("status", [status for status in EventStatus.values if status != "live"])
def test_publishing_is_refused_unless_live(boss, status):
    event = make_event(status=status)
    head = Event.objects.get(pk=event.pk).head

    with pytest.raises(Refused) as refused:
        publishing.publish(event.pk, EntryContent("News"), boss)

    assert refused.value.code == f"event-{status}"
    assert Event.objects.get(pk=event.pk).head == head


@pytest.mark.parametrize("status", ["draft", "upcoming"])
def test_first_update_may_go_live_in_the_same_step(boss, status):
    event = make_event(status=status)

    entry = publishing.publish(event.pk, EntryContent("News"), boss, go_live=True).entry

    event = Event.objects.get(pk=event.pk)
    assert (event.status, event.head, event.entry_count) == ("live", entry.seq, 1)
    batch = Change.objects.filter(event=event, batch__isnull=False).order_by("seq")
    assert [(change.kind, change.seq) for change in batch] == [
        ("open", entry.seq - 1),
        ("publish", entry.seq),
    ]


@pytest.mark.parametrize("status", ["ended", "postponed", "cancelled"])
def test_corrections_and_removals_work_in_every_state(boss, status):
    event = make_event()
    entry = post(event, "News", author=boss)
    kind = {"ended": ChangeKind.END, "postponed": ChangeKind.POSTPONE, "cancelled": ChangeKind.CANCEL}[status]
    publishing.change_state(event.pk, kind, boss)

    publishing.correct(entry.pk, EntryContent("News, corrected"), "It was wrong.", boss)
    removed = publishing.remove(entry.pk, boss)

    assert removed.is_removed


def test_note_to_readers_is_kept_with_the_state(boss):
    event = make_event(status="upcoming")
    publishing.change_state(event.pk, ChangeKind.POSTPONE, boss, note="Until the storm has passed.")
    assert Event.objects.get(pk=event.pk).status_note == "Until the storm has passed."
    publishing.change_state(event.pk, ChangeKind.ANNOUNCE, boss)
    assert Event.objects.get(pk=event.pk).status_note == ""


def test_details_change_only_what_is_given(boss):
    event = make_event()
    before = Event.objects.get(pk=event.pk)

    publishing.change_event(event.pk, EventDetails(title="Another title"), boss)

    after = Event.objects.get(pk=event.pk)
    assert (after.title, after.standfirst, after.head) == (
        "Another title",
        before.standfirst,
        before.head + 1,
    )


def test_details_without_a_difference_take_no_number(boss):
    event = make_event()
    before = Event.objects.get(pk=event.pk)
    publishing.change_event(event.pk, EventDetails(title=before.title), boss)
    assert Event.objects.get(pk=event.pk).head == before.head


def test_key_points_are_cleaned(boss):
    event = make_event()
    publishing.change_event(event.pk, EventDetails(key_points=("<p>One<script>alert(1)</script></p>", "<p></p>")), boss)
    assert Event.objects.get(pk=event.pk).key_points == ["<p>One</p>"]


def test_reserved_address_is_refused(boss):
    event = make_event(status="draft")
    with pytest.raises(ValidationError) as refused:
        publishing.change_event(event.pk, EventDetails(slug="admin"), boss)
    assert "slug" in refused.value.message_dict


def test_address_that_readers_know_stays(boss):
    event = make_event(slug="storm-maren")
    with pytest.raises(Refused, match="Readers already have this address"):
        publishing.change_event(event.pk, EventDetails(slug="other"), boss)
    assert Event.objects.get().slug == "storm-maren"


def test_unknown_time_zone_is_refused(boss):
    event = make_event()
    with pytest.raises(ValidationError) as refused:
        publishing.change_event(event.pk, EventDetails(time_zone="Mars/Olympus"), boss)
    assert "time_zone" in refused.value.message_dict


def test_older_version_of_the_details_is_refused(boss):
    event = make_event()
    seen = Event.objects.get(pk=event.pk).version
    publishing.change_event(event.pk, EventDetails(title="First"), boss, version=seen)

    with pytest.raises(publishing.NewerVersion) as refused:
        publishing.change_event(event.pk, EventDetails(title="Second"), boss, version=seen)

    assert refused.value.current.title == "First"


def test_creating_needs_the_editors_group(boss):
    nobody = User.objects.create(username="nobody")
    with pytest.raises(PermissionDenied):
        publishing.create_event(EventDetails(title="Mine", slug="mine"), nobody)
    event = publishing.create_event(EventDetails(title="Mine", slug="mine"), boss)
    assert (event.status, event.head) == ("draft", 0)


def test_text_needs_something_to_say(boss):
    event = make_event()
    with pytest.raises(ValidationError):
        publishing.publish(event.pk, EntryContent("", (TextContent("<p>&nbsp;</p>"),)), boss)
