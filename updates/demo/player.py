"""Tells the story while the server runs: one step at a time, pausing while somebody works at the desk.

A step is ordinary work of the newsdesk's account, done in a thread, so that the event loop never waits for it.
"""

import asyncio
import logging
from datetime import datetime
from enum import Enum

from channels.db import database_sync_to_async
from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError
from django.utils import timezone

from updates.models import Event
from updates.publishing import Refused

from .cast import newsdesk
from .progress import is_touched, somebody_is_writing, steps_told
from .setup import newest_storm
from .steps import Step
from .storm_to_come import TO_COME
from .telling import Telling

logger = logging.getLogger(__name__)


class Turn(Enum):
    """What a turn came to."""

    NO_DEMO = "there is no demo here"
    WAITED = "the story waits"
    TOLD = "the story went on"
    OVER = "the story is over"


class Player:
    """A task of the server: ``await Player().run()``, and cancel it at the end."""

    def __init__(self, every: float | None = None) -> None:
        self.every = settings.DEMO_EVERY if every is None else every

    async def run(self) -> None:
        """Take a turn every so often, for as long as the server runs; return where there is no demo."""
        while True:
            await asyncio.sleep(self.every)
            if await self._turn() is Turn.NO_DEMO:
                return

    async def _turn(self) -> Turn:
        """What the database or the disk refuses, as when it is locked for long, is tried again the next time."""
        try:
            turn: Turn = await database_sync_to_async(take_turn, thread_sensitive=False)()
        except (DatabaseError, OSError) as error:
            logger.warning("The demo’s story could not go on (%s); it tries again in %g s", error, self.every)
            return Turn.WAITED
        return turn


def take_turn(now: datetime | None = None) -> Turn:
    """Tell the next step, unless somebody is at work on the event."""
    event = newest_storm()
    if event is None:
        return Turn.NO_DEMO
    telling = Telling(event, newsdesk(), event.created_at)
    if not event.is_live or somebody_is_writing(telling, now or timezone.now()):
        return Turn.WAITED
    ahead = _ahead(telling)
    return Turn.TOLD if any(_tell(step, telling) for step in ahead) else Turn.OVER


def steps_ahead(event: Event) -> int:
    """How many steps of the story are still to come."""
    return len(_ahead(Telling(event, newsdesk(), event.created_at)))


def _ahead(telling: Telling) -> tuple[Step, ...]:
    return TO_COME[steps_told(TO_COME, telling) :]


def _tell(step: Step, telling: Telling) -> bool:
    """Whether it was told; one that does not fit what people have made of the event is passed over."""
    try:
        if is_touched(step, telling):
            logger.info("The demo’s story passes over “%s %s”: somebody has changed that", step.kind, step.name)
            return False
        telling.perform(step)
    except (Refused, PermissionDenied, ValidationError) as error:
        logger.info("The demo’s story passes over “%s %s”: %s", step.kind, step.name, error)
        return False
    return True
