"""What readers cost a server: processor time per update and to open a socket, memory, and how long an update takes.

Three servers are measured in turns: ours, which writes to the transport directly; ours under plain Daphne, where every
frame passes ASGI's ``send``; and the design of the Channels tutorial. All have the same number of readers, messages and
bytes, within the same minute.
"""

import asyncio
import re
import time
import urllib.request
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median, quantiles

import aiohttp
from django.db import connection

from updates import publishing
from updates.models import Event
from updates.rehearsal.crowd import raise_file_limit, wait_for
from updates.types import User

from .events import Newsroom, content
from .rows import Row
from .site import TICKS, Running, ServerFailed, running

DAPHNE = ["-m", "daphne"]

ROUNDS = 5
UPDATES = 4
"""Per round and server."""

AT_ONCE = 100
"""Sockets that are opened at the same time."""

ARRIVES_WITHIN = 60.0

UPDATE = '{"t":"ops"'
"""Start of an update of all three servers."""

HEAD = re.compile(r'.{,60}?"seq":(\d+)')
"""Number up to which an update of the product brings its reader."""

BURST = 300


def fan_out(newsroom: Newsroom, folder: Path, readers: int) -> Iterator[Row]:
    raise_file_limit(3 * readers + 1000)  # inherited by the servers
    with (
        running(folder) as ours,  # a new one: memory that pages have left behind would hide that of readers
        running(folder, *DAPHNE, "liveblog.asgi:application", "--fd") as plain,
        running(folder, *DAPHNE, "updates.bench.tutorial:application", "--fd") as tutorial,
    ):
        contenders = [
            _of_the_product(ours, newsroom.small, newsroom.author),
            _of_the_product(plain, newsroom.large, newsroom.author),  # another event: its own updates only
            Contender(tutorial, f"{tutorial.socket}/", lambda size: _post(f"{tutorial.address}/publish", size)),
        ]
        line, send, group = asyncio.run(costs(contenders, readers))
        yield _burst(newsroom, ours, group, readers)
    for how, cost, must, aim in (("plain send", send, 6, None), ("written to the line", line, 20, 40)):
        what = f"fan-out to {readers:,} readers, {how}, against a group member each"
        of = f"{cost.message:.0f} µs of {group.message:.0f} µs a message"
        yield Row(what, group.message / cost.message, "× less", must=must, aim=aim, more_is_better=True, of=of)
    yield from _of_readers(line, group)


def _of_readers(ours: "Costs", stock: "Costs") -> Iterator[Row]:
    ratio, of = stock.opening / ours.opening, f"{ours.opening:.0f} µs of {stock.opening:.0f} µs"
    yield Row("connect: opening a socket, against stock Daphne", ratio, "× less", must=3, more_is_better=True, of=of)
    of = f"stock Daphne {stock.memory:.1f} KB"
    yield Row("memory of an open reader", ours.memory, "KB a reader", must=16, aim=12, of=of)
    ratio, of = stock.spread / ours.spread, f"{ours.spread:.1f} ms of {stock.spread:.1f} ms"
    what = "p99: from the first reader to 99 % of them, against a group member each"
    yield Row(what, ratio, "× less", must=5, more_is_better=True, of=of)


def _burst(newsroom: Newsroom, server: Running, group: "Costs", readers: int) -> Row:
    """Measure updates that come faster than they are sent, so that several share a frame."""
    contender = _of_the_product(server, newsroom.small, newsroom.author)
    cost = asyncio.run(_burst_cost(contender, newsroom.small.head + BURST, readers))
    what, of = f"burst of {BURST} updates, against a group member each", f"{cost:.1f} µs of {group.message:.0f} µs"
    return Row(what, group.message / cost, "× less", must=20, more_is_better=True, of=of)


async def _burst_cost(contender: "Contender", head: int, readers: int) -> float:
    """Return the microseconds of processor time per update and reader, until each has the ``head`` after the burst."""
    connector = aiohttp.TCPConnector(limit=0)
    async with aiohttp.ClientSession(connector=connector) as session:
        audience = Audience(contender.socket)
        async with audience.connected(session, readers):
            before = contender.server.processor_seconds()
            for _ in range(BURST):
                await asyncio.to_thread(contender.publish, 0)
            if not await wait_for(lambda: min(audience.heads) >= head, ARRIVES_WITHIN):
                raise ServerFailed(f"{audience.address}: the burst did not reach every reader")
            await asyncio.sleep(0.1)  # lets the server finish its work on the last update
            return (contender.server.processor_seconds() - before) / BURST / readers * 1e6


def _of_the_product(server: Running, event: Event, author: User) -> "Contender":
    event.refresh_from_db()
    address = f"{server.socket}/ws/events/{event.slug}/?v=1&epoch={event.epoch}&since={event.head}"

    def publish(_size: int) -> None:
        try:
            publishing.publish(event.pk, content(1), author)
        finally:
            connection.close()  # connection of this thread

    return Contender(server, address, publish)


