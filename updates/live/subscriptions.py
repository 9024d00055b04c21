"""This process's subscriptions to the nudges of other processes: one for each event that has a hub or a desk here."""

import asyncio
import logging
from collections.abc import Callable
from contextlib import suppress

from channels.layers import get_channel_layer

from updates import nudge

from .redis_health import DEADLINE

logger = logging.getLogger(__name__)

RENEW_EVERY = 3600.0
"""Seconds after which a group membership is renewed; Channels forgets it after a day."""

RETRY_AFTER = 1.0
"""Seconds between two attempts to subscribe while Redis fails."""


class Subscriptions:
    """Calls back for each nudge. All methods run on the server's loop."""

    def __init__(self) -> None:
        self._callbacks: dict[int, set[Callable[[], object]]] = {}
        self._tasks: dict[int, asyncio.Task[None]] = {}

    def add(self, event_id: int, callback: Callable[[], object]) -> None:
        self._callbacks.setdefault(event_id, set()).add(callback)
        if event_id not in self._tasks:
            self._tasks[event_id] = asyncio.create_task(self._follow(event_id))

    def remove(self, event_id: int, callback: Callable[[], object]) -> None:
        self._callbacks[event_id].remove(callback)
        if not self._callbacks[event_id]:
            del self._callbacks[event_id]
            self._tasks.pop(event_id).cancel()

    async def renew(self) -> None:
        """Drop all connections to Redis and open new ones, because the old ones may be dead without an error.

        1. The layer drops its connections first; otherwise each subscription would try to unsubscribe through them.
        2. The current subscriptions are ended.
        3. Those that are still needed start again. One that was removed or added in the meantime is left unchanged.
        """
        await _flush()
        before = dict(self._tasks)
        for task in before.values():
            task.cancel()
        await asyncio.gather(*before.values(), return_exceptions=True)
        for event_id, task in before.items():
            if self._tasks.get(event_id) is task:
                self._tasks[event_id] = asyncio.create_task(self._follow(event_id))
        for event_id in list(self._callbacks):
            self._call_back(event_id)

    async def _follow(self, event_id: int) -> None:
        while True:
            try:
                await self._receive(event_id)
            except TimeoutError:
                continue
            except Exception as error:  # noqa: BLE001 – whatever a broken Redis raises, the tick finds every change
                logger.debug("No nudges for event %s: %r", event_id, error)  # redis_health reports it, once
                await asyncio.sleep(RETRY_AFTER)

    async def _receive(self, event_id: int) -> None:
        layer = get_channel_layer()
        group = nudge.group_name(event_id)
        async with asyncio.timeout(DEADLINE):
            channel = await layer.new_channel()
        try:
            async with asyncio.timeout(DEADLINE):
                await layer.group_add(group, channel)
            self._call_back(event_id)  # nudges sent before were missed
            async with asyncio.timeout(RENEW_EVERY):
                while True:
                    message = await layer.receive(channel)
                    if message.get("process") != nudge.PROCESS:  # this process's own operations wake the hub directly
                        self._call_back(event_id)
        finally:
            with suppress(Exception):  # a broken Redis no longer has the membership
                async with asyncio.timeout(DEADLINE):
                    await layer.group_discard(group, channel)

    def _call_back(self, event_id: int) -> None:
        for callback in list(self._callbacks.get(event_id, ())):
            callback()


async def _flush() -> None:
    layer = get_channel_layer()
    try:
        async with asyncio.timeout(DEADLINE):
            await layer.flush()
    except Exception as error:  # noqa: BLE001 – as above; the next failed probe tries again
        logger.debug("The channel layer could not be renewed: %r", error)
