"""``card.jpg`` of entries and events."""

import os
from io import BytesIO
from pathlib import Path
from threading import Event as Signal
from threading import Thread

import pytest
from django.core.files.storage import FileSystemStorage, storages
from PIL import Image

from tests.factories import editor_of, make_event, make_picture, post
from tests.publishing.races import in_thread
from tests.servers import CEILING
from updates import publishing
from updates.content import share_cards
from updates.content.image_process import ImageProcess
from updates.models import Entry, ShareCard
from updates.publishing import EntryContent, EntryInput, PhotoContent, QuoteContent, TextContent
from updates.publishing.pictures import cards
from updates.publishing.pictures.cards import store_card, sweep_cards
from updates.rendering.share_card import card_of_entry, card_of_event

pytestmark = pytest.mark.django_db


@pytest.fixture
def event():
    return make_event(slug="storm", title="Storm Maren")


def card_of(client, address, **headers):
    return client.get(f"{address}card.jpg", headers=headers)


def files():
    folder = Path(storages["private"].path("cards"))
    return {f"cards/{path.name}" for path in folder.iterdir()} if folder.is_dir() else set()


def test_card_is_drawn_once(client, event):
    entry = post(event, "Gate holds")
    first = card_of(client, entry.get_absolute_url())
    stored = ShareCard.objects.get(entry=entry)
    second = card_of(client, entry.get_absolute_url())

    with Image.open(BytesIO(first.content)) as picture:
        assert (picture.format, picture.size) == ("JPEG", (1200, 630))
    assert second.content == first.content
    assert ShareCard.objects.get(entry=entry).file == stored.file
    assert first.headers["Content-Type"] == "image/jpeg"
    assert first.headers["X-Content-Type-Options"] == "nosniff"
    assert first.headers["Cache-Control"] == "public, max-age=0, s-maxage=4"
    assert set(first.headers["Surrogate-Key"].split()) == {"event-storm", f"entry-{entry.public_id}"}
    assert card_of(client, entry.get_absolute_url(), if_none_match=first.headers["ETag"]).status_code == 304


def test_card_is_sent_where_it_cannot_be_stored_or_read(client, event, monkeypatch, tmp_path):
    monkeypatch.setattr(ShareCard._meta.get_field("file"), "storage", FileSystemStorage(tmp_path))
    (tmp_path / "cards").write_bytes(b"a file in the place of the folder, so that nothing can be stored in it")
    entry = post(event, "Gate holds")
    assert card_of(client, entry.get_absolute_url()).status_code == 200
    assert not ShareCard.objects.exists()
    (tmp_path / "cards").unlink()
    assert card_of(client, entry.get_absolute_url()).status_code == 200
    stored = Path(ShareCard.objects.get(entry=entry).file.path)
    stored.unlink()
    stored.mkdir()  # in the place of a file that the disk cannot read
    assert card_of(client, entry.get_absolute_url()).status_code == 200


@pytest.mark.django_db(transaction=True)
def test_edit_replaces_the_card_and_removal_deletes_it(client, event):
    entry = post(event, "Gate holds")
    editor = editor_of(event)
    before = card_of(client, entry.get_absolute_url())
    old = ShareCard.objects.get(entry=entry).file.name
    publishing.edit(entry.pk, EntryContent("Gate breaks", (TextContent("<p>Now.</p>"),)), editor)
    assert old not in files()
    after = card_of(client, entry.get_absolute_url())
    assert (after.status_code, after.content != before.content) == (200, True)
    new = ShareCard.objects.get(entry=entry).file.name
    publishing.remove(entry.pk, editor)

    assert card_of(client, entry.get_absolute_url()).status_code == 410
    assert not ShareCard.objects.exists()
    assert new not in files()


def test_card_that_is_drawn_while_its_entry_is_removed_is_not_stored(event):
    entry = post(event, "Gate holds")
    publishing.remove(entry.pk, editor_of(event))
    store_card(event, entry, "0" * 64, b"card")

    assert not ShareCard.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_store_that_is_slow_keeps_no_removal_waiting(event, monkeypatch):
    entry, editor, store = post(event, "Gate holds"), editor_of(event), ShareCard._meta.get_field("file").storage
    before, save = files(), store._save

    def save_slowly(*args):
        in_thread(lambda: publishing.remove(entry.pk, editor))
        return save(*args)

    monkeypatch.setattr(store, "_save", save_slowly)
    store_card(event, entry, "0" * 64, b"card")

    assert Entry.objects.get(pk=entry.pk).is_removed
    assert not ShareCard.objects.exists()
    assert files() == before


def test_unpublished_has_no_card(client, event):
    editor = editor_of(event)
    content = EntryContent("Secret", (TextContent("<p>Soon.</p>"),))
    draft = publishing.save_draft(EntryInput(event.pk, content), editor).entry
    hidden = make_event(status="draft", slug="hidden")

    assert card_of(client, f"/storm/{draft.public_id}/").status_code == 404
    assert card_of(client, hidden.get_absolute_url()).status_code == 404
    assert card_of(client, "/nothing/").status_code == 404


