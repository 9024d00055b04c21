"""Hostile and odd texts of others in every field: nothing of them is alive in structured data, feeds and sitemaps."""

import json
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from lxml import etree

from tests.factories import NOON
from tests.markup import parse
from tests.samples import sample_json
from tests.structured_data import structured_data
from updates.content.sanitize import clean_html, clean_line, truncate
from updates.models import Entry, Event
from updates.queries.feeds import FeedRows
from updates.rendering import in_words_of
from updates.rendering.drawing import draw
from updates.rendering.feeds import FORMATS, feed_of_event
from updates.rendering.structured import EventView, as_script, event_page

ORIGIN = "https://live.example"
LIVE = {"script", "iframe", "object", "embed", "form", "svg", "math", "style", "link", "meta", "base", "video", "audio"}


def texts_of_others():
    hostile = [item["payload"] for item in sample_json("hostile-html.json")["payloads"]]
    odd = [item["s"] for item in sample_json("odd-strings.json")["strings"]]
    for text in hostile + odd:
        try:
            yield truncate(clean_line(text), 200), clean_html(text)
        except ValidationError:  # refused at the desk, in words
            continue


@pytest.fixture(scope="module")
def entries():
    """Unsaved entries with each text in all of their fields, of an event that has the first one in its own."""
    texts = list(texts_of_others())
    line = next(line for line, _ in texts if "<" in line)
    event = Event(title=line, standfirst=line, byline=line, slug="storm", created_at=NOON, status="live")
    event.started_at = event.changed_at = NOON
    return [entry_of(event, number, *text) for number, text in enumerate(texts)]


def entry_of(event, number, line, html):
    image = {"renditions": [{"width": 960, "height": 640, "jpeg": "pictures/a.jpg", "webp": "pictures/a.webp"}]}
    image |= {"id": "a", "width": 960, "height": 640, "colour": "#333"}
    embed = {"provider": "youtube", "ref": "a", "aspect": "16/9", "player": "https://player.example/a", "poster": image}
    blocks = [
        {"kind": "text", "html": html},
        {"kind": "photo", "image": image, "alt": line, "caption": line, "credit": line},
        {"kind": "quote", "text": line, "attribution": line},
        {"kind": "embed", "url": "https://film.example/a", "title": line, "lead_in": line} | embed,
    ]
    entry = Entry(event=event, public_id=f"{number:010}", status="published", title=line or "Nothing", order=number)
    entry.published_at = entry.changed_at = NOON + timedelta(seconds=number)
    entry.content = {
        "headline": line,
        "blocks": blocks,
        "bylines": [{"name": line, "role": line, "photo": None}],
        "corrections": [{"at": NOON.isoformat(), "note": line}],
    }
    return entry


def test_structured_data_holds_each_text_as_it_was_typed(entries):
    event = entries[0].event
    with in_words_of(event):
        script = as_script(
            event_page(EventView(event, f"{ORIGIN}/storm/", ORIGIN, entries, NOON, f"{ORIGIN}/card.jpg"))
        )
    data = structured_data(script)
    inside = script.removeprefix('<script type="application/ld+json">').removesuffix("</script>")
    assert not set("<>&\u2028\u2029") & set(inside)
    assert [update["headline"] for update in data[0]["liveBlogUpdate"]] == [entry.title for entry in entries]
    assert data[0]["headline"] == event.title


@pytest.mark.long
@pytest.mark.parametrize("form", FORMATS)
def test_feeds_are_well_formed_and_their_content_is_not_alive(entries, form):
    event = entries[0].event
    with in_words_of(event):
        feed = feed_of_event(event, FeedRows(entries, []), ORIGIN, f"{ORIGIN}/storm/feed.{form}", keys_only=False)
        text = FORMATS[form].write(feed)
    titles, contents = read_feed(form, text)
    assert titles == [" ".join(entry.title.split()) for entry in entries]
    for content in contents:
        for element in parse(content).walk():
            assert element.name not in LIVE
            assert not [name for name in element.attributes if name.startswith("on") or name == "style"]
            addresses = [element.attributes.get(name, "https:") for name in ("href", "src")]
            assert all(address.startswith(("https:", "http:", "mailto:", "tel:")) for address in addresses)


def read_feed(form, text):
    if form == "json":
        items = json.loads(text)["items"]
        return [" ".join(item["title"].split()) for item in items], [item["content_html"] for item in items]
    tree = etree.fromstring(text.encode())
    name = "{http://www.w3.org/2005/Atom}entry" if form == "atom" else "item"
    items = list(tree.iter(name))
    content = ("{http://www.w3.org/2005/Atom}content", "{http://purl.org/rss/1.0/modules/content/}encoded")
    titles = [item[1 if form == "atom" else 0].text for item in items]
    return [" ".join(title.split()) for title in titles], [item.findtext(content[form == "rss"]) for item in items]


def test_news_sitemaps_are_well_formed(entries):
    articles = []
    for entry in entries:
        event = Event(title=entry.title, slug="storm")
        articles.append({"event": event, "published": NOON, "modified": NOON, "language": "en", "publication": "A & B"})
    tree = etree.fromstring(draw("updates/sitemaps/news.xml", {"origin": ORIGIN, "articles": articles}).encode())
    titles = [title.text for title in tree.iter("{http://www.google.com/schemas/sitemap-news/0.9}title")]
    assert [" ".join(title.split()) for title in titles] == [" ".join(entry.title.split()) for entry in entries]
