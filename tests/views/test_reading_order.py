"""Oldest first, key events only, and the lines between two days."""

import re
from datetime import UTC, datetime, timedelta

import pytest

from tests.factories import make_event, post, post_many
from tests.pages import headlines, page, updates
from updates import publishing
from updates.choices import ChangeKind
from updates.publishing import EventDetails

pytestmark = [pytest.mark.django_db, pytest.mark.database]


@pytest.fixture
def storm():
    """Three to a page, eight in all."""
    event = make_event(page_size=3, title="Storm Maren")
    post_many(event, 8)
    return event


def live(tree):
    return tree.one("live-event").attributes


def test_oldest_first_begins_at_the_beginning_and_goes_on_to_the_end(client, storm):
    first = page(client, f"/{storm.slug}/?order=oldest")
    assert headlines(first) == updates(1, 2, 3)
    assert first.one("a", data_more=True)["href"] == "?order=oldest&page=2"
    assert first.one("link", rel="canonical")["href"] == f"http://testserver/{storm.slug}/?page=1"
    assert live(first)["data-order"] == "oldest"

    second = page(client, f"/{storm.slug}/?order=oldest&page=2")
    assert headlines(second) == updates(4, 5, 6)
    assert second.one("a", rel="prev")["href"] == f"/{storm.slug}/?order=oldest&page=1"
    assert second.one("title").text == "Storm Maren, page 2 of 3 – Ellery Signal"

    last = page(client, f"/{storm.slug}/?order=oldest&page=3")
    assert headlines(last) == updates(7, 8)
    assert last.all("a", data_more=True) == []
    assert client.get(f"/{storm.slug}/?order=oldest&page=4").status_code == 404


def test_new_entries_go_in_at_the_end_of_the_last_page_only(client, storm):
    first = page(client, f"/{storm.slug}/?order=oldest")
    assert (live(first)["data-view"], live(first)["data-home"]) == ("archive", f"/{storm.slug}/?order=oldest&page=last")
    assert first.one("p", cls="mode").one("a").text == "Jump to live"
    last = page(client, live(first)["data-home"])
    assert (live(last)["data-view"], "data-home" in live(last)) == ("first", False)
    assert headlines(last) == updates(7, 8)
    assert last.one("a", data_latest=True).text.endswith("Update 8")


def test_full_page_read_forwards_never_changes(client, storm):
    before = headlines(page(client, f"/{storm.slug}/?order=oldest&page=2"))
    post_many(storm, 9)
    assert headlines(page(client, f"/{storm.slug}/?order=oldest&page=2")) == before
    assert headlines(page(client, f"/{storm.slug}/?order=oldest&page=last"))[-1] == "Update 9"


def test_the_orders_lead_to_each_other(client, storm):
    plain = page(client, f"/{storm.slug}/")
    assert plain.one("a", data_order_link="oldest")["href"] == f"/{storm.slug}/?order=oldest"
    turned = page(client, f"/{storm.slug}/?order=oldest")
    assert turned.one("a", data_order_link="newest")["href"] == f"/{storm.slug}/"


def test_event_without_entries_can_be_read_in_any_order(client):
    event = make_event()
    for query in ("?order=oldest", "?order=oldest&page=last", "?filter=key"):
        assert headlines(page(client, f"/{event.slug}/{query}")) == []


@pytest.mark.parametrize("query", ["order=newest", "order=", "filter=photos", "order=OLDEST"])
def test_unknown_order_or_filter_is_as_good_as_none(client, storm, query):
    assert client.get(f"/{storm.slug}/?{query}")["ETag"] == client.get(f"/{storm.slug}/")["ETag"]


def test_last_page_has_that_name_oldest_first_only(client, storm):
    assert client.get(f"/{storm.slug}/?page=last").status_code == 404


def test_key_events_have_pages_of_their_own(client):
    event = make_event(page_size=2, title="Storm Maren")
    editor = event.assignments.get().user
    entries = post_many(event, 12)
    for entry in entries[::2]:  # 1, 3, 5, 7, 9, 11
        publishing.mark_key(entry.pk, editor, is_key=True)
    publishing.remove(entries[4].pk, editor, reader_note="Could not be confirmed.")

    first = page(client, f"/{event.slug}/?filter=key")
    assert headlines(first) == updates(11, 9, 7)
    assert live(first)["data-filter"] == "key"
    assert first.one(data_entries=True)["data-floor"] == str(3 * 2**20)
    assert first.one("a", data_more=True)["href"] == "?filter=key&page=1"
    assert first.one("title").text == "Storm Maren: key events – Ellery Signal"
    assert first.one("link", rel="canonical")["href"] == f"http://testserver/{event.slug}/"
    assert first.one("p", cls="mode").one("a")["href"] == f"/{event.slug}/"

    archive = page(client, f"/{event.slug}/?filter=key&page=1")
    assert headlines(archive) == updates(3, 1)
    assert live(archive)["data-home"] == f"/{event.slug}/?filter=key"
    assert client.get(f"/{event.slug}/?filter=key&page=3").status_code == 404


def test_key_events_alone_are_one_press_away(client, storm):
    assert page(client, f"/{storm.slug}/").one(id="keys").one("p").one("a")["href"] == f"/{storm.slug}/?filter=key"


