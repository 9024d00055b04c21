"""Takes off photos whose time has passed, and deletes files and rows that nothing needs any more.

A module of its own for ``manage.py publish_scheduled``, which needs nothing of the server.
"""

import asyncio
import logging
from collections.abc import Callable

from django.db import DatabaseError

from updates.live.threads import in_sweep_thread
from updates.publishing import Refused, expire_pictures
from updates.publishing.alerts import sweep_subscriptions
from updates.publishing.link_lookups import sweep_lookups
from updates.publishing.pictures import sweep_renditions, sweep_uploads
from updates.publishing.pictures.cards import sweep_cards
from updates.publishing.purges import resume_purges
from updates.publishing.unused_pictures import sweep_originals
from updates.publishing.webhooks import sweep_deliveries

logger = logging.getLogger(__name__)

EXPIRE_EVERY = 2.0
"""Seconds between two checks for pictures whose “Show until” has passed: one query by an index."""

SWEEP_EVERY = 1800.0
"""Seconds between two rounds of sweeps."""

SWEEPS = (
    resume_purges,
    sweep_renditions,
    sweep_uploads,
    sweep_originals,
    sweep_cards,
    sweep_subscriptions,
    sweep_deliveries,
    sweep_lookups,
)

_FAILURES = (DatabaseError, OSError, Refused)
_FAILED = "%s failed; the next round tries again"


async def sweep_repeatedly() -> None:
    """Sweep until cancelled. A sweep that fails keeps no other from its work."""
    while True:
        for sweep in SWEEPS:
            await _attempt(sweep)
        await asyncio.sleep(SWEEP_EVERY)


async def expire_pictures_repeatedly() -> None:
    """Remove pictures whose time has passed, at the start also those of a downtime."""
    while True:
        await _attempt(expire_pictures)
        await asyncio.sleep(EXPIRE_EVERY)


def work_once() -> None:
    for work in (expire_pictures, *SWEEPS):
        try:
            work()
        except Exception:
            logger.exception(_FAILED, work.__name__)


async def _attempt(work: Callable[[], object]) -> None:
    try:
        await in_sweep_thread(work)
    except _FAILURES:
        logger.exception(_FAILED, work.__name__)
