"""Calls to another machine, each about some items, made by a thread of its own, so that no operation waits or fails.

Items that are added during a call go into the next one; a call that fails is repeated until it succeeds, after a longer
pause each time.
"""

import atexit
import logging
import time
from collections.abc import Callable, Iterable
from threading import Condition, Thread

logger = logging.getLogger(__name__)

DEADLINE = 5.0
"""Seconds that one call may take."""

LONGEST_PAUSE = 60.0
"""Seconds between two calls while they fail; the pause doubles each time."""

SHUTDOWN_TIME = 3.0
"""Seconds that a process which stops spends on items that still wait."""

SHUTDOWN_PAUSE = 0.5
"""Seconds between two calls while it stops."""


class RepeatedCalls:
    """The items that wait, and the thread that calls about them.

    An item's call comes ``delay`` seconds after it was added, and ``interval`` seconds after its last one. What is
    added until then is one call.
    """

    first_pause = 1.0
    """Seconds after the first call that failed."""

    def __init__(
        self,
        name: str,
        call: Callable[[list[str]], bool],
        *,
        at_once: int,
        delay: float = 0.0,
        interval: float = 0.0,
    ) -> None:
        self.delay, self.interval = delay, interval
        self.failures = 0
        """Calls of this process that failed."""
        self._name, self._call, self._at_once = name, call, at_once
        self._due: dict[str, float] = {}
        self._ready: dict[str, float] = {}
        """By item: when its newest addition may be called about, which is later than ``_due`` after several."""
        self._called: dict[str, float] = {}
        self._changed = Condition()
        self._thread: Thread | None = None
        self._failed_in_a_row = 0
        self._is_calling = False
        self._is_ending = False

    def add(self, items: Iterable[str]) -> None:
        with self._changed:
            now = time.monotonic()
            for item in items:
                self._ready[item] = now + self.delay
                self._due.setdefault(item, self._earliest(item))
            if self._due and self._thread is None:
                self._thread = Thread(target=self._run, name=self._name, daemon=True)
                self._thread.start()
                atexit.register(self._end)
            self._changed.notify_all()

    @property
    def is_idle(self) -> bool:
        with self._changed:  # between two steps of the thread neither is true
            return not self._due and not self._is_calling

    @property
    def waiting(self) -> int:
        return len(self._due)

    @property
    def is_failing(self) -> bool:
        return self._failed_in_a_row > 0

    def _earliest(self, item: str) -> float:
        return max(self._ready[item], self._called.get(item, -self.interval) + self.interval)

    def _run(self) -> None:
        while True:
            with self._changed:
                items = self._take()
                self._is_calling = True
            succeeded = self._succeeds(items)
            with self._changed:
                self._is_calling = False
                if succeeded:
                    self._failed_in_a_row = 0
                else:
                    self._pause_after_failure(items)
                self._changed.notify_all()

    def _succeeds(self, items: list[str]) -> bool:
        """Call. An error that the call did not expect must not end the thread, as nobody would call any more."""
        try:
            return self._call(items)
        except Exception:
            logger.exception("The call about %s failed and is repeated", " ".join(items))
            return False

    def _take(self) -> list[str]:
        """Wait until the call about some items is due, and return them."""
        while True:
            now = time.monotonic()
            due = [item for item, at in self._due.items() if at <= now or self._is_ending][: self._at_once]
            if due:
                self._begin(due, now)
                return due
            self._changed.wait(min(self._due.values()) - now if self._due else None)

    def _begin(self, items: list[str], now: float) -> None:
        """Note the call. An item that was added so late that the call comes too early for it waits for another one."""
        self._forget(now)
        for item in items:
            self._called[item] = now
            del self._due[item]
            if self._ready[item] > now and not self._is_ending:
                self._due[item] = self._earliest(item)

    def _forget(self, now: float) -> None:
        """Drop the times of items that neither wait nor were called about within ``interval``: there are ever more."""
        self._ready = {item: at for item, at in self._ready.items() if item in self._due}
        self._called = {item: at for item, at in self._called.items() if now - at < self.interval}

    def _pause_after_failure(self, items: list[str]) -> None:
        """Put the items back, each once, behind the others: one that is always refused must not keep them waiting."""
        self.failures += 1
        self._failed_in_a_row += 1
        now = time.monotonic()
        for item in items:
            self._due[item] = self._due.pop(item, now)
        pause = min(LONGEST_PAUSE, self.first_pause * 2 ** min(self._failed_in_a_row - 1, 10))
        if not self._changed.wait_for(lambda: self._is_ending, pause):
            return
        self._changed.wait_for(lambda: False, SHUTDOWN_PAUSE)

    def _end(self) -> None:
        with self._changed:
            self._is_ending = True
            self._changed.notify_all()
            self._changed.wait_for(lambda: self.is_idle, SHUTDOWN_TIME)
