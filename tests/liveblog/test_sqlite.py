import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from liveblog.database_address import sqlite
from liveblog.sqlite.base import DatabaseWrapper


def made(path, word):
    with sqlite3.connect(path) as file:
        file.execute("CREATE TABLE words (word)")
        file.execute("INSERT INTO words VALUES (?)", [word])
    file.close()
    return path


@pytest.fixture
def database(tmp_path, django_db_blocker):
    settings = sqlite(made(tmp_path / "news.sqlite3", "old"))
    defaults = {"TIME_ZONE": None, "AUTOCOMMIT": True, "ATOMIC_REQUESTS": False, "CONN_HEALTH_CHECKS": False}
    with django_db_blocker.unblock():
        wrapper = DatabaseWrapper(defaults | settings)
        yield wrapper
        wrapper.close()


def word_of(database):
    database.close_if_unusable_or_obsolete()
    with database.cursor() as cursor:
        return cursor.execute("SELECT word FROM words").fetchone()[0]


def test_connection_is_kept(database):
    word_of(database)
    first = database.connection
    assert word_of(database) == "old"
    assert database.connection is first


def test_file_put_in_the_place_of_another_is_read(database, tmp_path):
    assert word_of(database) == "old"
    made(tmp_path / "backup.sqlite3", "restored").replace(Path(database.settings_dict["NAME"]))
    assert word_of(database) == "restored"


def test_connection_that_failed_and_is_beyond_use_is_replaced(database):
    word_of(database)
    database.connection.close()
    database.errors_occurred = True
    assert word_of(database) == "old"


def test_connection_that_failed_and_works_is_kept(database):
    word_of(database)
    first = database.connection
    database.errors_occurred = True
    word_of(database)
    assert database.connection is first


def test_a_further_connection_drops_no_lock_of_this_process(database, tmp_path):
    """POSIX drops all locks of a process on a file once it closes any descriptor of that file.

    Without them another process that ends takes itself for the last user, and deletes the write-ahead log under us.
    """
    word_of(database)
    log = (tmp_path / "news.sqlite3-wal").stat().st_ino
    further = DatabaseWrapper(database.settings_dict)
    further.ensure_connection()

    code = (
        "import sqlite3, sys; c = sqlite3.connect(sys.argv[1]); c.execute('SELECT * FROM words').fetchall(); c.close()"
    )
    subprocess.run([sys.executable, "-c", code, str(tmp_path / "news.sqlite3")], check=True)

    assert (tmp_path / "news.sqlite3-wal").stat().st_ino == log
    further.close()
