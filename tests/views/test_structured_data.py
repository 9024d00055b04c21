"""Structured data of every kind of page: what search engines require, and nothing that the page does not show."""

import re
from datetime import datetime, timedelta
from io import BytesIO

import pytest
from PIL import Image

from tests.factories import NOON, editor_of, make_event, make_picture, post, post_many
from tests.structured_data import (
    SCRIPT,
    everything_in,
    of_type,
    preset_errors,
    structured_data,
    vocabulary_errors,
)
from updates import publishing
from updates.choices import ChangeKind
from updates.models import Person
from updates.publishing import EmbedContent, EntryContent, EventDetails, PhotoContent, QuoteContent, TextContent
from updates.publishing.content_mapping import read_content
from updates.views.sharing import open_graph_locale

pytestmark = [pytest.mark.django_db, pytest.mark.once]

SHAPES = ("16x9", "4x3", "1x1")
HOSTILE = "</script><script>alert(1)</script> & <!-- ]]> \u2028\u2029 \"'"


def rich_blocks(picture):
    return (
        TextContent("<p>The gate <strong>held</strong> &amp; holds.</p><p>So far.</p>"),
        PhotoContent(picture.pk, alt="The gate", credit="Noor Hadad", caption="At noon"),
        QuoteContent("It holds.", "The harbour master"),
        EmbedContent("https://youtu.be/aqz-KE-bpKQ", "Watch it", "Film of the gate", picture.pk),
    )


@pytest.fixture
def rich(event, editor):
    """An event with everything that structured data may name."""
    picture = make_picture(editor)
    publishing.change_event(event.pk, EventDetails(lead_picture=picture.pk, standfirst="Water."), editor, at=NOON)
    entry = post(event, "Gate fails", author=editor, blocks=rich_blocks(picture), at=NOON)
    right = EntryContent("Gate holds", rich_blocks(picture))
    publishing.correct(entry.pk, right, "It was the other gate.", editor, at=NOON + timedelta(minutes=5))
    return entry


def page_of(client, address):
    response = client.get(address)
    assert response.status_code == 200
    return response.content.decode()


def data_of(client, address):
    return structured_data(page_of(client, address))


@pytest.mark.long
def test_every_kind_of_page_keeps_to_the_vocabulary_and_to_what_search_engines_require(client, rich, editor, tmp_path):
    event = rich.event
    details = {"planned_start": NOON + timedelta(days=1), "author": editor}
    states = [make_event(status=status, **details) for status in ("upcoming", "postponed", "cancelled", "ended")]
    many = make_event(page_size=2, author=editor)
    post_many(many, 6)
    addresses = [
        event.get_absolute_url(),
        rich.get_absolute_url(),
        f"{many.get_absolute_url()}?page=1",
        f"{many.get_absolute_url()}?filter=key",
        *(each.get_absolute_url() for each in states),
    ]
    pages = [page_of(client, address) for address in addresses]
    assert vocabulary_errors(tmp_path, [structured_data(page) for page in pages]) == ""
    for number, page in enumerate(pages[:2]):
        file = tmp_path / f"{number}.html"
        file.write_text(page)
        assert preset_errors(file) == ""
    for name, value in (pair for page in pages for pair in everything_in(structured_data(page))):
        if re.search(r"^date|Time$|Date$", name):
            assert datetime.fromisoformat(value).tzinfo is not None, name


def test_a_live_blog_says_what_it_is_and_what_it_shows(client, rich, event, editor):
    newer = post(event, "Later", author=editor, at=NOON + timedelta(minutes=10))
    base = "http://testserver"

    data = data_of(client, event.get_absolute_url())

    blog, article = of_type(data, "LiveBlogPosting"), of_type(data, "NewsArticle")
    lead = f"{base}/media/{largest(event)}"
    assert blog["image"] == [lead.replace(".jpg", f"-{shape}.jpg") for shape in SHAPES]
    assert {name: blog[name] for name in ("url", "@id", "headline", "description", "inLanguage")} == {
        "url": f"{base}/{event.slug}/",
        "@id": f"{base}/{event.slug}/",
        "headline": "Storm Maren",
        "description": "Water.",
        "inLanguage": "en",
    }
    assert blog["isAccessibleForFree"] is True
    assert blog["publisher"]["name"] == "Ellery Signal"
    assert blog["datePublished"] == blog["coverageStartTime"] == "2031-03-13T13:00:00+01:00"
    assert [update["url"] for update in blog["liveBlogUpdate"]] == [
        base + newer.get_absolute_url(),
        base + rich.get_absolute_url(),
    ]
    assert article["@id"] == blog["@id"]
    assert {name: blog[name] for name in article.keys() - {"@type"}} == {
        name: article[name] for name in article.keys() - {"@type"}
    }


