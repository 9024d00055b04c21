"""Pictures in a bucket: private originals, public sizes that go with their update, and everything that reads them."""

from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import StringIO
from threading import Thread
from uuid import uuid4

import boto3
import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage, storages
from django.core.management import call_command
from moto.server import ThreadedMotoServer

from tests.factories import editor_of, make_event, make_picture, make_user, picture_file, post
from tests.removal.surfaces import files_of, in_base64
from updates import project, publishing, variables
from updates.content.crops import crop_name
from updates.models import Image, ShareCard
from updates.publishing import PhotoContent
from updates.publishing.erasure import erase_entry
from updates.publishing.pictures import PART_SIZE, Upload, save_part, sweep_renditions, sweep_uploads
from updates.publishing.pictures.cards import sweep_cards
from updates.s3_storage import PrivateFiles

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.once, pytest.mark.services]

KEYS = {"aws_access_key_id": "key", "aws_secret_access_key": "secret", "region_name": "eu-central-1"}


@pytest.fixture(scope="module")
def server():
    running = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    running.start()
    yield "http://{}:{}".format(*running.get_host_and_port())
    running.stop()


@pytest.fixture
def bucket(server, settings, monkeypatch):
    name = f"pictures-{uuid4().hex[:8]}"
    bucket = boto3.resource("s3", endpoint_url=server, **KEYS).Bucket(name)
    bucket.create(CreateBucketConfiguration={"LocationConstraint": KEYS["region_name"]})
    options = {
        "bucket_name": name, "endpoint_url": server, "region_name": KEYS["region_name"],
        "access_key": KEYS["aws_access_key_id"], "secret_key": KEYS["aws_secret_access_key"],
    }  # fmt: skip
    kinds = {"default": ("PublicPictures", "media"), "private": ("PrivateFiles", "private")}
    settings.STORAGES = settings.STORAGES | {
        alias: {"BACKEND": f"updates.s3_storage.{kind}", "OPTIONS": options | {"location": folder}}
        for alias, (kind, folder) in kinds.items()
    }
    for model, field in ((Image, "master"), (ShareCard, "file")):  # they have looked their storage up at the start
        monkeypatch.setattr(model._meta.get_field(field), "storage", storages["private"])
    return bucket


def names(bucket, folder=""):
    return {each.key for each in bucket.objects.filter(Prefix=folder)}


@pytest.fixture
def story(bucket):
    event = make_event(slug="storm")
    image = make_picture(editor_of(event))
    entry = post(event, "Gate", blocks=[PhotoContent(image.pk, "A gate", "Noor")])
    return event, entry


def test_public_sizes_come_from_the_site_and_the_bucket_shows_strangers_nothing(story, bucket, client):
    _event, entry = story
    files = files_of(entry)
    assert names(bucket, "media/") == {f"media/{name}" for name in files}
    assert [name.startswith("private/masters/") for name in names(bucket, "private/")] == [True]
    page = client.get("/storm/").content.decode()
    for name in files:
        assert f"/media/{name}" in page
        answer = client.get(f"/media/{name}")
        assert (answer.status_code, bool(answer.content)) == (200, True)
        assert client.get(f"/media/{name}", headers={"if-none-match": answer["ETag"]}).status_code == 304
    jpeg = next(name for name in files if name.endswith(".jpg"))
    assert client.get(f"/media/{crop_name(jpeg, '4x3')}").status_code == 200
    assert client.get("/media/pictures/" + "0" * 32 + ".webp").status_code == 404
    for summary in bucket.objects.all():
        grants = summary.Object().Acl().grants
        assert not [grant for grant in grants if "URI" in grant["Grantee"]], f"{summary.key} is open to a group"
    with pytest.raises(ValueError, match="private"):
        Image.objects.get().master.url  # noqa: B018 – it has none


def test_a_removal_deletes_the_public_files_and_the_card_and_a_return_makes_them_anew(story, bucket, client):
    event, entry = story
    card = f"{entry.get_absolute_url()}card.jpg"
    assert client.get(card).status_code == 200
    assert len(names(bucket, "private/cards/")) == 1
    before = files_of(entry)
    publishing.remove(entry.pk, editor_of(event))
    assert names(bucket, "media/") == set()
    assert names(bucket, "private/cards/") == set()
    assert {client.get(f"/media/{name}").status_code for name in before} == {404}
    assert client.get(card).status_code == 410
    publishing.restore(entry.pk, editor_of(event))
    entry.refresh_from_db()
    assert names(bucket, "media/") == {f"media/{name}" for name in files_of(entry)}
    assert not set(before) & set(files_of(entry))
    erase_entry(entry.pk, make_user("root", superuser=True), reason="Court order")
    assert names(bucket) == set()


