"""A bad file is refused as a whole, and says where and why."""

import base64

import pytest
from django.core.exceptions import PermissionDenied

from tests.factories import make_editor, make_event, make_user, picture_file
from updates.exchange.problems import BadFile
from updates.exchange.reading import import_file
from updates.models import Change, Entry, Event, Image, Person

pytestmark = [pytest.mark.django_db, pytest.mark.once]

PHOTO = {"kind": "photo", "picture": "gate", "alt": "A gate", "credit": "Lena Orsk"}


GATE = base64.b64encode(picture_file().read()).decode()


def with_entries(*entries, **event):
    return {"event": {"title": "Storm", "slug": "storm"} | event, "entries": list(entries)}


def with_blocks(*blocks, **more):
    return with_entries({"headline": "One"}, {"blocks": list(blocks)}) | more


def refusal(file, editor):
    """The problems of a file, after a look that nothing was written."""
    before = counted()
    with pytest.raises(BadFile) as refused:
        import_file(file, editor)
    assert counted() == before
    return [str(problem) for problem in refused.value.problems]


def counted():
    return [model.objects.count() for model in (Event, Entry, Change, Image, Person)]


@pytest.mark.parametrize(
    ("document", "problem"),
    [
        ([], "is a list, not an object in braces"),
        ({}, "event: is missing"),
        ({"event": {"title": "Storm"}, "format": "diary"}, "format: is “diary”, not “live blog”"),
        ({"event": {"title": "Storm"}, "version": 2}, "version: is 2; only version 1 can be read"),
        (
            {"event": {"title": "Storm"}, "order": "random"},
            "order: “random” is neither “oldest first” nor “newest first”",
        ),
        ({"event": {"title": "Storm"}, "entries": {}}, "entries: is an object, not a list"),
        ({"event": {"title": "Storm"}, "entries": ["One"]}, "entries[0]: is a text, not an object in braces"),
        ({"event": {"title": "Storm"}, "pictures": []}, "pictures: is a list, not an object in braces"),
        (
            {"event": {"title": "Storm"}, "entires": []},
            "entires: is not known here; known are entries, event, format, order, pictures, version",
        ),
    ],
)
def test_file_of_another_shape_is_refused(document, problem, editor, save):
    assert refusal(save(document), editor) == [problem]


@pytest.mark.parametrize(
    ("event", "problem"),
    [
        ({"title": None}, "event.title: is missing"),
        ({"title": 7}, "event.title: is a number, not a text"),
        ({"title": "\u0007Storm"}, "event.title: The text contains an invisible control character (U+0007). "),
        ({"slug": "admin"}, "event.slug: “admin” is used by the site itself. Choose another address."),
        ({"slug": "Storm Maren"}, "event.slug: "),
        ({"slug": "taken"}, "event.slug: "),
        ({"language": "Russian!"}, "event.language: “russian!” is not a language tag. Enter one such as en, pt-BR"),
        ({"embed_sites": ["www.paper.example"]}, "event.embed_sites: “www.paper.example” needs https:// in front."),
        ({"time_zone": "Europe/Port_Ellery"}, "event.time_zone: “Europe/Port_Ellery” is not a time zone"),
        ({"page_size": 1000}, "event.page_size: "),
        ({"page_size": "10"}, "event.page_size: is a text, not a whole number from 0 on"),
        ({"sensitive": 1}, "event.sensitive: is a number, neither true nor false"),
        (
            {"status": "sleeping"},
            "event.status: “sleeping” is none of draft, upcoming, live, ended, postponed, cancelled",
        ),
        ({"status": "upcoming"}, "event.status: is “upcoming”, but there are updates"),
        ({"planned_start": "tomorrow"}, "event.planned_start: “tomorrow” is not a time like 2026-03-13T14:34:00Z"),
        ({"ended_at": "2031-03-13T14:34:00"}, "event.ended_at: “2031-03-13T14:34:00” does not say in which time zone"),
        (
            {"planned_start": "2031-03-13T14:34:00Z", "planned_end": "2031-03-13T14:34:00Z"},
            "event.planned_end: The planned end must be after the planned start.",
        ),
        ({"key_points": "one"}, "event.key_points: is a text, not a list"),
        ({"key_points": ["one", 2]}, "event.key_points[1]: is a number, not a text"),
        ({"lead_picture": "gate"}, "event.lead_picture: there is no picture “gate” among the file’s pictures"),
        ({"places": 0}, "event.places: is 0, but its updates stand in 1"),
        ({"places": 2**53 - 1}, "event.places: is larger than 1073741824, the most"),
        ({"places": 2**53}, "event.places: is larger than 1073741824, the most"),
        ({"started_at": "9999-12-31T23:59:59Z"}, "event.started_at: “9999-12-31T23:59:59Z” is not in the years"),
        ({"status_note": "x" * 301}, "event.status_note: has 301 characters; 300 is the most"),
        ({"author": "ines"}, "event.author: is not known here; known are byline, "),
    ],
)
def test_event_that_cannot_be_is_refused(event, problem, editor, save):
    make_event(slug="taken")

    problems = refusal(save(with_entries({"headline": "One"}, **event)), editor)

    assert any(message.startswith(problem) for message in problems), problems


