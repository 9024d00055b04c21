"""What programs read: blocks, cursors, tombstones, caching, and refusals that say what is wrong."""

import json
import re
from types import ModuleType

import pytest
from django.urls import include
from django.urls import path as route

from liveblog.urls import site_patterns
from tests.factories import editor_of, make_event, make_picture, post, post_many
from updates import publishing
from updates.models import Event
from updates.publishing import EmbedContent, EntryContent, EventDetails, PhotoContent, QuoteContent, TextContent
from updates.publishing.events import start_epoch

pytestmark = [pytest.mark.django_db, pytest.mark.django]


@pytest.fixture
def event():
    return make_event(slug="storm", title="Storm")


def read(client, path, status=200, **query):
    answer = client.get(f"/api/v1/{path}", query)
    assert answer.status_code == status, answer.content
    assert answer["Access-Control-Allow-Origin"] == "*"
    return answer.json()


def follow(client, address, status=200):
    return read(client, address.removeprefix("http://testserver/api/v1/"), status)


def ids(answer):
    return [entry["id"] for entry in answer["entries"]]


def test_an_update_has_its_blocks_in_fields_and_as_html(client, event):
    author = editor_of(event)
    blocks = [
        TextContent('<p>See <a href="/storm/">the storm</a> &amp; all.</p>'),
        QuoteContent("It held.", "The guard"),
        PhotoContent(make_picture(author).pk, "A gate", "Noor", "Pump 7"),
        EmbedContent("https://youtu.be/aqz-KE-bpKQ", "Watch", "Film"),
    ]
    entry = post(event, "Gate holds", blocks=blocks, is_key=True)
    publishing.correct(entry.pk, EntryContent("The gate holds", tuple(blocks), is_key=True), "It was 7.", author)

    (read_entry,) = read(client, "events/storm/entries")["entries"]

    entry.refresh_from_db()
    assert (read_entry["id"], read_entry["seq"], read_entry["order"]) == (entry.public_id, entry.seq, entry.order)
    assert read_entry["url"] == f"http://testserver/storm/{entry.public_id}/"
    text, quote, photo, embed = read_entry["blocks"]
    assert text["text"] == "See the storm & all."
    assert 'href="http://testserver/storm/"' in text["html"]
    assert quote == {"kind": "quote", "text": "It held.", "attribution": "The guard"}
    assert photo["picture"]["sizes"][0]["jpeg"].startswith("http://testserver/media/pictures/")
    assert (embed["provider"], embed["lead_in"]) == ("youtube", "Watch")
    assert [(one["kind"], one["note"]) for one in read_entry["corrections"]] == [("correction", "It was 7.")]
    assert "It held." in read_entry["html"]
    assert read(client, f"events/storm/entries/{entry.public_id}") == read_entry


def test_below_a_path_every_address_is_below_it_and_leads_on(client, event, settings):
    settings.URL_PREFIX = "/live"
    settings.ROOT_URLCONF = ModuleType("urls_below_a_path")
    settings.ROOT_URLCONF.urlpatterns = [route("live/", include(site_patterns))]
    post_many(event, 3)
    waiting, seen = ["http://testserver/live/api/v1/"], set()
    while waiting:
        address = waiting.pop()
        seen.add(address)
        answer = client.get(address.removeprefix("http://testserver"))
        assert answer.status_code == 200, address
        links = set(re.findall(r"http://testserver[^\"\\]*", answer.content.decode()))
        assert all(link.startswith("http://testserver/live/") for link in links), links
        waiting += [link for link in links - seen if "/api/v1/" in link and link not in waiting]
    assert {"events", "storm", "entries", "changes"} <= {part for link in seen for part in re.split(r"[/?]", link)}
    assert client.get("/api/v1/events").status_code == 404


