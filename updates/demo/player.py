"""Continues the storm while the server runs: one step at a time, pausing while somebody works at the desk.

Each step is an operation of the newsdesk's account and runs in a thread, so that it does not block the event loop.
"""

import asyncio
import logging
from datetime import datetime
from enum import Enum, auto

from channels.db import database_sync_to_async
from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError
from django.utils import timezone

from updates.models import Event
from updates.publishing import Refused

from .people import newsdesk_user
from .progress import count_done, is_paused, was_changed_by_people
from .setup import newest_storm
from .steps import Step
from .storm_future import FUTURE_STEPS
from .writer import StoryWriter

logger = logging.getLogger(__name__)


class Turn(Enum):
    """Result of a turn of the player."""

    NO_DEMO = auto()
    PAUSED = auto()
    STEP_DONE = auto()
    FINISHED = auto()


class Player:
    """Task of the server that takes a turn every ``DEMO_EVERY`` seconds."""

    def __init__(self, every: float | None = None) -> None:
        self.every = settings.DEMO_EVERY if every is None else every

    async def run(self) -> None:
        """Take turns until cancelled; return if there is no demo."""
        while True:
            await asyncio.sleep(self.every)
            if await self._turn() is Turn.NO_DEMO:
                return

    async def _turn(self) -> Turn:
        """Take a turn; on an error of the database or disk, such as a lock, log it and try again next time."""
        try:
            turn: Turn = await database_sync_to_async(take_turn, thread_sensitive=False)()
        except (DatabaseError, OSError) as error:
            logger.warning("The demo could not continue (%s); trying again in %g s", error, self.every)
            return Turn.PAUSED
        return turn


def take_turn(now: datetime | None = None) -> Turn:
    """Perform the next step that fits, unless somebody is working on the event."""
    event = newest_storm()
    if event is None:
        return Turn.NO_DEMO
    writer = StoryWriter(event, newsdesk_user(), event.created_at)
    if not event.is_live or is_paused(writer, now or timezone.now()):
        return Turn.PAUSED
    return Turn.STEP_DONE if any(_perform(step, writer) for step in _remaining(writer)) else Turn.FINISHED


def count_remaining(event: Event) -> int:
    return len(_remaining(StoryWriter(event, newsdesk_user(), event.created_at)))


def _remaining(writer: StoryWriter) -> tuple[Step, ...]:
    return FUTURE_STEPS[count_done(FUTURE_STEPS, writer) :]


def _perform(step: Step, writer: StoryWriter) -> bool:
    """Perform a step and tell whether it was done; skip one that no longer fits after people's changes."""
    try:
        if was_changed_by_people(step, writer):
            logger.info("The demo skips “%s %s”: somebody has changed it", step.kind, step.name)
            return False
        writer.perform(step)
    except (Refused, PermissionDenied, ValidationError) as error:
        logger.info("The demo skips “%s %s”: %s", step.kind, step.name, error)
        return False
    return True
