"""CDN purges: each response carries surrogate keys, and one call names those that are stale.

Without ``PURGE_URL`` nothing is called: what shared caches may keep lives for three seconds. With it, every operation
that changes or takes away something published is followed, after its commit, by::

    POST <PURGE_URL>
    <PURGE_HEADERS>
    Surrogate-Key: event-storm-maren lists picture-0f3a…
    Content-Type: application/json

    {"<PURGE_FIELD>": ["event-storm-maren", "lists", "picture-0f3a…"]}

A thread of its own makes the call, so it never delays or fails an operation. Keys added during a call go into the next
one; a call that fails is repeated until it succeeds, after a longer pause each time.
"""

import atexit
import json
import logging
from collections.abc import Iterable
from pathlib import PurePosixPath
from threading import Condition, Thread
from urllib.request import Request, urlopen

from django.conf import settings

logger = logging.getLogger(__name__)

DEADLINE = 5.0
"""Seconds that one call may take."""

FIRST_PAUSE = 1.0
LONGEST_PAUSE = 60.0
"""Seconds between two calls while they fail; the pause doubles each time."""

MAX_KEYS = 30
"""Of one call; every CDN takes as many."""

SHUTDOWN_TIME = 3.0
"""Seconds that a process which stops spends on keys that still wait."""

SHUTDOWN_PAUSE = 0.5
"""Seconds between two calls while it stops."""


LISTS = "lists"
"""Key of every page that lists events or entries of several: front page, archive and corrections.

Naming all that is listed would make a header longer than a proxy accepts (nginx: 4 kB in all).
"""


def event_key(slug: str) -> str:
    """Return the key of every response about an event and its entries."""
    return f"event-{slug}"


def entry_key(public_id: str) -> str:
    """Return the key of an entry's own page, which also has its event's."""
    return f"entry-{public_id}"


def picture_key(name: str) -> str:
    """Return the key of a picture's public file, from its path or its name."""
    return f"picture-{PurePosixPath(name).stem}"


class Purger:
    """The keys that wait, and the thread that sends them."""

    def __init__(self) -> None:
        self.failures = 0
        """Calls of this process that failed."""
        self._keys: dict[str, None] = {}
        self._changed = Condition()
        self._thread: Thread | None = None
        self._failed_in_a_row = 0
        self._is_calling = False
        self._is_ending = False

    def add(self, keys: Iterable[str]) -> None:
        with self._changed:
            self._keys.update(dict.fromkeys(keys))
            if self._keys and self._thread is None:
                self._thread = Thread(target=self._run, name="purge", daemon=True)
                self._thread.start()
                atexit.register(self._end)
            self._changed.notify_all()

    @property
    def health(self) -> str:
        if not settings.PURGE_URL:
            return "off"
        return "failing: shared caches forget by themselves, later" if self._failed_in_a_row else "ok"

    def _run(self) -> None:
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._keys)
                keys = list(self._keys)[:MAX_KEYS]
                for key in keys:
                    del self._keys[key]
                self._is_calling = True
            succeeded = self._call(keys)
            with self._changed:
                self._is_calling = False
                if succeeded:
                    self._failed_in_a_row = 0
                else:
                    self._pause_after_failure(keys)
                self._changed.notify_all()

    def _pause_after_failure(self, keys: list[str]) -> None:
        """Put the keys back first, each once, so that no more keys wait than there are."""
        self.failures += 1
        self._failed_in_a_row += 1
        self._keys = dict.fromkeys(keys) | self._keys
        pause = min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** (self._failed_in_a_row - 1))
        if not self._changed.wait_for(lambda: self._is_ending, pause):
            return
        self._changed.wait_for(lambda: False, SHUTDOWN_PAUSE)

    def _call(self, keys: list[str]) -> bool:
        body = json.dumps({settings.PURGE_FIELD: keys}).encode()
        headers = {"Content-Type": "application/json", "Surrogate-Key": " ".join(keys)} | settings.PURGE_HEADERS
        request = Request(settings.PURGE_URL, body, headers, method="POST")  # noqa: S310 – the operator's own address
        try:
            with urlopen(request, timeout=DEADLINE) as response:  # noqa: S310 – as above  # nosec B310
                response.read()
        except (OSError, ValueError) as error:  # no connection, a refusal, or no HTTP
            logger.warning(
                "The purge call to %s for %s failed and is repeated: %s", settings.PURGE_URL, " ".join(keys), error
            )
            return False
        return True

    def _end(self) -> None:
        with self._changed:
            self._is_ending = True
            self._changed.notify_all()
            self._changed.wait_for(lambda: not self._keys and not self._is_calling, SHUTDOWN_TIME)


purger = Purger()


def purge(keys: Iterable[str]) -> None:
    """Tell the CDN, if there is one, which keys are stale. Call it after the commit."""
    if settings.PURGE_URL:
        purger.add(keys)
