"""Checks regularly whether Redis delivers nudges, by sending one to this process itself.

The channel layer does not notice a connection that is open but dead, for example while Redis is frozen or after a
firewall has dropped it. A ping on another connection would not notice that the *subscription* is gone. So the probe is
sent like a nudge: subscribe, publish, receive, within a deadline. Nothing is lost while it fails, because updates
arrive by the tick.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from enum import StrEnum
from secrets import token_hex

from channels.layers import get_channel_layer
from django.conf import settings

logger = logging.getLogger(__name__)

DEADLINE = 1.0
"""Seconds that Redis has to answer."""


class Health(StrEnum):
    OFF = "off"
    """There is no Redis, and only one process."""
    OK = "ok"
    GONE = "gone: updates arrive by the tick"


class RedisProbe:
    """Probes the layer every ``REDIS_PROBE_EVERY`` seconds; ``renew`` and ``recovered`` are called on the outcome."""

    def __init__(self, renew: Callable[[], Awaitable[None]], recovered: Callable[[], None]) -> None:
        self.health = Health.OK if settings.REDIS_URL else Health.OFF
        self._renew = renew
        self._recovered = recovered
        self._group = f"probe.{token_hex(8)}"
        self._channel = ""

    async def run(self) -> None:
        """Probe until cancelled; return at once where there is no Redis."""
        while self.health != Health.OFF:
            await asyncio.sleep(settings.REDIS_PROBE_EVERY)
            if await self._answers():
                self._succeeded()
            else:
                await self._failed()

    async def _answers(self) -> bool:
        layer = get_channel_layer()
        try:
            async with asyncio.timeout(DEADLINE):
                if not self._channel:
                    self._channel = await layer.new_channel()
                    await layer.group_add(self._group, self._channel)
                await layer.group_send(self._group, {"type": "probe"})
                await layer.receive(self._channel)
        except Exception as error:  # noqa: BLE001 – whatever a broken Redis raises, it is broken
            logger.debug("Probe failed: %r", error)
            self._channel = ""
            return False
        return True

    def _succeeded(self) -> None:
        if self.health == Health.GONE:
            logger.warning("Redis carries nudges again")
            self.health = Health.OK
            self._recovered()

    async def _failed(self) -> None:
        if self.health == Health.OK:
            logger.error("Redis does not carry nudges any more; until it does, updates arrive by the tick")
        self.health = Health.GONE
        await self._renew()
