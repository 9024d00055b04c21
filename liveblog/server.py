"""Daphne, with what a live blog needs around it: background work, a long listen queue and a polite end.

Daphne has no ASGI lifespan, so what runs beside the requests starts and stops here.
"""

import asyncio
import logging
from typing import Any

from daphne.server import Server
from django.db import DatabaseError
from twisted.internet import defer
from twisted.internet import reactor as installed_reactor

from updates.live.registry import hubs
from updates.live.threads import in_thread
from updates.publishing import sweep
from updates.story.player import Player

logger = logging.getLogger(__name__)

reactor: Any = installed_reactor
"""Twisted's types know the event trigger only by its other name."""

BACKLOG = 2048
"""Connections that may wait to be accepted; Daphne's own 50 is less than one busy second."""

SWEEP_EVERY = 1800.0
"""Seconds between two looks for pictures that nothing published shows any more."""

GOODBYES_WITHIN = 3.0
"""Seconds that telling the readers of a stop may take."""


class LiveServer(Server):  # type: ignore[misc]
    """Runs the demo's player beside the requests, and says goodbye to readers when it is stopped."""

    def run(self) -> None:
        reactor.callWhenRunning(self._start)
        super().run()

    def _start(self) -> None:
        self.tasks = [asyncio.ensure_future(self._run_beside())]
        reactor.addSystemEventTrigger("before", "shutdown", self._stop)

    async def _run_beside(self) -> None:
        """Everything that runs beside the requests, until it is cancelled."""
        hubs().start()
        await asyncio.gather(Player().run(), _sweep_pictures())

    def _stop(self) -> Any:
        for task in self.tasks:
            task.cancel()
        return defer.Deferred.fromFuture(asyncio.ensure_future(hubs().shut(GOODBYES_WITHIN)))

    def kill_all_applications(self) -> Any:
        """Daphne's own stumbles over a connection whose application has already ended."""
        for details in self.connections.values():
            details.setdefault("application_instance", _done())
        return super().kill_all_applications()


async def _sweep_pictures() -> None:
    """Take public sizes back that a crash has left behind."""
    while True:
        try:
            await in_thread(sweep)
        except (DatabaseError, OSError):
            logger.exception("Pictures could not be swept; trying again in %s s", SWEEP_EVERY)
        await asyncio.sleep(SWEEP_EVERY)


def _done() -> "asyncio.Future[None]":
    future: asyncio.Future[None] = asyncio.get_event_loop().create_future()
    future.set_result(None)
    return future


def endpoint(host: str, port: int) -> str:
    """Twisted's description of where to listen."""
    interface = host.replace(":", r"\:")
    return f"tcp:port={port}:interface={interface}:backlog={BACKLOG}"