def test_event_has_a_card_that_follows_its_title(client, event):
    before = card_of(client, "/storm/")
    post(event, "Gate holds")
    assert card_of(client, "/storm/").headers["ETag"] == before.headers["ETag"]
    publishing.change_state(event.pk, "end", editor_of(event))

    assert card_of(client, "/storm/").headers["ETag"] != before.headers["ETag"]


def test_words_of_cards(event):
    editor = editor_of(event)
    photo = PhotoContent(make_picture(editor).pk, alt="A gate", credit="Lena Orsk")
    headline = publishing.publish(event.pk, EntryContent("Gate holds", (photo,)), editor).entry
    quote = publishing.publish(event.pk, EntryContent("", (QuoteContent("Stay in", "The mayor"),)), editor).entry
    text = post(event, "", text="<p>First words.</p>")

    plan = card_of_entry(headline)
    assert (plan.spec["headline"], plan.spec["event"], plan.spec["state"]) == ("Gate holds", "Storm Maren", "Live")
    assert plan.spec["credit"] == "Credit: Lena Orsk"
    assert plan.photo in [size["jpeg"] for size in headline.content["blocks"][0]["image"]["renditions"]]
    assert (card_of_entry(quote).spec["quote"], card_of_entry(quote).spec["attribution"]) == ("Stay in", "The mayor")
    assert card_of_entry(text).spec["headline"] == "First words."
    assert card_of_event(event).spec["headline"] == "Storm Maren"
    assert card_of_event(make_event(language="ar")).spec["rtl"]


def test_photo_that_was_just_deleted_is_asked_for_again(client, event):
    photo = PhotoContent(make_picture(editor_of(event)).pk, alt="A gate", credit="Lena Orsk")
    entry = post(event, "Gate", blocks=[photo])
    for size in entry.content["blocks"][0]["image"]["renditions"]:
        Path(storages["default"].path(size["jpeg"])).unlink()
    response = card_of(client, entry.get_absolute_url())

    assert (response.status_code, response["Retry-After"], response["Cache-Control"]) == (503, "2", "no-store")


def test_photo_that_cannot_be_read_is_left_out(client, event):
    photo = PhotoContent(make_picture(editor_of(event)).pk, alt="A gate", credit="Lena Orsk")
    entry = post(event, "Gate", blocks=[photo])
    for size in entry.content["blocks"][0]["image"]["renditions"]:
        Path(storages["default"].path(size["jpeg"])).write_bytes(b"no picture")
    response = card_of(client, entry.get_absolute_url())

    with Image.open(BytesIO(response.content)) as picture:
        assert picture.size == (1200, 630)
    assert ShareCard.objects.filter(entry=entry).exists()


def test_card_that_cannot_be_drawn_is_tried_once(client, event, caplog, settings):
    settings.SHARE_CARD_FONTS = [3]  # no path, which the worker stumbles over
    answers = [card_of(client, "/storm/").status_code for _ in range(2)]

    assert answers == [404, 404]
    assert len([record for record in caplog.records if "could not be drawn" in record.message]) == 1


def test_too_many_at_once_are_asked_to_come_back(client, event, monkeypatch):
    process, is_busy, may_go = ImageProcess(0), Signal(), Signal()

    class Slow(ImageProcess):
        def _exchange(self, job, data):
            is_busy.set()
            may_go.wait(CEILING)
            return process.run(job, data)

    slow = Slow(0)
    monkeypatch.setattr(share_cards, "CARDS", slow)
    waiting = Thread(target=share_cards.draw_card, args=({"site": "Ellery Signal"}, b""))
    waiting.start()
    assert is_busy.wait(CEILING)
    entry = post(event, "Gate holds")
    response = card_of(client, entry.get_absolute_url())
    may_go.set()
    waiting.join(CEILING)
    process.close()

    assert response.status_code == 503


def test_sweep_deletes_files_without_a_row(event):
    entry = post(event, "Gate holds")
    store_card(event, entry, "0" * 64, b"card")
    newest = ShareCard.objects.get().file.name
    fresh = storages["private"].save("cards/fresh.jpg", BytesIO(b"x"))
    old = storages["private"].save("cards/old.jpg", BytesIO(b"x"))
    os.utime(storages["private"].path(old), (0, 0))
    sweep_cards()

    assert files() >= {newest, fresh}
    assert old not in files()
    storages["private"].delete(fresh)


def test_no_more_cards_are_kept_than_there_is_room_for(event, monkeypatch):
    monkeypatch.setattr(cards, "CARDS_AT_MOST", 2)
    entries = [post(event, f"Update {number}") for number in range(4)]
    for entry in entries:
        store_card(event, entry, "0" * 64, b"card")
    sweep_cards()

    assert set(ShareCard.objects.values_list("entry", flat=True)) == {entry.pk for entry in entries[2:]}
