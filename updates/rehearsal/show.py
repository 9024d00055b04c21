"""One fault on the stage: an event, its editors and readers, and what is checked in the end."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from random import Random
from typing import Any

import aiohttp

from .checker import check
from .crowd import Crowd, comes_true
from .editors import Editors
from .faults import Fault
from .stack import Server, Stack
from .traces import Outage, Verdict
from .truth import read_truth
from .wire import Places

Recording = tuple[list[dict[str, Any]], float]
"""Updates as ``editors.read_recording`` gives them, and how many times faster they are posted."""


@dataclass(frozen=True)
class Cast:
    """Who takes part, and how much is posted: ``rate`` is publications a second, other operations come on top."""

    readers: int
    posts: int
    rate: float
    editors: int = 3
    polling_share: float = 0.1
    seed: int = 1
    patience: float = 90.0
    """Seconds that readers may take to have everything, after the last post."""


class Show:
    """What a fault may use while it happens."""

    def __init__(
        self, stack: Stack, one: Fault, cast: Cast, recording: tuple[list[dict[str, Any]], float] | None
    ) -> None:
        self.stack = stack
        self.one = one
        self.cast = cast
        self.recording = recording
        self.slug = f"{one.name}-{Random().randrange(10**6)}"  # noqa: S311 – tells rehearsals in one database apart
        self.readers = cast.readers
        self.places: Callable[[Server], Places] = lambda server: server.places
        self.outages: list[Outage] = []
        self.notes: dict[str, Any] = {}
        self.problems: list[str] = []
        self.editors = Editors(stack, self.slug, number=cast.editors, rate=cast.rate, seed=cast.seed)
        self.crowd = Crowd(self._find, self.slug, seed=cast.seed, base=0.5)

    def _find(self, number: int) -> Places:
        return self.places(self.stack.servers[number % len(self.stack.servers)])

    async def run(self) -> Verdict:
        started = time.monotonic()
        try:
            await self.editors.open_event()
            await self.editors.work(3)  # pages are not empty
            await self.crowd.join(self.readers, polling_share=self.cast.polling_share)
            await self.crowd.connected(ceiling=self.cast.patience)
            await self.one.happens(self)
            await self.settle()
            return await self._verdict(time.monotonic() - started)
        finally:
            await self.crowd.leave()
            await self.editors.leave()

    async def _verdict(self, seconds: float) -> Verdict:
        truth = await asyncio.to_thread(read_truth, self.stack.store.url, self.slug)
        arguments = (self.one.name, truth, self.crowd.traces(), self.editors.posts, self.outages)
        verdict = await asyncio.to_thread(check, *arguments)
        verdict.problems = self.problems + verdict.problems
        verdict.notes = self.notes | {"seconds": round(seconds)}
        return verdict

    @property
    def progress(self) -> float:
        """The part of all posts that is acknowledged; readers may still be on their way to them."""
        wanted = len(self.recording[0]) if self.recording else self.cast.posts
        return min(1.0, len(self.editors.posts) / max(1, wanted))

    # What faults do

    async def post(self, share: float = 1.0) -> None:
        """Let the editors post, and wait until every post is acknowledged."""
        if self.recording is not None:
            updates, speed = self.recording
            await self.editors.replay(updates[: round(len(updates) * share)], speed)
        else:
            await self.editors.work(round(self.cast.posts * share))

    @asynccontextmanager
    async def posting(self) -> AsyncIterator[None]:
        """Let the editors post while something happens; the fault begins when a fifth is posted."""
        posting = asyncio.create_task(self.post())
        self._already = len(self.editors.posts)
        try:
            await self.share_posted(0.2)
            yield
            await posting
        finally:
            posting.cancel()

    async def share_posted(self, share: float) -> None:
        wanted = self._already + share * (len(self.recording[0]) if self.recording else self.cast.posts)
        await comes_true(lambda: len(self.editors.posts) >= wanted, self.cast.patience)

    async def first_to_end(self) -> Server:
        """The server that has gone down."""
        await comes_true(lambda: any(server.has_ended for server in self.stack.servers), self.cast.patience)
        return next(server for server in self.stack.servers if server.has_ended)

    async def settle(self) -> None:
        """Wait until every reader has everything; one that does not get there is the checker's to tell."""
        await self.crowd.settle(*await self.standing(), ceiling=self.cast.patience)

    async def standing(self) -> tuple[str, int]:
        truth = await asyncio.to_thread(read_truth, self.stack.store.url, self.slug)
        return truth.epoch, truth.head

    async def queries(self, by: str) -> int:
        """SQL statements of all server processes so far: ``hub`` counts what hubs ask beside their tick."""
        async with aiohttp.ClientSession() as session:
            found = 0
            for server in self.stack.servers:
                async with session.get(f"{server.base}/rehearsal/{self.stack.token}/queries") as answer:
                    found += (await answer.json()).get(by, 0)
            return found
