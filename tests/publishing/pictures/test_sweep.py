"""Public files that a crash has left behind are taken back."""

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage, default_storage

from tests.factories import make_picture, post
from tests.publishing.pictures.public_folder import files_of, make_old, photo, public_files
from updates import publishing
from updates.publishing import EventDetails
from updates.publishing.pictures import sweep_renditions
from updates.publishing.pictures.renditions import prepare

pytestmark = pytest.mark.django_db(transaction=True)


def test_the_sweep_takes_what_nothing_published_shows(event, boss, image):
    used = make_picture(boss, colour=(1, 2, 3))
    lead = make_picture(boss, colour=(4, 5, 6))
    post(event, blocks=[photo(used)])
    publishing.change_event(event.pk, EventDetails(lead_picture=lead.pk), boss)
    prepare([image.pk])
    make_old()

    sweep_renditions()
    sweep_renditions()

    assert public_files() == files_of(used) | files_of(lead)
    assert image.renditions.count() == 0


def test_the_sweep_leaves_what_may_be_about_to_be_published(image):
    prepare([image.pk])

    sweep_renditions()

    assert public_files() == files_of(image) != set()


def test_the_sweep_takes_old_files_that_no_row_knows_and_no_others():
    ours, fresh, theirs = f"{'a' * 32}.jpg", f"{'b' * 32}.jpg", "readme.txt"
    for name in (ours, theirs):
        default_storage.save(f"pictures/{name}", ContentFile(b"left"))
    make_old()
    default_storage.save(f"pictures/{fresh}", ContentFile(b"just made"))

    sweep_renditions()

    assert public_files() == {fresh, theirs}


def test_the_sweep_runs_before_any_picture_was_published():
    sweep_renditions()

    assert public_files() == set()


def test_a_file_that_cannot_be_deleted_keeps_no_other(monkeypatch, caplog):
    names = [default_storage.save(f"pictures/{letter * 32}.jpg", ContentFile(b"left")) for letter in "abc"]
    make_old()
    delete = FileSystemStorage.delete

    def refuse_one(storage, name):
        if name == names[0]:
            raise PermissionError(name)
        delete(storage, name)

    monkeypatch.setattr(FileSystemStorage, "delete", refuse_one)
    sweep_renditions()
    assert public_files() == {"a" * 32 + ".jpg"}
    assert f"{names[0]} is needed no more and could not be deleted" in caplog.text
