"""Times as they are typed, on the live blog's own clock: one hour is left out in spring, one comes twice in autumn."""

import re
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.urls import reverse

from tests.admin.desk_forms import (
    add_address,
    change_address,
    controls,
    desk_address,
    entry_form,
    errors,
    messages_of,
    photo,
)
from tests.factories import editor_of, make_event, make_picture, post
from updates import publishing
from updates.alerts.keys import new_private_key
from updates.models import Change, Entry, Event, Image
from updates.publishing import EventDetails

pytestmark = [pytest.mark.django_db, pytest.mark.once, pytest.mark.long]

MISSING, TWICE = "2041-03-31T01:30", "2041-10-27T01:30"
FIRST, SECOND = datetime(2041, 10, 27, 0, 30, tzinfo=UTC), datetime(2041, 10, 27, 1, 30, tzinfo=UTC)
NO_ROOM = {"Pacific/Honolulu": "9999-12-31T23:59", "Pacific/Kiritimati": "0001-01-01T00:00"}


@pytest.fixture
def event(db):
    return make_event(title="Storm Maren", time_zone="Europe/London")


def limited(until, picture):
    kind, values = photo(picture=picture.public_id)
    return kind, values | {"until": until}


def test_an_hour_that_clocks_leave_out_is_refused_and_nothing_is_lost(desk, event):
    answer = desk.post(add_address(event), entry_form("Tide tables", when=MISSING, _schedule="1"))

    assert errors(answer)[-1].startswith("This time does not exist there")
    assert (controls(answer)["headline"], controls(answer)["when"]) == ("Tide tables", MISSING)
    assert not Entry.objects.exists()


@pytest.mark.parametrize(("hour", "moment", "name"), [("first", FIRST, "BST"), ("second", SECOND, "GMT")])
def test_where_an_hour_comes_twice_both_are_offered(desk, event, hour, moment, name):
    form = entry_form("Tide tables", when=TWICE, is_far="on", _schedule="1")
    refused = desk.post(add_address(event), form)
    assert errors(refused)[-1] == "The clocks go back, so this time comes twice. Choose one."
    page = " ".join(refused.content.decode().split())
    assert "01:30 BST, the first" in page
    assert "01:30 GMT, an hour later" in page
    assert not Entry.objects.exists()

    answer = desk.post(add_address(event), controls(refused) | {"_schedule": "1", "hour": hour}, follow=True)

    entry = Entry.objects.get()
    assert entry.scheduled_at == moment
    assert messages_of(answer)[-1].startswith(f"Scheduled for 27 Oct 2041, 01:30 {name}:")
    desk.post(change_address(entry), controls(desk.get(change_address(entry))) | {"is_far": "on", "_schedule": "1"})
    assert Entry.objects.get().scheduled_at == moment
    assert Change.objects.filter(kind="schedule").count() == 1


def test_a_day_far_away_is_asked_about(desk, event):
    """As when 2072 was typed instead of 2027."""
    form = entry_form("Tide tables", when="2072-11-29T18:00", _schedule="1")
    response = desk.post(add_address(event), form, headers={"Accept": "application/json"}).json()
    assert response["errors"]["when"] == [
        "That is far away: Tuesday 29 November 2072, 18:00 GMT. Confirm the day, or change it."
    ]
    assert response["choice"]
    assert "Yes, on Tuesday 29 November 2072, 18:00 GMT" in response["buttons"]
    assert not Entry.objects.exists()
    desk.post(add_address(event), form | {"is_far": "on"})
    assert Entry.objects.get().scheduled_at == datetime(2072, 11, 29, 18, tzinfo=UTC)


def test_the_field_names_the_zone_and_its_clock(desk, event):
    page = desk.get(desk_address(event)).content.decode()
    assert re.search(r"Time in Europe/London, where it is now \d\d:\d\d (GMT|BST)\.", page)


def test_a_schedule_is_confirmed_with_the_year_of_another_year_and_with_the_zone(desk, event):
    form = entry_form("Tide", when="2041-10-26T02:30", is_far="on", _schedule="1")
    answer = desk.post(add_address(event), form, follow=True)
    assert messages_of(answer)[-1].startswith("Scheduled for 26 Oct 2041, 02:30 BST:")

    rows = desk.get(f"/admin/updates/entry/?event__id__exact={event.pk}").content.decode()
    assert "26 Oct 2041 <b>02:30</b>" in rows


