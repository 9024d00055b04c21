"""Why an operation was refused. Nothing has been written when one of these is raised."""

import errno
from typing import Any, Final

from django.db import InternalError, OperationalError
from django.utils.translation import gettext as _

from updates.models import Entry, Event, Revision

UNWRITABLE = (OperationalError, InternalError)
"""Errors of a database that takes no write now: gone, locked or full; ``InternalError`` is PostgreSQL's read-only."""


DISK_FULL: Final = "53100"
"""PostgreSQL’s code."""


def is_disk_full(error: Exception) -> bool:
    if isinstance(error, OSError):
        return error.errno in {errno.ENOSPC, errno.EDQUOT}
    return getattr(error.__cause__, "sqlstate", "") == DISK_FULL or "disk is full" in str(error)


def not_saved(error: Exception, otherwise: str) -> str:
    """Return why the database or a folder took no write: the disk is full, or what is said ``otherwise``."""
    if is_disk_full(error):
        return _(
            "The server’s disk is full, so nothing was saved. What you typed is still here. Tell the people who run it."
        )
    return otherwise


class Refused(Exception):
    """The state of an event or entry does not allow the operation; the message is for the person who asked."""

    def __init__(self, message: object, *, code: str = "refused") -> None:
        super().__init__(str(message))
        self.code = code


class NewerVersion(Refused):
    """Somebody saved a newer version since the form was opened: of ``current``, or of its ``revision``."""

    def __init__(self, message: object, *, current: Entry | Event, revision: Revision | None = None) -> None:
        super().__init__(message, code="newer")
        self.current: Any = current  # the caller knows which, by the operation it called
        self.revision = revision


class Unprepared(Refused):
    """Pictures to be published have no renditions; ``retried`` makes them and begins again."""

    def __init__(self, message: object, *, image_ids: set[int]) -> None:
        super().__init__(message, code="unprepared")
        self.image_ids = image_ids


class Overtaken(Refused):
    """Another operation has changed which rows must be locked; ``retried`` begins again."""


class KeyReused(Refused):
    """An idempotency key came back with other content; ``first`` is the entry that it already made."""

    def __init__(self, message: object, *, first: Entry) -> None:
        super().__init__(message, code="key-reused")
        self.first = first