def test_a_live_blog_says_what_its_page_says_and_leads_to_its_updates(client, event):
    changes = read(client, "events/storm")["links"]["changes"]
    points = ('<a href="/storm/">All</a> safe',)
    publishing.change_event(event.pk, EventDetails(title="Storm Maren", key_points=points), editor_of(event))
    read_event = read(client, "events/storm")
    assert (read_event["title"], read_event["state"], read_event["language"]) == ("Storm Maren", "live", "en")
    assert 'href="http://testserver/storm/"' in read_event["key_points"][0]
    assert follow(client, read_event["links"]["entries"])["entries"] == []
    assert follow(client, changes)["event_changed"] is True


def test_pages_by_place_join_and_are_not_shifted_by_news(client, event):
    published = [entry.public_id for entry in post_many(event, 7)][::-1]
    page = read(client, "events/storm/entries", limit=3)
    post(event, "News meanwhile")
    seen = ids(page)
    while page["next"]:
        page = follow(client, page["next"])
        seen += ids(page)
    assert seen == published
    oldest = read(client, "events/storm/entries", after=0, limit=4)
    upwards = ids(oldest) + ids(follow(client, oldest["next"]))
    assert upwards[:7] == published[::-1]


def test_key_events_alone(client, event):
    post_many(event, 3)
    keys = [post(event, f"Key {n}", is_key=True).public_id for n in range(3)]
    page = read(client, "events/storm/entries", key="true", limit=2)
    assert ids(page) == keys[:0:-1]
    assert ids(follow(client, page["next"])) == keys[:1]


def test_changes_bring_newest_states_and_tombstones_and_nothing_twice(client, event):
    first, second, third = post_many(event, 3)
    changes = read(client, "events/storm/entries")["changes"]
    assert (follow(client, changes)["entries"], follow(client, changes)["removed"]) == ([], [])
    author = editor_of(event)
    publishing.edit(first.pk, EntryContent("Gate secret"), author)
    publishing.edit(first.pk, EntryContent("Gate open"), author)
    publishing.remove(second.pk, author, reason="A reason", reader_note="A note")
    publishing.pin(third.pk, author)

    answer = follow(client, changes)

    assert [(entry["title"], entry["is_pinned"]) for entry in answer["entries"]] == [
        ("Gate open", False),
        ("Update 3", True),
    ]
    second.refresh_from_db()
    assert answer["removed"] == [{"id": second.public_id, "seq": second.seq}]
    assert (answer["more"], answer["upto"]) == (False, Event.objects.get(pk=event.pk).head)
    assert read(client, f"events/storm/entries/{second.public_id}", 410)["detail"] == "This update was removed."
    assert second.public_id not in json.dumps(read(client, "events/storm/entries"))
    publishing.restore(second.pk, author)
    assert ids(follow(client, answer["next"])) == [second.public_id]


def test_changes_come_in_parts_that_join(client, event):
    event.refresh_from_db()
    published = [entry.public_id for entry in post_many(event, 7)]
    answer = read(client, "events/storm/changes", after=event.head, epoch=event.epoch, limit=3)
    seen = ids(answer)
    while answer["more"]:
        answer = follow(client, answer["next"])
        seen += ids(answer)
    assert seen == published


def test_long_updates_come_in_more_parts_that_join(client, event, monkeypatch):
    event.refresh_from_db()
    published = [entry.public_id for entry in post_many(event, 9)]
    monkeypatch.setattr("updates.views.api.entries.MOST_BYTES", 4000)
    page = read(client, "events/storm/entries", limit=8)
    assert 1 <= len(page["entries"]) < 8
    seen = ids(page)
    while page["next"]:
        page = follow(client, page["next"])
        seen += ids(page)
    assert seen == published[::-1]
    answer = read(client, "events/storm/changes", after=event.head, epoch=event.epoch)
    seen = ids(answer)
    while answer["more"]:
        answer = follow(client, answer["next"])
        seen += ids(answer)
    assert seen == published


def test_a_new_numbering_is_said(client, event):
    old = event.epoch
    start_epoch(event.pk)
    assert read(client, "events/storm/changes", 410, after=0, epoch=old)["parameter"] == "epoch"


