"""One independent reader: it follows ``docs/protocol.md`` by an implementation of its own, and is strict about it.

A browser forgives what the per-id rule makes harmless; this reader writes it down (``connection.py``).
"""

import asyncio
import logging
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random

import aiohttp

from .connection import Connection
from .markup import Page, read_page
from .traces import Outage, State, Trace
from .wire import BASE, CAP, LONG_WAIT, RESET_WITHIN, WHATEVER_BREAKS, Habits, Places, Wait, parse

logger = logging.getLogger(__name__)


@dataclass(eq=False)
class Reader:
    session: aiohttp.ClientSession
    places: Callable[[], Places]
    slug: str
    trace: Trace
    random: Random
    habits: Habits = field(default_factory=Habits)
    spread: float = BASE
    attempts: int = 0
    _task: asyncio.Task[None] | None = None
    _etag: str = ""
    _asking: asyncio.Lock = field(default_factory=asyncio.Lock)
    _left: float = 0.0
    _ready: asyncio.Event = field(default_factory=asyncio.Event)

    # Life

    async def arrive(self) -> None:
        """Open the page, and go on from there in the background."""
        self.wake()
        await self._ready.wait()

    def wake(self) -> None:
        if self._left:
            self.trace.away.append(Outage(self._left, time.time() + BASE))
            self._left = 0.0
        self._task = asyncio.create_task(self._live())

    async def sleep(self) -> None:
        """As a laptop whose lid was closed: from now on it hears and asks nothing."""
        self._left = time.time()
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def _live(self) -> None:
        while not self.trace.epoch:
            try:
                await self._open_page()
            except WHATEVER_BREAKS:
                await asyncio.sleep(self.random.uniform(0, self.habits.base))
        self._ready.set()
        if self.habits.polls_only:
            await self._poll_until(float("inf"))
        while True:
            wait = await self._connect()
            if wait.ends:
                await self._poll_until(float("inf"))
            await self._pause(wait)

    async def _pause(self, wait: Wait) -> None:
        until = time.monotonic() + self.random.uniform(wait.low, wait.high)
        if not wait.polls and until - time.monotonic() <= LONG_WAIT:
            await asyncio.sleep(max(0.0, until - time.monotonic()))
            return
        await asyncio.sleep(self.random.uniform(0, min(LONG_WAIT, wait.high)))
        await self._poll_until(until)

    # The page

    async def _open_page(self) -> None:
        async with self.session.get(f"{self.places().http}/{self.slug}/") as answer:
            answer.raise_for_status()
            self._adopt(read_page(await answer.text()))

    def _adopt(self, page: Page) -> None:
        trace = self.trace
        trace.pages += 1
        trace.epoch, trace.floor, trace.count = page.epoch, page.floor, page.count
        trace.states = {state.id: state for state in page.states}
        trace.applied = set(page.states)
        trace.progress = [(time.time(), page.seq)]
        self._etag = ""

    async def reload(self, epoch: str) -> None:
        """The numbers mean nothing any more: the page is opened anew, not all at the same moment."""
        for _ in range(2):
            await asyncio.sleep(self.random.uniform(0, min(RESET_WITHIN, self.spread)))
            try:
                await self._open_page()
            except WHATEVER_BREAKS:
                continue
            if self.trace.epoch == epoch:
                return

    # The socket

    async def _connect(self) -> Wait:
        trace = self.trace
        address = f"{self.places().socket}/ws/events/{self.slug}/?v=1&epoch={trace.epoch}&since={trace.mine}"
        self.attempts += 1
        trace.sockets += 1
        lived = False
        try:
            async with self.session.ws_connect(address, max_msg_size=2**21, timeout=_closing_quickly()) as socket:
                connection = Connection(self)
                wait = await connection.follow(socket)
                lived = connection.lived
        except WHATEVER_BREAKS:
            wait = None
        return wait or self._usual_wait(lived=lived)

    def _usual_wait(self, *, lived: bool) -> Wait:
        if lived:
            return Wait(0.0, max(self.spread, self.habits.base))
        bound = min(CAP, self.habits.base * 2 ** min(self.attempts, 10))
        return Wait(0.0, bound, polls=self.attempts > 1)

    # Catch-up

    async def _poll_until(self, end: float) -> None:
        while time.monotonic() < end:
            await self.catch_up()
            pause = self.habits.poll_every * self.random.uniform(0.7, 1.3)
            await asyncio.sleep(max(0.0, min(pause, end - time.monotonic())))

    async def catch_up(self, told: int = 0) -> None:
        """Ask until nothing is missing; whatever breaks is left to the next occasion."""
        if self._asking.locked():
            return
        async with self._asking:
            try:
                while await self._ask(told):
                    pass
            except WHATEVER_BREAKS as error:
                logger.debug("%s: catch-up broke: %s", self.trace.name, error)

    async def _ask(self, told: int) -> bool:
        trace = self.trace
        asked = f"after={trace.mine}&epoch={trace.epoch}" + (f"&at={told}" if told else "")
        address = f"{self.places().http}/{self.slug}/changes?{asked}"
        trace.questions += 1
        async with self.session.get(address, headers={"If-None-Match": self._etag}) as answer:
            if answer.status == 304:
                return False
            answer.raise_for_status()
            self._etag = answer.headers.get("ETag", "")
            found = parse(await answer.text())
        if found.given.get("reset"):
            await self.reload(found.given["epoch"])
            return False
        if found.given["epoch"] != trace.epoch:
            return False
        self.apply(found.states)
        more: bool = found.given["more"]
        self.reached(found.given["upto"] if more else found.given["head"])
        self.counted(found.given["count"], found.given["head"])
        if not more and trace.mine < told:  # a cache was asked, or a process that lags
            await asyncio.sleep(self.random.uniform(1, 2))
            return True
        return more

    # What it knows

    def apply(self, states: tuple[State, ...]) -> None:
        known = self.trace.states
        for state in states:
            self.trace.applied.add(state)
            if state.id not in known or known[state.id].seq < state.seq:
                known[state.id] = state

    def reached(self, seq: int) -> None:
        if seq > self.trace.mine:
            self.trace.progress.append((time.time(), seq))

    def counted(self, count: int, seq: int) -> None:
        if seq >= self.trace.mine:
            self.trace.count = count


def _closing_quickly() -> aiohttp.ClientWSTimeout:
    return aiohttp.ClientWSTimeout(ws_close=1.0)
