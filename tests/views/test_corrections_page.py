"""The site's list of corrections, and the event's own."""

from datetime import timedelta

import pytest

from tests.factories import NOON, editor_of, make_event, post
from tests.markup import parse
from updates import publishing
from updates.publishing import EntryContent

pytestmark = [pytest.mark.django_db, pytest.mark.database]


@pytest.fixture
def event():
    return make_event(title="Storm Maren", slug="storm")


def correct(entry, note, minute, headline="Right", **options):
    at = NOON + timedelta(minutes=minute)
    return publishing.correct(entry.pk, EntryContent(headline), note, editor_of(entry.event), at=at, **options)


def listed(client, address="/corrections/"):
    """Headline of each row, with the notes of its corrections."""
    rows = parse(client.get(address).content).one("main").all("div", cls="corrected")
    return [(row.one("h2").text, [fix.text for fix in row.all("div", cls="fix")]) for row in rows]


def test_all_corrections_of_all_public_live_blogs(client, event):
    entry, other = post(event, "Wrong", at=NOON), post(make_event(title="Council"), "Wrong too", at=NOON)
    correct(entry, "first", 1, "Half right")
    correct(other, "in the council", 2, "Better")
    correct(entry, "second", 3)

    assert listed(client) == [
        ("Right", ["Corrected 12:03: second", "Corrected 12:01: first"]),
        ("Better", ["Corrected 12:02: in the council"]),
    ]


def test_a_clarification_is_called_one(client, event):
    entry = post(event, "Right", at=NOON, blocks=())
    publishing.clarify(entry.pk, EntryContent("Right"), "in fathoms", editor_of(event), at=NOON)
    assert listed(client) == [("Right", ["Clarified 12:00: in fathoms"])]
    assert parse(client.get("/storm/").content).one("article").one("span", cls="flag").text == "Clarified"


def test_the_corrections_of_a_removed_update_are_not_listed(client, event):
    entry = post(event, "Wrong")
    correct(entry, "it was right", 1)
    held = client.get("/corrections/")["ETag"]
    publishing.remove(entry.pk, editor_of(event))

    answer = client.get("/corrections/", headers={"If-None-Match": held})
    page = parse(client.get("/storm/").content)

    assert answer.status_code == 200
    assert (listed(client), page.one("details", id="corrections").all("li")) == ([], [])


def test_nothing_new_is_answered_without_drawing(client, event, django_assert_num_queries):
    correct(post(event, "Wrong"), "it was right", 1)
    first = client.get("/corrections/")
    with django_assert_num_queries(1):
        second = client.get("/corrections/", headers={"If-None-Match": first["ETag"]})
    assert (second.status_code, second["Cache-Control"]) == (304, "public, max-age=0, s-maxage=3")


def test_a_page_lists_twenty_updates(client, event):
    for number in range(21):
        correct(post(event, f"Update {number}"), f"note {number}", number, f"Right {number}")
    assert [len(listed(client, f"/corrections/{query}")) for query in ("", "?page=1", "?page=2")] == [20, 20, 1]
    assert [client.get(f"/corrections/?page={page}").status_code for page in ("3", "0", "x")] == [404, 404, 404]


def test_an_empty_list_says_so(client):
    page = parse(client.get("/corrections/").content)
    assert page.one("p", cls="none").text == "Nothing has been corrected yet."


def test_the_event_lists_those_of_all_its_pages(client):
    event = make_event(slug="long", page_size=2)
    old, *_more = [post(event, f"Update {number}", at=NOON) for number in range(6)]
    correct(old, "first", 1, "Half right")
    correct(old, "second", 2)

    rows = parse(client.get("/long/").content).one("details", id="corrections").all("li")

    assert [row.one("span").text for row in rows] == ["Right second", "Right first"]
    assert {row.one("a").attributes["href"] for row in rows} == {old.get_absolute_url()}


def test_readers_see_before_and_after_only_where_the_newsroom_lets_them(client, event):
    entry = post(event, "321 votes", blocks=())
    correct(entry, "it is 312", 1, "312 votes", shows_change=True)
    correct(entry, "in all", 2, "312 votes in all")

    (change,) = parse(client.get("/storm/").content).one("article").all("details")

    assert [paragraph.text for paragraph in change.all("p")] == ["Before: 321 votes", "After: 312 votes"]
    assert (change.one("del").text, change.one("ins").text) == ("321", "312")


def test_correction_of_another_day_has_a_line_of_its_own_for_its_time(client, event):
    entry = post(event, "Wrong", at=NOON)
    correct(entry, "a day late", 24 * 60)

    time = parse(client.get("/storm/").content).one(data_corrections=True).one("li").one("time")

    assert (time["class"], time.text.endswith(", 12:00")) == ("dated", True)
