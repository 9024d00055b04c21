import pytest

from tests.factories import NOON, make_event, make_member, make_picture, post, post_many
from tests.markup import parse
from tests.pages import headlines, page
from updates import publishing
from updates.choices import Role
from updates.models import Entry, Event
from updates.publishing import EntryContent, PhotoContent
from updates.rendering import entry_html

pytestmark = [pytest.mark.django_db, pytest.mark.database]


def test_permalink_shows_the_entry_as_everywhere_and_the_way_on(client, event):
    older, entry, newer = post_many(event, 3)

    tree = page(client, entry.get_absolute_url())

    article = tree.one(data_entries=True).one("article")
    with_event = Entry.objects.select_related("event").get(pk=entry.pk)
    assert article.outline() == parse(entry_html(with_event)).one("article").outline()
    assert tree.one("title").text == "Update 2 – Ellery Signal"
    assert tree.one("live-event")["data-view"] == "permalink"
    links = {link["rel"]: link["href"] for link in tree.one("nav", cls="pn").all("a")}
    assert links == {"prev": older.get_absolute_url(), "next": newer.get_absolute_url()}
    assert tree.one("h1").one("a")["href"] == f"/{event.slug}/"


def test_permalink_names_the_page_that_holds_the_entry_as_its_home(client):
    event = make_event(page_size=3)
    entries = post_many(event, 8)
    homes = []
    for entry in entries:
        links = page(client, entry.get_absolute_url()).all("link", rel="canonical")
        homes.append(links[0]["href"].removeprefix("http://testserver"))
    assert homes == [f"/{event.slug}/?page=1"] * 3 + [f"/{event.slug}/"] * 5


def test_permalink_carries_its_own_title_and_picture(client, event):
    editor = make_member(event, Role.EDITOR, first_name="Lena", last_name="Orsk")
    image = make_picture(editor)
    entry = post(
        event, "Waves", author=editor, at=NOON, blocks=[PhotoContent(image.pk, alt="A wave", credit="Lena Orsk")]
    )
    tree = page(client, entry.get_absolute_url())
    shared = {tag["property"]: tag["content"] for tag in tree.all("meta") if "property" in tag}
    first = tree.one("img", fetchpriority="high")
    assert (first["alt"], "loading" in first) == ("A wave", False)
    assert shared == {
        "og:type": "article",
        "og:site_name": "Ellery Signal",
        "og:locale": "en_GB",
        "og:title": "Waves",
        "og:description": "Waves",
        "og:url": "http://testserver" + entry.get_absolute_url(),
        "og:image": f"http://testserver{entry.get_absolute_url()}card.jpg?v={entry.seq}",
        "og:image:width": "1200",
        "og:image:height": "630",
        "og:image:alt": "Waves – A wave",
        "article:published_time": "2031-03-13T13:00:00+01:00",
        "article:modified_time": "2031-03-13T13:00:00+01:00",
        "article:section": "Live blogs",
        "article:author": "Lena Orsk",
    }
    named = {tag["name"]: tag["content"] for tag in tree.all("meta") if "name" in tag}
    assert {name: value for name, value in named.items() if name.startswith(("twitter", "robots"))} == {
        "twitter:card": "summary_large_image",
        "twitter:title": "Waves",
        "twitter:description": "Waves",
        "twitter:image": shared["og:image"],
        "twitter:image:alt": "Waves – A wave",
        "robots": "max-image-preview:large",
    }


def test_removed_entry_is_gone_and_says_only_what_readers_may_know(client, event, editor):
    silent, noted = post(event, "Silent"), post(event, "Noted")
    publishing.remove(silent.pk, editor, reason="secret reason")
    publishing.remove(noted.pk, editor, reason="secret reason", reader_note="It named the wrong street.")
    for entry, note in ((silent, ""), (noted, "It named the wrong street.")):
        response = client.get(entry.get_absolute_url())
        text = parse(response.content).one("main").text
        assert response.status_code == 410
        assert note in text
        assert "secret" not in text
        assert entry.headline not in text


def test_entry_is_found_in_its_own_event_only(client, event):
    entry = post(event, "One")
    other = make_event()
    assert client.get(f"/{other.slug}/{entry.public_id}/").status_code == 404


def test_permalink_takes_three_queries_and_then_one(client, event, django_assert_num_queries):
    _, entry, _ = post_many(event, 3)
    with django_assert_num_queries(3):
        client.get(entry.get_absolute_url())
    with django_assert_num_queries(1):
        client.get(entry.get_absolute_url())


def test_edit_is_on_the_page_at_once(client, event, editor):
    entry = post(event, "One")
    client.get(f"/{event.slug}/")
    publishing.edit(entry.pk, EntryContent("Two"), editor)
    assert headlines(page(client, f"/{event.slug}/")) == ["Two"]
    assert Event.objects.get(pk=event.pk).entry_count == 1
