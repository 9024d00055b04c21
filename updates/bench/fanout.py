"""Processor time that one update costs the server per reader.

Three servers are measured in turns: ours, which writes to the transport directly; ours under plain Daphne, where every
frame passes ASGI's ``send``; and the design of the Channels tutorial. All have the same number of readers, messages and
bytes, within the same minute.
"""

import asyncio
import urllib.request
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import aiohttp
from django.db import connection

from updates import publishing
from updates.models import Event
from updates.rehearsal.crowd import raise_file_limit, wait_for
from updates.types import User

from .events import Newsroom, content
from .rows import Row
from .site import Running, ServerFailed, running

DAPHNE = ["-m", "daphne"]

ROUNDS = 5
UPDATES = 4
"""Per round and server."""

AT_ONCE = 100
"""Sockets that are opened at the same time."""

ARRIVES_WITHIN = 60.0

UPDATE = '{"t":"ops"'
"""Start of an update of all three servers."""


def fan_out(newsroom: Newsroom, ours: Running, folder: Path, readers: int) -> Iterator[Row]:
    raise_file_limit(3 * readers + 1000)  # inherited by the servers
    with (
        running(folder, *DAPHNE, "liveblog.asgi:application", "--fd") as plain,
        running(folder, *DAPHNE, "updates.bench.tutorial:application", "--fd") as tutorial,
    ):
        contenders = [
            _of_the_product(ours, newsroom.small, newsroom.author),
            _of_the_product(plain, newsroom.large, newsroom.author),  # another event: its own updates only
            Contender(tutorial, f"{tutorial.socket}/", lambda size: _post(f"{tutorial.address}/publish", size)),
        ]
        line, send, group = asyncio.run(costs(contenders, readers))
    for how, cost, must, aim in (("plain send", send, 6, None), ("written to the line", line, 20, 40)):
        what = f"fan-out to {readers:,} readers, {how}, against a group member each"
        of = f"{cost:.0f} µs of {group:.0f} µs a message"
        yield Row(what, group / cost, "× less", must=must, aim=aim, more_is_better=True, of=of)


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
        self.size = 0
        """Length of the latest update in characters."""
        self._listening: list[asyncio.Task[None]] = []

    @asynccontextmanager
    async def connected(self, session: aiohttp.ClientSession, number: int) -> AsyncIterator["Audience"]:
        limit = asyncio.Semaphore(AT_ONCE)
        self.received = [0] * number

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
                    self.size = len(message.data)

    async def wait_for_updates(self, number: int) -> None:
        """Wait until every reader has received this number of updates."""
        if not await wait_for(lambda: min(self.received) >= number, ARRIVES_WITHIN):
            raise ServerFailed(f"{self.address}: an update did not reach every reader")


@dataclass(frozen=True)
class Contender:
    """One of the servers that are compared. ``publish`` takes the size of the update."""

    server: Running
    socket: str
    publish: Callable[[int], None]

    async def cost(self, audience: Audience) -> float:
        """Return the microseconds of processor time per received message."""
        before = self.server.processor_seconds()
        for _ in range(UPDATES):
            count = min(audience.received)
            await asyncio.to_thread(self.publish, audience.size)
            await audience.wait_for_updates(count + 1)
        await asyncio.sleep(0.1)  # lets the server finish its work on the last update
        return (self.server.processor_seconds() - before) / UPDATES / len(audience.received) * 1e6


async def costs(contenders: list[Contender], readers: int) -> list[float]:
    """Return the median cost of each contender over ``ROUNDS`` rounds, after one round to warm up."""
    raise_file_limit(readers * len(contenders) + 256)
    connector = aiohttp.TCPConnector(limit=0)
    async with aiohttp.ClientSession(connector=connector) as session, AsyncExitStack() as stack:
        audiences = [
            await stack.enter_async_context(Audience(each.socket).connected(session, readers)) for each in contenders
        ]
        rounds = []
        for _ in range(ROUNDS + 1):
            rounds.append([await each.cost(audience) for each, audience in zip(contenders, audiences, strict=True)])
            for audience in audiences:
                audience.size = audiences[0].size  # the tutorial sends updates of the same size as ours
    return [median(values) for values in zip(*rounds[1:], strict=True)]
