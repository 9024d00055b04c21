"""The hubs and desks of this process, and what wakes them: nudges, this process's own operations, and a tick."""

import asyncio
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache

from django.conf import settings
from django.db import Error as DatabaseError

from updates import metrics, nudge
from updates.queries.reader_pages import heads, socket_target

from .desk.presence import events_with_writers
from .desk.rooms import DeskRooms
from .hub import DRAINING, Hub
from .reader_counts import ReaderCounter
from .receipts import receipts
from .redis_health import RedisProbe
from .subscriptions import Subscriptions
from .tasks import Tasks, keep_running
from .threads import in_thread

logger = logging.getLogger(__name__)

KEEP_IDLE = 60.0
"""Seconds that a hub outlives its last reader, so that a page reloaded by its only reader needs no query."""


class Hubs:
    """Hubs by event, each made for its first reader.

    ``start`` is called by our server; on any other ASGI server the first reader does it.
    """

    def __init__(self) -> None:
        self._hubs: dict[int, Hub] = {}
        self._event_ids: dict[str, int] = {}
        self._running: list[asyncio.Task[None]] = []
        self._nudges = Tasks()
        self._subscriptions = Subscriptions()
        self.redis = RedisProbe(self._subscriptions.renew, self._wake_all)
        self.reader_counter = ReaderCounter(self._hubs)
        self.desks = DeskRooms(self._subscriptions, self._readers_first)
        self.is_ending = False
        self._is_database_gone = False
        self.arrivals = 0
        """Sockets that are being opened."""

    def __iter__(self) -> Iterator[Hub]:
        return iter(self._hubs.values())

    @contextmanager
    def arrival(self) -> Iterator[None]:
        """Count a socket among the arrivals, so that the server does not end while it is being opened."""
        self.arrivals += 1
        try:
            yield
        finally:
            self.arrivals -= 1

    async def find(self, slug: str) -> Hub | None:
        """Return the hub of an event that readers may see; ``None`` where there is no such event.

        Takes one query for the first reader of an event in this process, none for the others.
        """
        if slug not in self._event_ids:
            event_id = await in_thread(socket_target, slug)
            if event_id is None:
                return None
            self._event_ids[slug] = event_id
        return self._hub(self._event_ids[slug])

    def _hub(self, event_id: int) -> Hub:
        if event_id not in self._hubs:
            self.start()
            self._hubs[event_id] = self._new_hub(event_id)
            self._subscriptions.add(event_id, self._hubs[event_id].wake)
        return self._hubs[event_id]

    def _new_hub(self, event_id: int) -> Hub:
        return Hub(event_id)

    def start(self) -> None:
        """Listen to this process's operations and begin to tick."""
        if self._running:
            return
        loop = asyncio.get_running_loop()

        def event_moved(event_id: int) -> None:
            if not loop.is_closed():  # else the process ends, and other processes find the change by their tick
                loop.call_soon_threadsafe(self._event_moved, event_id)

        nudge.listen(event_moved)
        work = (self._tick, self.redis.run, self.reader_counter.run, receipts.run, metrics.sample_repeatedly)
        self._running = [asyncio.create_task(keep_running(each)) for each in work]

    def _event_moved(self, event_id: int) -> None:
        """Wake hub and desk after an operation of this process, and nudge the other processes."""
        if hub := self._hubs.get(event_id):
            hub.wake()
        self.desks.event_moved(event_id)
        self._nudges.start(nudge.send_nudge(event_id))

    async def _readers_first(self, event_id: int) -> None:
        """Wait until the readers of an event have its change. The pages at the desk then all fetch it at once."""
        if hub := self._hubs.get(event_id):
            await hub.finish_sending()

    def _wake_all(self) -> None:
        """Make every hub read the log, because nudges may have been missed."""
        for hub in self._hubs.values():
            hub.wake()

    async def _tick(self) -> None:
        while True:
            await asyncio.sleep(settings.RECONCILE_EVERY)
            try:
                await self._reconcile()
            except Exception as error:
                self._set_database_gone(gone=isinstance(error, DatabaseError))
                logger.exception("Heads could not be compared; trying again in %s s", settings.RECONCILE_EVERY)

    async def _reconcile(self) -> None:
        """Compare all heads with the database in one query, and wake the hubs that are behind."""
        self._close_idle()
        await self.desks.reconcile()
        if not self._hubs:
            if self._is_database_gone:  # else the scheduler, which asks also without readers, may know better
                self._set_database_gone(gone=False)
            return
        current = await in_thread(heads, list(self._hubs))
        self._set_database_gone(gone=False)
        for event_id, hub in list(self._hubs.items()):
            known = hub.state and (hub.state.epoch, hub.state.head)
            if known != current.get(event_id):
                hub.wake()
        await self._update_writing()

    def _set_database_gone(self, *, gone: bool) -> None:
        self._is_database_gone = gone
        metrics.DATABASE_GONE.set(gone)

    async def _update_writing(self) -> None:
        showing = [hub for hub in self._hubs.values() if hub.shows_writing]
        if not showing:
            return
        event_ids = await in_thread(events_with_writers, [hub.event_id for hub in showing])
        for hub in showing:
            await hub.set_writing(hub.event_id in event_ids)

    def _close_idle(self) -> None:
        now = asyncio.get_running_loop().time()
        for event_id, hub in list(self._hubs.items()):
            if hub.idle_since is not None and now - hub.idle_since > KEEP_IDLE:
                self._drop(event_id)

    def _drop(self, event_id: int) -> None:
        hub = self._hubs.pop(event_id)
        hub.close()
        self._subscriptions.remove(event_id, hub.wake)
        self._event_ids = {slug: known for slug, known in self._event_ids.items() if known != event_id}

    async def drain(self, seconds: float) -> None:
        """Close all readers and desks within ``seconds``. Sockets that arrive later get their first frames, then are
        closed as well.
        """
        self.is_ending = True
        readers = (hub.drain(seconds) for hub in self._hubs.values() if hub.readers)
        await asyncio.gather(self.desks.shut_down(DRAINING), *readers)

    async def stop(self) -> None:
        """Stop following events. Operations still nudge other processes for as long as the loop runs."""
        for event_id in list(self._hubs):
            self._drop(event_id)
        for task in self._running:
            task.cancel()
        self._running = []
        await self.reader_counter.stop()


@cache
def hubs() -> Hubs:
    """Return this process's hubs."""
    return Hubs()
