"""Lanes of requests: readers, the desk, sign-ins and probes each have threads of their own.

With one pool for all, a row that is locked at the desk, or a flood of wrong passwords, would keep readers' pages of
every event waiting, and the probes with them.
"""

import os
import threading
from dataclasses import dataclass, fields
from typing import Final

from asgiref.typing import HTTPScope
from django.conf import settings

from liveblog.request_threads import RequestThreads
from liveblog.security import ADMIN_PREFIX
from updates.metrics import REQUESTS_WAITING, THREADS

SIGN_IN_THREADS: Final = 2
"""Password hashes take a core for a tenth of a second each, by design."""

MAX_WAITING: Final = 200
"""Requests of one lane that may wait for a thread; a further one is answered with 503 at once."""

READERS_FOR_ONE: Final = 2
"""Threads that one address has at most for pages that are drawn for it. Off with ``SOCKETS_PER_ADDRESS`` 0."""

MAX_WAITING_SIGN_INS: Final = 30
"""Some three seconds of work for two threads."""

SIGN_IN_PATHS: Final = ("login/", "password_change/", "account/second-factor/", "updates/event/welcome/")
"""Under the admin: where a password is checked or set."""

PROBES: Final = ("/healthz", "/readyz", "/metrics")

NICE: Final = 10
"""Lower priority of the threads that hash passwords, so that a reader's page comes first on a busy core."""


@dataclass(frozen=True)
class Lanes:
    readers: RequestThreads
    desk: RequestThreads
    sign_in: RequestThreads
    health: RequestThreads
    readiness: RequestThreads

    def of(self, scope: HTTPScope) -> RequestThreads:
        path = scope["path"]
        if path.removeprefix(settings.URL_PREFIX) in PROBES:
            return self.health if path.endswith(PROBES[0]) else self.readiness
        if not path.startswith(ADMIN_PREFIX):
            return self.readers
        return self.sign_in if is_sign_in(scope) else self.desk

    def measure(self) -> None:
        for lane in fields(self):
            threads: RequestThreads = getattr(self, lane.name)
            THREADS.labels(lane.name, "idle").set(threads.idle)
            THREADS.labels(lane.name, "busy").set(threads.made - threads.idle)
            REQUESTS_WAITING.labels(lane.name).set(threads.count_waiting())


def is_sign_in(scope: HTTPScope) -> bool:
    """Return whether a request has a password to check or to set."""
    below = scope["path"].removeprefix(ADMIN_PREFIX)
    return scope["method"] == "POST" and below != scope["path"] and below.startswith(SIGN_IN_PATHS)


def lanes(threads: int) -> Lanes:
    """Share ``threads`` between readers and the desk; 0 stands for any number."""
    for_one = READERS_FOR_ONE if settings.SOCKETS_PER_ADDRESS else 0
    return Lanes(
        readers=RequestThreads(threads and max(1, threads // 2), MAX_WAITING, for_one=for_one),
        desk=RequestThreads(threads and max(1, threads - threads // 2), MAX_WAITING),
        sign_in=RequestThreads(SIGN_IN_THREADS, MAX_WAITING_SIGN_INS, initializer=_yield_to_others),
        health=RequestThreads(1, MAX_WAITING),
        readiness=RequestThreads(1, MAX_WAITING),
    )


def _yield_to_others() -> None:
    """Lower the priority of this thread. Linux counts it by thread; elsewhere it would be the whole process's."""
    if os.uname().sysname == "Linux":
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), NICE)
