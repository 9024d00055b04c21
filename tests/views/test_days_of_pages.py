"""A page that a cache has is not confirmed once it would name another day or year."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from tests.factories import NOON, editor_of, make_event, post
from tests.markup import parse
from updates import publishing
from updates.choices import ChangeKind

pytestmark = pytest.mark.django_db

LATE = datetime(2031, 3, 14, 6, 50, tzinfo=UTC)
"""23:50 of the day before in Los Angeles."""


@pytest.fixture
def event():
    with time_machine.travel(LATE, tick=False):
        event = make_event(title="Storm Maren", slug="storm", at=LATE, time_zone="America/Los_Angeles")
        post(event, "Gate holds", is_key=True, at=LATE)
    return event


def get(client, address, at, tag=""):
    with time_machine.travel(at, tick=False):
        return client.get(address, headers={"If-None-Match": tag} if tag else {})


@pytest.mark.parametrize("address", ["/", "/storm/"])
def test_midnight_of_the_live_blog_makes_a_new_page(client, event, address):
    first = get(client, address, LATE)
    assert get(client, address, LATE + timedelta(minutes=9), first["ETag"]).status_code == 304
    after = get(client, address, LATE + timedelta(minutes=11), first["ETag"])
    assert (after.status_code, b"13 March" in after.content) == (200, True)


def test_an_update_of_last_year_names_its_year(client, event):
    address = event.entries.get().get_absolute_url()
    first = get(client, address, LATE)
    later = get(client, address, LATE.replace(year=2032), first["ETag"])
    assert (later.status_code, day_of(later)) == (200, "13 March 2031")


@pytest.mark.parametrize("address", ["embed/", "embed/?view=latest", "fragment", "fragment?view=latest&after=1"])
def test_an_embed_is_not_confirmed_next_year(client, event, address):
    first = get(client, f"/storm/{address}", LATE)
    assert get(client, f"/storm/{address}", LATE.replace(year=2032), first["ETag"]).status_code == 200


def test_a_page_of_an_ended_live_blog_is_confirmed_for_the_rest_of_the_year(client, event):
    with time_machine.travel(LATE, tick=False):
        publishing.change_state(event.pk, ChangeKind.END, editor_of(event))
    first = get(client, "/storm/", LATE)
    next_day = get(client, "/storm/", LATE + timedelta(days=1), first["ETag"])
    assert next_day.status_code == 200
    assert get(client, "/storm/", LATE + timedelta(days=200), next_day["ETag"]).status_code == 304


@pytest.mark.parametrize(("zone", "at"), [("America/New_York", 2), ("Pacific/Auckland", -4)])
def test_the_year_is_that_of_the_place(client, zone, at):
    """New Year’s Eve there is New Year’s Day in UTC, or the other way round."""
    moment = datetime(2031, 1, 1, tzinfo=UTC) + timedelta(hours=at)
    with time_machine.travel(moment, tick=False):
        entry = post(make_event(slug="storm", at=moment, time_zone=zone), "Gate holds", at=moment)
    page = get(client, entry.get_absolute_url(), NOON.replace(year=2031, month=7))
    assert day_of(page) == {"America/New_York": "31 December 2030", "Pacific/Auckland": "1 January"}[zone]


def day_of(page):
    return parse(page.content).one("article").one("span", cls="day").text