@pytest.mark.parametrize("query", ["", "?order=oldest", "?filter=key"])
def test_each_kind_of_page_takes_three_queries_and_then_one(client, django_assert_num_queries, query):
    event = make_event()
    for entry in post_many(event, 10):
        publishing.mark_key(entry.pk, event.assignments.get().user, is_key=True)
    with django_assert_num_queries(3):
        first = client.get(f"/{event.slug}/{query}")
    with django_assert_num_queries(1):
        assert client.get(f"/{event.slug}/{query}").content == first.content


def test_a_line_stands_where_the_day_changes_in_the_zone_of_the_event(client):
    """Between 23:30 and 00:30 in Berlin, both on one day in UTC."""
    event = make_event(time_zone="Europe/Berlin")
    start = datetime(2031, 3, 13, 22, 30, tzinfo=UTC)
    for number, hours in enumerate((0, 1, 2)):
        post(event, f"Update {number}", at=start + timedelta(hours=hours))

    for query, beside in (("", "Update 0"), ("?order=oldest", "Update 1")):
        feed = page(client, f"/{event.slug}/{query}").one(data_entries=True)
        rule = feed.one("p", cls="day-rule")
        assert rule.one("time")["datetime"] == ("2031-03-13" if not query else "2031-03-14")
        following = feed.all("article")[headlines_of(feed).index(beside)]
        assert rule.one("time").text == following.one(cls="day").text


def headlines_of(feed):
    return [article.one("h2").text for article in feed.all("article")]


@pytest.fixture
def ended(storm):
    """The same, when it is over: pages are 1–3, 4–6 and 7–8."""
    editor = storm.assignments.get().user
    publishing.pin(storm.entries.order_by("order").last().pk, editor)
    return publishing.change_state(storm.pk, ChangeKind.END, editor)


def test_an_ended_event_begins_with_the_oldest_and_goes_on(client, ended):
    first = page(client, f"/{ended.slug}/")
    assert headlines(first) == updates(1, 2, 3)
    assert first.one(data_pinned=True).one("h2").text == "Update 8"
    assert live(first)["data-order"] == "oldest"
    assert first.one("a", data_more=True)["href"] == "?page=2"
    assert first.one("a", data_order_link="newest")["href"] == f"/{ended.slug}/?order=newest"

    second = page(client, f"/{ended.slug}/?page=2")
    assert headlines(second) == updates(4, 5, 6)
    assert second.one("a", rel="prev")["href"] == f"/{ended.slug}/"
    assert headlines(page(client, f"/{ended.slug}/?page=3")) == updates(7, 8)
    assert headlines(page(client, f"/{ended.slug}/?page=last")) == updates(7, 8)
    assert client.get(f"/{ended.slug}/?page=4").status_code == 404
    assert first.all(data_latest=True) == []


def test_the_readers_own_order_wins_over_that_of_an_ended_event(client, ended):
    newest = page(client, f"/{ended.slug}/?order=newest")
    assert headlines(newest) == updates(8, 7, 6, 5, 4)
    assert "data-order" not in live(newest)
    assert newest.one("a", data_order_link="oldest")["href"] == f"/{ended.slug}/"
    older = page(client, newest.one("a", data_more=True)["href"].replace("?", f"/{ended.slug}/?"))
    assert headlines(older) == updates(3, 2, 1)
    oldest = client.get(f"/{ended.slug}/?order=oldest")
    assert oldest["ETag"] == client.get(f"/{ended.slug}/")["ETag"]


def test_an_event_may_stay_newest_first_when_it_ends(client, ended):
    publishing.change_event(ended.pk, EventDetails(ended_oldest_first=False), ended.assignments.get().user)
    assert headlines(page(client, f"/{ended.slug}/")) == updates(8, 7, 6, 5, 4)
    assert client.get(f"/{ended.slug}/?page=last").status_code == 404


def test_reopened_it_is_newest_first_again(client, ended):
    publishing.change_state(ended.pk, ChangeKind.REOPEN, ended.assignments.get().user)
    assert headlines(page(client, f"/{ended.slug}/")) == updates(8, 7, 6, 5, 4)


@pytest.mark.parametrize(
    ("query", "canonical"),
    [
        ("", ""), ("?page=1", ""), ("?page=2", "?page=2"), ("?page=last", "?page=3"), ("?order=newest", "?page=3"),
        ("?order=newest&page=2", "?page=2"), ("?order=oldest&page=1", ""), ("?filter=key", ""),
    ],
)  # fmt: skip
def test_each_page_of_an_ended_event_has_one_canonical_address(client, ended, query, canonical):
    link = page(client, f"/{ended.slug}/{query}").one("link", rel="canonical")
    assert link["href"] == f"http://testserver/{ended.slug}/{canonical}"


def test_search_engines_find_each_update_of_an_ended_event_on_its_page(client, ended):
    base = f"http://testserver/{ended.slug}/"
    entries = ended.entries.order_by("order")
    homes = [page(client, entry.get_absolute_url()).one("link", rel="canonical")["href"] for entry in entries]
    assert homes == [base] * 3 + [f"{base}?page=2"] * 3 + [f"{base}?page=3"] * 2
    sitemap = client.get(f"/{ended.slug}/sitemap.xml").content.decode()
    assert re.findall("<loc>(.*?)</loc>", sitemap) == [base, f"{base}?page=3", f"{base}?page=2"]
