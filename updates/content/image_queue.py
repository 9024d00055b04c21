"""One after the other: what unpacks a picture takes much memory for a moment, and must not do so several times over."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import BoundedSemaphore
from typing import Final, ParamSpec, TypeVar

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

P = ParamSpec("P")
R = TypeVar("R")

WAITING_AT_MOST: Final = 3
"""Each one that waits holds a thread that readers' pages need as well."""


class Busy(ValidationError):
    """Nothing is wrong with the file: it can be sent again as it is."""

    def __init__(self) -> None:
        super().__init__(
            _("Other pictures are being worked on at this moment. Please send this one again."), code="busy"
        )


class Turns:
    """Works in one thread, in the order of asking; the C library keeps much of what it once gave to a thread for that
    thread, so with many they would add up. With ``waiting``, whoever finds as many waiting is refused with ``Busy``."""

    def __init__(self, name: str, waiting: int | None = None) -> None:
        self._thread = ThreadPoolExecutor(1, thread_name_prefix=name)
        self._room = None if waiting is None else BoundedSemaphore(1 + waiting)

    def run(self, work: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
        if self._room is not None and not self._room.acquire(blocking=False):
            raise Busy
        try:
            return self._thread.submit(work, *args, **kwargs).result()
        finally:
            if self._room is not None:
                self._room.release()


UPLOADS: Final = Turns("uploads", WAITING_AT_MOST)
"""Files of any make and size: up to half a gigabyte for some seconds."""

MASTERS: Final = Turns("masters")
"""What we keep is never large. It does not wait behind uploads: an update is on its way to readers."""
