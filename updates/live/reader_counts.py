"""How many are reading, over all server processes: coarse, and only of events that show it.

Every ``HEARTBEAT_EVERY`` seconds each process says how many sockets it holds and learns the sum: through Redis where
there is one, else through a table. What a process said is forgotten after three times as long, so one that was
killed does not count for ever. Pages that poll are not counted, and whoever opens sockets counts as many times.
"""

import asyncio
import logging
import math
from collections.abc import Iterable
from datetime import timedelta
from secrets import token_hex
from typing import Protocol

from django.conf import settings
from django.db import transaction
from django.db.models import Sum
from django.utils import timezone
from redis.asyncio import Redis

from updates.models import ReaderCount

from .hub import Hub
from .redis_health import DEADLINE
from .threads import in_thread

logger = logging.getLogger(__name__)

FEWEST = 10
"""Fewer are not told: one could watch single people come and go."""


def coarse(readers: int) -> int:
    """Two figures, rounded down: 1,249 are 1,200, 87 are 80; 0 for too few to tell."""
    if readers < FEWEST:
        return 0
    step: int = 10 ** max(1, len(str(readers)) - 2)
    return readers // step * step


def kept() -> float:
    """Seconds that a process's word holds."""
    return 3 * settings.HEARTBEAT_EVERY


class Counts(Protocol):
    """Where processes tell each other."""

    async def tell(self, mine: dict[int, int]) -> dict[int, int]:
        """Say how many readers of each event this process has; the sums of all processes."""
        ...

    async def forget(self, event_ids: Iterable[int]) -> None:
        """This process ends; its readers will be another's."""
        ...


class Counting:
    """Keeps ``Hub.reading`` up to date."""

    def __init__(self, hubs: dict[int, Hub]) -> None:
        self._hubs = hubs
        self._counts: Counts = RedisCounts(settings.REDIS_URL) if settings.REDIS_URL else TableCounts()
        self._told: set[int] = set()

    async def run(self) -> None:
        """Until it is cancelled. Without an answer the page shows no number."""
        while True:
            await asyncio.sleep(settings.HEARTBEAT_EVERY)
            mine = {event_id: len(hub.readers) for event_id, hub in self._hubs.items() if hub.shows_readers}
            if not mine:
                continue
            sums = await self._tell(mine)
            for event_id in mine.keys() & self._hubs.keys():
                self._hubs[event_id].reading = coarse(sums.get(event_id, 0))

    async def _tell(self, mine: dict[int, int]) -> dict[int, int]:
        self._told |= mine.keys()
        try:
            return await self._counts.tell(mine)
        except Exception as error:  # noqa: BLE001 – whatever a broken Redis or a busy database raises
            logger.debug("Readers were not counted: %r", error)  # the pulse and the tick say what is broken
            return {}

    async def end(self) -> None:
        try:
            await self._counts.forget(self._told)
        except Exception as error:  # noqa: BLE001 – as above; what was told is soon forgotten by itself
            logger.debug("Readers are counted for another %s s: %r", kept(), error)


class TableCounts:
    """One row for each process and event."""

    def __init__(self) -> None:
        self.process = token_hex(8)

    async def tell(self, mine: dict[int, int]) -> dict[int, int]:
        return await in_thread(self._tell, mine)

    def _tell(self, mine: dict[int, int]) -> dict[int, int]:
        now = timezone.now()
        until = now + timedelta(seconds=kept())
        rows = [ReaderCount(event_id=pk, process=self.process, readers=n, until=until) for pk, n in mine.items()]
        with transaction.atomic():
            ReaderCount.objects.filter(until__lt=now).delete()
            ReaderCount.objects.bulk_create(
                rows, update_conflicts=True, unique_fields=["event", "process"], update_fields=["readers", "until"]
            )
            told = ReaderCount.objects.filter(event__in=mine).values_list("event").annotate(Sum("readers"))
            return dict(told.order_by())

    async def forget(self, event_ids: Iterable[int]) -> None:
        if event_ids:
            await in_thread(lambda: ReaderCount.objects.filter(process=self.process).delete())


class RedisCounts:
    """A key for each process and event, which expires; and the set of an event's processes."""

    def __init__(self, url: str) -> None:
        self.process = token_hex(8)
        self._redis = Redis.from_url(url, decode_responses=True)

    async def tell(self, mine: dict[int, int]) -> dict[int, int]:
        async with asyncio.timeout(DEADLINE), self._redis.pipeline(transaction=False) as said:
            for event_id, readers in mine.items():
                said.set(_key(event_id, self.process), readers, ex=_whole_seconds())
                said.sadd(_key(event_id), self.process)
                said.expire(_key(event_id), _whole_seconds())
                said.smembers(_key(event_id))
            processes: list[set[str]] = (await said.execute())[3::4]
            for event_id, names in zip(mine, processes, strict=True):
                said.mget([_key(event_id, name) for name in sorted(names)])
            numbers: list[list[str | None]] = await said.execute()
        return {event_id: sum(int(n or 0) for n in found) for event_id, found in zip(mine, numbers, strict=True)}

    async def forget(self, event_ids: Iterable[int]) -> None:
        async with asyncio.timeout(DEADLINE):
            for event_id in event_ids:
                await self._redis.delete(_key(event_id, self.process))
                await self._redis.srem(_key(event_id), self.process)
            await self._redis.aclose()


def _key(event_id: int, process: str = "") -> str:
    return f"liveblog:readers:{event_id}:{process}" if process else f"liveblog:readers:{event_id}"


def _whole_seconds() -> int:
    return math.ceil(kept())
