"""Feeds as the programs of readers see them: right by their formats, current, and without what is not published."""

import json
from datetime import timedelta
from email.utils import parsedate_to_datetime

import feedparser
import pytest
from lxml import etree

from tests.factories import NOON, make_editor, make_event, make_member, make_picture, post, post_many
from tests.markup import parse
from tests.pages import page
from tests.servers import ROOT
from updates import publishing
from updates.choices import Role
from updates.models import Person
from updates.publishing import (
    EmbedContent,
    EntryContent,
    EntryInput,
    EventDetails,
    PhotoContent,
    QuoteContent,
    TextContent,
)

pytestmark = [pytest.mark.django_db, pytest.mark.long]

FORMS = ("atom", "rss", "json")
BASE = "http://testserver"
TOMBSTONE = "{http://purl.org/atompub/tombstones/1.0}deleted-entry"
HOSTILE = "</title><script>alert(1)</script> & ]]> <!-- \u2028 \"'"


@pytest.fixture
def editor(db):
    return make_editor()


@pytest.fixture
def event(editor):
    return make_event(title="Storm & Maren", standfirst="Water <rises>.", author=editor, at=NOON, slug="storm")


def fetch(client, address, **headers):
    answer = client.get(address, headers={name.replace("_", "-"): value for name, value in headers.items()})
    assert answer.status_code in {200, 304}
    return answer


def parsed(client, address):
    """Read a feed with feedparser; as a list of address, title and content for JSON Feed as well."""
    answer = fetch(client, address)
    if address.split("?")[0].endswith("json"):
        return [(item["id"], item["title"], item["content_html"]) for item in json.loads(answer.content)["items"]]
    feed = feedparser.parse(answer.content, response_headers={"content-type": answer["Content-Type"]})
    assert not feed.bozo, feed.bozo_exception
    return [(entry.id, entry.title, entry.content[0].value) for entry in feed.entries]


def ids(client, address):
    return [item[0] for item in parsed(client, address)]


def atom(client, address):
    tree = etree.fromstring(fetch(client, address).content)
    schema = etree.RelaxNG(etree.parse(str(ROOT / "tests/feeds/atom.rng")))
    assert schema.validate(tree), schema.error_log
    return tree


def texts(tree, name):
    return [element.text for element in tree.iter(f"{{http://www.w3.org/2005/Atom}}{name}")]


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("place", ["/storm/", "/"])
def test_feed_has_full_content_with_absolute_addresses(client, event, editor, form, place):
    picture = make_picture(editor)
    blocks = [
        TextContent('<p>Held &amp; <a href="https://example.org/a">holds</a>.</p>'),
        PhotoContent(picture.pk, alt="The <gate>", credit="Noor & Co", caption="At noon"),
        QuoteContent("It holds.\nStill.", "The harbour master"),
        EmbedContent("https://youtu.be/aqz-KE-bpKQ", "Watch it", "Film"),
    ]
    entry = post(event, "Gate & wall", author=editor, blocks=blocks, at=NOON)
    [(address, title, html)] = parsed(client, f"{place}feed.{form}")
    assert address == BASE + entry.get_absolute_url()
    assert title == ("Gate & wall" if place == "/storm/" else "Storm & Maren: Gate & wall")
    content = parse(html)
    assert content.one("img")["src"].startswith(f"{BASE}/media/pictures/")
    assert content.one("img")["alt"] == "The <gate>"
    assert [link["href"] for link in content.all("a")] == [
        "https://example.org/a",
        "https://www.youtube.com/watch?v=aqz-KE-bpKQ",
    ]
    assert "At noon Credit: Noor & Co" in content.text
    assert "It holds." in content.one("blockquote").text


def test_atom_keeps_to_its_grammar(client, event, editor):
    entry = post(event, "Gate", author=editor, at=NOON, is_key=True)
    post(event, author=editor, text="<p>Without a headline</p>", at=NOON)
    for place in ("/storm/", "/"):
        for query in ("", "?filter=key"):
            address = f"{place}feed.atom{query}"
            tree = atom(client, address)
            assert texts(tree, "id")[0] == BASE + address
            links = {(link.get("rel"), link.get("href")) for link in tree if link.tag.endswith("link")}
            assert links == {("self", BASE + address), ("alternate", BASE + place)}
    assert texts(atom(client, "/storm/feed.atom?filter=key"), "id")[1:] == [BASE + entry.get_absolute_url()]


