"""What one update costs the server for each reader that gets it, in processor time.

Three servers get it in turns: ours, which writes to the line; ours under plain Daphne, where every frame goes through
ASGI's ``send``; and the design of the Channels tutorial. What is compared is the same number of readers, of messages
and of bytes, in the same minute.
"""

import asyncio
import urllib.request
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

import aiohttp
from django.db import connection

from updates import publishing
from updates.models import Event
from updates.rehearsal.crowd import raise_file_limit, wait_for

from .events import Newsroom, content
from .rows import Row
from .site import NoServer, Running, running

DAPHNE = ["-m", "daphne"]

ROUNDS = 5
UPDATES = 4
"""In each round and of each server."""

AT_ONCE = 100
"""Readers that shake hands at the same time."""

ARRIVES_WITHIN = 60.0

UPDATE = '{"t":"ops"'
"""What the updates of all three begin with."""


def fan_out(newsroom: Newsroom, ours: Running, folder: Path, readers: int) -> Iterator[Row]:
    raise_file_limit(3 * readers + 1000)  # servers inherit it
    with (
        running(folder, *DAPHNE, "liveblog.asgi:application", "--fd") as plain,
        running(folder, *DAPHNE, "updates.bench.tutorial:application", "--fd") as tutorial,
    ):
        contenders = [
            _of_the_product(ours, newsroom.small, newsroom.author),
            _of_the_product(plain, newsroom.large, newsroom.author),  # another event: each hears its own updates only
            Contender(tutorial, f"{tutorial.socket}/", lambda size: _post(f"{tutorial.address}/publish", size)),
        ]
        line, send, group = asyncio.run(costs(contenders, readers))
    for how, cost, must, aim in (("plain send", send, 6, None), ("written to the line", line, 20, 40)):
        what = f"fan-out to {readers:,} readers, {how}, against a group member each"
        of = f"{cost:.0f} µs of {group:.0f} µs a message"
        yield Row(what, group / cost, "× less", must=must, aim=aim, more_is_better=True, of=of)


def _of_the_product(server: Running, event: Event, author: Any) -> "Contender":
    event.refresh_from_db()
    address = f"{server.socket}/ws/events/{event.slug}/?v=1&epoch={event.epoch}&since={event.head}"

    def publish(_size: int) -> None:
        try:
            publishing.publish(event.pk, content(1), author)
        finally:
            connection.close()  # the thread's own

    return Contender(server, address, publish)


def _post(address: str, size: int) -> None:
    request = urllib.request.Request(address, data=UPDATE.ljust(size, ".").encode())  # noqa: S310 – our own server
    urllib.request.urlopen(request, timeout=ARRIVES_WITHIN).close()  # noqa: S310


class Audience:
    """Readers of one server, who count what they get."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.got: list[int] = []
        self.size = 0
        """Characters of the latest update."""
        self._listening: list[asyncio.Task[None]] = []

    @asynccontextmanager
    async def seated(self, session: aiohttp.ClientSession, number: int) -> AsyncIterator["Audience"]:
        gate = asyncio.Semaphore(AT_ONCE)
        self.got = [0] * number

        async def connect(seat: int) -> None:
            async with gate:
                socket = await session.ws_connect(self.address, max_msg_size=0)
            self._listening.append(asyncio.create_task(self._listen(seat, socket)))

        try:
            await asyncio.gather(*(connect(seat) for seat in range(number)))
            yield self
        finally:
            for task in self._listening:
                task.cancel()
            await asyncio.gather(*self._listening, return_exceptions=True)

    async def _listen(self, seat: int, socket: aiohttp.ClientWebSocketResponse) -> None:
        async with socket:
            async for message in socket:
                if message.data.startswith(UPDATE):
                    self.got[seat] += 1
                    self.size = len(message.data)

    async def have(self, number: int) -> None:
        """Wait until everybody has got so many."""
        if not await wait_for(lambda: min(self.got) >= number, ARRIVES_WITHIN):
            raise NoServer(f"{self.address}: an update did not reach everybody")


@dataclass(frozen=True)
class Contender:
    server: Running
    socket: str
    publish: Callable[[int], None]

    async def cost(self, audience: Audience) -> float:
        """Microseconds of processor time for each message that arrived."""
        before = self.server.processor_seconds()
        for _ in range(UPDATES):
            already = min(audience.got)
            await asyncio.to_thread(self.publish, audience.size)
            await audience.have(already + 1)
        await asyncio.sleep(0.1)  # until the server has put everything away
        return (self.server.processor_seconds() - before) / UPDATES / len(audience.got) * 1e6


async def costs(contenders: list[Contender], readers: int) -> list[float]:
    """The middle of several rounds, in the order of the contenders; a round before them warms all up."""
    raise_file_limit(readers * len(contenders) + 256)
    connector = aiohttp.TCPConnector(limit=0)
    async with aiohttp.ClientSession(connector=connector) as session, AsyncExitStack() as seats:
        audiences = [
            await seats.enter_async_context(Audience(each.socket).seated(session, readers)) for each in contenders
        ]
        rounds = []
        for _ in range(ROUNDS + 1):
            rounds.append([await each.cost(audience) for each, audience in zip(contenders, audiences, strict=True)])
            for audience in audiences:
                audience.size = audiences[0].size  # what ours says is what the tutorial has to say
    return [median(found) for found in zip(*rounds[1:], strict=True)]
