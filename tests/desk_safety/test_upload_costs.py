"""What an upload may cost: a part too large is not read, the store is asked little, and one picture is unpacked."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from threading import Event as Signal
from types import SimpleNamespace
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from django.core.files.storage import FileSystemStorage
from django.core.files.uploadedfile import SimpleUploadedFile

from tests.content.test_image_process import stopped
from tests.desk_safety.test_uploads import noise, send_part, upload
from tests.servers import wait_until
from updates import publishing
from updates.admin.event.uploads import _take_part
from updates.content import images
from updates.content.image_process import ImageProcess
from updates.content.images import read_image
from updates.models import Image
from updates.publishing.pictures import PART_SIZE, Upload, save_part
from updates.publishing.unused_pictures import check_room_for_picture

pytestmark = [pytest.mark.django_db, pytest.mark.database]


class Counting(FileSystemStorage):
    """As a bucket sees it: each of these is a question over the network."""

    calls: Counter = Counter()

    def listdir(self, path):
        self.calls["listdir"] += 1
        return super().listdir(path)

    def exists(self, name):
        self.calls["exists"] += 1
        return super().exists(name)

    def size(self, name):
        self.calls["size"] += 1
        return super().size(name)


class Unreadable(SimpleUploadedFile):
    was_read = Signal()

    def read(self, *args):
        self.was_read.set()
        return super().read(*args)


def test_a_part_that_is_too_large_is_refused_unread(noor, event):
    part = Unreadable("part", b"\xff" * (PART_SIZE + 1))
    request = SimpleNamespace(
        POST={"key": uuid4().hex, "size": str(2 * PART_SIZE), "index": "0"}, FILES={"part": part}, user=noor
    )

    with pytest.raises(ValidationError, match="could not be read"):
        _take_part(request)
    assert not part.was_read.is_set()


def test_the_store_is_asked_as_little_for_many_parts_as_for_few(settings, tmp_path, noor):
    store = {"BACKEND": f"{__name__}.Counting", "OPTIONS": {"location": tmp_path}}
    settings.STORAGES = settings.STORAGES | {"private": store}
    Counting.calls.clear()
    whole = Upload(noor.pk, uuid4().hex, 80 * PART_SIZE)

    for index in range(10):
        missing = save_part(whole, index, b"\xff" * PART_SIZE, noor, check_room_for_picture)

    assert missing == list(range(10, 80))
    assert (
        Counting.calls["listdir"] == 10 + 2
    )  # the first part also looks for what is unfinished, of the person and of all
    assert Counting.calls["exists"] + Counting.calls["size"] <= 2 * 10


def test_a_part_that_is_found_half_at_the_end_is_asked_for_again(client, desk, event, noor):
    data, key = noise(), uuid4().hex
    parts = -(-len(data) // PART_SIZE)
    for index in range(1, parts - 1):
        send_part(desk, event, data, index, key)
    (folder := publishing.pictures.uploads.storages["private"]).save(
        f"uploads/{noor.pk}/{key}/0-of-{len(data)}", SimpleUploadedFile("half", b"half")
    )

    assert send_part(desk, event, data, parts - 1, key).json() == {"missing": [0]}
    assert send_part(desk, event, data, 0, key).json()["id"] == Image.objects.get().public_id
    assert len(folder.listdir(f"uploads/{noor.pk}/{key}")[1]) == 1


def test_an_upload_that_finds_too_many_waiting_comes_again_and_loses_nothing(desk, event, monkeypatch):
    monkeypatch.setattr(images, "UPLOADS", ImageProcess(waiting=0))
    data, key = noise(), uuid4().hex

    with ThreadPoolExecutor(1) as other, stopped(images.UPLOADS):
        waiting = other.submit(read_image, BytesIO(data))
        wait_until(images.UPLOADS._turn.locked, "another picture is being read")
        busy = upload(desk, event, data, key)
    assert waiting.result().width
    second = send_part(desk, event, data, 0, key)
    images.UPLOADS.close()

    assert (busy.status_code, busy["Retry-After"]) == (503, "2")
    assert busy.json() == {"reason": "Other pictures are being processed. Send this one again."}
    assert second.json()["id"] == Image.objects.get().public_id
