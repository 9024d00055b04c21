import json
import os
import subprocess
import sys
import tempfile
from argparse import ArgumentParser
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import BaseCommand, CommandError, call_command

from updates.bench.curves import draw
from updates.bench.events import Newsroom, create_newsroom
from updates.bench.fanout import fan_out
from updates.bench.measures import Bench
from updates.bench.noise import with_noise
from updates.bench.processes import processes
from updates.bench.rows import Row, table
from updates.bench.site import ServerFailed, running
from updates.bench.tier import tier
from updates.bench.tier_delay import tier_delay
from updates.models import Event
from updates.untyped import JSONObject

NOT_INHERITED = {"DEBUG", "HTTPS", "REDIS_URL", "ALLOWED_HOSTS", "DATABASE_URL", "SECRET_KEY"}
"""Variables of the site that a bench ignores."""


class Command(BaseCommand):
    help = (
        "Measure speed and weight of pages, and the cost of reaching many readers, on servers and a database of its "
        "own. Speed is a ratio of two values measured in turns, so results of different machines can be compared. "
        "The exit status is 1 if a target is missed."
    )
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        add = parser.add_argument
        add("--seconds", type=float, default=30.0, help="duration without the set-up (default: 30)")
        add(
            "--entries",
            type=int,
            default=5000,
            help="updates of the long live blog (default: 5000)",
        )
        add("--connections", type=int, default=8, help="parallel requests (default: 8)")
        add("--readers", type=int, default=1000, help="readers of the fan-out (default: 1000); 0 skips it")
        add("--database", default="", help="postgres:// address of an empty database (default: SQLite)")
        add(
            "--plot",
            type=Path,
            metavar="FILE.svg",
            help="draw curves instead: to ten times --readers and --entries, and to four processes; takes some minutes",
        )
        add("--json", action="store_true", help="write the results as JSON")
        add(
            "--here",
            action="store_true",
            help="use DATA_DIR and DATABASE_URL of the environment; the database must have no live blogs",
        )

    def handle(self, *args: object, **options: Any) -> None:  # Any: argparse has no types
        if options["seconds"] <= 0 or options["connections"] < 1 or options["entries"] < 1 or options["readers"] < 0:
            raise CommandError(
                "--seconds, --connections and --entries must be greater than 0; --readers must not be negative."
            )
        if options["here"]:
            self._measure(options)
        else:
            sys.exit(self._run_isolated(options["database"]))

    def _run_isolated(self, database: str) -> int:
        """Run the same command again with a temporary folder and database."""
        inherited = {name: value for name, value in os.environ.items() if name not in NOT_INHERITED}
        with tempfile.TemporaryDirectory(prefix="bench-") as folder:
            environment = inherited | {
                "DATA_DIR": folder,
                "DATABASE_URL": database,
                "EXTRA_APPS": "bench",
                "LOG_LEVEL": "WARNING",
            }
            command = [sys.executable, str(settings.BASE_DIR / "manage.py"), *sys.argv[1:], "--here"]
            return subprocess.run(command, env=environment, check=False).returncode  # noqa: S603 – our own command

    def _measure(self, options: JSONObject) -> None:
        call_command("migrate", interactive=False, verbosity=0)
        if Event.objects.exists():
            raise CommandError("This database has live blogs. Use an empty one.")
        call_command("collectstatic", interactive=False, verbosity=0)
        try:
            if options["plot"]:
                curves = draw(create_newsroom(50, 50), Path(settings.DATA_DIR), options["readers"], options["entries"])
                options["plot"].write_text(curves)
                return
            newsroom = create_newsroom(50, options["entries"])
            with running(Path(settings.DATA_DIR)) as site:
                rows = list(with_noise(_rows(newsroom, site.address, options)))
        except ServerFailed as reason:
            raise CommandError(str(reason)) from None
        data = [row.as_data() for row in rows]
        self.stdout.write(json.dumps(data, ensure_ascii=False, indent=1) if options["json"] else table(rows))
        if any(row.verdict == "missed" for row in rows):
            sys.exit(1)


def _rows(newsroom: Newsroom, address: str, options: JSONObject) -> Iterator[Row]:
    folder, readers = Path(settings.DATA_DIR), options["readers"]
    yield from Bench(newsroom, address, options["seconds"], options["connections"]).rows()
    yield from processes(newsroom, folder, options["seconds"] / 10)
    if readers:
        yield from fan_out(newsroom, folder, readers)
        yield from tier(newsroom, folder, readers)
        yield from tier_delay(newsroom, folder, readers)
