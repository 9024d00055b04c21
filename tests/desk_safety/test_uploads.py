"""Photos sent apart from the form: in parts, again, at once, and by those who may."""

import os
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from uuid import uuid4

import pytest
from django.core.files.storage import storages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from PIL import Image as Canvas

from tests.content.pictures import saved
from tests.content.test_captions import XMP
from tests.factories import editor_of, make_event, make_picture, make_user, picture_file, post
from tests.samples import sample, sample_json
from updates import publishing
from updates.models import Image
from updates.publishing import PhotoContent
from updates.publishing.pictures import PART_SIZE, add_picture, sweep_uploads
from updates.publishing.pictures.uploads import FRESH

pytestmark = [pytest.mark.django_db, pytest.mark.django, pytest.mark.long]


def address(event):
    return reverse("admin:updates_event_pictures", args=[event.pk])


def noise(side=900):
    """A picture that no format makes small, so that it comes in several parts."""
    return saved(Canvas.effect_noise((side, side), 80).convert("RGB"), "JPEG", quality=90)


def send_part(client, event, data, index, key, **headers):
    part = SimpleUploadedFile("part", data[index * PART_SIZE :][:PART_SIZE])
    return client.post(address(event), {"key": key, "size": len(data), "index": index, "part": part}, headers=headers)


def upload(client, event, data, key=None):
    """As the desk's script does it: the answer to a part says which part is wanted next."""
    key = key or uuid4().hex
    answer = send_part(client, event, data, 0, key)
    while missing := answer.json().get("missing"):
        answer = send_part(client, event, data, missing[0], key)
    return answer


def test_a_photo_goes_under_nobody_elses_name(desk, event, noor):
    """Somebody else has logged in, in the browser in which it was chosen."""
    small, key = noise(20), uuid4().hex
    answer = send_part(desk, event, small, 0, key, **{"X-Desk-User": str(editor_of(event).pk)})
    assert (answer.status_code, answer.json()) == (401, {"state": "login"})
    assert send_part(desk, event, small, 0, key, **{"X-Desk-User": str(noor.pk)}).json()["id"]


def test_a_photo_in_parts_becomes_one_picture(desk, event):
    data = noise()
    answer = upload(desk, event, data)

    image = Image.objects.get()
    assert len(data) > 2 * PART_SIZE
    assert answer.json() == {
        "id": image.public_id,
        "preview": reverse("admin:updates_picture", args=[image.public_id]),
        "width": 900,
        "height": 900,
        "caption": "",
        "credit": "",
        "alt": "",
    }


