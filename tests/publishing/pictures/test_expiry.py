"""Photos that may be shown until a moment only: they go by themselves, and what was written stays."""

from dataclasses import replace
from datetime import timedelta

import pytest
import time_machine
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.utils import timezone

from tests.factories import WIDE, make_editor, make_event, make_picture, make_user, post
from updates import publishing
from updates.models import Change, Entry, Image, PhotoBlock, Rendition
from updates.publishing import EmbedContent, EntryContent, EventDetails, PhotoContent, TextContent

pytestmark = pytest.mark.django_db(transaction=True)

FILM = "https://youtu.be/aqz-KE-bpKQ"
WORDS = TextContent("<p>The gate holds.</p>")


@pytest.fixture
def boss(transactional_db):
    return make_editor("boss")


@pytest.fixture
def event(boss):
    return make_event(author=boss)


@pytest.fixture
def photo(boss):
    return PhotoContent(make_picture(boss, size=WIDE).pk, alt="The quay", credit="Wire", caption="Noon at the quay.")


@pytest.fixture
def later(event, photo, boss):
    """The photo may be shown for an hour; the test then goes to a moment after it."""
    publishing.show_until(event.pk, photo.image_id, timezone.now() + timedelta(hours=1), boss)
    return lambda: time_machine.travel(timezone.now() + timedelta(hours=1, seconds=1))


def files():
    return default_storage.listdir("pictures")[1] if default_storage.exists("pictures") else []


def test_it_also_goes_beside_another_server(event, photo, boss, later):
    entry = post(event, author=boss, blocks=[photo, WORDS])
    with later():
        call_command("publish_scheduled", once=True)
    entry.refresh_from_db()
    assert [block["kind"] for block in entry.content["blocks"]] == ["text"]
    assert files() == []


def test_a_photo_goes_and_its_update_stays(event, photo, boss, later):
    entry = post(event, author=boss, blocks=[photo, WORDS], is_key=True)
    assert publishing.expire_pictures() == 0
    assert len(files()) == 6

    with later():
        assert publishing.expire_pictures() == 1
        assert publishing.expire_pictures() == 0

    was, entry = entry, Entry.objects.get()
    assert [block["kind"] for block in entry.content["blocks"]] == ["text"]
    assert (entry.title, entry.order, entry.is_key) == ("The gate holds.", was.order, True)
    assert (entry.updated_at, entry.seq, entry.last_kind) == (None, was.seq + 1, "expire")
    assert (files(), Rendition.objects.count(), PhotoBlock.objects.count()) == ([], 0, 0)
    change = entry.changes.first()
    assert (change.kind, change.actor) == ("expire", None)
    assert change.snapshot["image"] == Image.objects.get().public_id


def test_it_goes_wherever_it_is_shown(event, photo, boss, later):
    film = EmbedContent(FILM, title="From the quay", poster_id=photo.image_id)
    first = post(event, "One", author=boss, blocks=[photo])
    second = post(make_event(author=boss), "Two", author=boss, blocks=[film])
    publishing.change_event(event.pk, EventDetails(lead_picture=photo.image_id), boss)

    with later():
        publishing.expire_pictures()

    assert Entry.objects.get(pk=first.pk).content["blocks"] == []
    (block,) = Entry.objects.get(pk=second.pk).content["blocks"]
    assert (block["title"], block["poster"]) == ("From the quay", None)
    event.refresh_from_db()
    assert (event.lead, event.lead_picture, files()) == ({}, None, [])


def test_an_update_that_is_nothing_but_the_photo_is_removed(event, photo, boss, later):
    entry = post(event, author=boss, blocks=[photo])
    with later():
        publishing.expire_pictures()
        entry.refresh_from_db()
        assert (entry.is_removed, entry.removed_by) == (True, None)
        with pytest.raises(publishing.Refused):
            publishing.restore(entry.pk, boss)


