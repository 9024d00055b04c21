import os
import time
from argparse import ArgumentParser
from pathlib import Path
from typing import Final

from django.core.management import BaseCommand, CommandError
from django.db import connection

from updates.backups import BackupError, Manifest, restore
from updates.management.sqlite_file import no_server_running, put_in_place, written_beside
from updates.models import Event
from updates.types import User

PATIENCE: Final = 3.0
"""Seconds."""


class Command(BaseCommand):
    help = "Replace database and pictures with a backup, bring it to this release and number all live blogs anew."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("dir", type=Path, metavar="DIR", help="folder that manage.py backup wrote")
        parser.add_argument("--replace", action="store_true", help="on PostgreSQL: delete what is there")
        parser.add_argument("--check", action="store_true", help="compare the folder with its checksums and stop")

    def handle(self, *args: object, dir: Path, replace: bool, check: bool, **options: object) -> None:  # noqa: A002
        try:
            manifest = Manifest.read(dir)
            manifest.check_files(dir)
            if check:
                self.stdout.write(
                    f"{dir} is whole: {manifest.rows['updates_event']} live blogs, {manifest.created_at}."
                )
                return
            with no_server_running():
                restored = (
                    _onto_sqlite(dir, manifest) if connection.vendor == "sqlite" else _onto(dir, manifest, replace)
                )
        except BackupError as error:
            raise CommandError(str(error)) from None
        self.stdout.write(restored)


def _onto_sqlite(folder: Path, manifest: Manifest) -> str:
    target = Path(str(connection.settings_dict["NAME"]))
    with written_beside(target) as beside:
        count = restore(folder, manifest)
    replaced = put_in_place(beside, target)
    there = f" The database that was there is {replaced}." if replaced else ""
    return f"{_summary(folder, count)}{there}"


def _onto(folder: Path, manifest: Manifest, replace: bool) -> str:
    """Restore onto PostgreSQL, where other processes may be connected."""
    own = _name_own_connections()
    if others := _other_connections_after(PATIENCE, own):
        raise CommandError(
            f"{others} other connections use this database. Stop the servers first; nothing was changed."
        )
    if not replace and (there := _what_is_there()):
        raise CommandError(f"The database is not empty ({there}). Name an empty one, or add --replace to delete that.")
    return _summary(folder, restore(folder, manifest))


def _summary(folder: Path, count: int) -> str:
    return (
        f"Restored {folder}: {count} live blogs, compared with their checksums and read. Each has a new epoch, so open "
        "pages load themselves again. Everybody logs in again."
    )


def _name_own_connections() -> str:
    """Give the connections of this process a name, since its pool may have several."""
    own = f"restore-{os.getpid()}"
    connection.close()
    connection.close_pool()  # type: ignore[attr-defined]  # PostgreSQL's
    connection.settings_dict["OPTIONS"]["application_name"] = own
    return own


def _other_connections_after(seconds: float, own: str) -> int:
    """Count connections of others; those of a server that has just ended are gone a moment later."""
    end = time.monotonic() + seconds
    while (others := _other_connections(own)) and time.monotonic() < end:
        time.sleep(0.1)
    return others


def _other_connections(own: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT COUNT(*) FROM pg_stat_activity WHERE datname = current_database() AND application_name <> %s"
            " AND backend_type = 'client backend'",
            [own],
        )
        return int(cursor.fetchone()[0])


def _what_is_there() -> str:
    """Count live blogs and accounts; empty where there are none, or no tables for them yet."""
    tables = connection.introspection.table_names()
    counts = {
        model._meta.verbose_name_plural: model.objects.count()
        for model in (Event, User)
        if model._meta.db_table in tables
    }
    return ", ".join(f"{name}: {count}" for name, count in counts.items()) if any(counts.values()) else ""
