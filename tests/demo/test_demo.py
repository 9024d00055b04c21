"""The demo after its set-up."""

from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.auth.models import User
from django.urls import reverse
from django.utils import timezone

from tests.factories import make_event, make_user
from updates import publishing
from updates.content.images import read_image
from updates.demo import setup
from updates.demo.pictures import FOLDER
from updates.demo.storm_past import PAST_STEPS
from updates.models import Assignment, Change, Entry, Event, Image, Person
from updates.permissions import may_create_event, role_of
from updates.publishing import EventDetails, Refused

pytestmark = pytest.mark.django_db


def test_newsroom_has_something_live_something_to_come_and_something_that_has_ended(storm):
    states = dict(Event.objects.values_list("slug", "status"))

    assert states == {
        "storm-maren": "live",
        "storm-maren-ar": "live",
        "election-night": "upcoming",
        "harbour-budget": "ended",
        "swing-bridge": "ended",
    }


def test_storm_shows_every_kind_of_update(storm):
    entries = storm.entries.published()
    blocks = [block for entry in entries for block in entry.content["blocks"]]

    assert {block["kind"] for block in blocks} == {"text", "photo", "quote", "embed"}
    assert any(block["kind"] == "embed" and block["poster"] and block["lead_in"] for block in blocks)
    assert any("<li>" in block.get("html", "") for block in blocks)
    assert entries.filter(is_pinned=True).count() == 1
    assert entries.filter(is_key=True).count() == 5
    assert [entry.title for entry in entries if entry.content["corrections"]] == [
        "Waves break over the north breakwater"
    ]
    assert list(Entry.objects.exclude(reader_note="").values_list("reader_note", flat=True)) == [
        "it named the wrong street."
    ]
    assert all(entry.content["bylines"][0]["photo"] for entry in entries)
    assert (len(storm.key_points), bool(storm.lead)) == (4, True)


def test_first_page_of_the_storm_has_older_updates_behind_it(storm):
    assert storm.ordinals >= 2 * storm.page_size


def test_its_past_lies_before_the_set_up_in_the_order_of_the_log(storm):
    ats = list(Change.objects.filter(event=storm).order_by("desk_seq").values_list("at", flat=True))

    assert ats == sorted(ats)
    assert ats[-1] < timezone.now() - timedelta(minutes=4)


def test_times_in_the_texts_are_those_of_the_event(db):
    setup.set_up(datetime(2031, 3, 13, 14, 40, tzinfo=UTC))

    gust = setup.newest_storm().entries.get(idempotency_key="storm-maren/gust")

    assert "at Ness Point at 14:07" in gust.content["blocks"][0]["html"]


def test_what_has_ended_took_place_at_decent_hours_whenever_the_demo_is_set_up(db):
    setup.set_up(datetime(2031, 7, 13, 3, 40, tzinfo=UTC))

    council = Event.objects.get(slug="harbour-budget")
    assert (council.started_at, council.ended_at) == (
        datetime(2031, 7, 12, 16, 0, tzinfo=UTC),
        datetime(2031, 7, 12, 22, 0, tzinfo=UTC),
    )


def test_setting_up_twice_changes_nothing(storm):
    """Before the election of the first set-up has passed."""
    before = counted()

    setup.set_up(storm.created_at)

    assert counted() == before


def test_what_people_have_made_of_it_stays(storm):
    editor = User.objects.get(username="editor")
    publishing.change_event(storm.pk, EventDetails(title="Our own title"), editor)

    setup.set_up(timezone.now())

    assert Event.objects.get(pk=storm.pk).title == "Our own title"


def test_set_up_that_was_refused_goes_on_when_the_reason_is_gone(db):
    other = make_event(slug="storm-maren", status="draft")

    with pytest.raises(Refused, match="belongs to a live blog that the demo did not create"):
        setup.set_up(timezone.now())
    assert setup.newest_storm() is None

    publishing.change_event(other.pk, EventDetails(slug="our-storm"), other.assignments.get().user)
    setup.set_up(timezone.now())
    assert setup.newest_storm().entry_count == 20


def test_account_that_the_demo_did_not_make_is_left_alone(db):
    owner = make_user("editor", password="hers")

    with pytest.raises(Refused, match="“editor” was not created by the demo"):
        setup.set_up(timezone.now())

    owner.refresh_from_db()
    assert (owner.groups.count(), owner.check_password("hers")) == (0, True)
    assert Event.objects.count() == 0


def test_each_account_has_the_role_of_its_name(storm):
    users = {user.username: user for user in User.objects.all()}

    assert {name: role_of(user, storm) for name, user in users.items()} == {
        "editor": "editor",
        "moderator": "moderator",
        "correspondent": "correspondent",
        "newsdesk": "moderator",
    }
    assert [name for name, user in users.items() if may_create_event(user)] == ["editor"]
    assert {name for name, user in users.items() if user.is_staff} == set(users)
    assert not users["newsdesk"].has_usable_password()
    assert not any(user.get_all_permissions() for user in users.values()), "roles are given for each live blog"


def test_only_the_editor_renames_bylines(storm, client):
    byline = Person.objects.get(name="Ines Calder")
    page = reverse("admin:updates_person_change", args=[byline.pk])
    answers = {}
    for name in ("editor", "moderator", "correspondent"):
        client.force_login(User.objects.get(username=name))
        answers[name] = client.post(page, {"name": f"Renamed by {name}"}).status_code

    byline.refresh_from_db()
    assert answers == {"editor": 302, "moderator": 403, "correspondent": 403}
    assert byline.name == "Renamed by editor"


@pytest.mark.parametrize(
    ("now", "begins"),
    [
        ("2031-01-10T12:00Z", "2031-01-10T20:00Z"),
        ("2031-01-10T19:30Z", "2031-01-11T20:00Z"),
        ("2031-01-10T23:00Z", "2031-01-11T20:00Z"),
        ("2031-07-10T12:00Z", "2031-07-10T19:00Z"),
    ],
)
def test_election_night_begins_on_the_next_evening(db, now, begins):
    setup.set_up(datetime.fromisoformat(now))

    assert Event.objects.get(slug="election-night").planned_start == datetime.fromisoformat(begins)


def test_election_night_that_has_passed_unused_is_planned_anew(db):
    setup.set_up(datetime(2031, 1, 10, 12, tzinfo=UTC))

    setup.set_up(datetime(2031, 1, 15, 12, tzinfo=UTC))

    assert Event.objects.get(slug="election-night").planned_start == datetime(2031, 1, 15, 20, tzinfo=UTC)


def test_storm_told_again_is_another_live_blog_and_the_first_one_ends(storm):
    setup.restart_storm(timezone.now())

    second = setup.newest_storm()
    assert (second.slug, second.status, second.entry_count) == ("storm-maren-2", "live", 20)
    assert Event.objects.get(pk=storm.pk).status == "ended"


def test_every_step_of_the_past_happens_before_the_next(storm):
    minutes = [step.minute for step in PAST_STEPS]

    assert minutes == sorted(minutes)


def test_photos_are_small_and_can_be_used():
    photos = list(FOLDER.glob("*.jpg"))

    for photo in photos:
        with photo.open("rb") as file:
            assert read_image(file).width in {96, 1280}
        assert photo.stat().st_size < 115_000
    assert len(photos) == 11


def counted():
    models = (Assignment, Change, Entry, Event, Image, Person, User)
    return {model.__name__: model.objects.count() for model in models}
