"""Readers that look into each update, which costs them more than the server spends on them."""

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import aiohttp

from updates.rehearsal.crowd import wait_for

from .site import ARRIVES_WITHIN, AT_ONCE, ServerFailed

UPDATE = '{"t":"ops"'
"""Start of an update of every server that is measured."""

HEAD = re.compile(r'.{,60}?"seq":(\d+)')
"""Number up to which an update of the product brings its reader."""


class Audience:
    """Readers of one server, which count the updates they receive."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.received: list[int] = []
        self.heads: list[int] = []
        """By reader: the head that the product's latest update names."""
        self._listening: list[asyncio.Task[None]] = []

    @asynccontextmanager
    async def connected(self, session: aiohttp.ClientSession, number: int) -> AsyncIterator["Audience"]:
        limit = asyncio.Semaphore(AT_ONCE)
        self.received, self.heads = [0] * number, [0] * number

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
                    if head := HEAD.match(message.data):
                        self.heads[reader] = int(head[1])

    async def wait_for_updates(self, number: int) -> None:
        """Wait until every reader has received this number of updates."""
        if not await wait_for(lambda: min(self.received) >= number, ARRIVES_WITHIN):
            raise ServerFailed(f"{self.address}: an update did not reach every reader")