def largest(event):
    event.refresh_from_db()
    return max(event.lead["renditions"], key=lambda size: size["width"])["jpeg"]


def test_an_update_has_its_own_words_times_pictures_films_and_corrections(client, rich):
    update = of_type(data_of(client, rich.get_absolute_url()), "BlogPosting")
    photo, film = update["image"][0], update["video"][0]
    assert update["articleBody"] == (
        "The gate held & holds.\nSo far.\nAt noon\nIt holds. – The harbour master\nWatch it Film of the gate"
    )
    assert (update["headline"], update["datePublished"]) == ("Gate holds", "2031-03-13T13:00:00+01:00")
    assert update["dateModified"] == "2031-03-13T13:05:00+01:00"
    assert photo.startswith("http://testserver/media/pictures/")
    assert film["thumbnailUrl"].startswith("http://testserver/media/pictures/")
    assert {name: film[name] for name in film.keys() - {"thumbnailUrl"}} == {
        "@type": "VideoObject",
        "name": "Film of the gate",
        "description": "Watch it",
        "uploadDate": "2031-03-13T13:00:00+01:00",
        "embedUrl": "https://www.youtube-nocookie.com/embed/aqz-KE-bpKQ?autoplay=1&rel=0",
    }
    assert update["correction"] == [
        {
            "@type": "CorrectionComment",
            "text": "It was the other gate.",
            "datePublished": "2031-03-13T13:05:00+01:00",
        }
    ]
    assert update["isPartOf"]["headline"] == "Storm Maren"


def test_a_clarification_and_a_film_without_a_picture_are_none(client, event, editor):
    entry = post(event, "Film", author=editor, blocks=[EmbedContent("https://youtu.be/aqz-KE-bpKQ")])
    publishing.clarify(entry.pk, read_content(entry), "The film is from today.", editor)
    update = of_type(data_of(client, entry.get_absolute_url()), "BlogPosting")
    assert not {"correction", "video"} & update.keys()
    card = f"http://testserver{entry.get_absolute_url()}card.jpg?v={entry.changes.order_by('seq').last().seq}"
    assert update["image"] == [card]  # where there is no other picture
    blog = of_type(data_of(client, event.get_absolute_url()), "LiveBlogPosting")
    assert [address.partition("?")[0] for address in blog["image"]] == [f"http://testserver/{event.slug}/card.jpg"]
    assert "image" not in blog["liveBlogUpdate"][0]


def test_only_published_entries_of_the_page_are_named(client, editor):
    event = make_event(page_size=2, author=editor)
    entries = post_many(event, 5)
    publishing.remove(entries[4].pk, editor, reader_note="It was about another town.")
    archive = of_type(data_of(client, f"{event.get_absolute_url()}?page=1"), "LiveBlogPosting")
    forwards = of_type(data_of(client, f"{event.get_absolute_url()}?order=oldest&page=1"), "LiveBlogPosting")
    first = of_type(data_of(client, event.get_absolute_url()), "LiveBlogPosting")
    assert titles(archive) == titles(forwards) == ["Update 2", "Update 1"]
    assert titles(first) == ["Update 4", "Update 3"]
    assert (archive["@id"], archive["url"]) == (first["@id"], f"{first['url']}?page=1")


def titles(blog):
    return [update["headline"] for update in blog["liveBlogUpdate"]]


def test_the_coverage_keeps_its_times_whatever_is_published(client, event, editor):
    def times():
        blog = of_type(data_of(client, event.get_absolute_url()), "LiveBlogPosting")
        return blog["coverageStartTime"], blog["coverageEndTime"]

    before = times()
    post(event, "One", author=editor, at=NOON + timedelta(hours=2))
    assert times() == before
    end = NOON + timedelta(hours=3)
    publishing.change_state(event.pk, ChangeKind.END, editor, at=end)
    assert times() == (before[0], "2031-03-13T16:00:00+01:00")
    publishing.change_state(event.pk, ChangeKind.REOPEN, editor, at=end)
    assert times() == before