def test_hidden_events_are_absent_and_unlisted_ones_known_by_slug_only(client, event):
    make_event(slug="secret", status="draft")
    make_event(slug="rehearsal", is_listed=False)
    listed = read(client, "events")
    assert [one["slug"] for one in listed["events"]] == ["storm"]
    absent = client.get("/api/v1/events/nowhere")
    for place in ("", "/entries", "/changes?after=0&epoch=x", "/entries/abcdefghij"):
        hidden = client.get(f"/api/v1/events/secret{place}")
        assert hidden.status_code == 404
    assert client.get("/api/v1/events/secret").content == absent.content
    assert read(client, "events/rehearsal")["is_listed"] is False
    assert client.get("/api/v1/events/rehearsal")["X-Robots-Tag"] == "noindex"


def test_list_of_live_blogs_in_parts_and_by_state(client):
    for number in range(5):
        make_event(slug=f"event-{number}", status="ended" if number == 2 else "live")
    page = read(client, "events", limit=2, state="live")
    seen = [one["slug"] for one in page["events"]]
    while page["next"]:
        page = follow(client, page["next"])
        seen += [one["slug"] for one in page["events"]]
    assert seen == ["event-4", "event-3", "event-1", "event-0"]


REFUSED = [
    ("events?state=draft", "state"),
    ("events?limit=0", "limit"),
    ("events?limit=101", "limit"),
    ("events?after=abcdefghij", "after"),
    ("events?after=Short", "after"),
    ("events?page=2", "page"),
    ("events/storm?x=1", "x"),
    ("events/storm/entries?before=-1", "before"),
    ("events/storm/entries?before=1&after=2", "before"),
    ("events/storm/entries?before=99999999999999999", "before"),
    ("events/storm/entries?before=1&before=2", "before"),
    ("events/storm/entries?key=1", "key"),
    ("events/storm/entries?limit=", "limit"),
    ("events/storm/entries?limit=٣", "limit"),
    ("events/storm/changes?after=1", "epoch"),
    ("events/storm/changes?epoch=x", "after"),
    ("events/storm/changes?after=x&epoch=x", "after"),
    ("events/storm/changes?after=1&epoch=%00", "epoch"),
]


@pytest.mark.parametrize(("path", "parameter"), REFUSED)
def test_parameters_that_cannot_be_meant_are_refused_by_name(client, event, path, parameter):
    answer = client.get(f"/api/v1/{path}")
    assert answer["Content-Type"] == "application/problem+json"
    assert (answer.status_code, answer.json()["status"], answer.json()["parameter"]) == (400, 400, parameter)
    assert answer.json()["detail"]


def test_other_methods_and_addresses_are_problems_too(client, event):
    posted = client.post("/api/v1/events/storm")
    assert (posted.status_code, posted["Allow"], posted.json()["status"]) == (405, "GET, HEAD", 405)
    assert client.head("/api/v1/events/storm").status_code == 200
    assert read(client, "nothing/here", 404)["status"] == 404


@pytest.mark.parametrize(
    "path", ["events/storm", "events/storm/entries", "events/storm/entries?limit=3&before=99999999"]
)
def test_an_unchanged_answer_is_304_for_one_query(client, event, path, django_assert_num_queries):
    post(event, "One")
    address = f"/api/v1/{path}"
    tag = client.get(address)["ETag"]
    with django_assert_num_queries(1):
        second = client.get(address, headers={"if-none-match": tag})
    assert (second.status_code, second["Access-Control-Allow-Origin"]) == (304, "*")
    assert "s-maxage=1" in second["Cache-Control"]
    post(event, "Two")
    assert client.get(address, headers={"if-none-match": tag}).status_code == 200


@pytest.mark.parametrize("entries", [1, 30])
def test_an_answer_takes_two_queries_however_many_updates_it_has(client, event, entries, django_assert_num_queries):
    post_many(event, entries)
    event.refresh_from_db()
    for path in ("entries?limit=100&after=1", f"changes?after=1&epoch={event.epoch}&limit=99"):
        with django_assert_num_queries(2):
            client.get(f"/api/v1/events/storm/{path}")