def test_rss_has_the_elements_that_readers_need(client, event, editor):
    entry = post(event, "Gate", author=editor, at=NOON)
    [channel] = etree.fromstring(fetch(client, "/storm/feed.rss").content)
    names = [etree.QName(element).localname for element in channel]
    assert names == ["title", "link", "description", "language", "lastBuildDate", "link", "item"]
    own = channel[5]
    assert (own.get("rel"), own.get("href"), own.get("type")) == (
        "self",
        f"{BASE}/storm/feed.rss",
        "application/rss+xml",
    )
    item = channel.find("item")
    assert (item.findtext("guid"), item.find("guid").get("isPermaLink")) == (BASE + entry.get_absolute_url(), "true")
    assert item.findtext("pubDate") == "Thu, 13 Mar 2031 12:00:00 +0000"
    assert parsedate_to_datetime(channel.findtext("lastBuildDate")) >= NOON
    assert item.findtext("description") == "Gate, says the harbour office."


def test_json_feed_has_what_version_1_1_asks_for(client, event):
    author = make_member(event, Role.EDITOR)
    Person.objects.create(name="Lena Orsk", user=author, page="https://www.paper.example/lena")
    entry = post(event, "Gate", author=author, at=NOON, is_key=True)
    feed = json.loads(fetch(client, "/storm/feed.json").content)
    [item] = feed.pop("items")
    assert feed == {
        "version": "https://jsonfeed.org/version/1.1",
        "title": "Storm & Maren",
        "home_page_url": f"{BASE}/storm/",
        "feed_url": f"{BASE}/storm/feed.json",
        "description": "Water <rises>.",
        "language": "en",
        "authors": [{"name": "Ellery Signal", "url": f"{BASE}/"}],
    }
    del item["content_html"]
    address = BASE + entry.get_absolute_url()
    assert item == {
        "id": address,
        "url": address,
        "title": "Gate",
        "content_text": "Gate, says the harbour office.",
        "date_published": "2031-03-13T12:00:00Z",
        "date_modified": "2031-03-13T12:00:00Z",
        "language": "en",
        "authors": [{"name": "Lena Orsk", "url": "https://www.paper.example/lena"}],
        "tags": ["key"],
    }
    assert texts(atom(client, "/storm/feed.atom"), "uri") == [f"{BASE}/", "https://www.paper.example/lena"]


def test_an_edit_keeps_the_id_and_changes_updated_only(client, event, editor):
    entry = post(event, "Gate", author=editor, at=NOON)
    before = atom(client, "/storm/feed.atom")
    soon = NOON + timedelta(seconds=20)  # too soon to be marked “Updated” on the page
    publishing.edit(entry.pk, EntryContent("Gate holds", (TextContent("<p>Yes.</p>"),)), editor, at=soon)
    after = atom(client, "/storm/feed.atom")
    assert texts(after, "id") == texts(before, "id")
    assert texts(after, "published") == texts(before, "published") == ["2031-03-13T12:00:00Z"]
    assert texts(after, "updated") == ["2031-03-13T12:00:20Z"] * 2
    assert texts(after, "title") == ["Storm & Maren", "Gate holds"]


def test_a_removed_entry_leaves_and_atom_names_its_id_alone(client, event, editor):
    entry = post(event, "Wrong name", author=editor, is_key=True, at=NOON)
    publishing.remove(entry.pk, editor, reason="It is secret", reader_note="Wrong.", at=NOON + timedelta(minutes=1))
    for place in ("/storm/", "/"):
        for form in FORMS:
            for query in ("", "?filter=key"):
                address = f"{place}feed.{form}{query}"
                body = fetch(client, address).content.decode()
                assert ids(client, address) == []
                assert not {"Wrong", "secret"} & set(body.replace(".", " ").split())
                assert (entry.public_id in body) == (form == "atom")
        [grave] = atom(client, f"{place}feed.atom").iter(TOMBSTONE)
        assert dict(grave.attrib) == {"ref": BASE + entry.get_absolute_url(), "when": "2031-03-13T12:01:00Z"}
        assert (grave.text, len(grave)) == (None, 0)
    publishing.restore(entry.pk, editor)
    assert list(atom(client, "/storm/feed.atom").iter(TOMBSTONE)) == []
    assert ids(client, "/feed.json") == [BASE + entry.get_absolute_url()]


@pytest.mark.parametrize("form", FORMS)
def test_what_is_not_published_or_not_listed_is_in_no_feed(client, editor, form):
    event = make_event(author=editor, slug="open")
    publishing.save_draft(EntryInput(event.pk, EntryContent("Draft")), editor)
    hidden = make_event(author=editor, slug="hidden", is_listed=False)
    entry = post(hidden, "Rehearsal", author=editor)
    gone = post(hidden, "Gone", author=editor)
    publishing.remove(gone.pk, editor)
    make_event(status="draft", author=editor, slug="draft")

    site = fetch(client, f"/feed.{form}").content.decode()
    assert not any(word in site for word in ("Draft", "Rehearsal", "hidden", entry.public_id, gone.public_id))
    assert ids(client, f"/open/feed.{form}") == []
    assert ids(client, f"/hidden/feed.{form}") == [BASE + entry.get_absolute_url()]
    assert fetch(client, f"/hidden/feed.{form}")["X-Robots-Tag"] == "noindex"
    assert "X-Robots-Tag" not in fetch(client, f"/open/feed.{form}")
    assert client.get(f"/draft/feed.{form}").status_code == 404
    publishing.change_event(hidden.pk, EventDetails(is_listed=True), editor)
    assert ids(client, f"/feed.{form}") == [BASE + entry.get_absolute_url()]


