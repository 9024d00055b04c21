from datetime import datetime

import pytest
from django.conf import settings

from tests.factories import NOON, make_event, make_picture, post, post_many
from tests.markup import parse
from tests.pages import headlines, page, updates
from updates import publishing
from updates.models import Entry
from updates.publishing import EventDetails, PhotoContent
from updates.rendering import entry_html

pytestmark = [pytest.mark.django_db, pytest.mark.database]


def test_first_page_says_all_that_the_scripts_need(client, event):
    post_many(event, 2)

    tree = page(client, f"/{event.slug}/")

    event.refresh_from_db()
    live = tree.one("live-event")
    now = live.attributes.pop("data-now")
    assert datetime.fromisoformat(now).utcoffset() is not None  # for browsers without its zone
    assert live.attributes == {
        "data-epoch": event.epoch,
        "data-seq": str(event.head),
        "data-socket": f"/ws/events/{event.slug}/",
        "data-changes": f"/{event.slug}/changes",
        "data-view": "first",
        "data-page-size": "10",
        "data-status": "live",
        "data-time-zone": "Europe/Berlin",
        "data-hidden-close": str(settings.HIDDEN_CLOSE),
        "data-backoff-base": str(settings.BACKOFF_BASE),
        "data-poll": str(settings.POLL_EVERY),
    }
    assert tree.one("title").text == "Storm Maren – Ellery Signal"
    assert tree.one(data_announce=True).text == ""
    assert "hidden" in tree.one("button", cls="pill")


def test_first_page_has_the_open_block_and_the_last_full_one(client):
    event = make_event(page_size=3)
    post_many(event, 8)

    tree = page(client, f"/{event.slug}/")

    assert headlines(tree) == updates(8, 7, 6, 5, 4)
    assert tree.one(data_entries=True)["data-floor"] == str(3 * 2**20)
    assert tree.one("a", data_more=True)["href"] == "?page=1"


def test_archive_page_is_a_fixed_stretch(client):
    event = make_event(page_size=3, title="Storm Maren")
    post_many(event, 11)

    tree = page(client, f"/{event.slug}/?page=2")

    assert headlines(tree) == updates(6, 5, 4)
    assert tree.one("title").text == "Storm Maren, page 2 of 3 – Ellery Signal"
    links = {link["rel"]: link["href"] for link in tree.all("link") if link["rel"] in {"canonical", "prev", "next"}}
    base = f"http://testserver/{event.slug}/"
    assert links == {"canonical": f"{base}?page=2", "prev": base, "next": f"{base}?page=1"}
    post_many(event, 9)
    assert headlines(page(client, f"/{event.slug}/?page=2")) == updates(6, 5, 4)


@pytest.mark.parametrize("number", ["0", "-1", "3", "99", "x", "", "1.0", "01", "1e3", "9" * 40, "١"])
def test_page_that_does_not_exist_is_not_found(client, number):
    event = make_event(page_size=3)
    post_many(event, 8)
    assert client.get(f"/{event.slug}/", {"page": number}).status_code == 404


def test_removal_leaves_a_short_page_and_shifts_nothing(client):
    event = make_event(page_size=3)
    entries = post_many(event, 9)
    publishing.remove(entries[1].pk, event.assignments.get().user)
    assert headlines(page(client, f"/{event.slug}/?page=1")) == updates(3, 1)
    assert headlines(page(client, f"/{event.slug}/?page=2")) == updates(6, 5, 4)


def test_pinned_entry_stands_above_without_a_doubled_id(client, event, editor):
    first, *_ = post_many(event, 3)
    publishing.pin(first.pk, editor)

    tree = page(client, f"/{event.slug}/")

    copy = tree.one(data_pinned=True).one("article")
    entry = Entry.objects.select_related("event").get(pk=first.pk)
    assert copy.outline() == parse(entry_html(entry, as_copy=True)).one("article").outline()
    assert headlines(tree) == updates(3, 2, 1)
    ids = [element["id"] for element in tree.all(id=True)]
    assert len(ids) == len(set(ids))


def test_pinned_entry_of_an_older_page_is_shown_above_only(client):
    event = make_event(page_size=2)
    first, *_ = post_many(event, 7)
    publishing.pin(first.pk, event.assignments.get().user)
    tree = page(client, f"/{event.slug}/")
    assert tree.one(data_pinned=True).one("h2").text == "Update 1"
    assert headlines(tree) == updates(7, 6, 5)
    assert page(client, f"/{event.slug}/?page=1").all(data_pinned=True) == []


def test_key_events_of_the_whole_event_link_to_where_they_are(client):
    event = make_event(page_size=2, time_zone="Europe/Berlin")
    old = post(event, "Old", is_key=True, at=NOON)
    post_many(event, 4)
    new = post(event, "New", is_key=True, at=NOON)

    rows = page(client, f"/{event.slug}/").one(data_keys=True).all("li")

    assert [
        (row["data-id"], row.one("a")["href"], row.one("time").text, row.one("span", dir="ltr").text) for row in rows
    ] == [
        (new.public_id, f"#u{new.public_id}", "13:00", "New"),
        (old.public_id, f"/{event.slug}/{old.public_id}/", "13:00", "Old"),
    ]


def test_boxes_without_content_wait_hidden(client, event):
    tree = page(client, f"/{event.slug}/")
    assert "hidden" in tree.one(data_keys=True)
    assert "hidden" in tree.one(data_part="know")
    assert "hidden" in tree.one(data_latest=True)
    assert tree.one(data_entries=True).children == []
    assert tree.one("p", cls="none").text == "No update yet. The first one will appear here."


def test_newest_entry_is_linked_from_the_first_screen(client, event):
    *_, newest = post_many(event, 2)
    link = page(client, f"/{event.slug}/").one(data_latest=True)
    assert (link["href"], link.text) == (f"#u{newest.public_id}", "Latest 12:02 Update 2".replace("12:", "13:"))


def test_hostile_words_of_the_event_stay_words(client):
    words = "</script><script>alert(1)</script>\"'&"
    details = {"title": words, "standfirst": words, "byline": words, "key_points": (f"<p>{words}</p>",)}
    event = make_event(**details, status="ended", note=words)
    publishing.change_event(event.pk, EventDetails(title=words + "2"), event.assignments.get().user)

    tree = page(client, f"/{event.slug}/")

    assert {script.attributes.get("type") for script in tree.all("script")} == {
        "module",
        "application/json",
        "application/ld+json",
    }
    assert tree.one("h1").text == words + "2"


def test_reader_pages_have_no_style_attribute_and_no_inline_script(client, event, editor):
    post(event, "Photo", blocks=[PhotoContent(make_picture(editor).pk, alt="A", credit="B")])
    tree = page(client, f"/{event.slug}/")
    assert [element.name for element in tree.walk() if "style" in element] == []
    assert tree.all("style") == []
    assert [script["type"] for script in tree.all("script") if "src" not in script] == [
        "application/json",
        "application/ld+json",
    ]


def test_event_speaks_its_language_from_right_to_left(client):
    event = make_event(language="ar", time_zone="Asia/Damascus", at=NOON)
    html = page(client, f"/{event.slug}/").one("html")
    assert (html["lang"], html["dir"]) == ("ar", "rtl")
    assert "مارس" in html.one(data_part="head").text


def test_page_does_not_ask_which_language_the_browser_likes(client, event):
    response = client.get(f"/{event.slug}/", headers={"accept-language": "ar"})
    assert parse(response.content).one("html")["lang"] == "en"
