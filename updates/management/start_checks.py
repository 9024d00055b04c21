"""What a server checks before it starts, so that it ends with a sentence and not with a failure for each reader."""

import resource
from pathlib import Path
from typing import Final

from django.conf import settings
from django.core.management import CommandError
from django.db import DatabaseError, InternalError, OperationalError, connection

from updates.environment import writable
from updates.live.readiness_checks import connect_once, pending_migrations

BESIDE_READERS: Final = 500
"""Open files of a process beside its readers' sockets: database, logs, requests, static files."""


def check_database(*, needs_tables: bool = True) -> None:
    """Raise ``CommandError`` for a database that cannot be used: wrong host, password or name, or without tables."""
    try:
        connect_once()
        pending = pending_migrations() if needs_tables else []
    except DatabaseError as error:
        raise CommandError(f"The database of DATABASE_URL cannot be used: {_first_line(error)}") from None
    finally:
        connection.close()
        if connection.vendor == "postgresql":
            connection.close_pool()  # type: ignore[attr-defined]  # the process that starts others keeps no connection
    if pending:
        raise CommandError(
            f"The database lacks {len(pending)} migrations, the first {pending[0]}. Run: manage.py migrate"
        )


def check_folders() -> None:
    """Raise ``ImproperlyConfigured`` if pictures cannot be stored, as after a command that root has run."""
    if not settings.S3_BUCKET:
        for folder in (settings.MEDIA_ROOT, settings.DATA_DIR / "private"):
            writable(Path(folder), "DATA_DIR")


def database_problem(error: DatabaseError, *, is_migrating: bool) -> str:
    """Return a sentence about a database that has failed a command; empty if the fault is the program's."""
    try:
        check_database(needs_tables=not is_migrating)
    except CommandError as problem:
        return str(problem)
    reason = _first_line(error)
    return f"The database did not do it: {reason}." if isinstance(error, OperationalError | InternalError) else ""


def _first_line(error: DatabaseError) -> str:
    return next(iter(str(error).strip().splitlines()), type(error).__name__)


def raise_file_limit() -> str:
    """Allow as many open files as the system lets this process. Returns a warning if they are too few."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft < hard:
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    needed = settings.READERS_AT_MOST + BESIDE_READERS
    if not settings.READERS_AT_MOST or hard == resource.RLIM_INFINITY or hard >= needed:
        return ""
    return (
        f"Only {hard} open files are allowed; READERS_AT_MOST={settings.READERS_AT_MOST} needs {needed}. "
        "Set LimitNOFILE= (systemd) or ulimit -n, or lower READERS_AT_MOST."
    )
