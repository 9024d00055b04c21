"""Relay: follows all events that have sockets, and posts their frames to nginx machines with nchan.

It keeps nothing: the database says what is new, nchan who reads. Several relays may run, because readers skip what
they have. If all of them are gone, readers miss the heartbeats and poll.
"""

import asyncio
import logging
import signal
from collections.abc import Callable, Sequence
from contextlib import AsyncExitStack, suppress

import aiohttp
from django.conf import settings

from updates import metrics
from updates.live.hub import Hub
from updates.live.hubs import Hubs
from updates.live.measurements import measure_hubs
from updates.live.reader_counts import ReaderCounter
from updates.live.tasks import keep_running
from updates.live.threads import in_thread
from updates.queries.reader_pages import events_with_sockets

from .hub import RelayHub
from .measurements import serve_measurements
from .nginx import DEADLINE, Nginx

logger = logging.getLogger(__name__)

FLUSH_WITHIN = 3.0
"""Seconds that a relay which stops takes for what it has not posted yet."""


class MachineCounter(ReaderCounter):
    """Reports the readers of each machine under the machine's name: two relays write the same."""

    def __init__(self, hubs: dict[int, Hub], machines: Sequence[Nginx]) -> None:
        super().__init__(hubs)
        self._machines = machines

    def _numbers(self, hubs: Sequence[Hub]) -> dict[str, dict[int, int]]:
        tier = [hub for hub in hubs if isinstance(hub, RelayHub)]
        return {nginx.name: {hub.event_id: hub.subscribers.get(nginx, 0) for hub in tier} for nginx in self._machines}

    async def stop(self) -> None:
        """Leave the reports, which expire: the readers stay, and another relay may go on."""


class Relay(Hubs):
    """The hubs of a relay: one for each event that has sockets, whether somebody reads it or not."""

    def __init__(self, addresses: Sequence[str], session: aiohttp.ClientSession) -> None:
        super().__init__()
        self.machines = [Nginx(address, session, self._renew) for address in addresses]
        self.reader_counter = MachineCounter(self._hubs, self.machines)

    def _new_hub(self, event_id: int) -> Hub:
        return RelayHub(event_id, self.machines)

    async def run(self) -> None:
        """Follow all events until cancelled."""
        self.start()
        work = [self._follow, *(each for nginx in self.machines for each in (nginx.run, nginx.watch))]
        await asyncio.gather(*(keep_running(each) for each in work))

    async def finish(self) -> None:
        """Stop following events, and post what is left. Readers stay connected to nginx."""
        self.is_ending = True
        await self.stop()
        results = await asyncio.gather(*(nginx.flush(FLUSH_WITHIN) for nginx in self.machines))
        posted = sum(nginx.posted for nginx in self.machines)
        logger.info("relay stopped posted=%s unfinished=%s", posted, results.count(False))

    def measure(self) -> None:
        """Set the gauges of this process."""
        measure_hubs(self)
        for nginx in self.machines:
            readers = sum(hub.subscribers.get(nginx, 0) for hub in self._relay_hubs().values())
            metrics.TIER_READERS.labels(nginx.host).set(readers)
            metrics.TIER_WAITING.labels(nginx.host).set(nginx.waiting)
            metrics.TIER_FAILING.labels(nginx.host).set(nginx.is_failing)

    async def _follow(self) -> None:
        while not self.is_ending:
            await self.follow_events()
            await asyncio.sleep(settings.RECONCILE_EVERY)

    async def follow_events(self) -> None:
        """Begin with events that have sockets now, and leave those that have none any more."""
        current = set(await in_thread(events_with_sockets))
        if self.is_ending:
            return
        for event_id, hub in self._relay_hubs().items():
            if event_id not in current:
                await hub.wake()  # reads the end of the event, and takes leave of its readers
            if hub.channel.is_closed or not (event_id in current or hub.has_begun):
                self._drop(event_id)
        for event_id in current:
            self._hub(event_id)
        new = [hub for hub in self._relay_hubs().values() if not hub.has_begun]
        await asyncio.gather(*(hub.begin() for hub in new))
        if new:
            logger.info("relay follows events=%s new=%s", len(self._hubs), len(new))

    def _relay_hubs(self) -> dict[int, RelayHub]:
        return {event_id: hub for event_id, hub in self._hubs.items() if isinstance(hub, RelayHub)}

    def _renew(self, nginx: Nginx) -> None:
        for hub in self._relay_hubs().values():
            hub.renew(only=nginx)


async def run_relay(
    addresses: Sequence[str], token: str, report: Callable[[], None], measurements: tuple[str, int] | None
) -> None:
    """Relay until SIGTERM or SIGINT. ``measurements`` is where to respond to ``/metrics``."""
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    headers = {"Authorization": f"Bearer {token}", "Accept": "text/json", "Content-Type": "application/json"}
    timeout = aiohttp.ClientTimeout(total=DEADLINE)
    async with aiohttp.ClientSession(headers=headers, timeout=timeout) as session, AsyncExitStack() as stack:
        relay = Relay(addresses, session)
        metrics.sampler(relay.measure)
        if measurements is not None:
            await stack.enter_async_context(serve_measurements(*measurements))
        running = asyncio.create_task(relay.run())
        report()
        await stop.wait()
        await relay.finish()
        running.cancel()
        with suppress(asyncio.CancelledError):
            await running