def test_feeds_have_at_most_fifty_entries_the_newest_first(client, editor):
    event = make_event(author=editor, slug="long", page_size=2)
    entries = post_many(event, 52)
    newest = [BASE + entry.get_absolute_url() for entry in reversed(entries[2:])]
    assert ids(client, "/long/feed.json") == ids(client, "/feed.json") == newest


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("place", ["/storm/", "/"])
def test_an_unchanged_feed_is_not_sent_again(client, event, editor, form, place):
    entry = post(event, "Gate", author=editor, at=NOON - timedelta(days=365 * 10))
    publishing.change_event(event.pk, EventDetails(title="Storm"), editor, at=NOON - timedelta(days=365 * 10))
    address = f"{place}feed.{form}"
    first = fetch(client, address)
    kind = {"atom": "application/atom+xml", "rss": "application/rss+xml", "json": "application/feed+json"}[form]
    assert first["Content-Type"] == f"{kind}; charset=utf-8"
    assert first["Cache-Control"] == "public, max-age=0, s-maxage=3"
    assert first["Surrogate-Key"] == ("event-storm" if place == "/storm/" else "lists")
    assert fetch(client, address, if_none_match=first["ETag"]).status_code == 304
    unchanged = fetch(client, address, if_modified_since=first["Last-Modified"])
    assert (unchanged.status_code, unchanged["Cache-Control"]) == (304, first["Cache-Control"])
    assert unchanged["Vary"] == first["Vary"]
    publishing.remove(entry.pk, editor)
    assert fetch(client, address, if_none_match=first["ETag"]).status_code == 200
    changed = fetch(client, address, if_modified_since=first["Last-Modified"])
    assert changed.status_code == 200
    assert changed["ETag"] != first["ETag"]


def test_a_cached_feed_takes_one_query(client, event, django_assert_num_queries):
    post_many(event, 3)
    fetch(client, "/storm/feed.atom")
    with django_assert_num_queries(1):
        fetch(client, "/storm/feed.atom")


def test_pages_name_their_feeds(client, event, editor):
    entry = post(event, "Gate", author=editor)
    for address, place in (
        ("/", "/"),
        ("/archive/", "/"),
        ("/storm/", "/storm/"),
        (entry.get_absolute_url(), "/storm/"),
    ):
        tree = page(client, address)
        links = tree.all("link", rel="alternate")
        assert [link["href"] for link in tree.one("footer").all("a") if link.text == "RSS feed"] == [f"{place}feed.rss"]
        assert [link["href"] for link in links] == [f"{place}feed.{form}" for form in FORMS]


@pytest.mark.parametrize("form", FORMS)
def test_hostile_text_stays_text(client, editor, form):
    event = make_event(title=HOSTILE, standfirst=HOSTILE, byline=HOSTILE, author=editor, slug="storm")
    picture = make_picture(editor)
    blocks = [
        TextContent(f"<p>{HOSTILE}</p>"),
        PhotoContent(picture.pk, HOSTILE, HOSTILE, HOSTILE),
        QuoteContent(HOSTILE, HOSTILE),
        EmbedContent("https://youtu.be/aqz-KE-bpKQ", HOSTILE, HOSTILE),
    ]
    entry = post(event, HOSTILE, author=editor, blocks=blocks)
    publishing.correct(entry.pk, EntryContent("x" + HOSTILE, tuple(blocks)), HOSTILE, editor)
    for place in ("/storm/", "/"):
        [(_, title, html)] = parsed(client, f"{place}feed.{form}")
        raw = fetch(client, f"{place}feed.{form}").content.decode()
        assert "alert(1)" in title
        assert parse(html).all("script") == []
        assert form == "json" or "<script" not in raw


def test_right_to_left_content_says_so(client, editor):
    event = make_event(title="العاصفة مارين", language="ar", author=editor, slug="storm-ar")
    post(event, "إغلاق الميناء", author=editor, text="<p>الميناء مغلق.</p>")
    tree = atom(client, "/storm-ar/feed.atom")
    assert tree.get("{http://www.w3.org/XML/1998/namespace}lang") == "ar"
    [(_, _, html)] = parsed(client, "/storm-ar/feed.json")
    assert {name: parse(html).one("div")[name] for name in ("lang", "dir")} == {"lang": "ar", "dir": "rtl"}
