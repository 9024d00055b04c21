"""``robots.txt`` and sitemaps: every listed event with its pages, and nothing else."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone
from lxml import etree

from tests.factories import NOON, make_editor, make_event, post, post_many
from updates import publishing
from updates.publishing import EntryContent, EventDetails
from updates.views.sitemaps import news_language

pytestmark = pytest.mark.django_db

BASE = "http://testserver"
NAMESPACES = {
    "s": "http://www.sitemaps.org/schemas/sitemap/0.9",
    "news": "http://www.google.com/schemas/sitemap-news/0.9",
}
HOSTILE = "</news:title><script>alert(1)</script> & ]]> \u2028"


@pytest.fixture
def editor(db):
    return make_editor()


def sitemap(client, address):
    answer = client.get(address)
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/xml; charset=utf-8")
    return etree.fromstring(answer.content)


def values(tree, path):
    return [element.text for element in tree.iterfind(f".//{path}", NAMESPACES)]


def test_robots_let_search_engines_in_and_name_the_sitemaps(client, editor):
    make_event(author=editor, slug="hidden", is_listed=False)
    answer = client.get("/robots.txt")
    assert answer["Content-Type"] == "text/plain; charset=utf-8"
    assert answer.content.decode() == (
        "User-agent: *\nDisallow: /admin/\nDisallow: /api/v1/\nDisallow: /*/changes\n\n"
        f"Sitemap: {BASE}/sitemap.xml\nSitemap: {BASE}/sitemap-news.xml\n"
    )


def test_index_names_the_sitemap_of_each_listed_event_with_its_last_change(client, editor):
    make_event(author=editor, slug="hidden", is_listed=False)
    make_event(author=editor, slug="draft", status="draft")
    event = make_event(author=editor, slug="storm", at=NOON)
    post(event, "Gate", author=editor, at=NOON + timedelta(minutes=5))
    tree = sitemap(client, "/sitemap.xml")
    assert values(tree, "s:loc") == [f"{BASE}/sitemap-lists.xml", f"{BASE}/storm/sitemap.xml"]
    assert values(tree, "s:lastmod") == ["2031-03-13T12:05:00Z"]
    assert values(sitemap(client, "/sitemap-lists.xml"), "s:loc") == [f"{BASE}/{name}" for name in ("", *LISTS)]


LISTS = ("archive/", "corrections/")


def test_event_sitemap_has_every_page_with_the_last_change_on_it(client, editor):
    event = make_event(author=editor, slug="storm", page_size=2, at=NOON)
    entries = post_many(event, 7)
    later = NOON + timedelta(hours=1)
    publishing.edit(entries[0].pk, EntryContent("Update one"), editor, at=later)
    publishing.remove(entries[2].pk, editor, at=later + timedelta(minutes=1))
    tree = sitemap(client, "/storm/sitemap.xml")
    assert values(tree, "s:loc") == [f"{BASE}/storm/", f"{BASE}/storm/?page=2", f"{BASE}/storm/?page=1"]
    assert values(tree, "s:lastmod") == ["2031-03-13T13:01:00Z", "2031-03-13T13:01:00Z", "2031-03-13T13:00:00Z"]
    assert all(client.get(address.removeprefix(BASE)).status_code == 200 for address in values(tree, "s:loc"))


def test_what_is_not_listed_has_no_sitemap(client, editor):
    hidden = make_event(author=editor, slug="hidden", is_listed=False)
    make_event(author=editor, slug="draft", status="draft")
    assert [client.get(f"/{slug}/sitemap.xml").status_code for slug in ("hidden", "draft", "none")] == [404] * 3
    publishing.change_event(hidden.pk, EventDetails(is_listed=True), editor)
    assert f"{BASE}/hidden/sitemap.xml" in values(sitemap(client, "/sitemap.xml"), "s:loc")
    publishing.change_event(hidden.pk, EventDetails(is_listed=False), editor)
    assert client.get("/hidden/sitemap.xml").status_code == 404
    assert f"{BASE}/hidden/sitemap.xml" not in values(sitemap(client, "/sitemap.xml"), "s:loc")


def test_news_are_of_the_last_two_days(client, editor):
    now = timezone.now()
    event = make_event(author=editor, slug="storm", title=HOSTILE, language="pt-BR", at=now - timedelta(hours=47))
    make_event(author=editor, slug="old", at=now - timedelta(hours=49))
    make_event(author=editor, slug="coming", status="upcoming")
    make_event(author=editor, slug="hidden", is_listed=False)
    tree = sitemap(client, "/sitemap-news.xml")
    assert values(tree, "s:loc") == [f"{BASE}/storm/"]
    assert values(tree, "news:title") == [HOSTILE]
    assert (values(tree, "news:name"), values(tree, "news:language")) == (["Ellery Signal"], ["pt"])
    assert values(tree, "news:publication_date") == [f"{event.started_at:%Y-%m-%dT%H:%M:%SZ}"]
    with time_machine.travel(now + timedelta(hours=2)):
        assert values(sitemap(client, "/sitemap-news.xml"), "s:loc") == []


@pytest.mark.parametrize(
    ("tag", "code"), [("en", "en"), ("pt-BR", "pt"), ("zh", "zh-cn"), ("zh-Hant", "zh-tw"), ("zh-HK", "zh-tw")]
)
def test_news_name_languages_by_their_codes(tag, code):
    assert news_language(tag) == code


@pytest.mark.parametrize(
    "address", ["/robots.txt", "/sitemap.xml", "/sitemap-lists.xml", "/sitemap-news.xml", "/storm/sitemap.xml"]
)
def test_an_unchanged_sitemap_is_not_sent_again(client, editor, address):
    event = make_event(author=editor, slug="storm")
    first = client.get(address)
    assert first["Surrogate-Key"] == ("event-storm" if "storm" in address else "lists")
    assert first["Cache-Control"] == "public, max-age=0, s-maxage=3"
    assert client.get(address, headers={"if-none-match": first["ETag"]}).status_code == 304
    post(event, "Gate", author=editor)
    changed = client.get(address)["ETag"] != first["ETag"]
    assert changed == (address not in {"/robots.txt", "/sitemap-lists.xml"})
