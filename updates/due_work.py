"""Work on rows of a table that are due: in every server process, beside everything else."""

import asyncio
import logging
from abc import ABC, abstractmethod
from collections.abc import Coroutine, Hashable
from functools import partial
from typing import Final

from aiohttp import ClientSession
from django.db import DatabaseError

logger = logging.getLogger(__name__)

READ_EVERY: Final = 1.0
"""Seconds between two reads of a table."""


class DueWork(ABC):
    """Starts a task for each row that is due. ``run()`` is a task of the server, which cancels it at the end."""

    rows: str
    """What the rows are called in the log."""

    def __init__(self) -> None:
        self._running: dict[Hashable, asyncio.Task[None]] = {}

    @abstractmethod
    def new_session(self) -> ClientSession:
        """Return the HTTP client of all tasks."""

    @abstractmethod
    async def start_due(self, session: ClientSession) -> int:
        """Start what is due and has room; return how many rows that were."""

    async def run(self) -> None:
        async with self.new_session() as session:
            try:
                while True:
                    await self._start_due(session)
                    await asyncio.sleep(READ_EVERY)
            finally:  # before the session closes: a call that fails for that would count as a try
                for task in self._running.values():
                    task.cancel()
                await asyncio.gather(*self._running.values(), return_exceptions=True)

    async def run_once(self) -> None:
        """Work on what is due now, to the end."""
        async with self.new_session() as session:
            await self._start_due(session)
            await asyncio.gather(*self._running.values())

    async def run_to_the_end(self) -> None:
        """Work on what is due, and on what has become due by it, until there is none."""
        async with self.new_session() as session:
            while await self._start_due(session):
                await asyncio.gather(*self._running.values())

    def start(self, key: Hashable, work: Coroutine[object, object, None]) -> asyncio.Task[None]:
        """Start the task of a row that has none."""
        task = self._running[key] = asyncio.create_task(work)
        task.add_done_callback(partial(self._ended, key))
        return task

    async def _start_due(self, session: ClientSession) -> int:
        try:
            return await self.start_due(session)
        except DatabaseError as error:
            logger.warning("%s could not be read; trying again in %g s", self.rows, READ_EVERY, exc_info=error)
            return 0

    def _ended(self, key: Hashable, task: "asyncio.Task[None]") -> None:
        del self._running[key]
        if not task.cancelled() and (error := task.exception()):
            logger.error("%s: %s failed; it is tried again", self.rows, key, exc_info=error)
