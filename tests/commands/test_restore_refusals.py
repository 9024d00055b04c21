"""What a restore refuses: a newer release, and on PostgreSQL to delete what it was not told to."""

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from tests.factories import make_event, make_user
from updates.backups import BackupError, restore, take_backup
from updates.models import Event
from updates.types import User

pytestmark = [
    pytest.mark.database,
    pytest.mark.django_db(transaction=True),
]


@pytest.fixture
def own_connections(monkeypatch):
    """A restore names the connections of its process, which here runs further tests."""
    yield monkeypatch.setitem(connection.settings_dict["OPTIONS"], "application_name", "tests")
    connection.close()
    connection.close_pool()


@pytest.mark.skipif(connection.vendor != "postgresql", reason="on SQLite the file that was there is put aside")
@pytest.mark.usefixtures("own_connections")
@pytest.mark.parametrize(("make", "there"), [(make_user, "live blogs: 0, users: 1"), (make_event, "live blogs: 1")])
def test_restore_needs_an_empty_database_or_the_word_to_replace(tmp_path, make, there):
    take_backup(tmp_path / "backup")
    make()
    counts = Event.objects.count(), User.objects.count()
    with pytest.raises(CommandError, match=there):
        call_command("restore", tmp_path / "backup")
    assert (Event.objects.count(), User.objects.count()) == counts


def test_backup_of_a_newer_release_is_refused(tmp_path):
    backup = tmp_path / "backup"
    manifest = take_backup(backup)
    manifest.migrations.append("updates.0099_later")
    manifest.write(backup)
    with pytest.raises(BackupError, match=r"newer release: this one has no migration updates.0099_later"):
        restore(backup, manifest)
