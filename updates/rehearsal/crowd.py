"""Many readers of one event."""

import asyncio
import resource
import time
from collections.abc import Callable
from random import Random

import aiohttp

from .protocol import Addresses, ReaderOptions
from .reader import Reader
from .records import ReaderRecord

AT_ONCE = 100
"""Readers that load their page at the same time when they join."""


class Crowd:
    """Readers of one event. ``addresses`` returns the addresses for reader number n; it is called at each attempt."""

    def __init__(
        self, addresses: Callable[[int], Addresses], slug: str, *, seed: int, poll_every: float = 1.0, base: float = 1.0
    ) -> None:
        self.addresses = addresses
        self.slug = slug
        self.poll_every = poll_every
        self.base = base
        self.readers: list[Reader] = []
        self._random = Random(seed)  # noqa: S311 – seeded, so that a rehearsal can be repeated
        self._session: aiohttp.ClientSession | None = None
        self._asleep: list[Reader] = []
        self._sent_by: dict[tuple[str, str], int] = {}

    async def join(self, number: int, *, polling_share: float = 0.1) -> None:
        """Add readers; return when each has loaded the page."""
        raise_file_limit(4 * (len(self.readers) + number) + 256)
        if self._session is None:
            connector = aiohttp.TCPConnector(limit=0, ttl_dns_cache=300)
            self._session = aiohttp.ClientSession(connector=connector, timeout=aiohttp.ClientTimeout(total=60))
        limit = asyncio.Semaphore(AT_ONCE)

        async def arrive(reader: Reader) -> None:
            async with limit:
                await reader.arrive()

        first = len(self.readers)
        new = [self._reader(first + step, self._session, polling_share) for step in range(number)]
        self.readers += new
        await asyncio.gather(*(arrive(reader) for reader in new))

    def _reader(self, number: int, session: aiohttp.ClientSession, polling_share: float) -> Reader:
        polls = self._random.random() < polling_share
        record = ReaderRecord(f"reader {number}", "polling" if polls else "socket")
        options = ReaderOptions(poll_every=self.poll_every, base=self.base, polls_only=polls)
        own = Random(self._random.random())  # noqa: S311 – as above
        return Reader(session, lambda: self.addresses(number), self.slug, record, own, options, sent_by=self._sent_by)

    async def settle(self, epoch: str, head: int, within: float) -> bool:
        """Wait until every reader has everything; return ``False`` after ``within`` seconds."""
        return await wait_for(
            lambda: all(record.epoch == epoch and record.position >= head for record in self.records()), within
        )

    async def connected(self, within: float, *, anew: bool = False) -> bool:
        """Wait until every reader with a socket has its first frame; with ``anew``, that of a new socket."""
        readers = [reader for reader in self.readers if not reader.options.polls_only]
        before = {reader: reader.record.sockets if anew else 0 for reader in readers}

        def are_back() -> bool:
            return all(not reader.attempts and reader.record.sockets > before[reader] for reader in readers)

        return await wait_for(are_back, within)

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

    def records(self) -> list[ReaderRecord]:
        return [reader.record for reader in self.readers]


async def wait_for(condition: Callable[[], bool], within: float) -> bool:
    """Wait until the condition is true; return ``False`` after ``within`` seconds."""
    end = time.monotonic() + within
    while not condition():
        if time.monotonic() > end:
            return False
        await asyncio.sleep(0.05)  # polling interval
    return True


def raise_file_limit(needed: int) -> None:
    """Raise the limit of open files: every reader and every connection through the proxy is one."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft < needed:
        resource.setrlimit(resource.RLIMIT_NOFILE, (min(needed, hard), hard))