def test_a_part_sent_again_changes_nothing(desk, event):
    data, key = noise(), uuid4().hex
    first = send_part(desk, event, data, 1, key).json()
    second = send_part(desk, event, data, 1, key).json()
    finished = upload(desk, event, data, key)

    assert first == second == {"missing": [number for number in range(-(-len(data) // PART_SIZE)) if number != 1]}
    assert finished.json()["id"] == Image.objects.get().public_id


def test_whoever_missed_the_answer_asks_again_and_gets_the_same_picture(desk, event):
    data, key = noise(), uuid4().hex
    first = upload(desk, event, data, key)
    second = send_part(desk, event, data, 0, key)

    assert second.json() == first.json()
    assert Image.objects.count() == 1
    assert len(storages["private"].listdir(f"uploads/{Image.objects.get().uploaded_by_id}/{key}")[1]) == 1


def test_a_part_that_was_left_half_written_is_written_anew(desk, event, noor):
    data, key = noise(), uuid4().hex
    storages["private"].save(f"uploads/{noor.pk}/{key}/0-of-{len(data)}", BytesIO(b"half"))

    assert upload(desk, event, data, key).json()["width"] == 900


@pytest.mark.database
@pytest.mark.django_db(transaction=True)
def test_the_same_file_twice_at_once_is_one_picture(noor, event):
    data = noise()
    with ThreadPoolExecutor(4) as several:
        images = list(several.map(lambda _: add_picture(BytesIO(data), noor).pk, range(4)))

    assert len(set(images)) == 1
    assert Image.objects.count() == 1


def test_what_a_file_says_comes_with_the_answer(desk, event):
    answer = upload(desk, event, saved(Canvas.new("RGB", (40, 30)), "JPEG", xmp=XMP.encode())).json()

    words = {name: answer[name] for name in ("caption", "credit", "alt")}
    assert words == {"caption": "A ferry in the harbour", "credit": "Jana Müller/Reuters", "alt": "A white ship"}


def test_a_heic_from_a_phone_is_taken(desk, event):
    answer = upload(desk, event, saved(Canvas.new("RGB", (640, 480), (10, 90, 200)), "HEIF"))

    assert (answer.status_code, answer.json()["width"]) == (200, 640)


def test_a_refused_file_has_a_plain_reason(desk, event):
    answer = upload(desk, event, b"no picture")

    assert answer.status_code == 422
    assert answer.json() == {
        "reason": "This file cannot be used as a picture. Choose a JPEG, PNG, WebP, AVIF, HEIC or still GIF file."
    }


def test_a_file_that_is_too_large_is_refused_at_its_first_part(desk, event):
    part = SimpleUploadedFile("part", b"\xff" * PART_SIZE)
    answer = desk.post(address(event), {"key": uuid4().hex, "size": 21 * 2**20, "index": 0, "part": part})

    assert answer.json() == {"reason": "The picture is larger than 20 MB. Export a smaller version."}


@pytest.mark.parametrize(
    "wrong",
    [{"key": "../../etc"}, {"key": ""}, {"size": "0"}, {"size": "x"}, {"index": "-1"}, {"index": "7"}, {"part": ""}],
)
def test_what_is_no_upload_is_refused(desk, event, wrong):
    good = {"key": uuid4().hex, "size": "10", "index": "0", "part": SimpleUploadedFile("part", b"0123456789")}
    answer = desk.post(address(event), good | wrong)

    assert (answer.status_code, answer.json()) == (
        422,
        {"reason": "The upload could not be read. Choose the photo again."},
    )


def test_a_right_withdrawn_is_answered_with_its_reason(client, event):
    client.force_login(make_user())
    answer = upload(client, event, picture_file().read())

    assert (answer.status_code, Image.objects.count()) == (404, 0)
    assert answer.json() == {"reason": "You are not assigned to this live blog. Ask one of its editors."}


def test_an_unknown_live_blog_is_answered_as_a_foreign_one(desk):
    assert desk.get(reverse("admin:updates_event_pictures", args=[10**9])).status_code == 404


def test_strangers_and_other_methods_are_shut_out(client, desk, event):
    assert desk.put(address(event)).status_code == 405
    client.logout()
    assert client.get(address(event)).status_code == 302


def test_pictures_of_the_event_can_be_picked_again(desk, event, noor, django_assert_num_queries):
    image, other = make_picture(noor), make_picture(noor, colour=(9, 9, 9))
    for alt in ("First words", "Later words"):
        post(event, alt, author=noor, blocks=[PhotoContent(image.pk, alt=alt, credit="Noor Hadad", caption="Quay")])
    foreign = make_event()
    post(foreign, blocks=[PhotoContent(other.pk, alt="Elsewhere", credit="x")])
    gone = post(event, blocks=[PhotoContent(other.pk, alt="Gone", credit="x")])
    publishing.remove(gone.pk, editor_of(event), reason="wrong street")

    with django_assert_num_queries(5):  # session, user, event, assignment, photos
        [picture] = desk.get(address(event)).json()["pictures"]

    assert (picture["id"], picture["alt"], picture["credit"], picture["caption"]) == (
        image.public_id, "Later words", "Noor Hadad", "Quay",
    )  # fmt: skip


def test_uploads_that_were_given_up_are_swept(desk, event, noor):
    data, key = noise(), uuid4().hex
    send_part(desk, event, data, 0, key)
    sweep_uploads()
    fresh = storages["private"].listdir(f"uploads/{noor.pk}/{key}")[1]
    path = storages["private"].path(f"uploads/{noor.pk}/{key}/{fresh[0]}")
    old = (timezone.now() - 2 * FRESH).timestamp()
    os.utime(path, (old, old))
    sweep_uploads()

    assert len(fresh) == 1
    assert storages["private"].listdir(f"uploads/{noor.pk}")[0] == []


def test_parts_of_an_upload_that_goes_on_slowly_are_kept(desk, event, noor):
    data, key = noise(), uuid4().hex
    send_part(desk, event, data, 0, key)
    first = storages["private"].path(f"uploads/{noor.pk}/{key}/0-of-{len(data)}")
    send_part(desk, event, data, 1, key)
    old = (timezone.now() - 2 * FRESH).timestamp()
    os.utime(first, (old, old))
    sweep_uploads()

    assert 0 not in send_part(desk, event, data, 1, key).json()["missing"]


def test_twelve_megapixels_come_out_at_the_size_we_keep(desk, event):
    answer = upload(desk, event, saved(Canvas.new("RGB", (4000, 3000), (40, 60, 80)), "JPEG"))

    assert (answer.json()["width"], answer.json()["height"]) == (3200, 2400)


@pytest.mark.filterwarnings("ignore::UserWarning:PIL")  # Pillow warns of broken EXIF
def test_sample_files_are_answered_as_their_manifest_expects(desk, event):
    surprises = {}
    for entry in sample_json("images/manifest.json")["files"]:
        answer = upload(desk, event, sample(f"images/{entry['file']}").read_bytes())
        outcome = {200: "accept", 422: "refuse"}.get(answer.status_code, str(answer.status_code))
        if outcome == "refuse" and not answer.json()["reason"]:
            outcome = "refuse without a word"
        if not (entry["expect"].startswith(outcome) or ("never 500" in entry["expect"] and answer.status_code < 500)):
            surprises[entry["file"]] = (outcome, entry["expect"])
    assert surprises == {}
