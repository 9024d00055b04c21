"""A backup is whole while servers write, is restored onto any database, and is never restored in part."""

import json
import signal
import sqlite3
import subprocess
import sys
import urllib.request
from contextlib import closing, contextmanager
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import pytest
from django.apps import apps
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connection
from websockets.sync.client import connect

from tests.environment import COUNTING
from tests.factories import WIDE, make_editor, make_event, make_picture, make_user, post
from tests.readers import attribute
from tests.servers import CEILING, ROOT, address_of, collect_static, database_url, end, listening_socket, start_server
from updates import publishing
from updates.backups import BackupError, restore, take_backup
from updates.backups.tables import models_of
from updates.models import Event, Image
from updates.publishing import PhotoContent

pytestmark = pytest.mark.services

on_sqlite = pytest.mark.skipif("sqlite" not in str(connection.settings_dict["ENGINE"]), reason="a file of SQLite")

POST = """
from tests.factories import make_event, post
from updates.models import Event
event = Event.objects.filter(slug="{slug}").first() or make_event(title="{slug}", slug="{slug}")
for number in range({count}):
    post(event, f"Update {{number}}")
"""


@pytest.fixture
def place(tmp_path, django_db_setup, django_db_blocker):
    """An installation of its own: a copy of the test database, which is migrated and has no rows of ours."""
    with django_db_blocker.unblock():
        connection.ensure_connection()
        if connection.vendor == "sqlite":
            with closing(sqlite3.connect(tmp_path / "liveblog.sqlite3")) as copy:
                connection.connection.backup(copy)
            yield Place(tmp_path, f"sqlite://{tmp_path}/liveblog.sqlite3")
            return
        with other_database() as url:
            yield Place(tmp_path, url)


@contextmanager
def other_database():
    """An empty database on the same PostgreSQL server."""
    name = f"{connection.settings_dict['NAME']}_other"
    connection.close()
    with connection.cursor() as cursor:
        cursor.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        cursor.execute(f'CREATE DATABASE "{name}"')
    try:
        yield urlunsplit(urlsplit(database_url())._replace(path=f"/{name}"))
    finally:
        with connection.cursor() as cursor:
            cursor.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


class Place:
    def __init__(self, folder, url):
        self.folder, self.url = folder, url
        self.environment = COUNTING | {
            "PATH": "/usr/bin:/bin",
            "DATA_DIR": str(folder),
            "DATABASE_URL": url,
            "LOG_LEVEL": "ERROR",
            "PYTHONWARNINGS": "ignore",
        }

    def run(self, *command):
        return subprocess.run(
            [sys.executable, "manage.py", *command],
            cwd=ROOT, env=self.environment, capture_output=True, text=True, check=False,
        )  # fmt: skip

    def manage(self, *command):
        done = self.run(*command)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def refused(self, *command):
        done = self.run(*command)
        assert done.returncode == 1
        assert "Traceback" not in done.stderr
        return done.stderr

    def post(self, slug, count):
        self.manage("shell", "-v", "0", "-c", POST.format(slug=slug, count=count))

    @contextmanager
    def serving(self, listener):
        command = [sys.executable, "manage.py", "serve", "--fd"]
        process = start_server(command, listener, env=self.environment, stdout=subprocess.DEVNULL)
        try:
            yield process
        finally:
            end(process)


def heads(file):
    with closing(sqlite3.connect(file)) as database:
        return dict(database.execute("SELECT slug, head FROM updates_event"))


def make_newsroom():
    """Rows of many kinds, with a photo and words that a careless format would change."""
    editor = make_editor("ines")
    event = make_event(slug="storm", author=editor)
    picture = make_picture(editor, size=WIDE)
    post(event, "Harbour “closed” \u2028 🌊", blocks=[PhotoContent(picture.pk, alt="A ship", credit="Reuters")])
    for number in range(20):
        post(event, f"Update {number}")
    publishing.remove(event.entries.first().pk, editor, reason="wrong")
    make_user("noor")
    return event


