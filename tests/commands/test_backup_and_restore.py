"""A backup is sound while servers write, and a restore cannot be ruined by what a crash has left."""

import signal
import sqlite3
import subprocess
import sys
from contextlib import closing

import pytest
from django.db import connection

from tests.servers import ROOT

pytestmark = [
    pytest.mark.services,
    pytest.mark.skipif("sqlite" not in str(connection.settings_dict["ENGINE"]), reason="PostgreSQL has pg_restore"),
]

POST = """
from tests.factories import make_event, post
event = make_event(title="{title}")
for number in range({count}):
    post(event, f"Update {{number}}")
"""


@pytest.fixture
def place(tmp_path, django_db_setup, django_db_blocker):
    """An installation of its own, with a copy of the test database, which is migrated and has no rows of ours."""
    with django_db_blocker.unblock(), closing(sqlite3.connect(tmp_path / "liveblog.sqlite3")) as copy:
        connection.ensure_connection()
        connection.connection.backup(copy)
    return tmp_path


def manage(place, *command, check=True):
    return subprocess.run(
        [sys.executable, "manage.py", *command],
        cwd=ROOT,
        env=environment(place),
        check=check,
        capture_output=True,
        text=True,
    )


def environment(place):
    return {"PATH": "/usr/bin:/bin", "DATA_DIR": str(place), "LOG_LEVEL": "ERROR", "PYTHONWARNINGS": "ignore"}


def heads(file):
    with closing(sqlite3.connect(file)) as database:
        return dict(database.execute("SELECT title, head FROM updates_event"))


def epochs(file):
    with closing(sqlite3.connect(file)) as database:
        return dict(database.execute("SELECT title, epoch FROM updates_event"))


def test_a_log_that_a_crash_left_does_not_get_into_the_restored_database(place):
    database, backup = place / "liveblog.sqlite3", place / "copy.sqlite3"
    between = f"from django.core.management import call_command\ncall_command('backup', {str(backup)!r})\n"
    crash = "import os, signal\nos.kill(os.getpid(), signal.SIGKILL)\n"
    code = POST.format(title="Storm", count=20) + between + POST.format(title="After", count=40) + crash
    run = subprocess.run(
        [sys.executable, "manage.py", "shell", "-v", "0", "-c", code], cwd=ROOT, env=environment(place), check=False
    )
    assert run.returncode == -signal.SIGKILL
    assert database.with_name("liveblog.sqlite3-wal").stat().st_size > 0
    before, numbering = heads(backup), epochs(backup)

    manage(place, "restore", str(backup))

    assert heads(database) == before == {"Storm": 21}
    assert epochs(database) != numbering
    with closing(sqlite3.connect(database)) as restored:
        assert restored.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    assert set(heads(place / "liveblog.sqlite3.replaced")) == {"Storm", "After"}


def test_restore_refuses_while_a_server_runs_and_changes_nothing(place):
    backup = place / "copy.sqlite3"
    manage(place, "backup", str(backup))
    process = subprocess.Popen(
        [sys.executable, "manage.py", "serve", "--port", "0"],
        cwd=ROOT, env=environment(place), stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
    )  # fmt: skip
    try:
        assert "Serving on" in process.stdout.readline()
        refused = manage(place, "restore", str(backup), check=False)
    finally:
        process.terminate()
        process.wait(60)
        process.stdout.close()

    assert refused.returncode != 0
    assert "A server is running on this database" in refused.stderr
    assert not (place / "liveblog.sqlite3.replaced").exists()
    assert manage(place, "restore", str(backup)).returncode == 0


def test_a_damaged_backup_is_refused_and_the_database_stays(place):
    manage(place, "shell", "-v", "0", "-c", POST.format(title="Storm", count=5))
    whole, backup = place / "copy.sqlite3", place / "damaged.sqlite3"
    manage(place, "backup", str(whole))
    data = bytearray(whole.read_bytes())
    data[20_000:60_000] = b"\xff" * 40_000
    backup.write_bytes(bytes(data))
    (place / "text.sqlite3").write_text("not a database")

    for file in (backup, place / "text.sqlite3", place / "absent.sqlite3"):
        refused = manage(place, "restore", str(file), check=False)
        assert refused.returncode != 0
        assert "Traceback" not in refused.stderr
    assert heads(place / "liveblog.sqlite3") == heads(whole)
