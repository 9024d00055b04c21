"""What is public of pictures, and for how long. The files are real ones."""

import os
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import OperationalError, connection, transaction
from django.utils import timezone

from tests.factories import editor_of, make_event, make_picture, make_user, post
from updates import publishing
from updates.models import Entry, Person, Rendition
from updates.models.guard import writing
from updates.publishing import EntryContent, EventDetails, PhotoContent, TextContent
from updates.publishing.pictures import prepare, withdraw

pytestmark = pytest.mark.django_db(transaction=True)

LONG_AGO = timezone.now() - timedelta(days=1)


@pytest.fixture(autouse=True)
def own_media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def event():
    return make_event()


@pytest.fixture
def boss(event):
    return editor_of(event)


@pytest.fixture
def image(boss):
    return make_picture(boss)


def photo(image):
    return PhotoContent(image.pk, alt="A quay", credit="Noor Hadad")


def public_files():
    """What lies in the public folder."""
    return set(default_storage.listdir("pictures")[1]) if default_storage.exists("pictures") else set()


def files_of(image):
    return {file.name.partition("/")[2] for size in image.renditions.all() for file in (size.webp, size.jpeg)}


def make_old():
    with writing():
        Rendition.objects.update(created_at=LONG_AGO)
    for name in public_files():
        os.utime(default_storage.path(f"pictures/{name}"), (LONG_AGO.timestamp(), LONG_AGO.timestamp()))


# What is public


def test_an_upload_is_not_public(image):
    assert public_files() == set()


def test_a_picture_of_another_installation_is_not_public(image, boss):
    with image.master.open("rb") as master:
        publishing.keep_picture(master.read(), boss)

    assert public_files() == set()


def test_a_published_picture_has_every_size_in_both_formats(event, image):
    entry = post(event, blocks=[photo(image)])

    sizes = entry.content["blocks"][0]["image"]["renditions"]
    assert [size["width"] for size in sizes] == [480, 960, 1200]
    assert {size[form].partition("/")[2] for size in sizes for form in ("webp", "jpeg")} == public_files()
    assert len(public_files()) == 6


def test_a_refused_publication_makes_nothing_public(event, image):
    with pytest.raises(PermissionDenied):
        post(event, blocks=[photo(image)], author=make_user())

    assert public_files() == set()


def test_removing_the_entry_takes_its_picture_away_and_restoring_gives_new_names(event, boss, image):
    entry = post(event, blocks=[photo(image)])
    before = public_files()

    publishing.remove(entry.pk, boss)
    between = public_files()
    publishing.restore(entry.pk, boss)

    assert between == set()
    assert len(public_files()) == 6
    assert public_files().isdisjoint(before)


def test_a_picture_that_another_entry_shows_stays(event, boss, image):
    one, other = (post(event, blocks=[photo(image)]) for _ in range(2))

    publishing.remove(one.pk, boss)

    assert public_files() == files_of(image) != set()
    assert len(Entry.objects.get(pk=other.pk).content["blocks"][0]["image"]["renditions"]) == 3


def test_a_picture_edited_out_is_taken_away(event, boss, image):
    entry = post(event, blocks=[photo(image)])

    publishing.edit(entry.pk, EntryContent("Words only", (TextContent("<p>Words</p>"),)), boss)

    assert public_files() == set()


# Lead pictures and portraits


def test_a_lead_picture_is_public_until_it_is_replaced(event, boss, image):
    other = make_picture(boss, colour=(1, 2, 3))
    publishing.change_event(event.pk, EventDetails(lead_picture=image.pk), boss)
    first = public_files()
    changed = publishing.change_event(event.pk, EventDetails(lead_picture=other.pk), boss)

    assert len(first) == 6
    assert public_files() == files_of(other)
    assert (changed.lead["id"], changed.lead_picture) == (other.public_id, other)


def test_a_lead_picture_taken_off_is_taken_away(event, boss, image):
    publishing.change_event(event.pk, EventDetails(lead_picture=image.pk), boss)

    publishing.change_event(event.pk, EventDetails(lead_picture=None), boss)

    assert public_files() == set()


def test_a_live_blog_may_start_with_a_lead_picture(image, boss):
    event = make_event(lead_picture=image.pk)

    assert len(event.lead["renditions"]) == 3


def test_sizes_of_a_lead_picture_are_made_outside_the_transaction(event, boss, image, monkeypatch):
    inside = []
    save = default_storage.save
    monkeypatch.setattr(
        type(default_storage._wrapped), "save", lambda _self, *args, **options: note(inside, save, args, options)
    )

    publishing.change_event(event.pk, EventDetails(lead_picture=image.pk), boss)

    assert inside == [False] * 6