def test_and_no_photo_is_shown_after_its_time(desk, event, noor):
    picture = make_picture(noor)
    refused = desk.post(add_address(event), entry_form("Quay", limited(MISSING, picture)))
    assert errors(refused)[-1].startswith("This time does not exist there")
    assert not Entry.objects.exists()
    desk.post(add_address(event), entry_form("Quay", limited(TWICE, picture)))
    assert Image.objects.get().expires_at == FIRST


@pytest.mark.parametrize("moment", [FIRST, SECOND])
def test_a_time_that_was_not_touched_stays(desk, event, noor, moment):
    with time_machine.travel(datetime(2041, 11, 1, 12, 0, tzinfo=UTC)):
        desk.force_login(noor)
        entry = post(event, "Tide", author=noor, time=moment)
        address = reverse("admin:updates_entry_time", args=[entry.pk])
        answer = desk.post(address, controls(desk.get(address)), follow=True)
        assert messages_of(answer) == ["Nothing was changed."]
        refused = desk.post(address, {"time": MISSING})
        assert errors(refused)[-1].startswith("This time does not exist there")
    assert Entry.objects.get().published_at == moment


def test_an_event_ends_after_its_start(client, event):
    client.force_login(editor_of(event))
    address = reverse("admin:updates_event_change", args=[event.pk])
    form = controls(client.get(address)) | {"planned_start": "2031-03-13T20:00"}
    refused = client.post(address, form | {"planned_end": "2031-03-13T20:00"})
    assert errors(refused)[-1] == "The planned end must be after the planned start."
    client.post(address, form | {"planned_end": "2031-03-13T23:30"})
    assert Event.objects.get().planned_end - Event.objects.get().planned_start == timedelta(hours=3.5)


def test_so_is_a_planned_start(client, event):
    client.force_login(editor_of(event))
    address = reverse("admin:updates_event_change", args=[event.pk])
    form = controls(client.get(address))
    refused = client.post(address, form | {"planned_start": MISSING})
    assert errors(refused)[-1].startswith("This time does not exist there")
    client.post(address, form | {"planned_start": TWICE})
    assert Event.objects.get().planned_start == SECOND


@pytest.mark.parametrize(("zone", "typed"), NO_ROOM.items())
def test_at_the_ends_of_the_calendar_there_is_no_time(client, zone, typed):
    event = make_event(time_zone=zone)
    boss = editor_of(event)
    picture, entry = make_picture(boss), post(event, "Out", author=boss)
    client.force_login(boss)

    answers = [
        client.post(add_address(event), entry_form("A", when=typed, _schedule="1")),
        client.post(add_address(event), entry_form("B", limited(typed, picture))),
        client.post(reverse("admin:updates_entry_time", args=[entry.pk]), {"time": typed}),
    ]

    assert [errors(answer)[-1] for answer in answers] == ["Enter a year from 1900 to 9998."] * 3
    assert Entry.objects.count() == 1
    assert client.get(f"{desk_address(event)}?at={typed}").status_code == 200


def test_alert_goes_with_a_schedule_only_where_alerts_are_on(client, event, settings):
    client.force_login(editor_of(event))
    assert "with_alert" not in client.get(add_address(event)).content.decode()
    settings.VAPID_PRIVATE_KEY = new_private_key()
    assert "with_alert" in client.get(add_address(event)).content.decode()
    form = entry_form("Tide tables", when="2041-11-03T12:00", is_far="on", with_alert="on", _schedule="1")
    client.post(add_address(event), form)

    entry = Entry.objects.get()
    assert entry.alerts_when_due
    assert controls(client.get(change_address(entry)))["with_alert"] == "on"


@pytest.mark.parametrize("status", ["draft", "scheduled"])
def test_a_schedule_means_the_zone_that_its_page_named_whatever_an_editor_has_changed_since(desk, event, status):
    entry = save_draft(event, desk)
    if status == "scheduled":
        desk.post(change_address(entry), controls(desk.get(change_address(entry))) | schedule_at("2041-06-01T10:00"))
    opened = desk.get(change_address(entry))
    (zone,) = re.findall(r'name="_schedule" value="([^"]*)"', opened.content.decode())
    publishing.change_event(event.pk, EventDetails(time_zone="Asia/Tokyo"), editor_of(event))

    sent = controls(opened) | schedule_at("2041-06-02T18:00", zone)
    desk.post(change_address(entry), sent)

    assert Entry.objects.get().scheduled_at == datetime(2041, 6, 2, 17, tzinfo=UTC)  # 18:00 in London


def schedule_at(when, zone="1"):
    return {"when": when, "is_far": "on", "_schedule": zone}


def save_draft(event, desk):
    desk.post(add_address(event), entry_form("Tide tables", _draft="1"))
    return Entry.objects.get()
