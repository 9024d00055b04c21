"""Pictures in forms: a good file is never lost with the form."""

import errno
from io import BytesIO

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from PIL import ExifTags
from PIL import Image as Canvas
from PIL.Image import Exif

from tests.admin.desk_forms import add_address, change_address, controls, embed, entry_form, errors, photo, text
from tests.content.pictures import drawn, saved
from tests.content.test_captions import XMP
from tests.factories import editor_of, make_picture, make_user, picture_file, post
from updates import publishing
from updates.choices import ChangeKind
from updates.models import Entry, Image, Person
from updates.publishing import PhotoContent, read_content

pytestmark = [pytest.mark.django_db, pytest.mark.long]

NOT_A_PICTURE = "This file cannot be used as a picture. Choose a JPEG, PNG, WebP, AVIF, HEIC or still GIF file."


def test_a_chosen_photo_survives_a_failed_form(desk, event):
    failed = desk.post(add_address(event), entry_form("Head", photo(picture_file(), alt="")))
    image = Image.objects.get()
    picture = controls(failed)["photo-0-image"]
    desk.post(add_address(event), controls(failed) | {"photo-0-alt": "A quay"})

    assert errors(failed) == [
        "Please correct the error below.",
        "Describe what the photo shows, for readers who cannot see it.",
    ]
    assert picture == image.public_id
    assert f'src="{reverse("admin:updates_picture", args=[image.public_id])}"' in failed.content.decode()
    assert read_content(Entry.objects.get()).blocks == (PhotoContent(image.pk, alt="A quay", credit="Noor Hadad"),)


class FullDisk(FileSystemStorage):
    """Writes a part of each file, as a disk that is full then."""

    error: OSError

    def _save(self, name, content):
        super()._save(name, ContentFile(content.read()[:10]))
        raise self.error


@pytest.mark.once
@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (OSError(errno.ENOSPC, "No space left on device"), "The server’s disk is full, so nothing was saved."),
        (OSError("The bucket could not be reached"), "The pictures could not be prepared. Send this again."),
    ],
)
def test_a_photo_that_cannot_be_stored_leaves_the_text_and_no_file(desk, event, tmp_path, monkeypatch, error, reason):
    disk = FullDisk(tmp_path)
    disk.error = error
    monkeypatch.setattr(Image._meta.get_field("master"), "storage", disk)

    failed = desk.post(add_address(event), entry_form("Head", photo(picture_file())))

    assert any(error.startswith(reason) for error in errors(failed))
    assert controls(failed)["headline"] == "Head"
    assert disk.listdir("masters")[1] == []


@pytest.mark.once
def test_a_chosen_photo_survives_a_refusal(desk, event):
    publishing.change_state(event.pk, ChangeKind.END, editor_of(event))

    refused = desk.post(add_address(event), entry_form("Head", photo(picture_file())))

    assert controls(refused)["photo-0-image"] == Image.objects.get().public_id


@pytest.mark.once
def test_a_chosen_poster_survives_a_failed_form(desk, event):
    form = entry_form("Head", embed("nowhere")) | {"embed-0-poster-file": picture_file()}

    failed = desk.post(add_address(event), form)

    assert controls(failed)["embed-0-poster"] == Image.objects.get().public_id


def test_a_bad_file_is_named_and_the_words_stay(desk, event):
    bad = SimpleUploadedFile("photo.jpg", b"no picture", "image/jpeg")

    failed = desk.post(add_address(event), entry_form("Head", photo(bad, caption="Rope Street")))

    assert errors(failed) == ["Please correct the error below.", NOT_A_PICTURE]
    assert controls(failed)["photo-0-caption"] == "Rope Street"
    assert Image.objects.count() == 0


def test_a_photo_block_without_a_photo_is_refused(desk, event):
    failed = desk.post(add_address(event), entry_form("Head", photo()))

    assert errors(failed) == ["Please correct the error below.", "Choose a photo."]


@pytest.mark.once
def test_what_the_file_says_is_offered_where_nothing_was_typed(desk, event):
    exif = Exif()
    exif[ExifTags.Base.ImageDescription] = "Rope Street at two."
    exif[ExifTags.Base.Artist] = "Jonah Pell"
    file = SimpleUploadedFile("photo.jpg", saved(drawn(), "JPEG", exif=exif))

    failed = desk.post(add_address(event), entry_form("Head", photo(file, credit="")))

    values = controls(failed)
    assert errors(failed) == ["Please correct the error below.", "Say who took the photo."]
    assert (values["photo-0-caption"], values["photo-0-credit"]) == ("Rope Street at two.", "Jonah Pell")


@pytest.mark.once
def test_the_alt_text_that_the_file_has_is_offered(desk, event):
    file = SimpleUploadedFile("photo.jpg", saved(drawn(), "JPEG", xmp=XMP.encode()))

    failed = desk.post(add_address(event), entry_form("Head", photo(file, alt="", credit="Noor Hadad")))

    assert errors(failed) == [
        "Please correct the error below.",
        "Describe what the photo shows, for readers who cannot see it.",
    ]
    assert controls(failed)["photo-0-alt"] == "A white ship"
    assert Entry.objects.count() == 0


