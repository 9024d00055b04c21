"""``manage.py freeze``: what is in the folder, what a second run does, and what it refuses."""

import json
import os
import re
from fcntl import LOCK_EX, flock
from html.parser import HTMLParser
from io import StringIO

import pytest
import time_machine
from django.core.management import CommandError, call_command
from PIL import Image

from tests.factories import NOON, make_editor, make_event, make_picture, post
from updates import publishing
from updates.choices import ChangeKind
from updates.models import Person
from updates.publishing import EmbedContent, EntryContent, PhotoContent, QuoteContent, TextContent

pytestmark = [pytest.mark.django_db, pytest.mark.once]


@pytest.fixture
def editor():
    editor = make_editor("ines.account")
    editor.first_name, editor.last_name = "Ines", "Calder"
    editor.save()
    return editor


def make_storm(editor, **details):
    """An ended live blog with photo, quote, embed, correction, removal with a note, and a link to another update."""
    event = make_event(**{"slug": "storm", "title": "Storm <Maren>", "author": editor} | details)
    first = post(event, "Gate holds", author=editor, is_key=True, at=NOON)
    photo = PhotoContent(make_picture(editor).pk, alt="A gate", credit="Lena Orsk", caption="The gate & the sea")
    text = TextContent(f'<p>See <a href="https://live.example/storm/{first.public_id}/">earlier</a></p>')
    content = EntryContent(
        "Photo", (photo, text, QuoteContent("“Stay in”", "The mayor"), EmbedContent("https://youtu.be/aqz-KE-bpKQ")),
        bylines=(Person.objects.create(name="Noor Hadad").pk,),
    )  # fmt: skip
    second = publishing.publish(event.pk, content, editor).entry
    wrong = post(event, "Wrong number", author=editor)
    right = EntryContent("Right number", (TextContent("<p>Seven.</p>"),))
    publishing.correct(wrong.pk, right, "We wrote eight.", editor)
    gone = post(event, "A secret slip", author=editor)
    publishing.remove(gone.pk, editor, reader_note="It was not verified.")
    publishing.change_state(event.pk, ChangeKind.END, editor)
    event.refresh_from_db()
    return event, first, second


def freeze(*words):
    output = StringIO()
    call_command("freeze", *map(str, words), stdout=output)
    return output.getvalue().strip().partition(": ")[2]


class Page(HTMLParser):
    def __init__(self, text):
        super().__init__()
        self.tags, self.ids, self.addresses = set(), [], []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        for name, value in attrs:
            if name == "id":
                self.ids.append(value)
            if name in {"href", "src", "poster"}:
                self.addresses.append(value)
            if name == "srcset":
                self.addresses += [part.split()[0] for part in value.split(", ")]


def test_folder_is_complete_without_a_server(editor, tmp_path, settings):
    settings.SITE_URL = "https://live.example"
    _event, first, second = make_storm(editor)
    freeze("storm", tmp_path / "storm")
    text = (tmp_path / "storm" / "index.html").read_text()
    page = Page(text)

    assert text.index("Gate holds") < text.index("The gate &amp; the sea") < text.index("Seven.")
    assert not page.tags & {"script", "button", "form", "iframe", "live-event"}
    assert len(page.ids) == len(set(page.ids))
    for address in page.addresses:
        if address.startswith("#"):
            assert address[1:] in page.ids, address
        elif not address.startswith("https:"):
            assert (tmp_path / "storm" / address).is_file(), address
    assert {f"u{first.public_id}", f"u{second.public_id}"} <= set(page.ids)
    assert page.addresses.count(f"#u{first.public_id}") == 4  # its time, contents, the link in a text, the record
    assert "script-src 'none'" in text
    feed = (tmp_path / "storm" / "feed.atom").read_text()
    assert f"https://live.example/storm/{first.public_id}/" in feed
    assert "Right number" in feed
    assert "A secret slip" not in feed
    assert '<meta property="og:image" content="https://live.example/storm/card.jpg">' in text
    with Image.open(tmp_path / "storm" / "card.jpg") as card:
        assert card.size == (1200, 630)


def test_record_says_who_when_and_what_was_corrected(editor, tmp_path):
    make_storm(editor)
    freeze("storm", tmp_path / "storm")
    text = (tmp_path / "storm" / "index.html").read_text()
    record = text[text.index('id="record"') :]

    assert "Noor Hadad" in record
    assert "Ines Calder" in record
    assert "Thursday 13 March 2031, 12:00 UTC" in record
    assert "We wrote eight." in record
    assert re.search(r"Corrected \w+ \d+ \w+ \d{4}, \d\d:\d\d UTC", record)
    assert "It was not verified." in text
    assert "A secret slip" not in text
    assert b"ines.account" not in b"".join(file.read_bytes() for file in (tmp_path / "storm").glob("*.*"))


def test_json_can_be_imported(editor, tmp_path):
    make_storm(editor)
    freeze("storm", tmp_path / "storm")
    output = StringIO()
    with time_machine.travel(NOON):  # an import refuses updates of the future
        call_command("import_event", str(tmp_path / "storm" / "event.json"), "--slug", "copy", stdout=output)

    assert output.getvalue() == "/copy/: 3 updates, Ended\n"