@pytest.mark.django_db(transaction=True)
def test_backup_is_restored_onto_another_database_with_readers_attached(place, tmp_path):
    """The test database's content goes to another database, where a page is open on other content."""
    make_newsroom()
    backup = tmp_path / "backup"
    take_backup(backup)
    if connection.vendor != "sqlite":
        place.manage("migrate", "-v", "0")
    place.post("storm", 30)
    collect_static()
    (place.folder / "static").symlink_to(settings.STATIC_ROOT)
    listener = listening_socket()
    again = listener.dup()
    url = address_of(listener)
    with place.serving(listener) as server:
        page, refused = open_page(url), place.refused("restore", str(backup), "--replace")
        assert len(items_on(page)) == 10
    assert server.returncode == 0
    assert "Stop" in refused

    restored = place.manage("restore", str(backup), *([] if connection.vendor == "sqlite" else ["--replace"]))

    assert "Restored" in restored
    with place.serving(again):
        assert first_frame(url, page)["t"] == "reset"
        fresh = open_page(url)
        assert len(items_on(fresh)) == 10
        assert attribute("data-epoch", fresh) != attribute("data-epoch", page)
        assert attribute("data-seq", fresh) == str(Event.objects.get().head)
    picture = Image.objects.get()
    with picture.master.open() as master:
        assert (tmp_path / "private" / picture.master.name).read_bytes() == master.read()


def open_page(url):
    with urllib.request.urlopen(f"{url}/storm/", timeout=CEILING) as response:
        return response.read().decode()


def items_on(page):
    return page.split("data-entries")[1].split('<article class="entry')[1:]


def first_frame(url, page):
    """What the socket of an open page gets when it connects again."""
    query = f"?v=1&epoch={attribute('data-epoch', page)}&since={attribute('data-seq', page)}"
    address = url.replace("http", "ws", 1) + attribute("data-socket", page) + query
    with connect(address, origin=url, open_timeout=CEILING) as reader:
        return json.loads(reader.recv(CEILING))


@on_sqlite
@pytest.mark.django_db(transaction=True)
def test_a_log_that_a_crash_left_does_not_get_into_the_restored_database(place):
    database, backup = place.folder / "liveblog.sqlite3", place.folder / "backup"
    between = f"from django.core.management import call_command\ncall_command('backup', {str(backup)!r})\n"
    crash = "import os, signal\nos.kill(os.getpid(), signal.SIGKILL)\n"
    only_in_log = "from django.db import connection\nconnection.cursor().execute('PRAGMA wal_autocheckpoint = 0')\n"
    code = POST.format(slug="storm", count=20) + between + only_in_log + POST.format(slug="after", count=40) + crash
    assert place.run("shell", "-v", "0", "-c", code).returncode == -signal.SIGKILL
    assert database.with_name("liveblog.sqlite3-wal").stat().st_size > 0

    place.manage("restore", str(backup))

    assert heads(database) == {"storm": 21}
    with closing(sqlite3.connect(database)) as restored:
        assert restored.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    assert heads(place.folder / "liveblog.sqlite3.replaced") == {"storm": 21, "after": 41}  # its log is still its own


@on_sqlite
@pytest.mark.django_db(transaction=True)
def test_a_restore_that_fails_leaves_the_database_as_it_was(place):
    """Rows that do not fit their checksum are found when they are in the new database."""
    backup = place.folder / "backup"
    between = f"from updates.backups import take_backup\nmanifest = take_backup(Path({str(backup)!r}))\n"
    wrong = f"manifest.digests['updates_entry'] = '0' * 64\nmanifest.write(Path({str(backup)!r}))\n"
    code = POST.format(slug="storm", count=5) + between + wrong + POST.format(slug="storm", count=1)
    place.manage("shell", "-v", "0", "-c", f"from pathlib import Path\n{code}")

    assert "updates_entry are not what the backup has" in place.refused("restore", str(backup))

    assert heads(place.folder / "liveblog.sqlite3") == {"storm": 7}


