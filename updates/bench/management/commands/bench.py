import json
import os
import subprocess
import sys
import tempfile
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import BaseCommand, CommandError, call_command

from updates.bench.events import newsroom
from updates.bench.fanout import fan_out
from updates.bench.measures import Bench
from updates.bench.rows import table
from updates.bench.site import NoServer, running
from updates.models import Event

SITE_OF_ITS_OWN = {"DEBUG", "HTTPS", "REDIS_URL", "ALLOWED_HOSTS", "DATABASE_URL", "SECRET_KEY"}
"""Settings of the newsroom's site that a bench does not take over."""


class Command(BaseCommand):
    help = (
        "Measure how fast and how heavy pages are, and what it costs to reach many readers, with servers, a database "
        "and live blogs of its own. Speed is given as a ratio of two things measured in turns: figures of different "
        "machines can be compared. The status is 1 if a target is missed."
    )
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        add = parser.add_argument
        add("--seconds", type=float, default=30.0, help="of measuring, beside the setting up (default: 30)")
        add("--entries", type=int, default=5000, help="of the long live blog (default: 5000); the short one has 50")
        add("--connections", type=int, default=8, help="that ask at the same time (default: 8)")
        add("--readers", type=int, default=1000, help="of the fan-out (default: 1000); 0 leaves it out")
        add("--database", default="", help="postgres://… of an empty database (default: SQLite)")
        add("--json", action="store_true", help="rows as JSON")
        add("--here", action="store_true", help="use DATA_DIR and DATABASE_URL as they are; no live blogs may be there")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["seconds"] <= 0 or options["connections"] < 1 or options["entries"] < 1 or options["readers"] < 0:
            raise CommandError("--seconds, --connections and --entries are numbers above 0, --readers may be 0.")
        if options["here"]:
            self._measure(options)
        else:
            sys.exit(self._run_apart(options["database"]))

    def _run_apart(self, database: str) -> int:
        """The same command again, with a folder and a database that nobody needs."""
        kept = {name: value for name, value in os.environ.items() if name not in SITE_OF_ITS_OWN}
        with tempfile.TemporaryDirectory(prefix="bench-") as folder:
            own = kept | {"DATA_DIR": folder, "DATABASE_URL": database, "EXTRA_APPS": "bench", "LOG_LEVEL": "WARNING"}
            command = [sys.executable, str(settings.BASE_DIR / "manage.py"), *sys.argv[1:], "--here"]
            return subprocess.run(command, env=own, check=False).returncode  # noqa: S603 – our own command

    def _measure(self, options: dict[str, Any]) -> None:
        call_command("migrate", interactive=False, verbosity=0)
        if Event.objects.exists():
            raise CommandError("There are live blogs in this database. Name an empty one.")
        call_command("collectstatic", interactive=False, verbosity=0)
        made = newsroom(50, options["entries"])
        try:
            with running(Path(settings.DATA_DIR)) as site:
                rows = list(Bench(made, site.address, options["seconds"], options["connections"]).rows())
                if options["readers"]:
                    rows += fan_out(made, site, Path(settings.DATA_DIR), options["readers"])
        except NoServer as reason:
            raise CommandError(str(reason)) from None
        data = [row.as_data() for row in rows]
        self.stdout.write(json.dumps(data, ensure_ascii=False, indent=1) if options["json"] else table(rows))
        if any(row.verdict == "missed" for row in rows):
            sys.exit(1)
