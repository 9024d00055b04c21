"""Keeps the log readable: while the database or Redis is away it has one line for each kind of failure, every half a
minute, and one line for a request that was refused.
"""

import logging
import time
from typing import Final

from django.db import DatabaseError, InterfaceError

QUIET: Final = 30.0
"""Seconds in which a failure of the same place is not logged again."""

EACH_ATTEMPT: Final = {"psycopg.pool", "channels_redis.pubsub"}
"""Loggers with a line for each attempt to connect to PostgreSQL, and with a traceback for each to Redis."""


class OutageFilter(logging.Filter):
    """Takes tracebacks from records about a database or Redis that fails, and drops records that repeat one."""

    def __init__(self) -> None:
        super().__init__()
        self._logged: dict[tuple[str, str], float] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        error = record.exc_info[1] if record.exc_info else None
        is_attempt = record.name in EACH_ATTEMPT
        if not isinstance(error, DatabaseError | InterfaceError) and not (is_attempt and error):
            return not is_attempt or self._is_new(record.name, str(record.msg))
        if not self._is_new(record.name, str(record.msg)):
            return False
        reason = (str(error).strip().splitlines() or [type(error).__name__])[0]
        record.msg, record.args = f"{record.getMessage()} ({reason})", ()
        record.exc_info = record.exc_text = None
        return True

    def _is_new(self, name: str, message: str) -> bool:
        now = time.monotonic()
        if now - self._logged.get((name, message), -QUIET) < QUIET:
            return False
        self._logged[name, message] = now
        return True


class RefusalFilter(logging.Filter):
    """Takes tracebacks from records about refused requests. Django logs one for a bad ``Host``, so strangers could fill
    the disk with them.
    """

    def filter(self, record: logging.LogRecord) -> bool:
        if 400 <= getattr(record, "status_code", 0) < 500:
            record.exc_info = record.exc_text = None
        return True
