"""What is exported comes back as it was."""

import json
import re
from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.utils import timezone

from tests.factories import post
from updates import publishing
from updates.choices import ChangeKind, new_public_id
from updates.exchange.reading import import_file
from updates.exchange.writing import export_event, into_folder
from updates.models import Change, Entry, Image, Person
from updates.publishing import Refused
from updates.publishing.pictures import renditions

pytestmark = [pytest.mark.django_db, pytest.mark.long]


def elsewhere(record):
    """The same file with an address and ids that are free here."""
    return record | {
        "event": record["event"] | {"slug": "storm-elsewhere"},
        "entries": [entry | {"id": new_public_id()} for entry in record["entries"]],
    }


def test_import_of_an_export_is_exported_the_same(storm, editor, save):
    record = elsewhere(export_event(storm))

    imported = import_file(save(record), editor)

    assert export_event(imported) == record


@pytest.mark.once
def test_a_photos_last_moment_travels_with_it(storm, editor, save):
    for picture in Image.objects.all():
        publishing.show_until(storm.pk, picture.pk, timezone.now() + timedelta(days=1), editor)
    record = elsewhere(export_event(storm))

    imported = import_file(save(record), editor)

    assert all("until" in picture for picture in record["pictures"].values())
    assert export_event(imported) == record


@pytest.mark.once
def test_export_of_an_event_that_has_ended_comes_back_ended(storm, editor, save):
    publishing.change_state(storm.pk, ChangeKind.END, editor, note="Thank you for reading.")
    record = elsewhere(export_event(storm))

    imported = import_file(save(record), editor)

    assert export_event(imported) == record
    assert imported.status_note == "Thank you for reading."


def test_upcoming_event_comes_back_without_entries(editor, save):
    event = publishing.create_event(publishing.EventDetails(title="Election night", slug="election"), editor)
    publishing.change_state(event.pk, ChangeKind.ANNOUNCE, editor)
    record = elsewhere(export_event(event))

    assert export_event(import_file(save(record), editor)) == record


@pytest.mark.once
def test_pages_of_both_read_the_same(storm, editor, save):
    copy = import_file(save(elsewhere(export_event(storm))), editor)
    reader = Client()

    for page in ("", "?page=1"):
        with time_machine.travel(timezone.now(), tick=False):  # pages say as of when they are
            was, now = (reader.get(f"/{slug}/{page}") for slug in (storm.slug, copy.slug))
        assert (was.status_code, now.status_code) == (200, 200)
        assert alike(now.content.decode(), copy) == alike(was.content.decode(), storm)


def alike(page, event):
    """Without what is the event's own: its address, ids, numbers and the names of pictures."""
    for number, public_id in enumerate(event.entries.order_by("order").values_list("public_id", flat=True)):
        page = page.replace(public_id, f"entry-{number}")
    page = page.replace(event.slug, "slug").replace(event.epoch, "epoch")
    page = re.sub(r"pictures/[0-9a-f]{32}", "pictures/name", page)
    page = re.sub(r"card\.jpg\?v=\d+", "card.jpg", page)
    return re.sub(r'data-(seq|kind)="[^"]*"', r'data-\1=""', page)


def test_removed_updates_stay_away_but_for_the_note(storm):
    text = json.dumps(export_event(storm))

    assert "it was not so" in text
    assert not {word for word in ("Leak", "Nothing to see", "A rumour", "Sent by mistake") if word in text}


def test_ids_that_are_taken_are_given_anew(storm, editor, save):
    imported = import_file(save(export_event(storm)), editor, slug="storm-copy")

    ours, theirs = (set(event.entries.values_list("public_id", flat=True)) for event in (imported, storm))
    assert (len(ours), ours & theirs) == (4, set())


def test_every_entry_of_an_import_has_a_number_of_its_own(storm, editor, save):
    imported = import_file(save(elsewhere(export_event(storm))), editor)

    numbers = list(Change.objects.filter(event=imported, seq__gt=0).order_by("seq").values_list("seq", "batch", "kind"))
    assert numbers == [
        (1, None, ChangeKind.PUBLISH),
        (2, None, ChangeKind.PUBLISH),
        (3, None, ChangeKind.PUBLISH),
        (4, None, ChangeKind.REMOVE),
        (5, None, ChangeKind.OPEN),
    ]
    assert (imported.head, imported.seq, imported.desk_head) == (5, 5, 6)
    assert imported.epoch != storm.epoch


def test_imported_event_goes_on_where_it_stood(storm, editor, save):
    imported = import_file(save(elsewhere(export_event(storm))), editor)

    entry = publishing.publish(imported.pk, publishing.EntryContent("And now"), editor).entry

    assert (entry.seq, entry.order // 2**20) == (6, 6)


def test_imported_entry_can_be_edited_at_the_desk(storm, editor, save):
    imported = import_file(save(elsewhere(export_event(storm))), editor)
    entry = imported.entries.get(headline="Gate holds")

    content = publishing.read_content(entry)

    assert [type(block).__name__ for block in content.blocks] == [
        "TextContent",
        "PhotoContent",
        "QuoteContent",
        "EmbedContent",
        "EmbedContent",
    ]
    assert publishing.edit(entry.pk, content, editor).version == entry.version


def test_removed_entry_of_which_nothing_was_kept_cannot_be_restored(storm, editor, save):
    imported = import_file(save(elsewhere(export_event(storm))), editor)
    removed = Entry.objects.get(event=imported, status="removed")

    with pytest.raises(Refused, match="Nothing of this update was kept"):
        publishing.restore(removed.pk, editor)


def test_names_that_are_known_are_used_again(storm, editor, save):
    before = Person.objects.count()

    import_file(save(elsewhere(export_event(storm))), editor)

    assert Person.objects.count() == before


@pytest.mark.once
def test_pictures_are_the_same_to_the_byte_after_any_number_of_journeys(storm, editor, save):
    record = elsewhere(export_event(storm))
    second = elsewhere(export_event(import_file(save(record), editor)))
    second["event"]["slug"] = "third"

    third = export_event(import_file(save(second), editor))

    assert third["pictures"] == record["pictures"]
    assert len(record["pictures"]) == 4


def test_pictures_can_lie_beside_the_file(storm, editor, save, tmp_path):
    record = elsewhere(export_event(storm, into_folder(tmp_path, "storm-pictures")))

    imported = import_file(save(record), editor)

    assert {picture["file"] for picture in record["pictures"].values()} == {
        f"storm-pictures/picture-{number}.jpg" for number in (1, 2, 3, 4)
    }
    assert export_event(imported)["pictures"] == export_event(storm)["pictures"]


def test_export_takes_three_queries_for_any_number_of_entries(storm, editor, django_assert_num_queries):
    for number in (1, 3):
        for _ in range(number):
            post(storm, "Another", author=editor)
        with django_assert_num_queries(3):  # event, entries, pictures
            export_event(storm)


@pytest.mark.django_db(transaction=True)
def test_pictures_are_drawn_before_the_database_is_locked(storm, editor, save, monkeypatch):
    """SQLite has one writer at a time, and drawing the pictures of a long live blog takes minutes."""
    record = elsewhere(export_event(storm))
    locked = []
    draw = renditions._make_renditions
    monkeypatch.setattr(
        renditions, "_make_renditions", lambda image: (locked.append(connection.in_atomic_block), draw(image))
    )
    import_file(save(record), editor)
    assert locked == [False] * len(record["pictures"])
