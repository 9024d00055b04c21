"""Work that server processes do beside the requests: hubs, schedule, sweeps, and what installed apps offer."""

import asyncio
import logging
from collections.abc import Awaitable, Callable

from django.apps import apps
from django.conf import settings
from django.db import DatabaseError

from liveblog import websocket
from liveblog.connections import waiting
from liveblog.process_group import is_first
from updates.alerts.sender import AlertSender
from updates.link_lookups.fetcher import LinkFetcher
from updates.live.hubs import hubs
from updates.live.tasks import keep_running
from updates.live.threads import in_sweep_thread
from updates.publishing import Refused, expire_pictures
from updates.publishing.alerts import sweep_subscriptions
from updates.publishing.link_lookups import sweep_lookups
from updates.publishing.pictures import sweep_renditions, sweep_uploads
from updates.publishing.pictures.cards import sweep_cards
from updates.publishing.purges import resume_purges
from updates.publishing.unused_pictures import sweep_originals
from updates.publishing.webhooks import sweep_deliveries
from updates.scheduling import Scheduler
from updates.webhooks.sender import WebhookSender

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


async def work_in_background() -> None:
    """Work until cancelled."""
    hubs().start()
    work: list[Callable[[], Awaitable[None]]] = [
        AlertSender().run,
        WebhookSender().run,
        waiting.sweep_repeatedly,
        websocket.check_repeatedly,
    ]
    if settings.FETCH_LINK_TITLES:
        work.append(LinkFetcher().run)
    if is_first():  # several may do it at the same time, but one of a group is enough
        work += [Scheduler().run, _sweep, _expire_pictures, *_work_of_apps()]
    await asyncio.gather(*(keep_running(each) for each in work))


def _work_of_apps() -> list[Callable[[], Awaitable[None]]]:
    """Return background work of installed apps, such as the demo's player."""
    return [work for app in apps.get_app_configs() for work in getattr(app, "background_work", list)()]


async def _sweep() -> None:
    """Delete files and rows that nothing needs any more. A sweep that fails keeps no other from its work."""
    while True:
        for sweep in SWEEPS:
            try:
                await in_sweep_thread(sweep)
            except (DatabaseError, OSError):
                logger.exception("%s failed; trying again in %s s", sweep.__name__, SWEEP_EVERY)
        await asyncio.sleep(SWEEP_EVERY)


async def _expire_pictures() -> None:
    """Remove pictures whose time has passed, at the start also those of a downtime."""
    while True:
        try:
            await in_sweep_thread(expire_pictures)
        except (DatabaseError, OSError, Refused):
            logger.exception("Pictures whose time is over could not be taken off; trying again in %s s", EXPIRE_EVERY)
        await asyncio.sleep(EXPIRE_EVERY)