def _post(address: str, size: int) -> None:
    request = urllib.request.Request(address, data=UPDATE.ljust(size, ".").encode())  # noqa: S310 – our own server
    urllib.request.urlopen(request, timeout=ARRIVES_WITHIN).close()  # noqa: S310  # nosec B310


class Audience:
    """Readers of one server, which count the updates they receive."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.received: list[int] = []
        self.heads: list[int] = []
        """By reader: the head that the product's latest update names."""
        self.arrivals: list[float] = []
        """When each reader had the latest update, in seconds."""
        self.size = 0
        """Length of the latest update in characters."""
        self._listening: list[asyncio.Task[None]] = []

    @asynccontextmanager
    async def connected(self, session: aiohttp.ClientSession, number: int) -> AsyncIterator["Audience"]:
        limit = asyncio.Semaphore(AT_ONCE)
        self.received, self.heads, self.arrivals = [0] * number, [0] * number, [0.0] * number

        async def connect(reader: int) -> None:
            async with limit:
                socket = await session.ws_connect(self.address, max_msg_size=0)
            self._listening.append(asyncio.create_task(self._listen(reader, socket)))

        try:
            await asyncio.gather(*(connect(reader) for reader in range(number)))
            yield self
        finally:
            for task in self._listening:
                task.cancel()
            await asyncio.gather(*self._listening, return_exceptions=True)

    async def _listen(self, reader: int, socket: aiohttp.ClientWebSocketResponse) -> None:
        async with socket:
            async for message in socket:
                if message.data.startswith(UPDATE):
                    self.received[reader] += 1
                    self.arrivals[reader] = time.perf_counter()
                    self.size = len(message.data)
                    if head := HEAD.match(message.data):
                        self.heads[reader] = int(head[1])

    async def wait_for_updates(self, number: int) -> None:
        """Wait until every reader has received this number of updates."""
        if not await wait_for(lambda: min(self.received) >= number, ARRIVES_WITHIN):
            raise ServerFailed(f"{self.address}: an update did not reach every reader")


@dataclass
class Costs:
    """What a server spends on a reader."""

    opening: float
    """Microseconds of processor time to open a socket."""
    memory: float
    """Kilobytes by which the process grows with an open socket."""
    message: float = 0.0
    """Microseconds of processor time per received message."""
    spread: float = 0.0
    """Milliseconds from the first reader of an update to 99 % of them."""


@dataclass(frozen=True)
class Contender:
    """One of the servers that are compared. ``publish`` takes the size of the update."""

    server: Running
    socket: str
    publish: Callable[[int], None]

    async def open(self, stack: AsyncExitStack, session: aiohttp.ClientSession, readers: int) -> tuple[Audience, Costs]:
        seconds, kilobytes = self.server.processor_seconds(), self.server.resident_kilobytes()
        audience = await stack.enter_async_context(Audience(self.socket).connected(session, readers))
        opening = max(self.server.processor_seconds() - seconds, 1 / TICKS) / readers * 1e6
        return audience, Costs(opening, max(self.server.resident_kilobytes() - kilobytes, 1) / readers)

    async def measure(self, audience: Audience) -> tuple[float, float]:
        """Return the microseconds of processor time per received message, and the spread in milliseconds."""
        before, spreads = self.server.processor_seconds(), []
        for _ in range(UPDATES):
            count = min(audience.received)
            await asyncio.to_thread(self.publish, audience.size)
            await audience.wait_for_updates(count + 1)
            spreads.append((quantiles(audience.arrivals, n=100)[-1] - min(audience.arrivals)) * 1000)
        await asyncio.sleep(0.1)  # lets the server finish its work on the last update
        seconds = max(self.server.processor_seconds() - before, 1 / TICKS)
        return seconds / UPDATES / len(audience.received) * 1e6, median(spreads)


async def costs(contenders: list[Contender], readers: int) -> list[Costs]:
    """Return the median costs of each contender over ``ROUNDS`` rounds, after one round to warm up."""
    raise_file_limit(readers * len(contenders) + 256)
    connector = aiohttp.TCPConnector(limit=0)
    async with aiohttp.ClientSession(connector=connector) as session, AsyncExitStack() as stack:
        opened = [await each.open(stack, session, readers) for each in contenders]
        rounds = []
        for _ in range(ROUNDS + 1):
            rounds.append([await each.measure(opened[number][0]) for number, each in enumerate(contenders)])
            for audience, _costs in opened:
                audience.size = opened[0][0].size  # the tutorial sends updates of the same size as ours
    for number, (_audience, cost) in enumerate(opened):
        cost.message = median(results[number][0] for results in rounds[1:])
        cost.spread = median(results[number][1] for results in rounds[1:])
    return [cost for _audience, cost in opened]