@pytest.mark.parametrize(
    ("entry", "problem"),
    [
        ({}, "entries[1]: An update needs a headline or some text."),
        (
            {"headline": "x", "bylines": [{"name": "Ines", "page": "javascript:alert(1)"}]},
            "entries[1].bylines[0].page: “javascript:alert(1)” is not a web address like https://",
        ),
        ({"headline": "x" * 201}, "entries[1]: “headline” has 201 characters. The limit is 200."),
        ({"headline": "Two", "time": "14:34"}, "entries[1].time: “14:34” is not a time"),
        (
            {"headline": "Two", "time": "0001-01-01T00:00:00+14:00"},
            "entries[1].time: “0001-01-01T00:00:00+14:00” is not in the years 1900 to 9998",
        ),
        ({"headline": "Two", "place": 2**53 - 1}, "entries[1].place: is larger than 1125899906842624, the most"),
        ({"headline": "Two", "id": "x"}, "entries[1].id: “x” is not 10 letters and digits"),
        ({"headline": "Two", "id": "abcdefghij"}, "entries[1].id: “abcdefghij” is the id of another update"),
        ({"headline": "Two", "pinned": True}, "entries[1].pinned: another update is pinned already"),
        ({"headline": "Two", "place": 3}, "entries[1].place: is 3, not above 5"),
        ({"headline": "Two"}, "entries[1].place: is 0, not above 5"),
        ({"headline": "Two", "bylines": [{}]}, "entries[1].bylines[0].name: is missing"),
        ({"headline": "Two", "bylines": [{"name": "x" * 121}]}, "entries[1].bylines[0].name: has 121 characters; 120 "),
        ({"headline": "Two", "corrections": [{"note": "x"}]}, "entries[1].corrections[0].at: is missing"),
        ({"headline": "Two", "removed": {"at": "2031-03-13T14:34Z", "note": "x"}}, "entries[1].headline: a removed"),
        ({"hedline": "Two"}, "entries[1].hedline: is not known here"),
    ],
)
def test_entry_that_cannot_be_is_refused(entry, problem, editor, save):
    first = {"headline": "One", "id": "abcdefghij", "pinned": True, "place": 5}

    problems = refusal(save(with_entries(first, entry)), editor)

    assert any(message.startswith(problem) for message in problems), problems


@pytest.mark.parametrize(
    ("block", "problem"),
    [
        ({}, "entries[1].blocks[0].kind: is missing"),
        ({"kind": "video"}, "entries[1].blocks[0].kind: “video” is none of text, photo, quote, embed"),
        ({"kind": "text", "html": "<p>a</p>", "text": "a"}, "entries[1].blocks[0].text: give html or text, not both"),
        ({"kind": "text", "words": "a"}, "entries[1].blocks[0].words: is not known here; known are html, kind, text"),
        (
            {"kind": "quote", "text": "Stay off."},
            "entries[1].blocks[0]: A quote needs its text and the name of who said it.",
        ),
        (PHOTO | {"alt": ""}, "entries[1].blocks[0]: A photo needs alt text"),
        (PHOTO | {"credit": "x" * 201}, "entries[1].blocks[0].credit: has 201 characters; 200 is the most"),
        (
            PHOTO | {"picture": "other"},
            "entries[1].blocks[0].picture: there is no picture “other” among the file’s pictures",
        ),
        ({"kind": "photo", "alt": "a", "credit": "b"}, "entries[1].blocks[0].picture: is missing"),
        ({"kind": "embed"}, "entries[1].blocks[0].url: is missing"),
        ({"kind": "embed", "url": "javascript:alert(1)"}, "entries[1].blocks[0]: Only addresses that begin with https"),
    ],
)
def test_block_that_cannot_be_is_refused(block, problem, editor, save):
    pictures = {"gate": {"data": GATE}}

    problems = refusal(save(with_blocks(block, pictures=pictures)), editor)

    assert any(message.startswith(problem) for message in problems), problems


