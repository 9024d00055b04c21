"""The SQLite database as a file, which is moved aside by a restore while no server runs."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import chain, count
from pathlib import Path
from typing import IO, Final

from django.conf import settings
from django.core.management import CommandError
from django.db import connection

BESIDE: Final = ("-wal", "-shm", "-journal")
"""Endings of the files that SQLite keeps beside a database and plays back into it when it is opened."""


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
            raise CommandError("A server is running with this DATA_DIR. Stop it first; nothing was changed.") from None
        yield


@contextmanager
def written_beside(target: Path) -> Iterator[Path]:
    """Let the connection write a new file beside the database, which stays as it is: this process may be killed.

    Yields the new file. It is deleted if writing it fails.
    """
    beside, name = Path(f"{target}.arriving"), connection.settings_dict["NAME"]
    connection.close()
    _delete(beside)
    connection.settings_dict["NAME"] = beside
    try:
        yield beside
    except BaseException:
        connection.close()
        _delete(beside)
        raise
    finally:
        connection.close()
        connection.settings_dict["NAME"] = name


def put_in_place(beside: Path, target: Path) -> Path | None:
    """Make a file the database. Return where the one that was there is now; ``None`` if there was none.

    The files beside it go with it: SQLite would play a write-ahead log that a crash has left into the new file, and
    ruin it. What was put aside before stays.
    """
    existed = target.exists()
    replaced = _unused_name(f"{target}.replaced")
    _move(target, replaced)
    _move(beside, target)
    _sync_folder(target.parent)
    return replaced if existed else None


def _move(source: Path, target: Path) -> None:
    for ending in (*BESIDE, ""):
        if (old := Path(f"{source}{ending}")).exists():
            old.rename(f"{target}{ending}")


def _delete(file: Path) -> None:
    for ending in ("", *BESIDE):
        Path(f"{file}{ending}").unlink(missing_ok=True)


def _unused_name(name: str) -> Path:
    """Return the name, or the first of it with -1, -2, … that neither a file nor one beside it has."""
    names = chain([name], (f"{name}-{number}" for number in count(1)))
    return Path(next(each for each in names if not any(Path(f"{each}{ending}").exists() for ending in ("", *BESIDE))))


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
