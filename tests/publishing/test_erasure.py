"""Erased for legal reasons: nothing of the words is left anywhere in the database, and nothing brings them back."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest
from django.apps import apps
from django.core.exceptions import PermissionDenied
from django.core.files.storage import default_storage, storages
from django.core.management import CommandError, call_command
from django.utils import timezone

from tests.factories import editor_of, make_event, make_member, make_picture, make_user, post
from updates import publishing
from updates.models import Change, Entry, Event, Image
from updates.publishing import (
    EmbedContent,
    EntryContent,
    EntryInput,
    KeyReused,
    PhotoContent,
    QuoteContent,
    Refused,
    TextContent,
)
from updates.publishing.erasure import erase_entry
from updates.rendering.items import item_of

pytestmark = pytest.mark.django_db

SECRET = "Zanzibar"


@pytest.fixture
def boss():
    return make_user("boss", superuser=True)


@pytest.fixture
def event():
    return make_event(title="Storm Maren")


def full(author, word=SECRET):
    """Says the word wherever an update can say something."""
    return EntryContent(
        f"{word} headline",
        (
            TextContent(f"<p>{word} text</p>"),
            PhotoContent(
                make_picture(author, colour=(9, 90, 9)).pk, f"{word} alt", f"{word} credit", f"{word} caption"
            ),
            QuoteContent(f"{word} quote", f"{word} speaker"),
            EmbedContent("https://youtu.be/aqz-KE-bpKQ", f"{word} lead-in", f"{word} title"),
        ),
    )


@pytest.fixture
def entry(event, boss):
    """Published, corrected, removed and restored, with a change of it that waited."""
    noor = make_member(event)
    entry = publishing.publish(event.pk, full(noor), noor, key="noors-key").entry
    changed = replace(publishing.read_content(entry), headline=f"{SECRET} again")
    publishing.correct(entry.pk, changed, f"{SECRET} note", boss, shows_change=True)
    publishing.remove(entry.pk, boss, reason=f"{SECRET} reason", reader_note=f"{SECRET} to readers")
    publishing.restore(entry.pk, boss, reason=f"{SECRET} is back")
    return Entry.objects.get(pk=entry.pk)


def rows_that_say(word):
    models = apps.get_app_config("updates").get_models()
    rows = ((model.__name__, row) for model in models for row in model._base_manager.values())
    return [(name, row["id"]) for name, row in rows if word in json.dumps(row, default=str)]


def test_nothing_of_the_words_is_left(entry, boss, django_capture_on_commit_callbacks):
    (image,) = Image.objects.all()
    files = [size.jpeg.name for size in image.renditions.all()]
    master = image.master.name
    assert len(rows_that_say(SECRET)) == 9
    assert all(default_storage.exists(name) for name in files)

    with django_capture_on_commit_callbacks(execute=True):
        done = erase_entry(entry.pk, boss, reason="Court order 12/31")

    assert rows_that_say(SECRET) == []
    assert (done.changes, done.pictures, done.shared_pictures) == (4, 1, 0)
    assert not Image.objects.exists()
    assert not storages["private"].exists(master)
    assert not any(default_storage.exists(name) for name in files)


def test_the_log_still_says_who_and_when(entry, boss):
    before = list(entry.changes.order_by("seq").values_list("seq", "kind", "actor", "at"))
    erase_entry(entry.pk, boss, reason="Court order 12/31")
    after = list(entry.changes.order_by("seq").values_list("seq", "kind", "actor", "at"))
    last = Change.objects.get(kind="erase")
    assert after[:-1] == before
    assert (last.reason, last.actor) == ("Court order 12/31", boss)


def test_readers_get_a_removal_in_the_same_numbering(entry, boss):
    event = Event.objects.get(pk=entry.event_id)
    purged = erase_entry(entry.pk, boss, reason="Court order").entry
    after = Event.objects.get(pk=event.pk)
    assert item_of(purged) == {"id": entry.public_id, "seq": event.head + 1, "op": "del", "kind": "remove"}
    assert (after.epoch, after.head, after.entry_count) == (event.epoch, event.head + 1, event.entry_count - 1)


@pytest.mark.parametrize("bring_back", ["restore", "restore_version", "edit", "publish it again"])
def test_nothing_brings_it_back(entry, boss, bring_back):
    first = entry.changes.order_by("seq").first().desk_seq
    erase_entry(entry.pk, boss, reason="Court order")
    attempts = {
        "restore": lambda: publishing.restore(entry.pk, boss),
        "restore_version": lambda: publishing.restore_version(entry.pk, first, boss),
        "edit": lambda: publishing.edit(entry.pk, EntryContent("New words"), boss),
        "publish it again": lambda: publishing.publish(
            entry.event_id, full(entry.author), entry.author, key="noors-key"
        ),
    }
    with pytest.raises((Refused, KeyReused)):
        attempts[bring_back]()
    assert Entry.objects.get(pk=entry.pk).is_removed


def test_restoring_it_says_why_not(entry, boss):
    erase_entry(entry.pk, boss, reason="Court order")
    with pytest.raises(Refused) as refused:
        publishing.restore(entry.pk, boss)
    assert str(refused.value).startswith("Nothing of this update was kept, so it cannot be restored. boss erased it at")


def test_a_picture_that_another_update_once_showed_is_kept(event, boss):
    picture = PhotoContent(make_picture(boss).pk, "A quay", "A. Person")
    entry, other = post(event, "One", author=boss, blocks=[picture]), post(event, "Two", author=boss, blocks=[picture])
    publishing.edit(other.pk, EntryContent("Two without it"), boss)
    version = other.changes.get().desk_seq if other.changes.count() == 1 else other.changes.order_by("seq")[0].desk_seq

    done = erase_entry(entry.pk, boss, reason="Court order")

    assert (done.pictures, done.shared_pictures) == (0, 1)
    assert publishing.restore_version(other.pk, version, boss).content["blocks"][0]["kind"] == "photo"


def photo(image):
    return PhotoContent(image.pk, "A quay", "A. Person")


def poster(image):
    return EmbedContent("https://youtu.be/aqz-KE-bpKQ", "Watch it", "Film", image.pk)


@pytest.mark.parametrize("block", [photo, poster])
@pytest.mark.parametrize("publishes", [True, False])
def test_a_picture_that_a_draft_lost_is_erased(event, boss, block, publishes):
    image, other = make_picture(boss), make_picture(boss, colour=(9, 90, 9))
    shared = post(event, "Two", author=boss, blocks=[photo(other)])
    written = EntryInput(event.pk, EntryContent("Quay", (block(image), block(other))), key="k")
    entry = publishing.save_draft(written, boss).entry
    publishing.save_draft(replace(written, content=EntryContent("Quay")), boss)
    if publishes:
        publishing.publish_now(entry.pk, boss)

    done = erase_entry(entry.pk, boss, reason="Court order")

    assert (done.pictures, done.shared_pictures) == (1, 1)
    assert list(Image.objects.all()) == [other]
    assert publishing.read_content(shared).image_ids() == {other.pk}


@pytest.mark.parametrize("block", [photo, poster])
def test_a_picture_of_a_change_that_was_withdrawn_is_erased(event, boss, block):
    image, noor = make_picture(boss), make_member(event)
    entry = publishing.publish(event.pk, EntryContent("Quay"), noor).entry
    publishing.propose(entry.pk, EntryContent("Quay", (block(image),)), noor)
    publishing.withdraw_revision(entry.pk, noor)

    assert erase_entry(entry.pk, boss, reason="Court order").pictures == 1
    assert not Image.objects.exists()


def test_a_draft_can_be_erased_too(event, boss):
    draft = publishing.save_draft(EntryInput(event.pk, EntryContent(f"{SECRET} draft"), key="k"), boss).entry
    head = Event.objects.get(pk=event.pk).head
    erase_entry(draft.pk, boss, reason="Court order")
    assert rows_that_say(SECRET) == []
    assert (Entry.objects.get(pk=draft.pk).status, Event.objects.get(pk=event.pk).head) == ("discarded", head)


@pytest.mark.parametrize("by_key", [True, False])
@pytest.mark.parametrize("bring_back", ["autosave", "save", "submit", "schedule", "publish"])
def test_nothing_brings_a_draft_back(event, boss, bring_back, by_key):
    noor = make_member(event)
    written = EntryInput(event.pk, EntryContent(f"{SECRET} draft", (TextContent(f"<p>{SECRET}</p>"),)), key="k")
    draft = publishing.save_draft(written, noor).entry
    erase_entry(draft.pk, boss, reason="Court order")
    again = written if by_key else replace(written, entry_id=draft.pk, version=Entry.objects.get(pk=draft.pk).version)
    attempts = {
        "autosave": lambda: publishing.save_draft(again, noor, autosave=True),
        "save": lambda: publishing.save_draft(again, noor),
        "submit": lambda: publishing.submit(again, noor),
        "schedule": lambda: publishing.schedule(again, noor, timezone.now() + timedelta(hours=1)),
        "publish": lambda: publishing.publish_entry(again, noor),
    }
    with pytest.raises(Refused, match=r"This update was discarded\. boss erased it at"):
        attempts[bring_back]()
    assert rows_that_say(SECRET) == []
    assert Entry.objects.get().status == "discarded"


@pytest.mark.once
def test_only_a_superuser_erases(event, entry):
    with pytest.raises(PermissionDenied):
        erase_entry(entry.pk, editor_of(event), reason="Mine")
    assert Entry.objects.get(pk=entry.pk).is_published


def typed(monkeypatch, *lines):
    answers = iter(lines)
    monkeypatch.setattr("builtins.input", lambda: next(answers))


@pytest.mark.once
def test_the_command_asks_twice(entry, boss, monkeypatch, capsys):
    typed(monkeypatch, entry.public_id, "erase")
    call_command("erase_entry", entry.public_id, "--as", "boss", "--reason", "Court order")
    assert Entry.objects.get(pk=entry.pk).is_empty
    assert "Erased the content of 4 log rows, and 1 pictures." in capsys.readouterr().out


@pytest.mark.parametrize("answers", [("", "erase"), ("ID", "yes"), ("other", "erase")])
def test_any_other_answer_erases_nothing(entry, boss, monkeypatch, answers):
    typed(monkeypatch, *(entry.public_id if answer == "ID" else answer for answer in answers))
    with pytest.raises(CommandError, match=r"Nothing was erased\."):
        call_command("erase_entry", entry.public_id, "--as", "boss", "--reason", "Court order")
    assert Entry.objects.get(pk=entry.pk).is_published


@pytest.mark.once
def test_the_command_refuses_who_is_no_superuser(event, entry, monkeypatch):
    typed(monkeypatch, entry.public_id, "erase")
    with pytest.raises(CommandError, match="Only a superuser"):
        call_command("erase_entry", entry.public_id, "--as", editor_of(event).username, "--reason", "Mine")
