"""“What we know”, title and the sensitive switch, from the desk."""

import pytest
from django.urls import reverse

from tests.admin.desk_forms import desk_address
from tests.factories import editor_of, make_event, make_member
from updates import publishing
from updates.publishing import EventDetails

pytestmark = [pytest.mark.django_db, pytest.mark.django]

JSON = {"Accept": "application/json"}


@pytest.fixture
def event(db):
    return make_event(title="Storm Maren", key_points=("<p>First</p>", "<p>Second</p>"))


@pytest.fixture
def moderator(client, tomas):
    client.force_login(tomas)
    return client


def address(event):
    return reverse("admin:updates_event_panel", args=[event.pk])


def typed(event, **other):
    points = "".join(event.key_points)
    return {
        "title": event.title,
        "standfirst": event.standfirst,
        "key_points": points,
        "version": event.version,
    } | other


def test_points_change_their_order_for_readers_at_once(moderator, event):
    answer = moderator.post(address(event), typed(event, key_points="<p>Second</p><p>First</p>", sensitive="on"))

    assert answer["Location"] == desk_address(event)
    before = (event.head, event.version)
    event.refresh_from_db()
    assert (event.key_points, event.sensitive) == (["<p>Second</p>", "<p>First</p>"], True)
    assert (event.head, event.version) == (before[0] + 1, before[1] + 1)


def test_a_newer_version_is_shown_and_nothing_is_overwritten(moderator, event):
    publishing.change_event(event.pk, EventDetails(title="Theirs"), editor_of(event))

    response = moderator.post(address(event), typed(event, title="Mine"), headers=JSON)

    assert (response.status_code, response.json()["state"]) == (422, "refused")
    assert "Theirs" in response.json()["other"]
    assert response.json()["instead"] == {"version": event.version + 1}
    event.refresh_from_db()
    assert event.title == "Theirs"
    second = moderator.post(address(event), typed(event, title="Mine"), headers=JSON).json()
    assert (second["state"], second["message"]) == ("sent", "Saved. Readers see it.")
    assert second["now"] == moderator.get(address(event), headers=JSON).json()


def test_what_somebody_has_not_touched_stays_as_others_have_left_it(moderator, event):
    """The old standfirst is in the form of whoever changes the title only."""
    publishing.change_event(event.pk, EventDetails(standfirst="Theirs"), editor_of(event))
    mine = typed(event, title="Mine", touched="title")

    response = moderator.post(address(event), mine, headers=JSON).json()
    second = moderator.post(address(event), mine | response["instead"], headers=JSON).json()

    assert ("Theirs" in response["other"], "Mine" in response["other"], response["now"]["standfirst"]) == (
        False,
        True,
        "Theirs",
    )
    assert second["state"] == "sent"
    event.refresh_from_db()
    assert (event.title, event.standfirst) == ("Mine", "Theirs")


def test_saved_untouched_it_is_left_alone(moderator, event):
    answer = moderator.post(address(event), typed(event, title="Old", touched=""), headers=JSON)
    assert answer.json()["state"] == "sent"
    event.refresh_from_db()
    assert event.title == "Storm Maren"


def test_what_is_wrong_is_said_at_its_field(moderator, event):
    response = moderator.post(address(event), typed(event, title=""), headers=JSON).json()
    assert response["errors"] == {"title": ["This field is required."]}
    assert "This field is required." in moderator.post(address(event), typed(event, title="")).content.decode()


def test_scripts_ask_what_stands_now(moderator, event):
    now = moderator.get(address(event), headers=JSON).json()
    assert (now["title"], now["key_points"], now["version"]) == (
        "Storm Maren",
        "<p>First</p><p>Second</p>",
        event.version,
    )


def test_it_is_no_matter_of_correspondents(client, event):
    client.force_login(make_member(event))

    assert "desk-panel" not in client.get(desk_address(event)).content.decode()
    assert client.get(address(event)).status_code == 403
    assert client.post(address(event), typed(event, title="Mine"), headers=JSON).status_code == 403
    client.force_login(make_member(make_event()))
    assert client.post(address(event), typed(event, title="Mine")).status_code == 404
    event.refresh_from_db()
    assert event.title == "Storm Maren"
