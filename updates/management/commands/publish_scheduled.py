"""Publish scheduled updates without our server: as a service of its own, or once, from a timer."""

import asyncio
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from updates.scheduling import Scheduler


class Command(BaseCommand):
    help = (
        "Publishes what is scheduled, at its time, and ends live blogs that have gone quiet. `manage.py serve` does so "
        "by itself; this is for other ASGI servers. It may run several times."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--once", action="store_true", help="do what is due by now, then end")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["once"]:
            Scheduler().turn()
            return
        try:
            asyncio.run(Scheduler().run())
        except KeyboardInterrupt:
            self.stdout.write("Stopped.")
