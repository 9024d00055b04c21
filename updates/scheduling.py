"""Publishes scheduled entries to the second and ends live blogs that have gone quiet.

The first process of each server does so. It reads the schedule once a second and wakes exactly when an entry is due
before its next read. Several servers may wake for the same entry: the first to get the lock on its event publishes it,
and the others find it published. After a downtime the oldest entry goes first.
"""

import asyncio
import logging
import time
from datetime import datetime
from typing import Final

from channels.db import database_sync_to_async
from django.db import DatabaseError
from django.utils import timezone

from .database_errors import let_go_of_cursors
from .metrics import DATABASE_GONE, SCHEDULE_LAG
from .publishing.auto_end import end_if_quiet, quiet_ids
from .publishing.schedule import coming, publish_due

logger = logging.getLogger(__name__)

READ_EVERY: Final = 1.0
"""Seconds between two reads. An entry that another process schedules for sooner is late by as much at most."""

QUIET_EVERY: Final = 60.0
"""Seconds between two searches for live blogs that have gone quiet."""

RETRY_AFTER: Final = 30.0
"""Seconds until an entry is tried again that could not be published."""


class Scheduler:
    """A task of the server: ``await Scheduler().run()``, and cancel it at the end."""

    def __init__(self) -> None:
        self._not_before: dict[int, float] = {}
        self._next_ending = 0.0

    async def run(self) -> None:
        while True:
            try:
                wait: float = await database_sync_to_async(self._turn, thread_sensitive=False)()
                DATABASE_GONE.set(0)
            except DatabaseError as error:
                DATABASE_GONE.set(1)
                logger.warning("The schedule could not be read; trying again in %g s", READ_EVERY, exc_info=error)
                wait = READ_EVERY
            except Exception:
                logger.exception("The scheduler failed; trying again in %g s", READ_EVERY)
                wait = READ_EVERY
            await asyncio.sleep(wait)

    def _turn(self) -> float:
        try:
            return self.turn()
        except DatabaseError as error:
            let_go_of_cursors(error)
            raise

    def turn(self, now: datetime | None = None) -> float:
        """Do what is due, and return the seconds until the next turn."""
        now = now or timezone.now()
        self._end_quiet(now)
        for entry_id, when in coming(READ_EVERY, now):
            if when > now:
                return max(0.0, (when - timezone.now()).total_seconds())
            self._publish(entry_id, when)
        return READ_EVERY

    def _end_quiet(self, now: datetime) -> None:
        if time.monotonic() < self._next_ending:
            return
        self._next_ending = time.monotonic() + QUIET_EVERY
        for event_id in quiet_ids(now):
            try:
                end_if_quiet(event_id, at=now)
            except Exception:  # the next one goes on
                logger.exception(
                    "Live blog %s has gone quiet and could not be ended; trying again in %g s", event_id, QUIET_EVERY
                )

    def _publish(self, entry_id: int, when: datetime) -> None:
        if self._not_before.get(entry_id, 0.0) > time.monotonic():
            return
        try:
            publish_due(entry_id)
        except Exception:  # a file or a bucket that cannot be read, a lock that is held too long: the next one goes on
            logger.exception("Entry %s could not be published at its time; trying again in %g s", entry_id, RETRY_AFTER)
            self._not_before[entry_id] = time.monotonic() + RETRY_AFTER
        else:
            self._not_before.pop(entry_id, None)
            SCHEDULE_LAG.observe((timezone.now() - when).total_seconds())
