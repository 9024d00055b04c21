"""Work that server processes do beside the requests: hubs, schedule, sweeps, and what installed apps offer."""

import asyncio
from collections.abc import Awaitable, Callable

from django.apps import apps
from django.conf import settings

from liveblog import websocket
from liveblog.connections import waiting
from liveblog.process_group import is_first
from liveblog.sweeps import expire_pictures_repeatedly, sweep_repeatedly
from updates.alerts.sender import AlertSender
from updates.link_lookups.fetcher import LinkFetcher
from updates.live.hubs import hubs
from updates.live.tasks import keep_running
from updates.scheduling import Scheduler
from updates.webhooks.sender import WebhookSender


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
        work += [Scheduler().run, sweep_repeatedly, expire_pictures_repeatedly, *_work_of_apps()]
    await asyncio.gather(*(keep_running(each) for each in work))


def _work_of_apps() -> list[Callable[[], Awaitable[None]]]:
    """Return background work of installed apps, such as the demo's player."""
    return [work for app in apps.get_app_configs() for work in getattr(app, "background_work", list)()]
