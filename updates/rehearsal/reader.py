"""One independent reader: it follows ``docs/protocol.md`` by an implementation of its own, and is strict about it.

A browser forgives what the per-id rule makes harmless; this reader writes it down: frames of one connection that do not
follow each other, numbers that come twice.
"""

import asyncio
import json
import logging
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache
from random import Random
from typing import Any

import aiohttp

from .markup import Page, read_page, state_of
from .traces import Outage, State, Trace

logger = logging.getLogger(__name__)

BASE = 1.0
CAP = 60.0
SILENCE = 2.5
FIRST_FRAME_WITHIN = 10.0
LONG_WAIT = 3.0
"""Seconds: a reader that waits longer for its socket asks catch-up meanwhile."""

FOR_GOOD = 4400
RESET_WITHIN = 5.0
WHATEVER_BREAKS = (aiohttp.ClientError, OSError, TimeoutError)


@dataclass(frozen=True)
class Places:
    """Where a reader finds its event: it may be another address at each attempt."""

    http: str
    socket: str


@dataclass
class Frame:
    """Parsed once for all readers of a rehearsal, and read only."""

    kind: str
    given: dict[str, Any]
    states: tuple[State, ...]


@lru_cache(maxsize=2048)
def parse(text: str) -> Frame:
    given = json.loads(text)
    return Frame(given.get("t", ""), given, tuple(state_of(item) for item in given.get("items", ())))


@dataclass
class Habits:
    """How a reader behaves, in seconds."""

    poll_every: float = 1.0
    base: float = BASE
    polls_only: bool = False


@dataclass
class Wait:
    """When to try the socket again; polling meanwhile or not."""

    low: float
    high: float
    polls: bool = False
    ends: bool = False


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

    async def _reload(self, epoch: str) -> None:
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
            await self._reload(found.given["epoch"])
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


class Connection:
    """One socket, from its first frame to its end."""

    def __init__(self, reader: Reader) -> None:
        self.reader = reader
        self.lived = False
        self._position: int | None = None
        self._patience = FIRST_FRAME_WITHIN
        self._seen: set[tuple[str, int]] = set()
        self._farewell: dict[str, Any] | None = None
        self._questions: set[asyncio.Task[None]] = set()

    async def follow(self, socket: aiohttp.ClientWebSocketResponse) -> Wait | None:
        """Until the socket ends; ``None`` asks for the usual wait."""
        try:
            while True:
                message = await socket.receive(timeout=self._patience)
                if message.type != aiohttp.WSMsgType.TEXT:
                    return self._after(socket.close_code)
                frame = parse(message.data)
                if frame.kind == "reset":
                    await self.reader._reload(frame.given["epoch"])
                    return Wait(0.0, BASE)
                self._take(frame)
        finally:
            for question in self._questions:
                question.cancel()

    def _after(self, code: int | None) -> Wait | None:
        if code is not None and code >= FOR_GOOD:
            return Wait(0.0, 0.0, ends=True)
        if self._farewell is not None:
            low, high = self._farewell["retry"]
            return Wait(low, high, polls=self._farewell["mode"] == "poll")
        return None

    def _take(self, frame: Frame) -> None:
        given = frame.given
        if frame.kind == "bye":
            self._farewell = given
        elif self._position is None and frame.kind != "sync":
            self._wrong(f"{frame.kind} came before sync")
        elif frame.kind == "sync":
            self._sync(frame)
        elif frame.kind == "ops":
            self._ops(frame)
        elif frame.kind == "hb":
            self.reader.spread = given.get("spread", self.reader.spread)
            self._behind(given["seq"])
            self._position = max(self._position or 0, given["seq"])  # it may stand for an operation too large to send

    def _sync(self, frame: Frame) -> None:
        given, reader = frame.given, self.reader
        if self._position is not None:
            self._wrong("a second sync")
        self.lived = True
        reader.attempts = 0
        self._position = given["head"]
        self._patience = SILENCE * given["hb"]
        reader.spread = given.get("spread", BASE)
        if given["epoch"] != reader.trace.epoch:
            self._wrong(f"sync of epoch {given['epoch']}, asked with {reader.trace.epoch}")
        reader.apply(frame.states)
        if given["more"]:
            self._behind(given["head"])
        else:
            reader.reached(given["head"])

    def _ops(self, frame: Frame) -> None:
        given, reader = frame.given, self.reader
        prev, seq = given["prev"], given["seq"]
        if self._position is None or prev > self._position or seq <= self._position:
            self._wrong(f"ops {prev}–{seq} after {self._position}")
        numbers = [state.seq for state in frame.states]
        if numbers != sorted(numbers) or not all(prev < number <= seq for number in numbers):
            self._wrong(f"ops {prev}–{seq} with items {numbers}")
        for state in frame.states:
            if (state.id, state.seq) in self._seen:
                reader.trace.doubled.append(f"{reader.trace.name}: {state.id} with number {state.seq} came twice")
            self._seen.add((state.id, state.seq))
        self._position = seq
        reader.apply(frame.states)
        if prev > reader.trace.mine:
            self._behind(seq)
            return
        reader.reached(seq)
        reader.counted(given["count"], seq)

    def _behind(self, told: int) -> None:
        if told > self.reader.trace.mine:
            question = asyncio.create_task(self.reader.catch_up(told))
            self._questions.add(question)
            question.add_done_callback(self._questions.discard)

    def _wrong(self, what: str) -> None:
        self.reader.trace.disordered.append(f"{self.reader.trace.name}: {what}")
