from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from tests.factories import NOON, make_event, make_picture, post
from tests.markup import parse
from updates import publishing
from updates.models import Entry, Person
from updates.publishing import EmbedContent, EntryContent, EventDetails, PhotoContent, QuoteContent, TextContent
from updates.rendering import entries_html, entry_html

pytestmark = pytest.mark.django_db

HOSTILE = "<script>alert(1)</script>\"' onload=x & co"


@pytest.fixture
def event():
    return make_event(time_zone="Europe/Berlin")


@pytest.fixture
def editor(event):
    return event.assignments.get().user


def drawn(entry):
    entry = Entry.objects.select_related("event").get(pk=entry.pk)
    return parse(entry_html(entry)).one("article")


def correct(entry, editor, note, **options):
    content = publishing.read_content(entry)
    return publishing.correct(entry.pk, replace(content, headline="Other"), note, editor, **options)


@time_machine.travel(NOON, tick=False)  # days of other years would show it
def test_entry_says_who_when_and_what(event, editor):
    person = Person.objects.create(name="Noor Hadad", role_line="Weather editor")
    entry = publishing.publish(
        event.pk, EntryContent("Gate holds", (TextContent("<p>It held.</p>"),), (person.pk,)), editor, at=NOON
    ).entry

    article = drawn(entry)

    name = entry.public_id
    assert {key: article[key] for key in ("id", "data-id", "data-seq", "data-order", "data-at", "data-kind")} == {
        "id": f"u{name}",
        "data-id": name,
        "data-seq": str(entry.seq),
        "data-order": str(entry.order),
        "data-at": "2031-03-13T12:00:00Z",
        "data-kind": "publish",
    }
    assert article["aria-labelledby"] == article.one("h2")["id"] == f"u{name}-h"
    assert article.one("a")["href"] == f"/{event.slug}/{name}/"
    assert article.one("time").attributes == {
        "datetime": "2031-03-13T13:00:00+01:00",
        "title": "Thursday 13 March 2031, 13:00 CET",
    }
    assert article.one("div", cls="when").text == "13:00 13 March"
    assert article.one("div", cls="text").text == "It held."
    assert article.one("div", cls="by").text == "Noor HadadWeather editor"


def test_entry_without_headline_has_a_heading_for_those_who_listen(event):
    heading = drawn(post(event, "", text="<p>The gauge is back.</p>", at=NOON)).one("h2")
    assert (heading.classes, heading.text) == (["vh"], "13:00: The gauge is back.")


def test_marks_are_words_beside_the_time(event, editor):
    entry = post(event, "Gate holds", is_key=True, at=NOON)
    publishing.pin(entry.pk, editor, at=NOON)
    correct(entry, editor, "it was noon.", at=NOON + timedelta(minutes=2))

    article = drawn(entry)

    assert article.classes == ["entry", "key", "is-pinned"]
    assert [flag.text for flag in article.all("span", cls="flag")] == ["Pinned", "Key event", "Corrected"]


@time_machine.travel(NOON, tick=False)  # days of other years would show it
def test_each_correction_is_shown_with_its_time_and_a_later_day(event, editor):
    entry = post(event, "Gate holds", at=NOON)
    correct(entry, editor, "it was noon.", at=NOON + timedelta(minutes=2))
    publishing.correct(entry.pk, EntryContent("Third"), "it was not.", editor, at=NOON + timedelta(days=1))

    assert [note.text for note in drawn(entry).all("div", cls="fix")] == [
        "Corrected 13:02: it was noon.",
        "Corrected 14 March, 13:00: it was not.",
    ]


def test_edit_is_told_unless_it_came_at_once(event, editor):
    entry = post(event, "Gate holds", at=NOON)
    publishing.edit(entry.pk, EntryContent("Gate held"), editor, at=NOON + timedelta(seconds=30))
    assert drawn(entry).all("span", cls="edited") == []

    publishing.edit(entry.pk, EntryContent("Gate has held"), editor, at=NOON + timedelta(minutes=9))
    assert drawn(entry).one("span", cls="edited").text == "Updated 13:09"


