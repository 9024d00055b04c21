"""Many readers at once."""

import asyncio
import resource
import time
from collections.abc import Callable
from random import Random

import aiohttp

from .reader import Reader
from .traces import Trace
from .wire import Habits, Places

AT_ONCE = 100
"""Readers that open their page at the same time when a crowd joins."""


class Crowd:
    """Readers of one event. ``places`` says where reader number n finds it, at each attempt anew."""

    def __init__(
        self, places: Callable[[int], Places], slug: str, *, seed: int, poll_every: float = 1.0, base: float = 1.0
    ) -> None:
        self.places = places
        self.slug = slug
        self.poll_every = poll_every
        self.base = base
        self.readers: list[Reader] = []
        self._random = Random(seed)  # noqa: S311 – repeats a rehearsal, hides nothing
        self._session: aiohttp.ClientSession | None = None
        self._asleep: list[Reader] = []

    async def join(self, number: int, *, polling_share: float = 0.1) -> None:
        """Add readers, and wait until each has its page."""
        raise_file_limit(4 * (len(self.readers) + number) + 256)
        if self._session is None:
            connector = aiohttp.TCPConnector(limit=0, ttl_dns_cache=300)
            self._session = aiohttp.ClientSession(connector=connector, timeout=aiohttp.ClientTimeout(total=60))
        gate = asyncio.Semaphore(AT_ONCE)

        async def arrive(reader: Reader) -> None:
            async with gate:
                await reader.arrive()

        first = len(self.readers)
        new = [self._reader(first + step, self._session, polling_share) for step in range(number)]
        self.readers += new
        await asyncio.gather(*(arrive(reader) for reader in new))

    def _reader(self, number: int, session: aiohttp.ClientSession, polling_share: float) -> Reader:
        polls = self._random.random() < polling_share
        trace = Trace(f"reader {number}", "polling" if polls else "socket")
        habits = Habits(poll_every=self.poll_every, base=self.base, polls_only=polls)
        own = Random(self._random.random())  # noqa: S311 – as above
        return Reader(session, lambda: self.places(number), self.slug, trace, own, habits)

    async def settle(self, epoch: str, head: int, ceiling: float) -> bool:
        """Wait until every reader has everything; ``False`` where the ceiling came first."""
        return await comes_true(
            lambda: all(trace.epoch == epoch and trace.mine >= head for trace in self.traces()), ceiling
        )

    async def connected(self, ceiling: float, *, anew: bool = False) -> bool:
        """Wait until every reader that wants a socket has had the first frame, or, ``anew``, that of another one."""
        with_socket = [reader for reader in self.readers if not reader.habits.polls_only]
        before = {reader: reader.trace.sockets if anew else 0 for reader in with_socket}

        def are_back() -> bool:
            return all(not reader.attempts and reader.trace.sockets > before[reader] for reader in with_socket)

        return await comes_true(are_back, ceiling)

    async def sleep(self, share: float) -> None:
        self._asleep = self._random.sample(self.readers, int(len(self.readers) * share))
        await asyncio.gather(*(reader.sleep() for reader in self._asleep))

    def wake(self) -> None:
        for reader in self._asleep:
            reader.wake()
        self._asleep = []

    async def leave(self) -> None:
        await asyncio.gather(*(reader.sleep() for reader in self.readers))
        if self._session is not None:
            await self._session.close()

    def traces(self) -> list[Trace]:
        return [reader.trace for reader in self.readers]


async def comes_true(condition: Callable[[], bool], ceiling: float) -> bool:
    """Look again and again, for ``ceiling`` seconds at most."""
    end = time.monotonic() + ceiling
    while not condition():
        if time.monotonic() > end:
            return False
        await asyncio.sleep(0.05)  # between two looks
    return True


def raise_file_limit(wanted: int) -> None:
    """Every reader and every line through the proxy is an open file."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (min(wanted, hard), hard))
