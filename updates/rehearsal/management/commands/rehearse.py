import asyncio
import signal
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management import BaseCommand, CommandError

from updates.rehearsal import report
from updates.rehearsal.editors import read_recording
from updates.rehearsal.fault_run import Load
from updates.rehearsal.faults import FAULTS, missing_for
from updates.rehearsal.live_site import rehearse_live_site
from updates.rehearsal.records import Verdict
from updates.rehearsal.run import rehearse
from updates.rehearsal.stack import Plan
from updates.untyped import JSONObject

BAR = 24
SPEED = 20.0


class Command(BaseCommand):
    help = (
        "Rehearse a big night on this machine: start servers, readers and editors, break things, and compare every "
        "reader with the database. The exit status is 1 if anything was lost, doubled or out of order."
    )
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        add = parser.add_argument
        add(
            "--fault",
            action="append",
            metavar="NAME",
            help="all (default) or one of these, may be repeated: " + ", ".join(FAULTS),
        )
        add("--readers", type=positive, default=100)
        add("--posts", type=positive, default=100, help="publications per fault; other operations come on top")
        add("--rate", type=float, default=20.0, help="publications a second (default: 20)")
        add("--editors", type=positive, default=3)
        add(
            "--database",
            default="sqlite",
            help="sqlite (default); postgres to start a server; or the postgres:// address of an empty database",
        )
        add("--redis", action="store_true", help="start a Redis between the server processes")
        add("--tier", choices=["nchan"], help="let two nginx with nchan hold the sockets, and two relays post to them")
        add("--processes", type=positive, default=1, help="number of server processes (default: 1)")
        add(
            "--event",
            type=Path,
            metavar="FILE",
            help="post this exported live blog (docs/event-format.md) instead of invented updates",
        )
        add("--speed", type=float, help="with --event: how many times faster (default: 20)")
        add("--against", metavar="URL", help="run only readers, on this event’s page of a running site, while you post")
        add("--seconds", type=float, default=60.0, help="duration of --against (default: 60)")
        add("--seed", type=int, default=1)
        add("--json", action="store_true")

    def handle(self, *args: object, **options: Any) -> None:  # Any: argparse has no types
        if options["against"]:
            run = rehearse_live_site(options["against"], options["readers"], options["seconds"])
            self._conclude([asyncio.run(run)], {}, {"against": options["against"]}, as_json=options["json"])
            return
        names = fault_names(options["fault"] or ["all"])
        check_numbers(options)
        load = Load(options["readers"], options["posts"], options["rate"], options["editors"], seed=options["seed"])
        plan = Plan(
            options["database"], redis=options["redis"], processes=options["processes"], tier=bool(options["tier"])
        )
        check_plan(plan, options["fault"] or ["all"], names)
        recording = (read_recording(options["event"]), options["speed"] or SPEED) if options["event"] else None
        try:
            verdicts, not_run = asyncio.run(rehearse(plan, names, load, recording, self._show_progress))
        except asyncio.CancelledError:
            sys.exit(128 + signal.SIGTERM)
        database = plan.database.partition(":")[0]  # an address may hold a password
        setting = {
            "database": database,
            "redis": plan.redis,
            "processes": plan.processes,
            "tier": options["tier"],
        } | vars(load)
        self._conclude(verdicts, not_run, setting, as_json=options["json"])

    def _conclude(
        self, verdicts: list[Verdict], not_run: dict[str, str], setting: JSONObject, *, as_json: bool
    ) -> None:
        output = report.as_json(verdicts, not_run, setting) if as_json else report.table(verdicts, not_run)
        self.stdout.write(output)
        if not all(verdict.is_clean for verdict in verdicts):
            sys.exit(1)

    def _show_progress(self, name: str, done: float) -> None:
        """Show a progress bar if standard error is a terminal."""
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


def check_numbers(options: JSONObject) -> None:
    speed = options["speed"]
    if options["rate"] <= 0 or (speed is not None and speed <= 0):
        raise CommandError("--rate and --speed must be greater than 0.")
    if speed is not None and not options["event"]:
        raise CommandError("--speed needs --event. Use --rate for invented updates.")


def check_plan(plan: Plan, requested: list[str], names: list[str]) -> None:
    """Refuse a named fault that this stack cannot run; with “all” such faults are skipped."""
    if plan.database not in {"sqlite", "postgres"} and not plan.database.startswith(("postgres://", "postgresql://")):
        raise CommandError("--database must be sqlite, postgres or the postgres:// address of an empty database.")
    if "all" in requested:
        return
    for name in names:
        if reason := missing_for(FAULTS[name], redis=plan.redis, processes=plan.processes, tier=plan.tier):
            raise CommandError(f"{name} cannot be run: {reason}.")


def fault_names(names: list[str]) -> list[str]:
    unknown = [name for name in names if name != "all" and name not in FAULTS]
    if unknown:
        raise CommandError(f"Unknown fault: {', '.join(unknown)}. Use one of: all, {', '.join(FAULTS)}.")
    return list(FAULTS) if "all" in names else list(dict.fromkeys(names))
