"""The SQLite database as a file: copied while servers run, and put back while none does."""

import fcntl
import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import IO, Final

from django.conf import settings
from django.core.management import CommandError
from django.db import connection

BESIDE: Final = ("-wal", "-shm", "-journal")
"""Endings of the files that SQLite keeps beside a database and plays back into it when it is opened."""


def database_file() -> Path:
    if connection.vendor != "sqlite":
        raise CommandError("The database is not SQLite: use pg_dump and pg_restore, then manage.py new_epoch --all.")
    return Path(str(connection.settings_dict["NAME"]))


def hold_serving_lock() -> IO[str]:
    """Mark this process as a server until it ends. Raises ``CommandError`` while a database is being restored."""
    lock = _lock_file().open("a")
    try:
        fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        raise CommandError("The database is being restored. Start the server when that is done.") from None
    return lock


@contextmanager
def no_server_running() -> Iterator[None]:
    """Keep servers from starting meanwhile. Raises ``CommandError`` where one runs on this ``DATA_DIR``."""
    with _lock_file().open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise CommandError("A server is running on this database. Stop it first; nothing was changed.") from None
        yield


def copy_to(target: Path) -> None:
    """Write a consistent copy, also while servers write. Raises ``CommandError`` where the copy is not sound."""
    partial = target.with_name(f"{target.name}.partial")
    partial.unlink(missing_ok=True)
    partial.touch(0o600)
    connection.ensure_connection()
    with closing(sqlite3.connect(partial)) as copy:
        connection.connection.backup(copy)
        copy.execute("PRAGMA journal_mode=DELETE")  # so that the copy is one file
    check_sound(partial)
    partial.replace(target)


def put_back(backup: Path) -> Path:
    """Make a backup the database, and return where the replaced one lies.

    The files beside the old database go with it: SQLite would play a write-ahead log that a crash has left into the
    restored file, and ruin it.
    """
    target = database_file()
    check_sound(backup)
    arriving = target.with_name(f"{target.name}.arriving")
    arriving.unlink(missing_ok=True)
    arriving.touch(0o600)
    shutil.copyfile(backup, arriving)
    check_sound(arriving)
    connection.close()
    replaced = target.with_name(f"{target.name}.replaced")
    for ending in ("", *BESIDE):
        old, aside = Path(f"{target}{ending}"), Path(f"{replaced}{ending}")
        aside.unlink(missing_ok=True)
        if old.exists():
            old.rename(aside)
    arriving.replace(target)
    _sync_folder(target.parent)
    return replaced


def check_sound(file: Path) -> None:
    """Raise ``CommandError`` unless the file is a whole database of a live blog."""
    if not file.is_file():
        raise CommandError(f"There is no file {file}.")
    if left := [ending for ending in BESIDE if Path(f"{file}{ending}").exists()]:
        raise CommandError(f"{file}{left[0]} stands beside it: a copy of a running database. Use manage.py backup.")
    try:
        with closing(sqlite3.connect(f"{file.resolve().as_uri()}?mode=ro&immutable=1", uri=True)) as database:
            [verdict] = database.execute("PRAGMA integrity_check(1)").fetchone()
            database.execute("SELECT COUNT(*) FROM updates_event").fetchone()
    except sqlite3.DatabaseError as error:
        raise CommandError(f"{file} is no sound database of a live blog: {error}.") from None
    if verdict != "ok":
        raise CommandError(f"{file} is damaged: {verdict}.")


def _lock_file() -> Path:
    folder = Path(settings.DATA_DIR)
    folder.mkdir(parents=True, exist_ok=True)
    return folder / "serving.lock"


def _sync_folder(folder: Path) -> None:
    """Put the renaming on the disk, too."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
