"""Pictures while a backup is restored."""

from pathlib import Path

import pytest
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

from tests.factories import make_picture, make_user
from updates.backups import restore, take_backup
from updates.models import Image

pytestmark = [pytest.mark.services, pytest.mark.django_db(transaction=True)]


def read(file):
    """The content as it is stored now; a file that was opened keeps what it had."""
    with file.storage.open(file.name) as stored:
        return stored.read()


def test_a_restore_that_fails_keeps_the_pictures_of_the_site(tmp_path):
    """The backup's file cannot be read any more when it is its turn."""
    make_picture(make_user())
    backup = tmp_path / "backup"
    manifest = take_backup(backup)
    master = Image.objects.get().master
    content = read(master)
    (backup / "files" / "updates_image.master" / master.name).unlink()
    (backup / "tables" / "updates_image.jsonl.gz").unlink()

    with pytest.raises(FileNotFoundError, match=r"updates_image\.jsonl\.gz"):
        restore(backup, manifest)

    assert read(master) == content


def test_a_file_with_other_content_is_replaced(tmp_path):
    make_picture(make_user())
    manifest = take_backup(tmp_path / "backup")
    master = Image.objects.get().master
    content = read(master)
    Path(master.path).write_bytes(b"something else")

    restore(tmp_path / "backup", manifest)

    assert read(master) == content


def test_a_file_that_fails_leaves_the_tables_of_this_release(tmp_path):
    """The backup is of a release before Django's last migration of accounts."""
    make_picture(make_user())
    manifest = take_backup(tmp_path / "backup")
    master = Image.objects.get().master
    (tmp_path / "backup" / "files" / "updates_image.master" / master.name).unlink()
    master.storage.delete(master.name)
    applied = MigrationRecorder(connection).applied_migrations().keys()
    last = max(each for each in applied if each[0] == "auth")
    manifest.migrations.remove(".".join(last))

    with pytest.raises(FileNotFoundError):
        restore(tmp_path / "backup", manifest)

    assert MigrationRecorder(connection).applied_migrations().keys() == applied
