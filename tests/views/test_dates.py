"""Dates that cannot be misread: the year where it is another, the day where it is not today's."""

from datetime import timedelta

import pytest
import time_machine

from tests.factories import NOON, make_event, post
from tests.markup import parse

pytestmark = pytest.mark.django_db
YEARS_LATER = NOON.replace(year=2033)


@pytest.fixture
def event():
    return make_event(title="Storm Maren", slug="storm", at=NOON)


def keys(client, address="/storm/"):
    rows = parse(client.get(address).content).one(data_keys=True).all("li")
    return [[day.text for day in row.all("span", cls="day")] + [row.one("time").text] for row in rows]


def test_key_events_of_one_day_show_the_clock(client, event):
    post(event, "One", is_key=True, at=NOON)
    post(event, "Two", is_key=True, at=NOON + timedelta(hours=1))

    with time_machine.travel(NOON, tick=False):
        assert keys(client) == [["13:00"], ["12:00"]]
    with time_machine.travel(NOON + timedelta(days=1), tick=False):
        assert keys(client) == [["13 March", "13:00"], ["12:00"]]


@time_machine.travel(NOON, tick=False)
def test_key_events_over_several_days_show_their_day(client, event):
    post(event, "One", is_key=True, at=NOON)
    post(event, "Two", is_key=True, at=NOON + timedelta(days=1))

    assert keys(client) == [["14 March", "12:00"], ["13 March", "12:00"]]


@pytest.mark.parametrize(("now", "day"), [(NOON, "13 March"), (YEARS_LATER, "13 March 2031")])
def test_update_shows_its_year_where_it_is_another(client, event, now, day):
    entry = post(event, "One", at=NOON)

    with time_machine.travel(now, tick=False):
        article = parse(client.get(entry.get_absolute_url()).content).one("article")

    assert article.one("span", cls="day").text == day


@pytest.mark.parametrize(("now", "days"), [(NOON, []), (NOON + timedelta(days=1), ["13 March"])])
def test_card_on_the_front_page_shows_the_day_where_it_is_not_today(client, event, now, days):
    post(event, "One", at=NOON)

    with time_machine.travel(now, tick=False):
        row = parse(client.get("/").content).one("article").one("li")

    assert [day.text for day in row.all("span", cls="day")] == days


@pytest.mark.parametrize(("year", "words"), [(2031, "Thursday 20 March"), (2072, "Sunday 20 March 2072")])
def test_planned_start_says_its_year_where_it_is_another(client, year, words):
    make_event(title="Far off", slug="far", status="upcoming", planned_start=NOON.replace(year=year, day=20), at=NOON)

    with time_machine.travel(NOON, tick=False):
        assert (
            words
            in parse(client.get("/far/").content)
            .one(
                "h1",
            )
            .parent.text
        )
        assert words in parse(client.get("/").content).one("ol", cls="rows").text


def test_page_lists_the_newest_fifty_key_events_and_links_to_the_rest(client, event):
    for number in range(52):
        post(event, f"Key {number}", is_key=True, at=NOON)

    box = parse(client.get("/storm/").content).one(data_keys=True)

    assert [row.all("span", dir="ltr")[0].text for row in box.all("li")] == [
        f"Key {number}" for number in range(51, 1, -1)
    ]
    assert (box.one("p").text, box.one("p").one("a")["href"]) == ("All key events", "/storm/?filter=key")