def test_a_planned_end_is_said_until_it_has_passed(client, event, editor):
    def end():
        blog = of_type(data_of(client, event.get_absolute_url()), "LiveBlogPosting")
        return datetime.fromisoformat(blog["coverageEndTime"])

    usual = end()
    publishing.change_event(event.pk, EventDetails(planned_end=NOON + timedelta(days=9999)), editor)
    assert end() == NOON + timedelta(days=9999)
    publishing.change_event(event.pk, EventDetails(planned_end=NOON - timedelta(days=1)), editor)
    assert end() == usual


def test_an_author_has_the_address_of_their_page(client, event, editor):
    Person.objects.create(name="Noor Hadad", user=editor, page="https://www.paper.example/noor")
    entry = post(event, "Gate", author=editor)
    [author] = of_type(data_of(client, entry.get_absolute_url()), "BlogPosting")["author"]
    assert (author["name"], author["url"]) == ("Noor Hadad", "https://www.paper.example/noor")
    assert '<a href="https://www.paper.example/noor" rel="author">' in page_of(client, event.get_absolute_url())


@pytest.mark.parametrize(("status", "state"), [("upcoming", "Scheduled"), ("postponed", "Postponed")])
def test_an_event_that_is_not_live_yet_has_a_state(client, status, state):
    event = make_event(status=status, planned_start=NOON, planned_end=NOON + timedelta(hours=4))
    blog = of_type(data_of(client, event.get_absolute_url()), "LiveBlogPosting")
    assert blog["about"]["eventStatus"] == f"https://schema.org/Event{state}"
    assert ("coverageStartTime" in blog) == (status == "upcoming")
    start, end = (datetime.fromisoformat(blog["about"][name]) for name in ("startDate", "endDate"))
    assert (start, end) == (NOON, NOON + timedelta(hours=4))


def test_no_text_breaks_out_of_the_block(client, editor):
    event = make_event(title=HOSTILE, standfirst=HOSTILE, byline=HOSTILE, author=editor)
    picture = make_picture(editor)
    blocks = [PhotoContent(picture.pk, HOSTILE, HOSTILE, HOSTILE), QuoteContent(HOSTILE, HOSTILE)]
    entry = post(event, HOSTILE, author=editor, blocks=blocks)
    publishing.correct(entry.pk, EntryContent("x" + HOSTILE, tuple(blocks)), HOSTILE, editor)
    for address in (event.get_absolute_url(), entry.get_absolute_url()):
        html = page_of(client, address)
        [block] = SCRIPT.findall(html)
        assert not set("<>&\u2028\u2029") & set(block)
        values = [value for _, value in everything_in(structured_data(html))]
        assert values.count(HOSTILE) >= 2  # as they were typed
        assert "<script>alert" not in html


def test_crops_have_their_shapes_and_go_with_their_picture(client, event, editor, django_capture_on_commit_callbacks):
    picture = make_picture(editor, size=(1600, 1000))
    entry = post(event, "Waves", author=editor, blocks=[PhotoContent(picture.pk, "A wave", "Lena Orsk")])
    data = of_type(data_of(client, entry.get_absolute_url()), "NewsArticle")
    addresses = [address.removeprefix("http://testserver") for address in data["image"]]
    assert [size_of(client.get(address)) for address in addresses] == [(1600, 900), (1333, 1000), (1000, 1000)]
    answer = client.get(addresses[0])
    same = client.get(addresses[0], headers={"if-none-match": answer["ETag"]})
    assert (same.status_code, same.content) == (304, b"")
    assert answer["Surrogate-Key"].startswith("picture-")
    with django_capture_on_commit_callbacks(execute=True):
        publishing.remove(entry.pk, editor)
    assert [client.get(address).status_code for address in addresses] == [404, 404, 404]


def size_of(answer):
    with Image.open(BytesIO(answer.content)) as picture:
        return picture.size


def test_the_head_says_which_page_it_is(client, rich, event):
    listed = page_of(client, event.get_absolute_url())
    assert '<meta name="robots" content="max-image-preview:large">' in listed
    publishing.change_event(event.pk, EventDetails(is_listed=False), editor_of(event))
    hidden = page_of(client, event.get_absolute_url())
    assert '<meta name="robots" content="noindex">' in hidden
    assert "max-image-preview" not in hidden


@pytest.mark.parametrize(
    ("language", "locale"), [("en", "en_GB"), ("pt-BR", "pt_BR"), ("ru", "ru_RU"), ("zh-Hant-TW", "zh_TW")]
)
def test_open_graph_names_a_country_with_each_language(language, locale):
    assert open_graph_locale(language) == locale
