"""Publish scheduled updates without our server: as a service of its own, or once, from a timer."""

import asyncio

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser

from liveblog.sweeps import expire_pictures_repeatedly, sweep_repeatedly, work_once
from updates.alerts.keys import alerts_are_on
from updates.alerts.sender import AlertSender
from updates.link_lookups.fetcher import LinkFetcher
from updates.live.tasks import keep_running
from updates.scheduling import Scheduler
from updates.webhooks.sender import WebhookSender


class Command(BaseCommand):
    help = (
        "Publish scheduled updates at their time, send alerts and webhooks, end live blogs that have gone quiet, take "
        "off photos whose time has passed, and delete files that nothing needs any more. "
        "`manage.py serve` does this itself; other ASGI servers need this command. Several may run at once."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--once", action="store_true", help="do what is due now, then stop")

    def handle(self, *, once: bool, **options: object) -> None:
        if once:
            Scheduler().turn()
            if alerts_are_on():
                asyncio.run(AlertSender().run_once())
            asyncio.run(WebhookSender().run_to_the_end())
            if settings.FETCH_LINK_TITLES:
                asyncio.run(LinkFetcher().run_to_the_end())
            work_once()
            return
        try:
            asyncio.run(_work())
        except KeyboardInterrupt:
            self.stdout.write("Stopped.")


async def _work() -> None:
    work = [Scheduler().run, AlertSender().run, WebhookSender().run, expire_pictures_repeatedly, sweep_repeatedly]
    if settings.FETCH_LINK_TITLES:
        work.append(LinkFetcher().run)
    await asyncio.gather(*(keep_running(each) for each in work))
