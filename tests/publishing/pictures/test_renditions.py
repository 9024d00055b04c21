"""What is public of pictures, and for how long. The files are real ones."""

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.storage import default_storage
from django.db import OperationalError, connection, transaction

from tests.factories import WIDE, make_event, make_picture, make_user, post
from tests.publishing.pictures.public_folder import files_of, make_old, photo, public_files
from updates import publishing
from updates.models import Entry, Person
from updates.models.guard import writing
from updates.publishing import EntryContent, EventDetails, TextContent
from updates.publishing.pictures import import_picture, sweep_renditions
from updates.publishing.pictures.renditions import prepare, withdraw

pytestmark = pytest.mark.django_db(transaction=True)


# What is public


def test_an_upload_is_not_public(image):
    assert public_files() == set()


def test_a_picture_of_another_installation_is_not_public(image, boss):
    with image.master.open("rb") as master:
        import_picture(master.read(), boss)

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
    other = make_picture(boss, size=WIDE, colour=(1, 2, 3))
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
    files = public_files()
    person.photo = None
    person.save()

    make_old()
    sweep_renditions()
    assert public_files() == files == files_of(image) != set()

    publishing.remove(entry.pk, boss)
    assert public_files() == set()


# Half-made and lost


def test_a_half_made_set_is_completed(event, image):
    prepare([image.pk])
    rendition = image.renditions.first()
    with writing():
        image.renditions.exclude(pk=rendition.pk).delete()

    entry = post(event, blocks=[photo(image)])

    sizes = entry.content["blocks"][0]["image"]["renditions"]
    assert [size["width"] for size in sizes] == [480, 960, 1200]
    assert sizes[0]["jpeg"] == rendition.jpeg.name


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

    def intercept(execute, sql, params, many, context):
        if sql.startswith('UPDATE "updates_image"') and not done:
            done.append(True)
            prepare([image.pk])
        return execute(sql, params, many, context)

    with connection.execute_wrapper(intercept):
        prepare([image.pk])

    assert image.renditions.count() == 3
    assert public_files() == files_of(image)


def test_a_picture_withdrawn_just_before_the_publication_is_made_again(event, image):
    """A removal elsewhere takes the sizes between their making and the publication."""
    withdrawn = []

    def take():
        withdrawn.extend(files_of(image))
        withdraw([image.public_id])

    def intercept(execute, sql, params, many, context):
        if sql.startswith('INSERT INTO "updates_rendition"') and not withdrawn:
            transaction.on_commit(take)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(intercept):
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