def test_removal_with_a_note_leaves_one_line_and_never_the_headline(event, editor):
    entry = post(event, "Wrong street", at=NOON)
    publishing.remove(entry.pk, editor, reason="secret", reader_note="it named <b> street.", at=NOON)

    article = drawn(entry)

    assert article.classes == ["entry", "gone"]
    assert article.one("p").text == "This update was removed at 13:00: it named <b> street."
    assert "Wrong street" not in article.text
    assert article.all("a") == []


def test_removal_without_a_note_leaves_nothing(event, editor):
    entry = post(event, "Wrong street")
    publishing.remove(entry.pk, editor, reason="secret")
    assert entry_html(Entry.objects.get(pk=entry.pk)) == ""


def test_photo_has_sizes_words_and_a_colour_while_it_loads(event, editor):
    image = make_picture(editor, size=(1200, 800))
    photo = PhotoContent(image.pk, alt="A wave", credit="Lena Orsk", caption="At noon.")

    figure = drawn(post(event, "Waves", blocks=[photo])).one("figure")

    img = figure.one("img")
    assert (img["alt"], img["width"], img["height"], img["loading"]) == ("A wave", "1200", "800", "lazy")
    assert [part.split()[1] for part in img["srcset"].split(", ")] == ["480w", "960w", "1200w"]
    assert figure.one("source")["type"] == "image/webp"
    assert figure.one("path")["fill"] == image.colour
    assert figure.one("figcaption").text == "At noon. Credit: Lena Orsk"


def test_quote_gets_marks_only_where_none_were_typed(event):
    quotes = [QuoteContent("Stay off.", "Ingrid Sollow"), QuoteContent("“Stay off.”", "Ingrid Sollow")]
    drawn_quotes = drawn(post(event, "Words", blocks=quotes)).all("blockquote")
    assert [quote.one("p").classes for quote in drawn_quotes] == [[], ["marked"]]
    assert drawn_quotes[0].one("footer").text == "– Ingrid Sollow"


def test_player_is_a_link_until_it_is_pressed(event, editor):
    video = EmbedContent("https://youtu.be/dQw4w9WgXcQ", lead_in="Tomas Wrede reports:", title="High water")

    article = drawn(post(event, "Video", blocks=[video]))

    assert article.one("p", cls="lead-in").text == "Tomas Wrede reports:"
    poster = article.one("a", cls="poster")
    assert poster["href"] == "https://www.youtube.com/watch?v=dQw4w9WgXcQ"
    assert poster["data-player"].startswith("https://www.youtube-nocookie.com/embed/")
    assert "data-title" not in poster  # where the title of the live blog stands, and is replaced
    assert (poster["data-name"], poster["data-aspect"], poster.text) == ("High water", "16/9", "Play video")
    assert article.all("iframe") == []


def test_film_plays_in_place_and_a_page_becomes_a_card(event):
    film = EmbedContent("https://media.example.org/film.mp4", title="Lifeboat")
    page = EmbedContent("https://www.example.org/tides", title="Tide tables")
    post_without_player = EmbedContent("https://vm.tiktok.com/ZM123/")

    article = drawn(post(event, "Links", blocks=[film, page, post_without_player]))

    video = article.one("video")
    assert (video["src"], video["preload"], "controls" in video) == ("https://media.example.org/film.mp4", "none", True)
    assert [card.text for card in article.all("a", cls="out")] == [
        "Tide tables example.org",
        "vm.tiktok.com vm.tiktok.com",
    ]


def test_sound_plays_in_place_and_a_stream_has_a_link_beside_it(event):
    sound = EmbedContent("https://media.example.org/a.mp3", title="Sirens")
    stream = EmbedContent("https://media.example.org/live.m3u8", title="The quay")

    article = drawn(post(event, "Heard", blocks=[sound, stream]))

    audio = article.one("audio")
    assert (audio["src"], audio["preload"], "controls" in audio) == ("https://media.example.org/a.mp3", "none", True)
    assert "src" not in article.one("video")
    assert article.one("source")["type"] == "application/vnd.apple.mpegurl"
    assert [link.text for link in article.all("a", href="https://media.example.org/live.m3u8")] == [
        "The quay",
        "Open the stream",
    ]


@pytest.mark.parametrize(
    ("url", "label"),
    [
        ("https://www.openstreetmap.org/#map=15/48.1/11.5", "Show map"),
        ("https://www.datawrapper.de/_/aB3dE/", "Show chart"),
        ("https://t.me/durov/12", "Show post"),
    ],
)
def test_the_button_names_what_it_shows(event, url, label):
    assert drawn(post(event, "Look", blocks=[EmbedContent(url)])).one("a", cls="poster").text == label