@on_sqlite
@pytest.mark.django_db(transaction=True)
def test_a_restore_that_is_killed_leaves_the_database_as_it_was(place):
    """It ends as it opens the new file. A server may start then, with the machine, and the restore is repeated."""
    database, backup = place.folder / "liveblog.sqlite3", place.folder / "backup"
    kill = (
        "from django.db.backends.signals import connection_created\n"
        "connection_created.connect(lambda **_signal: os.kill(os.getpid(), signal.SIGKILL), weak=False)\n"
    )
    code = POST.format(slug="storm", count=20) + "import os, signal\nfrom django.core.management import call_command\n"
    code += f"call_command('backup', {str(backup)!r})\n{kill}call_command('restore', {str(backup)!r})\n"
    assert place.run("shell", "-v", "0", "-c", code).returncode == -signal.SIGKILL
    assert heads(database) == {"storm": 21}
    place.manage("restore", str(backup))
    assert heads(database) == heads(place.folder / "liveblog.sqlite3.replaced") == {"storm": 21}


# Without a process of its own


@pytest.mark.django_db(transaction=True)
def test_damaged_backups_are_refused_before_anything_is_changed(tmp_path):
    make_newsroom()
    backup = tmp_path / "backup"
    take_backup(backup)
    call_command("restore", str(backup), check=True, verbosity=0)
    table = backup / "tables" / "updates_entry.jsonl.gz"
    content = table.read_bytes()
    table.write_bytes(content[:-20])
    with pytest.raises(CommandError, match=r"updates_entry.jsonl.gz of the backup is damaged. Nothing was changed"):
        call_command("restore", str(backup))
    table.unlink()
    with pytest.raises(CommandError, match="is missing in the backup"):
        call_command("restore", str(backup))
    (backup / "manifest.json").unlink()
    with pytest.raises(CommandError, match="no finished backup"):
        call_command("restore", str(backup))
    with pytest.raises(BackupError, match="not empty"):
        take_backup(backup)
    assert Event.objects.get().slug == "storm"


@pytest.mark.django_db(transaction=True)
def test_backup_has_every_table_and_file_and_is_for_its_owner_only(tmp_path):
    make_newsroom()
    folder = tmp_path / "backup"
    manifest = take_backup(folder)
    left_out = {model._meta.db_table for model in models_of(apps)} - set(manifest.rows)
    assert left_out <= {
        "django_session", "updates_usersession", "updates_readercount", "updates_deskpresence", "updates_delivery",
        "updates_linklookup", "updates_sharecard", "axes_accessattempt", "axes_accessattemptexpiration",
    }  # fmt: skip
    assert sum(path.startswith("files/updates_rendition.jpeg/pictures/") for path in manifest.files) >= 2
    assert sum(path.startswith("files/updates_image.master/masters/") for path in manifest.files) == 1
    assert folder.stat().st_mode & 0o077 == 0
    assert manifest.missing == []
    assert manifest.rows["updates_event"] == 1


@pytest.mark.django_db(transaction=True)
def test_backup_that_fails_says_why_and_leaves_nothing_behind(tmp_path):
    make_newsroom()
    original = Path(Image.objects.get().master.path)
    original.unlink()
    original.mkdir()
    with pytest.raises(CommandError, match="cannot be written: Is a directory"):
        call_command("backup", str(tmp_path / "monday"))
    original.rmdir()
    assert not (tmp_path / "monday").exists()
    with pytest.raises(CommandError, match=r"monday cannot be written: Not a directory\."):
        call_command("backup", f"{__file__}/monday")


@pytest.mark.django_db(transaction=True)
def test_a_live_blog_that_counts_other_updates_than_it_has_undoes_the_restore(tmp_path, monkeypatch):
    event = make_newsroom()
    backup = tmp_path / "backup"
    manifest = take_backup(backup)
    post(event, "After the backup")
    head = Event.objects.get().head
    monkeypatch.setattr("updates.backups.restoring.items_of", lambda _entries: [])
    with pytest.raises(BackupError, match="rows do not fit together"):
        restore(backup, manifest)
    assert Event.objects.get().head == head
