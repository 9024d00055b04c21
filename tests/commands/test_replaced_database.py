"""The file of SQLite that a restore replaces is never lost."""

import pytest

from updates.management.sqlite_file import put_aside, put_back

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_restore_that_was_killed_and_is_repeated_leaves_the_first_database(tmp_path):
    target = tmp_path / "liveblog.sqlite3"
    target.write_text("the original")
    (tmp_path / "liveblog.sqlite3-wal").write_text("its log")
    first = put_aside(target)
    target.write_text("half restored")  # and killed: nothing is put back

    second = put_aside(target)

    assert (first.name, first.read_text()) == ("liveblog.sqlite3.replaced", "the original")
    assert (tmp_path / "liveblog.sqlite3.replaced-wal").read_text() == "its log"
    assert (second.name, second.read_text()) == ("liveblog.sqlite3.replaced-1", "half restored")
    assert not target.exists()
    put_back(second, target)
    assert target.read_text() == "half restored"


def test_a_log_that_is_left_of_a_replaced_database_gets_no_other_database(tmp_path):
    """SQLite would play it into that one."""
    target = tmp_path / "liveblog.sqlite3"
    target.write_text("the original")
    (tmp_path / "liveblog.sqlite3.replaced-wal").write_text("a log")
    assert put_aside(target).name == "liveblog.sqlite3.replaced-1"
