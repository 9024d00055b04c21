"""Publishes what is scheduled, to the second, and ends what went quiet, beside the requests of every server process.

Each process looks once a second and wakes at the very moment of what is due before its next look. Several processes
may wake for the same entry: the lock on its event and its state decide who publishes it, the others find it done.
After a downtime the oldest goes first.
"""

import asyncio
import logging
import time
from datetime import datetime
from typing import Final

from channels.db import database_sync_to_async
from django.db import DatabaseError
from django.utils import timezone

from .publishing.auto_end import end_if_quiet, quiet_ids
from .publishing.schedule import coming, publish_due

logger = logging.getLogger(__name__)

LOOK_EVERY: Final = 1.0
"""Seconds between two looks at the database: what another process schedules for sooner goes out this late at most."""

QUIET_EVERY: Final = 60.0
"""Seconds between two looks for live blogs that end by themselves."""

AGAIN_AFTER: Final = 30.0
"""Seconds until an entry is tried again whose pictures, or database, were not ready."""


class Scheduler:
    """A task of the server: ``await Scheduler().run()``, and cancel it at the end."""

    def __init__(self) -> None:
        self._not_before: dict[int, float] = {}
        self._next_ending = 0.0

    async def run(self) -> None:
        while True:
            try:
                wait: float = await database_sync_to_async(self.turn, thread_sensitive=False)()
            except DatabaseError as error:
                logger.warning("The schedule could not be read (%s); trying again in %g s", error, LOOK_EVERY)
                wait = LOOK_EVERY
            except Exception:
                logger.exception("The schedule could not be kept; trying again in %g s", LOOK_EVERY)
                wait = LOOK_EVERY
            await asyncio.sleep(wait)

    def turn(self, now: datetime | None = None) -> float:
        """Do what is due; how many seconds to wait until the next turn."""
        now = now or timezone.now()
        self._end_quiet(now)
        for entry_id, when in coming(LOOK_EVERY, now):
            if when > now:
                return max(0.0, (when - timezone.now()).total_seconds())
            self._publish(entry_id)
        return LOOK_EVERY

    def _end_quiet(self, now: datetime) -> None:
        if time.monotonic() < self._next_ending:
            return
        self._next_ending = time.monotonic() + QUIET_EVERY
        for event_id in quiet_ids(now):
            try:
                end_if_quiet(event_id, at=now)
            except Exception:  # the next one goes on
                logger.exception("Live blog %s has gone quiet, and was not ended; again in %g s", event_id, QUIET_EVERY)

    def _publish(self, entry_id: int) -> None:
        if self._not_before.get(entry_id, 0.0) > time.monotonic():
            return
        try:
            publish_due(entry_id)
        except Exception:  # a file or a bucket that cannot be read, a lock that is held too long: the next one goes on
            logger.exception("Entry %s could not be published at its time; again in %g s", entry_id, AGAIN_AFTER)
            self._not_before[entry_id] = time.monotonic() + AGAIN_AFTER
        else:
            self._not_before.pop(entry_id, None)
