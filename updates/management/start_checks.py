"""What a server checks before it starts, so that it ends with a sentence and not with a failure for each reader."""

import resource
from typing import Final

from django.conf import settings
from django.core.management import CommandError
from django.db import DatabaseError, connection

from updates.live.readiness_checks import connect_once, pending_migrations

BESIDE_READERS: Final = 500
"""Open files of a process beside its readers' sockets: database, logs, requests, static files."""


def check_database() -> None:
    """Raise ``CommandError`` for a database that cannot be used: wrong host, password or name, or without tables."""
    try:
        connect_once()
        pending = pending_migrations()
    except DatabaseError as error:
        reason = str(error).strip().splitlines()[0]
        raise CommandError(f"The database of DATABASE_URL cannot be used: {reason}") from None
    finally:
        connection.close()
        if connection.vendor == "postgresql":
            connection.close_pool()  # type: ignore[attr-defined]  # the process that starts others keeps no connection
    if pending:
        raise CommandError(
            f"The database lacks {len(pending)} migrations, the first {pending[0]}. Run: manage.py migrate"
        )


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
