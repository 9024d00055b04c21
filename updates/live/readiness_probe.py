"""Asks the database within a second, whatever it does: a probe that waits is taken for a dead process.

A connection can be open and pass nothing, for ever. So a thread asks, of which there is one at a time.
"""

import os
from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path
from threading import Lock, Thread
from time import monotonic
from typing import Final

from django.db import DatabaseError, InterfaceError, connection

from .readiness_checks import unmet

WITHIN: Final = 0.8
"""Seconds."""

State = tuple[str, dict[str, str]]
"""The state of the database, and what else is missing."""

GONE: Final[State] = ("gone", {})


class Probe:
    def __init__(self, examine: Callable[[], State]) -> None:
        self._examine = examine
        self._lock = Lock()
        self._until = 0.0
        self._running: Future[State] | None = None

    def ask(self) -> State:
        """Return the state, or that the database is gone if it is not known within ``WITHIN``."""
        with self._lock:
            if self._running is None or self._running.done():
                future: Future[State] = Future()
                Thread(target=self._run, args=(future,), name="readiness", daemon=True).start()
                self._running = future  # only now: a thread that could not start would be waited for without end
                self._until = monotonic() + WITHIN
            running, left = self._running, self._until - monotonic()
        try:
            return running.result(max(0, left))  # who asks later does not wait anew
        except TimeoutError:
            return GONE

    def _run(self, answer: "Future[State]") -> None:
        try:
            answer.set_result(self._examine())
        except Exception as error:  # noqa: BLE001 – whoever asks gets it
            answer.set_exception(error)
        finally:
            connection.close()  # it is this thread's, which ends


def examine() -> State:
    try:
        database = _database()
        return database, unmet() if database == "ok" else {}
    except Exception as error:
        if not _is_of_database(error):
            raise
        return GONE


def _is_of_database(error: Exception) -> bool:
    """Return whether the connection broke. The pool raises errors of psycopg, which SQLite need not import."""
    return isinstance(error, DatabaseError | InterfaceError) or type(error).__module__.startswith("psycopg")


probe: Final = Probe(examine)


_IS_READ_ONLY: Final = {"sqlite": "PRAGMA query_only", "postgresql": "SHOW transaction_read_only"}
"""By vendor: after a failover PostgreSQL may be a standby, which takes no writes."""


def _database() -> str:
    if not _is_within_reach():
        return "gone"
    with connection.cursor() as cursor:
        cursor.execute(_IS_READ_ONLY[connection.vendor])
        is_read_only = str(cursor.fetchone()[0]) in {"1", "on"} or _is_read_only_file()
    return "read-only" if is_read_only else "ok"


def _is_read_only_file() -> bool:
    path = Path(str(connection.settings_dict["NAME"]))
    return connection.vendor == "sqlite" and path.exists() and not os.access(path, os.W_OK)


def _is_within_reach() -> bool:
    """Return whether the pool has a connection in time. Requests wait longer for one."""
    pool = getattr(connection, "pool", None)
    if pool is None or connection.connection is not None:
        return True
    from psycopg_pool import PoolTimeout  # noqa: PLC0415 – takes 0.05 s, which SQLite need not wait for

    try:
        with pool.connection(timeout=WITHIN):
            return True
    except PoolTimeout:
        return False
