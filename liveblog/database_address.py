"""The database, from ``DATABASE_URL``."""

from pathlib import Path
from typing import Final
from urllib.parse import parse_qsl, unquote, urlsplit

from updates.environment import writable
from updates.setting_values import host_of

POOL: Final = {"min_size": 1, "max_size": 24, "timeout": 4, "reconnect_timeout": 2}
"""Of one process. A connection that could not be made within two seconds is given up, and the next request begins a new
one: the pool itself would wait twice as long after each failure, up to minutes. A request waits four seconds, in which
PostgreSQL may restart, and is refused then: the threads of its address are for others."""


def parse_database(text: str) -> dict[str, object]:
    """Read ``postgres://user:password@host:port/name?option=value`` or ``sqlite:////folder/file``.

    Raises ``ValueError`` without naming the address, which may have a password.
    """
    parts = urlsplit(text)
    if parts.scheme == "sqlite":
        if parts.netloc or not parts.path:
            raise ValueError("the address of a SQLite file is sqlite:///, followed by its whole path")
        return sqlite(Path(parts.path))
    if parts.scheme not in {"postgres", "postgresql"}:
        raise ValueError("only postgres:// and sqlite:/// addresses are understood")
    host = host_of(text)
    if not parts.path.removeprefix("/"):
        raise ValueError("the name of the database is missing: postgres://user:password@host/name")
    options: dict[str, str | int] = {
        "connect_timeout": 5,
        "options": "-c lock_timeout=10s -c statement_timeout=60s",  # nobody waits for a row, or a query, for ever
        **dict(parse_qsl(parts.query)),
    }
    _check_options(options)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.removeprefix("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": host,
        "PORT": str(parts.port or ""),
        "CONN_HEALTH_CHECKS": True,  # tests a connection before use, so a restart of the database fails no request
        "OPTIONS": {"pool": POOL, **options},
    }


def _check_options(options: dict[str, str | int]) -> None:
    from psycopg import ProgrammingError, conninfo  # noqa: PLC0415 – takes 0.1 s, which SQLite need not wait for

    try:
        conninfo.make_conninfo("", **options)
    except ProgrammingError as error:
        raise ValueError(f"PostgreSQL does not know one of the options behind “?”: {error}".strip()) from None


def sqlite(file: Path) -> dict[str, object]:
    """Use a write-ahead log, let writers wait up to 20 s, and acknowledge a commit only when it is on the disk.

    What is deleted is overwritten with zeros, so that erased words are not in the file, however SQLite was built.
    """
    writable(file.parent, "DATABASE_URL").mkdir(parents=True, exist_ok=True)
    return {
        "ENGINE": "liveblog.sqlite",
        "CONN_MAX_AGE": None,  # one for each thread; opening one takes longer than most queries
        "NAME": file,
        "TEST": {"NAME": file.with_name(f"test-{file.name}")},  # a file, since servers under test read it too
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA secure_delete=ON;",
        },
    }