def test_hostile_text_stays_text_everywhere(event, editor):
    image = make_picture(editor)
    person = Person.objects.create(name=HOSTILE, role_line=HOSTILE[:100])
    blocks = (
        PhotoContent(image.pk, alt=HOSTILE, credit=HOSTILE, caption=HOSTILE),
        QuoteContent(HOSTILE, HOSTILE),
        EmbedContent("https://youtu.be/dQw4w9WgXcQ", lead_in=HOSTILE, title=HOSTILE),
        EmbedContent("https://media.example.org/film.mp4", lead_in=HOSTILE, title=HOSTILE),
        EmbedContent("https://www.example.org/", lead_in=HOSTILE, title=HOSTILE),
        TextContent(HOSTILE),
    )
    entry = publishing.publish(event.pk, EntryContent(HOSTILE, blocks, (person.pk,)), editor).entry
    publishing.correct(entry.pk, EntryContent(HOSTILE, blocks[:-1], (person.pk,)), HOSTILE, editor)

    article = drawn(entry)

    assert article.all("script") == []
    assert [element for element in article.walk() for name in element.attributes if name.startswith("on")] == []
    assert article.one("h2").text == HOSTILE
    assert article.one("img", loading="lazy", alt=HOSTILE)
    assert article.one("div", cls="fix").text.endswith(HOSTILE)


def test_nothing_sets_a_style_attribute(event, editor):
    image = make_picture(editor)
    blocks = [PhotoContent(image.pk, alt="A", credit="B"), EmbedContent("https://youtu.be/dQw4w9WgXcQ")]
    article = drawn(post(event, "Waves", blocks=blocks))
    assert [element.name for element in article.walk() if "style" in element] == []


def test_hour_that_comes_twice_tells_its_offset(event):
    summer = drawn(post(event, "One", at=datetime(2031, 10, 26, 0, 30, tzinfo=UTC))).one("time")
    winter = drawn(post(event, "Two", at=datetime(2031, 10, 26, 1, 30, tzinfo=UTC))).one("time")
    assert (summer["datetime"], winter["datetime"]) == ("2031-10-26T02:30:00+02:00", "2031-10-26T02:30:00+01:00")
    assert (summer["title"][-4:], winter["title"][-4:]) == ("CEST", " CET")


def test_zone_without_letters_tells_its_distance():
    entry = post(make_event(time_zone="Asia/Damascus"), "One", at=NOON)
    assert drawn(entry).one("time")["title"] == "Thursday 13 March 2031, 15:00 UTC+03"


def test_copy_is_the_original_without_ids(event, editor):
    entry = post(event, "Where  to\u00a0go “now”", blocks=[PhotoContent(make_picture(editor).pk, alt="A", credit="B")])
    publishing.pin(entry.pk, editor)
    entry = Entry.objects.get(pk=entry.pk)
    derived = parse(entry_html(entry)).one("article")

    # What static/js/page/entry.js does
    for element in derived.walk():
        element.attributes.pop("id", None)
    del derived.attributes["aria-labelledby"]
    derived.attributes["aria-label"] = derived.one("h2").text
    derived.attributes["class"] += " pin"
    derived.attributes["data-copy"] = ""
    derived.one("a", cls="flag").attributes["href"] = entry.get_absolute_url()

    assert parse(entry_html(entry, as_copy=True)).one("article").outline() == derived.outline()


def test_drawn_entry_is_kept_until_something_it_depends_on_changes(event, editor):
    entry = post(event, "One")
    first = entries_html([Entry.objects.select_related("event").get(pk=entry.pk)])

    Person.objects.create(name="New name", user=editor)
    assert entries_html([Entry.objects.select_related("event").get(pk=entry.pk)]) == first

    publishing.change_event(event.pk, EventDetails(time_zone="Asia/Tokyo"), editor)
    assert entries_html([Entry.objects.select_related("event").get(pk=entry.pk)]) != first

    publishing.edit(entry.pk, EntryContent("Two"), editor)
    assert "Two" in entry_html(Entry.objects.get(pk=entry.pk))
