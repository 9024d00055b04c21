"""Reader with its own, strict implementation of ``docs/protocol.md``.

Browsers ignore duplicates and reordered items; this reader records them as errors (``connection.py``).
"""

import asyncio
import logging
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random

import aiohttp

from .connection import Connection
from .page_parser import Page, read_page
from .protocol import BASE, CAP, LONG_WAIT, NETWORK_ERRORS, RESET_WITHIN, Addresses, ReaderOptions, Wait, parse
from .records import Outage, ReaderRecord, State

logger = logging.getLogger(__name__)


@dataclass(eq=False)
class Reader:
    session: aiohttp.ClientSession
    addresses: Callable[[], Addresses]
    slug: str
    record: ReaderRecord
    random: Random
    options: ReaderOptions = field(default_factory=ReaderOptions)
    spread: float = BASE
    attempts: int = 0
    sent_by: dict[tuple[str, str], int] = field(default_factory=dict)
    """Highest number that a socket's address has sent to any reader, by address and epoch; shared by all readers."""
    _task: asyncio.Task[None] | None = None
    _etag: str = ""
    _catch_up_lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    _asleep_since: float = 0.0
    _ready: asyncio.Event = field(default_factory=asyncio.Event)

    # Lifecycle

    async def arrive(self) -> None:
        """Load the page, then follow the event in the background."""
        self.wake()
        await self._ready.wait()

    def wake(self) -> None:
        if self._asleep_since:
            self.record.asleep.append(Outage(self._asleep_since, time.time() + BASE))
            self._asleep_since = 0.0
        self._task = asyncio.create_task(self._live())

    async def sleep(self) -> None:
        """Stop sending and receiving, like a laptop whose lid is closed."""
        self._asleep_since = time.time()
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def _live(self) -> None:
        while not self.record.epoch:
            try:
                await self._open_page()
            except NETWORK_ERRORS:
                await asyncio.sleep(self.random.uniform(0, self.options.base))
        self._ready.set()
        if self.options.polls_only:
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
        async with self.session.get(f"{self.addresses().http}/{self.slug}/") as response:
            response.raise_for_status()
            self._adopt(read_page(await response.text()))

    def _adopt(self, page: Page) -> None:
        record = self.record
        record.epoch, record.floor, record.count = page.epoch, page.floor, page.count
        record.states = {state.id: state for state in page.states}
        record.applied = dict.fromkeys(page.states, page.seq)
        record.progress = [(time.time(), page.seq)]
        self._etag = ""

    async def reload(self, epoch: str) -> None:
        """Load the page again after a reset, at a random time so that not all readers do so at once."""
        for _ in range(2):
            await asyncio.sleep(self.random.uniform(0, min(RESET_WITHIN, self.spread)))
            try:
                await self._open_page()
            except NETWORK_ERRORS:
                continue
            if self.record.epoch == epoch:
                return

    # The socket

    async def _connect(self) -> Wait:
        record = self.record
        address = f"{self.addresses().socket}/ws/events/{self.slug}/?v=1&epoch={record.epoch}&since={record.position}"
        self.attempts += 1
        record.sockets += 1
        connection = Connection(self, self.addresses().socket)  # before it connects: a replay is as of then
        try:
            async with self.session.ws_connect(address, max_msg_size=2**21, timeout=_closing_quickly()) as socket:
                wait = await connection.receive(socket)
        except NETWORK_ERRORS:
            wait = None
        return wait or self._usual_wait(has_begun=connection.has_begun)

    def _usual_wait(self, *, has_begun: bool) -> Wait:
        if has_begun:
            return Wait(0.0, max(self.spread, self.options.base))
        bound = min(CAP, self.options.base * 2 ** min(self.attempts, 10))
        return Wait(0.0, bound, polls=self.attempts > 1)

    # Catch-up

    async def _poll_until(self, end: float) -> None:
        while time.monotonic() < end:
            await self.catch_up()
            pause = self.options.poll_every * self.random.uniform(0.7, 1.3)
            await asyncio.sleep(max(0.0, min(pause, end - time.monotonic())))

    async def catch_up(self, seq: int = 0) -> None:
        """Request catch-up until nothing is missing up to ``seq``; ignore network errors."""
        if self._catch_up_lock.locked():
            return
        async with self._catch_up_lock:
            try:
                while await self._request_changes(seq):
                    pass
            except NETWORK_ERRORS as error:
                logger.debug("%s: catch-up broke: %s", self.record.name, error)

    async def _request_changes(self, seq: int) -> bool:
        record = self.record
        query = f"after={record.position}&epoch={record.epoch}" + (f"&at={seq}" if seq else "")
        address = f"{self.addresses().http}/{self.slug}/changes?{query}"
        async with self.session.get(address, headers={"If-None-Match": self._etag}) as response:
            if response.status == 304:
                return False
            response.raise_for_status()
            self._etag = response.headers.get("ETag", "")
            frame = parse(await response.text())
        if frame.data.get("reset"):
            await self.reload(frame.data["epoch"])
            return False
        if frame.data["epoch"] != record.epoch:
            return False
        self.apply(frame.states, frame.data["head"])
        more: bool = frame.data["more"]
        self.reached(frame.data["upto"] if more else frame.data["head"])
        self.counted(frame.data["count"], frame.data["head"])
        if not more and record.position < seq:  # the response came from a cache or from a process that lags
            await asyncio.sleep(self.random.uniform(1, 2))
            return True
        return more

    # State

    def apply(self, states: tuple[State, ...], sender_knew: int) -> None:
        """Take states that were sent by somebody who knew all changes up to a number."""
        known, applied = self.record.states, self.record.applied
        for state in states:
            applied[state] = max(sender_knew, applied.get(state, 0))
            if state.id not in known or known[state.id].seq < state.seq:
                known[state.id] = state

    def reached(self, seq: int) -> None:
        if seq > self.record.position:
            self.record.progress.append((time.time(), seq))

    def counted(self, count: int, seq: int) -> None:
        if seq >= self.record.position:
            self.record.count = count


def _closing_quickly() -> aiohttp.ClientWSTimeout:
    return aiohttp.ClientWSTimeout(ws_close=1.0)