def note(inside, save, args, options):
    inside.append(connection.in_atomic_block)
    return save(*args, **options)


def test_a_replaced_portrait_stays_as_long_as_a_published_entry_shows_it(event, boss, image):
    person = Person.objects.create(name="Noor Hadad", user=boss, photo=image)
    entry = post(event, "Signed")
    shown = public_files()
    person.photo = None
    person.save()

    make_old()
    publishing.sweep()
    assert public_files() == shown == files_of(image) != set()

    publishing.remove(entry.pk, boss)
    assert public_files() == set()


# Half-made and lost


def test_a_half_made_set_is_completed(event, image):
    prepare([image.pk])
    kept = image.renditions.first()
    with writing():
        image.renditions.exclude(pk=kept.pk).delete()

    entry = post(event, blocks=[photo(image)])

    sizes = entry.content["blocks"][0]["image"]["renditions"]
    assert [size["width"] for size in sizes] == [480, 960, 1200]
    assert sizes[0]["jpeg"] == kept.jpeg.name


def test_sizes_are_stored_all_or_none_and_no_file_stays(image):
    def fail(execute, sql, params, many, context):
        if sql.startswith('INSERT INTO "updates_rendition"'):
            raise OperationalError("disk full")
        return execute(sql, params, many, context)

    with connection.execute_wrapper(fail), pytest.raises(OperationalError):
        prepare([image.pk])

    assert (image.renditions.count(), public_files()) == (0, set())


def test_who_comes_second_keeps_what_the_first_made(image):
    """The other process is done between our look at the rows and our writing of them."""
    done = []

    def meanwhile(execute, sql, params, many, context):
        if sql.startswith('UPDATE "updates_image"') and not done:
            done.append(True)
            prepare([image.pk])
        return execute(sql, params, many, context)

    with connection.execute_wrapper(meanwhile):
        prepare([image.pk])

    assert image.renditions.count() == 3
    assert public_files() == files_of(image)


def test_a_picture_withdrawn_just_before_the_publication_is_made_again(event, image):
    """A removal elsewhere takes the sizes between their making and the publication."""
    withdrawn = []

    def take():
        withdrawn.extend(files_of(image))
        withdraw([image.public_id])

    def meanwhile(execute, sql, params, many, context):
        if sql.startswith('INSERT INTO "updates_rendition"') and not withdrawn:
            transaction.on_commit(take)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(meanwhile):
        entry = post(event, blocks=[photo(image)])

    assert len(withdrawn) == 6
    assert len(entry.content["blocks"][0]["image"]["renditions"]) == 3
    assert public_files() == files_of(image)
    assert public_files().isdisjoint(withdrawn)


def test_withdrawing_what_is_shown_does_nothing(event, image):
    post(event, blocks=[photo(image)])

    withdraw([image.public_id])

    assert public_files() == files_of(image) != set()


def test_files_stay_where_the_withdrawal_is_rolled_back(image):
    prepare([image.pk])

    with transaction.atomic():
        withdraw([image.public_id])
        transaction.set_rollback(True)

    assert public_files() == files_of(image) != set()


# The sweep


def test_the_sweep_takes_what_nothing_published_shows(event, boss, image):
    used = make_picture(boss, colour=(1, 2, 3))
    lead = make_picture(boss, colour=(4, 5, 6))
    post(event, blocks=[photo(used)])
    publishing.change_event(event.pk, EventDetails(lead_picture=lead.pk), boss)
    prepare([image.pk])
    make_old()

    publishing.sweep()
    publishing.sweep()

    assert public_files() == files_of(used) | files_of(lead)
    assert image.renditions.count() == 0


def test_the_sweep_leaves_what_may_be_about_to_be_published(image):
    prepare([image.pk])

    publishing.sweep()

    assert public_files() == files_of(image) != set()


def test_the_sweep_takes_old_files_that_no_row_knows_and_no_others():
    ours, fresh, theirs = f"{'a' * 32}.jpg", f"{'b' * 32}.jpg", "readme.txt"
    for name in (ours, theirs):
        default_storage.save(f"pictures/{name}", ContentFile(b"left"))
    make_old()
    default_storage.save(f"pictures/{fresh}", ContentFile(b"just made"))

    publishing.sweep()

    assert public_files() == {fresh, theirs}


def test_the_sweep_runs_before_any_picture_was_published():
    publishing.sweep()

    assert public_files() == set()
