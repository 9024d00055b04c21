from datetime import timedelta

import pytest
import time_machine
from django.test import Client

from tests.factories import NOON, editor_of, make_editor, make_event, make_live_events, make_picture, post, post_many
from tests.pages import page
from updates import publishing
from updates.publishing import EntryContent, EventDetails
from updates.queries import lists

pytestmark = [pytest.mark.django_db, pytest.mark.database]


def section(tree, name):
    return tree.one("section", aria_labelledby=name)


def titles(part):
    return [heading.text for heading in part.all("h3")]


def test_events_stand_under_what_they_are(client):
    author = make_editor()
    for status in ("draft", "upcoming", "live", "ended", "postponed", "cancelled"):
        make_event(status=status, title=status, author=author)
    tree = page(client, "/")
    assert titles(section(tree, "now")) == ["live"]
    assert sorted(titles(section(tree, "coming-up"))) == ["cancelled", "postponed", "upcoming"]
    assert titles(section(tree, "ended")) == ["ended"]


@pytest.mark.parametrize(("start", "days", "stays"), [(None, 6, True), (None, 8, False), (3, 9, True), (3, 11, False)])
def test_cancelled_event_stays_for_a_week(client, start, days, stays):
    planned = NOON + timedelta(days=start) if start else None
    make_event(status="cancelled", at=NOON, planned_start=planned)
    with time_machine.travel(NOON + timedelta(days=days)):
        assert (len(lists.front_page().coming_up) == 1) is stays


@time_machine.travel(NOON, tick=False)  # days of other years would show it
def test_live_event_shows_its_picture_and_its_newest(client):
    event = make_event(title="Storm", time_zone="Europe/Berlin")
    editor = event.assignments.get().user
    picture = make_picture(editor)
    publishing.change_event(event.pk, EventDetails(lead_picture=picture.pk), editor)
    entries = post_many(event, 5)
    publishing.remove(entries[-1].pk, editor)

    card = page(client, "/").one("article")

    assert [row.text for row in card.all("li")] == ["13:04Update 4", "13:03Update 3", "13:02Update 2"]
    assert card.all("li")[0].one("a")["href"] == f"/{event.slug}/#u{entries[3].public_id}"
    assert card.one("p", cls="status").text == "Live · 4 updates"
    assert card.one("img")["fetchpriority"] == "high"


@time_machine.travel(NOON, tick=False)  # days of other years would show it
def test_each_event_is_told_in_its_own_language_and_time(client):
    make_event(status="upcoming", title="Vote", planned_start=NOON, time_zone="Asia/Tokyo")
    make_event(title="عاصفة", language="ar")
    tree = page(client, "/")
    assert section(tree, "coming-up").one("div", cls="meta").text == "Thursday 13 March 21:00"
    assert (tree.one("article")["lang"], tree.one("article")["dir"]) == ("ar", "rtl")


@pytest.mark.parametrize("events", [1, 3])
def test_front_page_takes_four_queries(client, django_assert_num_queries, events):
    author = make_editor()
    for _ in range(events):
        for status in ("live", "upcoming", "ended"):
            make_event(status=status, author=author)
    with django_assert_num_queries(4):
        client.get("/")


def test_front_page_without_events_says_so(client):
    assert page(client, "/").one("p", cls="none").text == "No live blog yet."


def test_front_page_is_unchanged_until_an_event_moves(client):
    event = make_event()
    tag = client.get("/")["ETag"]
    assert client.get("/", headers={"if-none-match": tag}).status_code == 304
    post(event, "One")
    assert client.get("/", headers={"if-none-match": tag}).status_code == 200


def test_event_that_is_not_listed_is_read_by_its_address_alone(client):
    author = make_editor()
    hidden = [make_event(status=status, author=author, is_listed=False) for status in ("live", "upcoming", "ended")]
    entry = post(hidden[0], "Only a rehearsal")

    lists = client.get("/").content.decode() + client.get("/archive/").content.decode()

    assert [event.slug for event in hidden if event.slug in lists] == []
    for address in (*(f"/{event.slug}/" for event in hidden), f"/{hidden[0].slug}/{entry.public_id}/"):
        assert '<meta name="robots" content="noindex">' in client.get(address).content.decode()


def test_listed_event_is_for_search_engines_too(client):
    assert "noindex" not in client.get(f"/{make_event().slug}/").content.decode()


def test_archive_is_read_in_pages_of_twenty(client):
    author = make_editor()
    for number in range(21):
        make_event(status="ended", title=f"Event {number}", author=author, at=NOON + timedelta(days=number))

    assert page(client, "/").one("a", cls="more")["href"] == "/archive/"
    first, second = page(client, "/archive/"), page(client, "/archive/?page=2")

    assert [heading.text for heading in first.all("h2")][:2] == ["Event 20", "Event 19"]
    assert [heading.text for heading in second.one("ol").all("h2")] == ["Event 0"]
    assert first.one("nav", cls="pages").one("a")["href"] == "?page=2"
    assert second.one("nav", cls="pages").one("a")["href"] == "/archive/"
    assert second.one("title").text == "Ended live blogs, page 2 – Ellery Signal"


@pytest.mark.parametrize("number", ["0", "2", "x", "", "-1", "9" * 30])
def test_page_of_the_archive_that_does_not_exist_is_not_found(client, number):
    make_event(status="ended")
    assert client.get("/archive/", {"page": number}).status_code == 404


def test_archive_without_events_says_so(client):
    assert page(client, "/archive/").one("p", cls="none").text == "No live blog has ended yet."


@pytest.mark.parametrize("address", ["/", "/archive/", "/healthz"])
def test_lists_are_read_and_nothing_else(address):
    assert Client(enforce_csrf_checks=True).post(address).status_code == 405


def test_of_many_live_blogs_those_with_the_newest_updates_have_cards_and_the_rest_rows(client):
    make_live_events(30, entries=5)
    now = section(page(client, "/"), "now")
    assert sorted(titles(now.one("div", cls="cards"))) == sorted(f"Event {n}" for n in range(24))
    assert titles(now.one("ol", cls="rows")) == [f"Event {n}" for n in range(24, 30)]
    first = next(card for card in now.all("article") if card.one("h3").text == "Event 3")
    assert [row.text[-13:] for row in first.all("li")] == ["Update 5 of 3", "Update 4 of 3", "Update 3 of 3"]


@pytest.mark.parametrize("number", [30, 200])
def test_front_page_reads_as_much_of_200_live_blogs_as_of_30(client, number, django_assert_num_queries):
    make_live_events(number, entries=20)
    with django_assert_num_queries(5):
        entries = [entry for card in lists.front_page().now for entry in card.newest]
    assert len(entries) == 24 * 3
    unread = {"content", "words", "headline", "sent_back_note"}
    assert all(unread <= entry.get_deferred_fields() for entry in entries)
    with django_assert_num_queries(5):
        answer = client.get("/")
    assert (answer.status_code, answer["Surrogate-Key"]) == (200, "lists")


@pytest.mark.once
def test_corrections_page_and_archive_name_one_key(client):
    event = make_event()
    for entry in post_many(event, 20):
        publishing.correct(entry.pk, EntryContent(f"Other {entry.pk}"), "It was another.", editor_of(event))
    for address in ("/corrections/", "/archive/"):
        assert client.get(address)["Surrogate-Key"] == "lists"