def test_second_run_writes_only_what_changed(editor, tmp_path):
    event, first, second = make_storm(editor)
    freeze("storm", tmp_path)
    pictures = set((tmp_path / "pictures").iterdir())

    assert freeze("storm", tmp_path) == f"0 written, 0 deleted, {len(pictures) + 4} unchanged"
    publishing.edit(first.pk, EntryContent("Gate still holds", (TextContent("<p>It does.</p>"),)), editor)
    assert freeze("storm", tmp_path) == f"2 written, 0 deleted, {len(pictures) + 2} unchanged"
    publishing.remove(second.pk, editor)
    assert freeze("storm", tmp_path) == f"2 written, {len(pictures)} deleted, 2 unchanged"
    assert list((tmp_path / "pictures").iterdir()) == []
    assert b"The gate" not in b"".join(file.read_bytes() for file in tmp_path.glob("*.*"))
    assert event.slug in (tmp_path / "freeze.json").read_text()


def test_missing_and_changed_files_are_written_again(editor, tmp_path):
    make_storm(editor)
    freeze("storm", tmp_path)
    next((tmp_path / "pictures").iterdir()).unlink()

    assert freeze("storm", tmp_path).startswith("1 written, 0 deleted")


def test_rest_of_a_killed_run_is_deleted(editor, tmp_path):
    """The list names new files before they are written."""
    make_storm(editor)
    freeze("storm", tmp_path)
    left = f"pictures/{'0' * 32}.jpg"
    beside = tmp_path / f"pictures/.{'0' * 32}.jpg.new"
    (tmp_path / left).write_bytes(b"half")
    beside.write_bytes(b"half")
    listed = json.loads((tmp_path / "freeze.json").read_text())
    listed["files"][left] = ""
    listed["state"] = ""
    (tmp_path / "freeze.json").write_text(json.dumps(listed))

    assert freeze("storm", tmp_path).startswith("0 written, 1 deleted")
    assert not (tmp_path / left).exists()
    assert not beside.exists()


def test_changed_list_deletes_nothing_elsewhere(editor, tmp_path):
    make_storm(editor)
    (tmp_path / "mine").write_text("mine")
    freeze("storm", tmp_path / "out")
    listed = json.loads((tmp_path / "out" / "freeze.json").read_text())
    listed["files"] |= {"../mine": "", "pictures/../../mine": ""}
    listed["folders"] = [".."]
    (tmp_path / "out" / "freeze.json").write_text(json.dumps(listed | {"state": ""}))
    freeze("storm", tmp_path / "out")

    assert (tmp_path / "mine").read_text() == "mine"


def test_all_writes_each_ended_and_listed_event(editor, tmp_path):
    make_storm(editor)
    make_event(slug="flood", status="ended", author=editor)
    make_event(slug="rehearsal", status="ended", author=editor, is_listed=False)
    make_event(slug="running", author=editor)
    freeze("--all", tmp_path)

    assert {place.name for place in tmp_path.iterdir() if place.is_dir()} == {"storm", "flood"}
    page = Page((tmp_path / "index.html").read_text())
    assert {"storm/index.html", "flood/index.html"} <= set(page.addresses)
    assert freeze("--all", tmp_path).startswith("0 written, 0 deleted")


def test_all_deletes_what_is_no_longer_listed(editor, tmp_path):
    event, *_ = make_storm(editor)
    freeze("--all", tmp_path)
    (tmp_path / "storm" / "notes.txt").write_text("mine")
    publishing.change_state(event.pk, ChangeKind.REOPEN, editor)
    freeze("--all", tmp_path)

    assert [place.name for place in (tmp_path / "storm").iterdir()] == ["notes.txt"]
    assert "storm" not in (tmp_path / "index.html").read_text()


def test_each_refusal_of_the_command(editor, tmp_path):
    make_event(slug="running", author=editor)
    make_storm(editor)
    (tmp_path / "mine.txt").write_text("mine")

    with pytest.raises(CommandError, match="was not made by this command"):
        freeze("storm", tmp_path)
    with pytest.raises(CommandError, match="has not ended"):
        freeze("running", tmp_path / "new")
    with pytest.raises(CommandError, match="no live blog"):
        freeze("nothing", tmp_path / "new")
    with pytest.raises(CommandError, match="or --all"):
        freeze(tmp_path / "new")
    assert [place.name for place in tmp_path.iterdir()] == ["mine.txt"]


def test_two_runs_at_once_are_refused(editor, tmp_path):
    make_storm(editor)
    freeze("storm", tmp_path)
    handle = os.open(tmp_path, os.O_RDONLY)
    flock(handle, LOCK_EX)
    with pytest.raises(CommandError, match="Another freeze"):
        freeze("storm", tmp_path)
    os.close(handle)


def test_right_to_left(editor, tmp_path):
    make_storm(editor, language="ar", title="عاصفة مارين")
    freeze("storm", tmp_path)
    text = (tmp_path / "index.html").read_text()

    assert '<html lang="ar" dir="rtl">' in text
    assert "Who published" not in text


def test_captions_lie_beside_the_page_that_plays_them(editor, tmp_path):
    event = make_event(slug="film", author=editor)
    film = EmbedContent("https://film.example/a.mp4", captions="00:01.000 --> 00:02.000\nThe gate.")
    entry = post(event, "Film", author=editor, blocks=[film])
    publishing.change_state(event.pk, ChangeKind.END, editor)
    freeze("film", tmp_path / "film")
    place = f"captions/{entry.public_id}-1.vtt"
    assert f'src="{place}"' in (tmp_path / "film" / "index.html").read_text()
    assert "The gate." in (tmp_path / "film" / place).read_text()
