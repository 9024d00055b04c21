"""How many photos may be stored that nobody uses, and when they go."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from tests.desk_safety.test_uploads import address, noise, send_part, upload
from tests.factories import editor_of, make_picture, picture_file, post
from updates import publishing
from updates.models import Image, Person
from updates.models.guard import writing
from updates.publishing import EntryContent, EntryInput, EventDetails, PhotoContent, unused_pictures
from updates.publishing.pictures import PART_SIZE, uploads
from updates.publishing.unused_pictures import check_room_for_picture, sweep_originals

pytestmark = [pytest.mark.django_db, pytest.mark.database, pytest.mark.long]

WEEK = timedelta(days=7, minutes=1)


def begin(client, event, size=20 * 2**20):
    """Send the first part of a file, and nothing more."""
    part = SimpleUploadedFile("part", b"x" * PART_SIZE)
    return client.post(address(event), {"key": uuid4().hex, "size": size, "index": 0, "part": part})


def stored(image):
    return image.master.storage.exists(image.master.name)


def photo(image):
    return PhotoContent(image.pk, alt="A quay", credit="A. Person")


def sweep_twice():
    """As the server does for a week and more."""
    sweep_originals()
    sweep_originals(timezone.now() + WEEK)


# Uploads that are not finished


@pytest.mark.once
def test_somebody_with_many_large_unfinished_uploads_begins_no_other(desk, event):
    answers = [begin(desk, event) for _ in range(40)]
    statuses = [answer.status_code for answer in answers]
    assert statuses == [200] * 25 + [413] * 15
    assert answers[-1].json()["reason"].startswith("Too many of your uploads are unfinished.")


@pytest.mark.once
def test_somebody_with_many_small_unfinished_uploads_begins_no_other(desk, event):
    statuses = [begin(desk, event, 2 * PART_SIZE).status_code for _ in range(uploads.MAX_UNFINISHED + 2)]
    assert statuses == [200] * uploads.MAX_UNFINISHED + [413] * 2


@pytest.mark.once
def test_a_part_that_two_tabs_send_at_once_keeps_nobody_from_beginning(desk, event, noor):
    """The disk gives the second file another name, if neither request has seen the part of the other."""
    private, upload = storages["private"], uploads.Upload(noor.pk, uuid4().hex, 20 * 2**20)
    for _tab in range(2):
        uploads._keep(private, upload.names[0], b"x" * PART_SIZE, stored=set())
    assert private.listdir(upload.folder)[1] == [f"0-of-{upload.size}"]
    private.save(f"uploads/{noor.pk}/{uuid4().hex}/0-of-{upload.size}_aB3dE9x", ContentFile(b"of a killed process"))
    assert [begin(desk, event).status_code for _ in range(26)] == [200] * 24 + [413] * 2


@pytest.mark.once
def test_what_was_begun_is_finished_all_the_same(desk, event):
    data, key = noise(), uuid4().hex
    send_part(desk, event, data, 0, key)
    while begin(desk, event).status_code == 200:
        pass
    assert upload(desk, event, data, key).json()["id"]


def test_all_together_have_a_limit_too(desk, event, monkeypatch):
    monkeypatch.setattr(uploads, "MAX_UNFINISHED_BYTES_OF_ALL", 50 * 2**20)
    assert [begin(desk, event).status_code for _ in range(3)] == [200, 200, 413]


# Originals that nothing uses


def test_photos_that_nothing_uses_are_limited_and_those_in_use_are_not(desk, event, noor, settings):
    settings.UNUSED_PICTURES_PER_PERSON = 3
    for number in range(5):
        image = make_picture(noor, colour=(number, 0, 0))
        post(event, blocks=[photo(image)])
    for number in range(3):
        assert upload(desk, event, noise(20 + number)).status_code == 200

    refused = upload(desk, event, noise(30))

    assert refused.status_code == 413
    assert refused.json()["reason"] == (
        "You have uploaded too many photos that no update uses. Use some of them, or wait: each is deleted after 7 "
        "days."
    )
    check_room_for_picture(editor_of(event))  # others may


def test_a_form_with_a_photo_says_it_and_keeps_what_was_typed(desk, event, noor, settings):
    from tests.admin.desk_forms import add_address, entry_form  # noqa: PLC0415
    from tests.admin.desk_forms import photo as photo_field  # noqa: PLC0415

    settings.UNUSED_PICTURES_PER_PERSON = 1
    make_picture(noor)
    answer = desk.post(add_address(event), entry_form("Gate holds", photo_field(picture_file(colour=(9, 9, 9)))))
    page = answer.content.decode()
    assert "You have uploaded too many photos that no update uses." in page
    assert "Gate holds" in page


def test_bytes_are_limited_too(noor, monkeypatch):
    image = make_picture(noor)
    assert image.size == image.master.size > 0
    monkeypatch.setattr(unused_pictures, "MAX_BYTES_PER_PERSON", image.size)
    with pytest.raises(ValidationError, match="that no update uses"):
        check_room_for_picture(noor)


def test_all_together_may_store_so_many(event, noor, monkeypatch):
    monkeypatch.setattr(unused_pictures, "MAX_OF_ALL", 1)
    make_picture(editor_of(event))
    with pytest.raises(ValidationError, match="no room for more photos"):
        check_room_for_picture(noor)


def test_an_original_that_nothing_uses_is_deleted_after_a_week(noor, django_capture_on_commit_callbacks):
    image = make_picture(noor)
    sweep_originals()
    sweep_originals(timezone.now() + timedelta(days=6))
    assert Image.objects.filter(pk=image.pk).exists()
    assert stored(image)

    with django_capture_on_commit_callbacks(execute=True):
        sweep_originals(timezone.now() + WEEK)

    assert not Image.objects.filter(pk=image.pk).exists()
    assert not stored(image)


def test_the_week_begins_when_the_last_use_ends(event, noor):
    image = make_picture(noor)
    publishing.save_draft(EntryInput(event.pk, EntryContent("Gate", (photo(image),)), key="k"), noor)
    sweep_twice()
    publishing.save_draft(EntryInput(event.pk, EntryContent("Gate"), key="k"), noor)
    sweep_originals(timezone.now() + WEEK)
    assert Image.objects.filter(pk=image.pk).exists()
    sweep_originals(timezone.now() + 2 * WEEK)
    assert not Image.objects.filter(pk=image.pk).exists()


def uses(event, noor):
    """Everything that may refer to a picture: by name, what makes such a use."""
    boss = editor_of(event)

    def submitted(image):
        entry = post(event, "Gate", author=noor)
        publishing.change_event(event.pk, EventDetails(direct_publishing=False), boss)
        publishing.propose(entry.pk, EntryContent("Gate", (photo(image),)), noor)

    def edited_away(image):
        entry = post(event, blocks=[photo(image)])
        publishing.edit(entry.pk, EntryContent("Without"), boss)

    def removed(image):
        publishing.remove(post(event, blocks=[photo(image)]).pk, boss)

    return {
        "published": lambda image: post(event, blocks=[photo(image)]),
        "draft": lambda image: publishing.save_draft(EntryInput(event.pk, EntryContent("D", (photo(image),))), noor),
        "submitted change": submitted,
        "shown once": edited_away,
        "removed": removed,
        "lead": lambda image: publishing.change_event(event.pk, EventDetails(lead_picture=image.pk), boss),
        "person": lambda image: Person.objects.create(name="Noor", photo=image),
    }


@pytest.mark.parametrize("kind", ["published", "draft", "submitted change", "shown once", "removed", "lead", "person"])
def test_a_picture_in_use_stays(event, noor, kind, django_capture_on_commit_callbacks):
    image = make_picture(noor)
    with writing(), django_capture_on_commit_callbacks(execute=True):
        uses(event, noor)[kind](image)
        sweep_twice()
    assert Image.objects.filter(pk=image.pk).exists()
    assert stored(image)


def test_the_week_begins_anew_when_it_is_uploaded_again(noor):
    image = make_picture(noor)
    sweep_originals(timezone.now() - WEEK)
    assert make_picture(noor) == image
    sweep_originals()
    assert Image.objects.filter(pk=image.pk).exists()
    sweep_originals(timezone.now() + WEEK)
    assert not Image.objects.filter(pk=image.pk).exists()


def test_what_is_uploaded_again_still_counts_as_unused(noor, settings):
    make_picture(noor)
    settings.UNUSED_PICTURES_PER_PERSON = 1
    with writing():
        Image.objects.update(created_at=timezone.now() - WEEK)
    sweep_originals(timezone.now() - WEEK)
    make_picture(noor)
    with pytest.raises(ValidationError, match="too many photos"):
        check_room_for_picture(noor)


@pytest.mark.parametrize("use", ["published", "uploaded again"])
def test_a_picture_that_comes_into_use_after_the_look_stays(event, noor, monkeypatch, use):
    """Between the look and the lock somebody publishes it, or uploads it again."""
    image = make_picture(noor)
    sweep_originals(timezone.now() - WEEK)
    look = unused_pictures._delete_if_unused
    uses = []

    def use_first(*args):
        uses.append(post(event, blocks=[photo(image)]) if use == "published" else make_picture(noor))
        look(*args)

    monkeypatch.setattr(unused_pictures, "_delete_if_unused", use_first)
    sweep_originals()
    assert uses
    assert Image.objects.filter(pk=image.pk).exists()
    assert stored(image)
