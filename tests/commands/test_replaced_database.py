"""The file of SQLite that a restore replaces is never lost."""

import pytest
from django.db import connection

from updates.management.sqlite_file import put_in_place, written_beside

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def target(tmp_path):
    file = tmp_path / "liveblog.sqlite3"
    file.write_text("the original")
    return file


def written(target, text):
    beside = target.with_name("liveblog.sqlite3.arriving")
    beside.write_text(text)
    return beside


def test_databases_that_were_replaced_are_all_kept(target):
    log = target.with_name("liveblog.sqlite3-wal")
    log.write_text("its log")
    first = put_in_place(written(target, "monday"), target)
    second = put_in_place(written(target, "tuesday"), target)

    assert (first.name, first.read_text()) == ("liveblog.sqlite3.replaced", "the original")
    assert first.with_name("liveblog.sqlite3.replaced-wal").read_text() == "its log"
    assert (second.name, second.read_text()) == ("liveblog.sqlite3.replaced-1", "monday")
    assert (target.read_text(), log.exists()) == ("tuesday", False)


def test_a_log_that_is_left_of_a_replaced_database_gets_no_other_database(target):
    """SQLite would play it into that one."""
    target.with_name("liveblog.sqlite3.replaced-wal").write_text("a log")
    assert put_in_place(written(target, "monday"), target).name == "liveblog.sqlite3.replaced-1"


def test_where_no_database_was_none_is_put_aside(target):
    target.unlink()
    assert put_in_place(written(target, "monday"), target) is None
    assert [file.name for file in target.parent.iterdir()] == ["liveblog.sqlite3"]


@pytest.mark.skipif(connection.vendor != "sqlite", reason="a file of SQLite")
def test_writing_that_fails_leaves_nothing_beside_the_database(target):
    def interrupted():
        with written_beside(target), connection.cursor() as cursor:
            cursor.execute("CREATE TABLE half (id INTEGER)")
            raise KeyboardInterrupt

    written(target, "what a killed restore has left")
    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert [(file.name, file.read_text()) for file in target.parent.iterdir()] == [("liveblog.sqlite3", "the original")]
    assert "updates_event" in connection.introspection.table_names(), "the connection has its own database again"
