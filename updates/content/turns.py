"""One after the other: what unpacks a picture takes much memory for a moment, and must not do so several times over."""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import BoundedSemaphore, Lock
from typing import Final

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

WAITING_AT_MOST: Final = 3
"""Each one that waits holds a thread that readers' pages need as well."""


class Busy(ValidationError):
    """Nothing is wrong with the file: it can be sent again as it is."""

    def __init__(self) -> None:
        super().__init__(
            _("Other pictures are being worked on at this moment. Please send this one again."), code="busy"
        )


class Turns:
    """Lets one in at a time. With ``waiting``, whoever finds as many waiting already is refused with ``Busy``."""

    def __init__(self, waiting: int | None = None) -> None:
        self._turn = Lock()
        self._room = None if waiting is None else BoundedSemaphore(1 + waiting)

    @contextmanager
    def take(self) -> Iterator[None]:
        if self._room is not None and not self._room.acquire(blocking=False):
            raise Busy
        try:
            with self._turn:
                yield
        finally:
            if self._room is not None:
                self._room.release()


UPLOADS: Final = Turns(WAITING_AT_MOST)
"""Files of any make and size: up to half a gigabyte for some seconds."""

MASTERS: Final = Turns()
"""What we keep is never large. It does not wait behind uploads: an update is on its way to readers."""
