import asyncio
import signal
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management import BaseCommand, CommandError

from updates.rehearsal import report
from updates.rehearsal.editors import read_recording
from updates.rehearsal.faults import FAULTS, refusal
from updates.rehearsal.live_site import rehearse_against
from updates.rehearsal.run import rehearse
from updates.rehearsal.show import Cast
from updates.rehearsal.stack import Plan
from updates.rehearsal.traces import Verdict

BAR = 24
SPEED = 20.0


class Command(BaseCommand):
    help = (
        "Rehearse a big night, with servers, readers and faults of its own, on this machine. What every reader ends "
        "with, and every step on the way, is compared with the database. The status is 1 if anything was lost, "
        "doubled or out of order."
    )
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        add = parser.add_argument
        add("--fault", action="append", metavar="NAME", help="again for more; all, or: " + ", ".join(FAULTS))
        add("--readers", type=positive, default=100)
        add("--posts", type=positive, default=100, help="publications in each fault; other operations come on top")
        add("--rate", type=float, default=20.0, help="publications a second (default: 20)")
        add("--editors", type=positive, default=3)
        add(
            "--database",
            default="sqlite",
            help="sqlite; postgres, a server of its own; or postgres://… of an empty one",
        )
        add("--redis", action="store_true", help="a Redis of its own between the server processes")
        add("--processes", type=positive, default=1, help="server processes")
        add(
            "--event", type=Path, metavar="FILE", help="post this live blog (docs/event-format.md), not made-up updates"
        )
        add("--speed", type=float, help="with --event: how many times faster than it happened (default: 20)")
        add("--against", metavar="URL", help="readers only, on this event’s page of a running installation; you post")
        add("--seconds", type=float, default=60.0, help="how long --against lasts")
        add("--seed", type=int, default=1)
        add("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["against"]:
            run = rehearse_against(options["against"], options["readers"], options["seconds"])
            self._conclude([asyncio.run(run)], {}, {"against": options["against"]}, as_json=options["json"])
            return
        names = faults_named(options["fault"] or ["all"])
        check_numbers(options)
        cast = Cast(options["readers"], options["posts"], options["rate"], options["editors"], seed=options["seed"])
        plan = Plan(options["database"], redis=options["redis"], processes=options["processes"])
        check_plan(plan, options["fault"] or ["all"], names)
        recording = (read_recording(options["event"]), options["speed"] or SPEED) if options["event"] else None
        try:
            verdicts, not_run = asyncio.run(rehearse(plan, names, cast, recording, self._tell))
        except asyncio.CancelledError:
            sys.exit(128 + signal.SIGTERM)
        database = plan.database.partition(":")[0]  # an address may hold a password
        setting = {"database": database, "redis": plan.redis, "processes": plan.processes} | vars(cast)
        self._conclude(verdicts, not_run, setting, as_json=options["json"])

    def _conclude(
        self, verdicts: list[Verdict], not_run: dict[str, str], setting: dict[str, Any], *, as_json: bool
    ) -> None:
        told = report.as_json(verdicts, not_run, setting) if as_json else report.table(verdicts, not_run)
        self.stdout.write(told)
        if not all(verdict.is_clean for verdict in verdicts):
            sys.exit(1)

    def _tell(self, name: str, done: float) -> None:
        """A bar on a terminal; elsewhere a line would only be in the way."""
        if sys.stderr.isatty():
            filled = round(BAR * done)
            bar = f"[{'#' * filled}{'.' * (BAR - filled)}] {done:4.0%} {name}" if name else ""
            sys.stderr.write(f"\r\033[K{bar}")
            sys.stderr.flush()


def positive(value: str) -> int:
    number = int(value)
    if number < 1:
        raise ValueError
    return number


def check_numbers(options: dict[str, Any]) -> None:
    speed = options["speed"]
    if options["rate"] <= 0 or (speed is not None and speed <= 0):
        raise CommandError("--rate and --speed are numbers above 0.")
    if speed is not None and not options["event"]:
        raise CommandError("--speed is that of a recorded live blog: name one with --event, or take --rate.")


def check_plan(plan: Plan, asked: list[str], names: list[str]) -> None:
    """Whoever names a fault wants it rehearsed; “all” means all that this stack can."""
    if plan.database not in {"sqlite", "postgres"} and not plan.database.startswith(("postgres://", "postgresql://")):
        raise CommandError("--database is sqlite, postgres, or the postgres:// address of an empty database.")
    if "all" in asked:
        return
    for name in names:
        if reason := refusal(FAULTS[name], redis=plan.redis, processes=plan.processes):
            raise CommandError(f"{name} cannot be rehearsed so: {reason}.")


def faults_named(names: list[str]) -> list[str]:
    unknown = [name for name in names if name != "all" and name not in FAULTS]
    if unknown:
        raise CommandError(f"No such fault: {', '.join(unknown)}. There are: all, {', '.join(FAULTS)}.")
    return list(FAULTS) if "all" in names else list(dict.fromkeys(names))
