"""What follows a commit follows it also where a file cannot be deleted: readers and caches learn of a removal."""

import pytest
from django.core.files.storage import FileSystemStorage

from tests.factories import make_event, make_picture, make_user, post
from updates import publishing
from updates.models import Image, Rendition
from updates.publishing import PhotoContent, operation
from updates.publishing.erasure import erase_entry
from updates.publishing.pictures import renditions

pytestmark = [pytest.mark.database, pytest.mark.django_db(transaction=True)]


class Calls:
    def __init__(self, monkeypatch):
        self.moved, self.purged = [], []
        monkeypatch.setattr(operation, "event_moved", self.moved.append)
        monkeypatch.setattr(operation, "purge", self.purged.extend)
        monkeypatch.setattr(renditions, "purge", self.purged.extend)


@pytest.fixture
def calls(monkeypatch):
    return Calls(monkeypatch)


@pytest.fixture
def boss(transactional_db):
    return make_user("boss", superuser=True)


@pytest.fixture
def entry(boss):
    """An update with two photos."""
    pictures = [make_picture(boss, colour=(n, n, n)) for n in (1, 2)]
    photos = [PhotoContent(picture.pk, alt="The quay", credit="A. Person") for picture in pictures]
    return post(make_event(author=boss, slug="storm"), "Quay", author=boss, blocks=photos)


@pytest.fixture
def failing_once(monkeypatch, entry):
    """The first file that is to be deleted stays, as where a bucket does not answer; returns its name."""
    delete, failed = FileSystemStorage.delete, []

    def fail_once(storage, name):
        if not failed:
            failed.append(name)
            raise OSError("the bucket did not answer")
        delete(storage, name)

    monkeypatch.setattr(FileSystemStorage, "delete", fail_once)
    return failed


def files():
    public = [file for row in Rendition.objects.all() for file in (row.webp, row.jpeg)]
    return [(file.storage, file.name) for file in [*public, *(image.master for image in Image.objects.all())]]


def remaining(those):
    return [(storage, name) for storage, name in those if storage.exists(name)]


def test_a_removal_reaches_readers_and_caches(entry, boss, calls, failing_once, caplog):
    before = [file for file in files() if file[1].startswith("pictures/")]
    publishing.remove(entry.pk, boss)
    assert [name for _storage, name in remaining(before)] == failing_once
    assert calls.moved == [entry.event_id]
    assert {"event-storm", "lists"} < set(calls.purged)
    assert len(calls.purged) == 2 + len(before)
    assert "the bucket did not answer" in caplog.text


def test_an_erasure_deletes_all_other_files_and_says_that_one_is_left(entry, boss, calls, failing_once):
    before = files()
    with pytest.raises(OSError, match="did not answer"):
        erase_entry(entry.pk, boss, reason="court order")
    assert [name for _storage, name in remaining(before)] == failing_once
    assert calls.moved == [entry.event_id]
    assert {"event-storm", "lists"} < set(calls.purged)