def test_corrections_show_nothing_of_its_caption(event, photo, boss, later):
    entry = post(event, "Quay", author=boss, blocks=[photo, WORDS])
    right = PhotoContent(photo.image_id, alt=photo.alt, credit=photo.credit, caption="Dusk at the quay.")
    words = (right, TextContent("<p>The gate held.</p>"))
    publishing.correct(entry.pk, EntryContent("Quay", words), "Dusk, not noon.", boss, shows_change=True)
    with later():
        publishing.expire_pictures()
    (correction,) = Entry.objects.get().content["corrections"]
    assert [piece for line in correction["change"] for piece in line if piece[0] != "="] == [
        ["-", "holds"],
        ["+", "held"],
    ]


def captions_over_time(event, photo, boss):
    """An update whose corrections say how the caption changed twice, with an edit in between that they do not show."""
    entry = post(event, "Quay", author=boss, blocks=[photo, WORDS])
    captions = ["Dusk at the quay.", "Dusk at the harbour.", "Night at the harbour."]
    contents = [EntryContent("Quay", (replace(photo, caption=caption), WORDS)) for caption in captions]
    publishing.correct(entry.pk, contents[0], "Dusk, not noon.", boss, shows_change=True)
    publishing.edit(entry.pk, contents[1], boss)
    publishing.correct(entry.pk, contents[2], "Night, not dusk.", boss, shows_change=True)
    return entry


def changes_shown(entry):
    entry.refresh_from_db()
    return [correction["change"] for correction in entry.content["corrections"]]


def test_corrections_show_no_caption_that_it_ever_had(event, photo, boss, later):
    entry = captions_over_time(event, photo, boss)
    assert all(changes_shown(entry))
    with later():
        publishing.expire_pictures()
    assert changes_shown(entry) == [[], []]


def test_corrections_of_a_restored_update_show_no_caption_of_it(event, photo, boss, later):
    entry = captions_over_time(event, photo, boss)
    publishing.remove(entry.pk, boss)
    with later():
        publishing.expire_pictures()
        publishing.restore(entry.pk, boss)
    assert changes_shown(entry) == [[], []]


def test_past_its_time_it_is_not_published_again(event, photo, boss, later):
    entry = post(event, "One", author=boss, blocks=[photo, WORDS])
    publishing.remove(entry.pk, boss)
    with later():
        with pytest.raises(ValidationError, match="has expired"):
            post(event, "Two", author=boss, blocks=[photo])
        with pytest.raises(ValidationError, match="no longer exists"):
            publishing.change_event(event.pk, EventDetails(lead_picture=photo.image_id), boss)
        restored = publishing.restore(entry.pk, boss)
        assert [block["kind"] for block in restored.content["blocks"]] == ["text"]
        assert publishing.read_content(restored).blocks == (WORDS,)
        assert files() == []


def test_an_earlier_version_comes_back_without_it(event, photo, boss, later):
    entry = post(event, "One", author=boss, blocks=[photo, WORDS])
    published = entry.changes.get().desk_seq
    publishing.edit(entry.pk, EntryContent("Other", (WORDS,)), boss)
    with later():
        restored = publishing.restore_version(entry.pk, published, boss)
    assert (restored.headline, [block["kind"] for block in restored.content["blocks"]]) == ("One", ["text"])


def test_a_longer_right_can_be_set_and_a_moment_that_has_passed_cannot(event, photo, boss, later):
    entry = post(event, "One", author=boss, blocks=[photo])
    longer = timezone.now() + timedelta(days=1)
    publishing.show_until(event.pk, photo.image_id, longer, boss)
    publishing.show_until(event.pk, photo.image_id, longer, boss)
    with later():
        assert publishing.expire_pictures() == 0
    with pytest.raises(ValidationError, match="passed"):
        publishing.show_until(event.pk, photo.image_id, timezone.now() - timedelta(seconds=1), boss)
    with pytest.raises(PermissionDenied):
        publishing.show_until(event.pk, photo.image_id, longer, make_user())
    assert Change.objects.filter(kind="limit", seq=None).count() == 2
    assert Entry.objects.get().seq == entry.seq
