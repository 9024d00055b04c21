"""The calendar file of a live blog."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from tests.factories import NOON, editor_of, make_event
from updates.choices import ChangeKind
from updates.publishing import change_state

pytestmark = pytest.mark.django_db


def unfolded(response):
    text = response.content.decode()
    assert text.endswith("\r\n")
    lines = text.split("\r\n")
    assert max(len(line.encode()) for line in lines) <= 75
    assert not any("\n" in line for line in lines)
    return text.replace("\r\n ", "").split("\r\n")


def test_upcoming_event_can_be_put_into_a_calendar(client):
    start = datetime(2031, 3, 13, 20, 0, tzinfo=ZoneInfo("Asia/Tokyo"))
    title, about = "Vote, count; and \\ result", "Five wards.\nFifteen seats ☂ " + "and a new mayor ☂ " * 10
    event = make_event(
        status="upcoming", title=title, standfirst=about, slug="vote", planned_start=start, planned_end=NOON
    )

    response = client.get("/vote/calendar.ics")

    assert response["Content-Type"] == "text/calendar"
    lines = unfolded(response)
    assert lines[0] == "BEGIN:VCALENDAR"
    assert lines[lines.index("DTSTART:20310313T110000Z") + 1] == "DTEND:20310313T120000Z"
    assert r"SUMMARY:Vote\, count\; and \\ result" in lines
    assert r"DESCRIPTION:Five wards.\nFifteen seats ☂ " in "\n".join(lines)
    assert "URL:http://testserver/vote/" in lines
    assert f"SEQUENCE:{event.head}" in lines
    assert f"DTSTAMP:{event.changed_at:%Y%m%dT%H%M%SZ}" in lines
    assert "STATUS:CONFIRMED" in lines
    assert client.get("/vote/calendar.ics", headers={"if-none-match": response["ETag"]}).status_code == 304


@pytest.mark.parametrize(("step", "status"), [(ChangeKind.CANCEL, "CANCELLED"), (ChangeKind.POSTPONE, "TENTATIVE")])
def test_calendar_follows_what_becomes_of_the_event(client, step, status):
    event = make_event(status="upcoming", planned_start=NOON)
    before = client.get(f"/{event.slug}/calendar.ics")["ETag"]
    change_state(event.pk, step, editor_of(event), note="A reason.")
    response = client.get(f"/{event.slug}/calendar.ics")
    assert f"STATUS:{status}" in unfolded(response)
    assert response["ETag"] != before


@pytest.mark.parametrize("details", [{"status": "upcoming"}, {"status": "draft", "planned_start": NOON}])
def test_without_a_planned_start_or_before_its_announcement_there_is_none(client, details):
    assert client.get(f"/{make_event(**details).slug}/calendar.ics").status_code == 404
