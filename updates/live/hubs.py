"""The hubs of this process, and what wakes them: nudges, this process's own operations, and a tick."""

import asyncio
import logging
from functools import cache

from django.conf import settings

from updates import nudge
from updates.queries.reader_pages import heads, socket_target

from .desk.presence import where_somebody_writes
from .desk.rooms import DeskRooms
from .hub import DRAINING, Hub
from .reader_counts import Counting
from .receipts import receipts
from .redis_health import Pulse
from .subscriptions import Subscriptions
from .tasks import Tasks, keep_running
from .threads import in_thread

logger = logging.getLogger(__name__)

KEEP_IDLE = 60.0
"""Seconds a hub outlives its last reader, so that a page reloaded by its only reader finds it warm."""


class Hubs:
    """Hubs by event, each made for its first reader.

    ``start`` is called by our server; on any other ASGI server the first reader does it.
    """

    def __init__(self) -> None:
        self._hubs: dict[int, Hub] = {}
        self._subscriptions = Subscriptions()
        self._slugs: dict[str, int] = {}
        self._running: list[asyncio.Task[None]] = []
        self._nudges = Tasks()
        self.pulse = Pulse(self._subscriptions.renew, self._look_everywhere)
        self.counting = Counting(self._hubs)
        self.desks = DeskRooms(self._subscriptions)
        self.is_ending = False

    async def find(self, slug: str) -> Hub | None:
        """The hub of an event that readers may see; ``None`` where there is no such event.

        One query for the first reader of an event in this process, none for the others.
        """
        if slug not in self._slugs:
            event_id = await in_thread(socket_target, slug)
            if event_id is None:
                return None
            self._slugs[slug] = event_id
        return self._hub(self._slugs[slug])

    def _hub(self, event_id: int) -> Hub:
        if event_id not in self._hubs:
            self.start()
            self._hubs[event_id] = Hub(event_id)
            self._subscriptions.add(event_id, self._hubs[event_id].poke)
        return self._hubs[event_id]

    def start(self) -> None:
        """Listen to this process's operations and begin to tick."""
        if self._running:
            return
        loop = asyncio.get_running_loop()

        def moved(event_id: int) -> None:
            if not loop.is_closed():  # the process ends: other processes find it by their tick
                loop.call_soon_threadsafe(self._moved, event_id)

        nudge.listen(moved)
        work = (self._tick, self.pulse.run, self.counting.run, receipts.run)
        self._running = [asyncio.create_task(keep_running(each)) for each in work]

    def _moved(self, event_id: int) -> None:
        """An operation of this process has committed: tell the own hub directly and the others over the layer."""
        if hub := self._hubs.get(event_id):
            hub.poke()
        self.desks.moved(event_id)
        self._nudges.start(nudge.send_nudge(event_id))

    def _look_everywhere(self) -> None:
        """What was announced meanwhile nobody heard."""
        for hub in self._hubs.values():
            hub.poke()

    async def _tick(self) -> None:
        """Compare all heads with the database in one query, and wake the hubs that are behind."""
        while True:
            await asyncio.sleep(settings.RECONCILE_EVERY)
            try:
                await self._reconcile()
            except Exception:
                logger.exception("Heads could not be compared; trying again in %s s", settings.RECONCILE_EVERY)

    async def _reconcile(self) -> None:
        self._close_idle()
        await self.desks.reconcile()
        if not self._hubs:
            return
        found = await in_thread(heads, list(self._hubs))
        for event_id, hub in list(self._hubs.items()):
            known = hub.standing and (hub.standing.epoch, hub.standing.head)
            if known != found.get(event_id):
                hub.poke()
        await self._tell_writing()

    async def _tell_writing(self) -> None:
        showing = [hub for hub in self._hubs.values() if hub.shows_writing]
        if not showing:
            return
        found = await in_thread(where_somebody_writes, [hub.event_id for hub in showing])
        for hub in showing:
            await hub.tell_writing(hub.event_id in found)

    def _close_idle(self) -> None:
        now = asyncio.get_running_loop().time()
        for event_id, hub in list(self._hubs.items()):
            if hub.idle_since is not None and now - hub.idle_since > KEEP_IDLE:
                self._drop(event_id)

    def _drop(self, event_id: int) -> None:
        hub = self._hubs.pop(event_id)
        hub.close()
        self._subscriptions.remove(event_id, hub.poke)
        self._slugs = {slug: known for slug, known in self._slugs.items() if known != event_id}

    async def shut(self, seconds: float) -> None:
        """Say goodbye to all readers within ``seconds``, then stop.

        Requests that are still answered go on telling other processes of their operations, by the loop while it runs.
        """
        self.is_ending = True
        readers = (hub.drain(seconds) for hub in self._hubs.values() if hub.readers)
        await asyncio.gather(self.desks.shut(DRAINING), *readers)
        for event_id in list(self._hubs):
            self._drop(event_id)
        for task in self._running:
            task.cancel()
        self._running = []
        await self.counting.end()


@cache
def hubs() -> Hubs:
    """This process's hubs."""
    return Hubs()
