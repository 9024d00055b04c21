"""Number of readers of all server processes, rounded, for events that show it.

Every ``HEARTBEAT_EVERY`` seconds each process reports its number of sockets and reads the sum, through Redis or,
without it, a table. The sums of live events are kept for the desk, one number a minute. A report expires after three
times as long, so that a killed process is soon left out. Pages that poll are not counted. Somebody who opens many
sockets counts as many readers.
"""

import asyncio
import logging
import math
from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import Protocol

from django.conf import settings
from django.db import transaction
from django.db.models import Sum
from django.utils import timezone

from updates.choices import EventStatus
from updates.models import ReaderCount
from updates.nudge import PROCESS

from .hub import Hub
from .minutes import record_readers
from .redis_health import DEADLINE
from .threads import in_background_thread

logger = logging.getLogger(__name__)

SMALLEST = 10
"""Smaller numbers are not shown, since they would reveal single readers."""

RECORD_EVERY = 20.0
"""Seconds between two records of the number of readers, so that every minute has one."""


def rounded(readers: int) -> int:
    """Round down to two digits: 1,249 becomes 1,200 and 87 becomes 80; 0 for numbers that are not shown."""
    if readers < SMALLEST:
        return 0
    step: int = 10 ** max(1, len(str(readers)) - 2)
    return readers // step * step


def lifetime() -> float:
    """Return the seconds after which a report expires."""
    return 3 * settings.HEARTBEAT_EVERY


class CountStore(Protocol):
    """A store in which processes exchange their numbers."""

    async def report(self, process: str, own: dict[int, int]) -> dict[int, int]:
        """Store a process's number of readers of each event; return the sums of all processes."""
        ...

    async def remove(self, event_ids: Iterable[int]) -> None:
        """Remove the reports of this process, which stops."""
        ...


class ReaderCounter:
    """Keeps ``Hub.reader_count`` up to date."""

    def __init__(self, hubs: dict[int, Hub]) -> None:
        self._hubs = hubs
        self._store: CountStore = RedisStore(settings.REDIS_URL) if settings.REDIS_URL else TableStore()
        self._reported: set[int] = set()
        self._recorded_at = float("-inf")

    async def run(self) -> None:
        """Report until cancelled. While the store fails, pages show no number."""
        while True:
            await asyncio.sleep(settings.HEARTBEAT_EVERY)
            is_due = self._is_due()
            counted = [hub for hub in self._hubs.values() if hub.shows_readers or (is_due and _is_live(hub))]
            if not counted:
                continue
            sums: dict[int, int] = {}
            for process, numbers in self._numbers(counted).items():
                sums = await self._report(process, numbers)
            for hub in counted:
                hub.reader_count = rounded(sums.get(hub.event_id, 0))
            if is_due:
                await self._record({hub.event_id: sums.get(hub.event_id, 0) for hub in counted if _is_live(hub)})

    def _is_due(self) -> bool:
        """Return whether to record the numbers: before the reports that other processes made last time expire."""
        now = asyncio.get_running_loop().time()
        if now - self._recorded_at < min(RECORD_EVERY, 2 * settings.HEARTBEAT_EVERY):
            return False
        self._recorded_at = now
        return True

    async def _record(self, sums: dict[int, int]) -> None:
        try:
            await in_background_thread(record_readers, sums)
        except Exception as error:  # noqa: BLE001 – as below; a minute without a number is a gap in a curve
            logger.debug("Readers were not recorded: %r", error)

    def _numbers(self, hubs: Sequence[Hub]) -> dict[str, dict[int, int]]:
        """Return the numbers of readers to report: by process and event."""
        return {PROCESS: {hub.event_id: hub.open_pages for hub in hubs}}

    async def _report(self, process: str, own: dict[int, int]) -> dict[int, int]:
        self._reported |= own.keys()
        try:
            return await self._store.report(process, own)
        except Exception as error:  # noqa: BLE001 – whatever a broken Redis or a busy database raises
            logger.debug("Readers were not counted: %r", error)  # the probe and the tick already log the failure
            return {}

    async def stop(self) -> None:
        try:
            await self._store.remove(self._reported)
        except Exception as error:  # noqa: BLE001 – as above; reports expire by themselves
            logger.debug("Readers are counted for another %s s: %r", lifetime(), error)


def _is_live(hub: Hub) -> bool:
    return hub.state is not None and hub.state.status == EventStatus.LIVE


class TableStore:
    """One row for each process and event."""

    async def report(self, process: str, own: dict[int, int]) -> dict[int, int]:
        return await in_background_thread(self._report, process, own)

    def _report(self, process: str, own: dict[int, int]) -> dict[int, int]:
        now = timezone.now()
        until = now + timedelta(seconds=lifetime())
        rows = [ReaderCount(event_id=pk, process=process, readers=n, until=until) for pk, n in own.items()]
        with transaction.atomic():
            ReaderCount.objects.filter(until__lt=now).delete()
            ReaderCount.objects.bulk_create(
                rows, update_conflicts=True, unique_fields=["event", "process"], update_fields=["readers", "until"]
            )
            sums = ReaderCount.objects.filter(event__in=own).values_list("event").annotate(Sum("readers"))
            return dict(sums.order_by())

    async def remove(self, event_ids: Iterable[int]) -> None:
        if event_ids:
            await in_background_thread(lambda: ReaderCount.objects.filter(process=PROCESS).delete())


class RedisStore:
    """A key for each process and event, which expires, and the set of an event's processes."""

    def __init__(self, url: str) -> None:
        from redis.asyncio import Redis  # noqa: PLC0415 – takes 0.1 s, which sites without Redis need not wait for

        self._redis = Redis.from_url(url, decode_responses=True)

    async def report(self, process: str, own: dict[int, int]) -> dict[int, int]:
        expiry = math.ceil(lifetime())
        async with asyncio.timeout(DEADLINE), self._redis.pipeline(transaction=False) as pipeline:
            for event_id, readers in own.items():
                pipeline.set(_key(event_id, process), readers, ex=expiry)
                pipeline.sadd(_key(event_id), process)
                pipeline.expire(_key(event_id), expiry)
                pipeline.smembers(_key(event_id))
            processes: list[set[str]] = (await pipeline.execute())[3::4]
            for event_id, names in zip(own, processes, strict=True):
                pipeline.mget([_key(event_id, name) for name in sorted(names)])
            numbers: list[list[str | None]] = await pipeline.execute()
        return {event_id: sum(int(n or 0) for n in row) for event_id, row in zip(own, numbers, strict=True)}

    async def remove(self, event_ids: Iterable[int]) -> None:
        async with asyncio.timeout(DEADLINE):
            for event_id in event_ids:
                await self._redis.delete(_key(event_id, PROCESS))
                await self._redis.srem(_key(event_id), PROCESS)
            await self._redis.aclose()


def _key(event_id: int, process: str = "") -> str:
    return f"liveblog:readers:{event_id}:{process}" if process else f"liveblog:readers:{event_id}"
