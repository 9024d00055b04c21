"""Runs one fault: its event, editors, readers and final check."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from random import Random

import aiohttp

from .checker import check
from .crowd import Crowd, wait_for
from .database import DatabaseState, read_database
from .editors import Editors, Recorded
from .faults import Fault
from .posts import LATE
from .protocol import Addresses
from .records import Outage, Verdict
from .stack import Server, Stack

Recording = tuple[list[Recorded], float]
"""Recorded updates, and how many times faster they are posted."""


@dataclass(frozen=True)
class Load:
    """Number of participants and posts. ``rate`` is publications a second; other operations come on top."""

    readers: int
    posts: int
    rate: float
    editors: int = 3
    polling_share: float = 0.1
    seed: int = 1
    timeout: float = 90.0
    """Seconds after the last post within which readers must have everything."""


class FaultRun:
    """Event, editors and readers of one fault; the fault uses its methods."""

    def __init__(self, stack: Stack, fault: Fault, load: Load, recording: Recording | None) -> None:
        self.stack = stack
        self.fault = fault
        self.load = load
        self.recording = recording
        self.slug = f"{fault.name}-{Random().randrange(10**6)}"  # noqa: S311 – makes the slug unique in the database
        self.readers = load.readers
        self.addresses: Callable[[int], Addresses] = stack.addresses_of
        """Addresses of a reader by its number."""
        self.outages: list[Outage] = []
        self.notes: dict[str, str | float] = {}
        self.problems: list[str] = []
        self.editors = Editors(stack, self.slug, number=load.editors, rate=load.rate, seed=load.seed)
        self.crowd = Crowd(self._addresses_of, self.slug, seed=load.seed, base=0.5)

    def _addresses_of(self, reader: int) -> Addresses:
        return self.addresses(reader)  # a fault may have changed it

    async def run(self) -> Verdict:
        started = time.monotonic()
        try:
            await self.editors.open_event()
            await self.editors.work(3)  # pages are not empty
            await self.crowd.join(self.readers, polling_share=self.load.polling_share)
            await self.crowd.connected(within=self.load.timeout)
            await self.fault.perform(self)
            await self.settle()
            return await self._verdict(time.monotonic() - started)
        finally:
            await self.crowd.leave()
            await self.editors.leave()

    async def _verdict(self, seconds: float) -> Verdict:
        database = await self._database()
        arguments = (self.fault.name, database, self.crowd.records(), self.editors.posts, self.outages)
        verdict = await asyncio.to_thread(check, *arguments)
        verdict.problems = self.problems + self.editors.problems() + verdict.problems
        verdict.notes = self.notes | {"seconds": round(seconds)}
        return verdict

    @property
    def progress(self) -> float:
        """Share of all posts that are acknowledged."""
        return min(1.0, len(self.editors.posts) / max(1, self._total_posts))

    @property
    def _total_posts(self) -> int:
        return len(self.recording[0]) if self.recording else self.load.posts

    # Used by faults

    async def post(self, share: float = 1.0) -> None:
        """Let the editors post; return when every post is acknowledged."""
        if self.recording is not None:
            updates, speed = self.recording
            await self.editors.replay(updates[: round(len(updates) * share)], speed)
        else:
            await self.editors.work(round(self.load.posts * share))

    @asynccontextmanager
    async def posting(self) -> AsyncIterator[None]:
        """Let the editors post during the block, which begins when a fifth is posted."""
        posting = asyncio.create_task(self.post())
        self._posts_before = len(self.editors.posts)
        try:
            await self.share_posted(0.2)
            yield
            await posting
        finally:
            posting.cancel()

    async def share_posted(self, share: float) -> None:
        needed = self._posts_before + share * self._total_posts
        await wait_for(lambda: len(self.editors.posts) >= needed, self.load.timeout)

    async def first_to_end(self) -> Server:
        """Wait for a server to end and return it."""
        await wait_for(lambda: any(server.has_ended for server in self.stack.servers), self.load.timeout)
        return next(server for server in self.stack.servers if server.has_ended)

    async def settle(self) -> None:
        """Wait until every reader has everything, or for the timeout: the checker then finds those that do not."""
        await self.wait_for_schedule()
        await self.crowd.settle(*await self.position(), within=self.load.timeout)

    async def wait_for_schedule(self) -> None:
        """Wait until scheduled posts are published, or should have been."""
        scheduled = {post.key for post in self.editors.posts if post.due}
        while scheduled and time.time() < self.editors.last_due + LATE:
            if scheduled <= set((await self._database()).keys):
                return
            await asyncio.sleep(0.2)  # polling interval

    async def position(self) -> tuple[str, int]:
        database = await self._database()
        return database.epoch, database.head

    async def _database(self) -> DatabaseState:
        return await asyncio.to_thread(read_database, self.stack.store.url, self.slug)

    async def queries(self, by: str) -> int:
        """Return the SQL statements of all server processes; ``hub`` counts those of the hubs except their tick."""
        async with aiohttp.ClientSession() as session:
            total = 0
            for server in self.stack.servers:
                async with session.get(f"{server.base}/rehearsal/{self.stack.token}/queries") as response:
                    total += (await response.json()).get(by, 0)
            return total