@pytest.mark.parametrize(
    ("picture", "problem"),
    [
        ({}, "pictures.gate: give data (base64) or file, one of the two"),
        ({"data": "a", "file": "b"}, "pictures.gate: give data (base64) or file, one of the two"),
        ({"data": "%%%"}, "pictures.gate.data: is not base64"),
        ({"data": "é"}, "pictures.gate.data: is not base64"),
        ({"file": "a" * 5_000}, "pictures.gate.file: “"),
        ({"data": base64.b64encode(b"GIF89a").decode()}, "pictures.gate: This file cannot be used as a picture"),
        ({"data": "A" * (28 * 2**20)}, "pictures.gate.data: is larger than 20 MB"),
        ({"file": "round/gate.jpg"}, "pictures.gate.file: “round/gate.jpg”"),
        ({"file": "gate.jpg"}, "pictures.gate.file: there is no file “gate.jpg” beside the JSON"),
        ({"file": "../secret_key"}, "pictures.gate.file: “../secret_key” is not beside the JSON or below"),
        ({"file": "/etc/hostname"}, "pictures.gate.file: “/etc/hostname” is not beside the JSON or below"),
        ({"address": "https://example.org/"}, "pictures.gate"),
        ({"data": GATE, "until": "2020-01-01T00:00:00Z"}, "pictures.gate.until: has passed"),
        ({"data": GATE, "until": "tomorrow"}, "pictures.gate.until: “tomorrow” is not a time"),
        ("gate.jpg", "pictures.gate: is a text, not an object in braces"),
    ],
)
def test_picture_that_cannot_be_used_is_refused(picture, problem, editor, save, tmp_path):
    (tmp_path / "round").symlink_to("round")
    problems = refusal(save(with_blocks(PHOTO, pictures={"gate": picture})), editor)

    assert problems
    assert problems[0].startswith(problem)


def test_everything_that_is_wrong_is_said_at_once(editor, save):
    document = with_entries({"time": "now", "headline": "One"}, {"blocks": [{"kind": "x"}]}, page_size=-1, title=None)

    problems = refusal(save(document), editor)

    assert {problem.split(":")[0] for problem in problems} >= {
        "entries[0].time",
        "entries[1].blocks[0].kind",
        "event.page_size",
        "event.title",
    }


def test_account_without_the_right_imports_nothing(save):
    before = counted()

    with pytest.raises(PermissionDenied):
        import_file(save({"event": {"title": "Storm"}}), make_user())

    assert counted() == before
    import_file(save({"event": {"title": "Storm"}}), make_editor())


def test_mistakes_of_other_kinds_in_one_file_are_said_together(editor, save):
    document = {
        "event": {"title": "Storm", "sensitive": "no", "autor": "ines"},
        "order": "random",
        "entires": [],
        "pictures": {"gate": {"data": GATE, "until": 7}},
        "entries": [
            "One",
            {"headline": "x" * 201},
            {
                "blocks": [PHOTO, "two", {"kind": "quote", "text": 7}, {"kind": None}],
                "corrections": [{"at": ""}],
            },
            {"headline": "Four", "id": "x", "removed": {"at": "now"}},
            {"blocks": [{"kind": "photo", "picture": "other", "alt": "a", "credit": "b"}]},
        ],
    }

    assert [problem.split(": ")[0] for problem in refusal(save(document), editor)] == [
        "entires",
        "order",
        "event.sensitive",
        "event.autor",
        "entries[0]",
        "entries[1]",
        "entries[2].blocks[1]",
        "entries[2].blocks[2].text",
        "entries[2].blocks[3].kind",
        "entries[2].corrections[0].at",
        "entries[2].corrections[0].note",
        "entries[3].removed.at",
        "entries[3].removed.note",
        "entries[4].blocks[0].picture",
    ]


HALF = "event.title: The text contains half of a character (U+D83D), perhaps from an emoji. Type it again."


def test_half_of_an_emoji_is_refused(editor, save):
    problems = refusal(save('{"event": {"title": "\\ud83d"}}'), editor)

    assert problems == [HALF]


def test_long_value_is_cut_in_its_message(editor, save):
    (problem,) = refusal(save({"event": {"title": "Storm", "planned_start": "x" * 100_000}}), editor)

    assert problem == f"event.planned_start: “{'x' * 99}…” is not a time like 2026-03-13T14:34:00Z"