def test_uploads_in_parts_and_sweeps(bucket, settings):
    user, data = make_user(), picture_file((1500, 1000)).read() + b"\0" * PART_SIZE
    upload = Upload(user.pk, "a" * 32, len(data))
    parts = [data[start : start + PART_SIZE] for start in range(0, len(data), PART_SIZE)]
    assert len(parts) > 1
    for number, part in enumerate(parts[:-1]):
        missing = save_part(upload, number, part, user, lambda _user: None)
        assert missing == list(range(number + 1, len(parts)))
    image = save_part(upload, len(parts) - 1, parts[-1], user, lambda _user: None)
    assert names(bucket, "private/masters/") == {f"private/{image.master.name}"}
    assert names(bucket, "private/uploads/") == {f"private/{upload.folder}/done-{image.public_id}"}
    default_storage.save(f"pictures/{'b' * 32}.webp", ContentFile(b"left behind"))
    storages["private"].save("cards/left.jpg", ContentFile(b"left behind"))
    for sweep in (sweep_renditions, sweep_uploads, sweep_cards):
        sweep()
    assert len(names(bucket)) == 4  # all of it is young


def test_export_and_static_copies_have_the_pictures(story, bucket, tmp_path):
    event, entry = story
    output = StringIO()
    call_command("export_event", "storm", stdout=output)
    original = storages["private"].open(Image.objects.get().master.name).read()
    assert in_base64(original) in output.getvalue()
    publishing.change_state(event.pk, "end", editor_of(event))
    call_command("freeze", "storm", str(tmp_path / "frozen"), stdout=StringIO())
    names = {path.name for path in (tmp_path / "frozen" / "pictures").iterdir()}
    assert names == {name.rpartition("/")[2] for name in files_of(entry)}


def test_a_bucket_that_fails_is_like_a_disk_that_does(story, bucket, settings, client):
    private = storages["private"]
    for ask in (private.open, private.size, private.get_modified_time):
        with pytest.raises(FileNotFoundError):
            ask("masters/nothing.jpg")
    assert private.listdir("nowhere") == ([], [])
    private.delete("masters/nothing.jpg")
    gone = settings.STORAGES["private"]["OPTIONS"] | {"bucket_name": "no-such-bucket"}
    settings.STORAGES = settings.STORAGES | {"private": settings.STORAGES["private"] | {"OPTIONS": gone}}
    with pytest.raises(OSError, match="The bucket"):
        storages["private"].save("cards/x.jpg", ContentFile(b"x"))
    closed = settings.STORAGES["private"]["OPTIONS"] | {"endpoint_url": "http://127.0.0.1:9"}
    settings.STORAGES = settings.STORAGES | {"private": settings.STORAGES["private"] | {"OPTIONS": closed}}
    with pytest.raises(OSError, match="could not be reached"):
        storages["private"].size("cards/x.jpg")


class BreaksOff(BaseHTTPRequestHandler):
    def do_HEAD(self):
        self.send_response(200)
        self.send_header("Content-Length", "100")
        self.end_headers()

    def do_GET(self):
        self.do_HEAD()
        self.wfile.write(b"too little")

    def log_message(self, *_words):
        pass


def test_a_file_that_breaks_off_is_like_one_that_a_disk_cannot_read():
    with ThreadingHTTPServer(("127.0.0.1", 0), BreaksOff) as server:
        Thread(target=server.serve_forever).start()
        address = "http://{}:{}".format(*server.server_address)
        keys = {"access_key": "key", "secret_key": "secret", "region_name": "eu-central-1"}
        try:
            with pytest.raises(OSError, match="could not be reached"):
                PrivateFiles(bucket_name="pictures", endpoint_url=address, **keys).open("masters/a.jpg")
        finally:
            server.shutdown()


def test_the_settings_put_both_kinds_into_the_bucket(bucket, server, settings, monkeypatch, tmp_path):
    values = {"BUCKET": bucket.name, "ENDPOINT": server, "REGION": "eu-central-1", "ACCESS_KEY": "k", "SECRET_KEY": "s"}
    for name, value in values.items():
        monkeypatch.setattr(variables, f"S3_{name}", value)
    settings.STORAGES = settings.STORAGES | project.picture_storages(tmp_path)
    storages["default"].save("pictures/a.jpg", ContentFile(b"a"))
    storages["private"].save("masters/a.jpg", ContentFile(b"a"))
    assert names(bucket) == {"media/pictures/a.jpg", "private/masters/a.jpg"}
    assert list(tmp_path.iterdir()) == []
    monkeypatch.setattr(project, "find_spec", lambda _name: None)
    with pytest.raises(ImproperlyConfigured, match="extra s3"):
        project.picture_storages(tmp_path)