def test_a_photo_is_known_by_its_random_id_only(desk, event):
    image = make_picture(editor_of(event))

    failed = desk.post(add_address(event), entry_form("Head", photo(picture=str(image.pk))))

    assert errors(failed) == ["Please correct the error below.", "This picture no longer exists. Choose it again."]


def test_changing_an_update_keeps_its_photo(desk, event, noor):
    image = make_picture(noor)
    entry = post(event, "Photo", author=noor, blocks=[PhotoContent(image.pk, alt="A quay", credit="Noor")])

    page = desk.get(change_address(entry))
    desk.post(change_address(entry), controls(page) | {"photo-0-caption": "New words"})

    assert controls(page)["photo-0-image"] == image.public_id
    assert f'src="{reverse("admin:updates_picture", args=[image.public_id])}"' in page.content.decode()
    changed = PhotoContent(image.pk, alt="A quay", credit="Noor", caption="New words")
    assert read_content(entry).blocks == (changed,)


@pytest.mark.once
def test_a_poster_can_be_taken_away(desk, event, noor):
    form = entry_form("Film", embed("https://youtu.be/dQw4w9WgXcQ")) | {"embed-0-poster-file": picture_file()}
    desk.post(add_address(event), form)
    entry = Entry.objects.get()

    page = desk.get(change_address(entry))
    desk.post(change_address(entry), controls(page) | {"embed-0-poster-clear": "1"})

    assert controls(page)["embed-0-poster"] != ""
    assert read_content(entry).blocks[0].poster_id is None


@pytest.mark.once
def test_strangers_upload_nothing(client, event):
    client.force_login(make_user())

    answer = client.post(add_address(event), entry_form("Head", text("<p>Mine</p>"), photo(picture_file())))

    assert errors(answer) == ["Please correct the error below.", "You do not have permission to upload pictures here."]
    assert (Image.objects.count(), Entry.objects.count()) == (0, 0)


def test_a_lead_picture_survives_a_failed_form_and_is_taken_away(client, event):
    client.force_login(editor_of(event))
    address = reverse("admin:updates_event_change", args=[event.pk])
    blank = controls(client.get(address))

    failed = client.post(address, blank | {"title": "", "lead_picture-file": picture_file()})
    client.post(address, controls(failed) | {"title": "Storm"})
    event.refresh_from_db()
    lead = event.lead_picture
    client.post(address, controls(client.get(address)) | {"lead_picture-clear": "1"})

    assert lead == Image.objects.get()
    event.refresh_from_db()
    assert event.lead_picture is None


def test_a_person_gets_a_photo(client, event, noor):
    client.force_login(editor_of(event))
    address = reverse("admin:updates_person_change", args=[noor.person.pk])

    client.post(address, controls(client.get(address)) | {"photo-file": picture_file((400, 400))})

    assert Person.objects.get(pk=noor.person.pk).photo == Image.objects.get()


def test_the_desk_sees_a_picture_that_is_not_public(desk, noor):
    image = make_picture(noor)

    answer = desk.get(reverse("admin:updates_picture", args=[image.public_id]))

    assert (answer.status_code, answer["Content-Type"]) == (200, "image/jpeg")
    assert {"private", "no-store"} <= set(answer["Cache-Control"].split(", "))
    assert answer["X-Content-Type-Options"] == "nosniff"
    with Canvas.open(BytesIO(answer.content)) as picture:
        assert (picture.format, picture.size) == ("JPEG", (480, 320))
    assert image.renditions.count() == 0


@pytest.mark.once
def test_a_preview_of_no_picture_is_not_found(desk, event):
    assert desk.get(reverse("admin:updates_picture", args=["nothing000"])).status_code == 404


@pytest.mark.once
def test_strangers_see_no_preview(client, event):
    address = reverse("admin:updates_picture", args=[make_picture(editor_of(event)).public_id])

    anonymous = client.get(address)
    client.force_login(make_user())

    assert (anonymous.status_code, client.get(address).status_code) == (302, 404)


def test_queries_of_a_form_do_not_grow_with_its_photos(desk, event):
    boss = editor_of(event)
    entries = [
        post(event, "Photos", author=boss, blocks=[PhotoContent(make_picture(boss, colour=(n, number, 9)).pk, "A", "B")
                                                   for n in range(number)])
        for number in (1, 4)
    ]  # fmt: skip

    desk.get(change_address(entries[0]))
    counts = []
    for entry in entries:
        with CaptureQueriesContext(connection) as queries:
            assert desk.get(change_address(entry)).status_code == 200
        counts.append(len([query for query in queries if 'FROM "updates_image"' in query["sql"]]))

    assert counts == [1, 1]
