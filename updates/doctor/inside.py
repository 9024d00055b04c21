"""Checks from inside: database, schedule, Redis, disk, limits and accounts."""

import asyncio
import resource
import shutil
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Final

from channels.layers import get_channel_layer
from django.apps import apps
from django.conf import settings
from django.core import checks
from django.db import DatabaseError, connection
from django.utils import timezone

from updates.accounts.demo_accounts import DEMO_GROUP
from updates.choices import EntryStatus
from updates.live.readiness_checks import connect_once, pending_migrations
from updates.models import Entry
from updates.publishing.clock import database_now
from updates.types import User
from updates.unnamed_proxies import noted

from .findings import Finding, error, fine, warning
from .proxy import NO_ADDRESS, naming

CLOCK_ERROR: Final = 2.0
"""Seconds by which clocks may differ: updates would be published early or late by as much."""

LATE: Final = timedelta(seconds=90)
"""After which a scheduled update is overdue: schedulers try again after 30 seconds."""

LITTLE_DISK: Final = 2 * 2**30

ENOUGH_FILES: Final = 4096

LEAST_CONNECTIONS: Final = 34
"""Of one server process, and of commands beside it."""

START_SCHEDULER: Final = (
    "Start manage.py serve, or manage.py publish_scheduled beside another server, and read its log."
)

Check = Callable[[], Iterator[Finding]]


def examine_inside() -> list[Finding]:
    """Run every check. Without a database only those that need none."""
    if problem := _database():
        return [problem, *_disk(), *_files(), *_redis(), *_proxies()]
    every: tuple[Check, ...] = (
        _migrations, _clock, _connections, _schedule, _redis, _disk, _files, _private, _demo, _deployment, _proxies,
    )  # fmt: skip
    return [fine("database", "answers"), *(finding for check in every for finding in check())]


def _database() -> Finding | None:
    try:
        connect_once()
    except DatabaseError as failure:
        reason = str(failure).strip().splitlines()[0]
        return error("database", f"cannot be used: {reason}", "Start the database, or correct DATABASE_URL.")
    return None


def _migrations() -> Iterator[Finding]:
    pending = pending_migrations()
    if pending:
        yield error("migrations", f"{len(pending)} are missing, the first {pending[0]}", "Run manage.py migrate.")
    else:
        yield fine("migrations", "all are applied")


def _clock() -> Iterator[Finding]:
    difference = (timezone.now() - database_now()).total_seconds()
    if abs(difference) > CLOCK_ERROR:
        where = "ahead of" if difference > 0 else "behind"
        yield error("clock", f"{abs(difference):.1f} s {where} the database's", "Synchronise the clocks (NTP).")
    else:
        yield fine("clock", f"{difference:+.2f} s from the database's")


def _connections() -> Iterator[Finding]:
    if connection.vendor != "postgresql":
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT current_setting('max_connections')::int, (SELECT COUNT(*) FROM pg_stat_activity"
            " WHERE backend_type = 'client backend')"
        )
        most, used = cursor.fetchone()
    mend = "Raise max_connections above 24 for each server process, plus 10."
    if most < LEAST_CONNECTIONS:
        yield warning("connections", f"the database allows only {most}", mend)
    elif used > most * 0.8:
        yield warning("connections", f"{used} of {most} are in use", mend)
    else:
        yield fine("connections", f"{used} of {most} are in use")


def _schedule() -> Iterator[Finding]:
    overdue = Entry.objects.filter(status=EntryStatus.SCHEDULED, scheduled_at__lt=database_now() - LATE).count()
    if overdue:
        yield error("scheduler", f"{overdue} updates are overdue: nobody publishes scheduled updates", START_SCHEDULER)
    else:
        yield fine("scheduler", "no update is overdue")


def _redis() -> Iterator[Finding]:
    if not settings.REDIS_URL:
        yield fine("redis", "off: right for one process")
        return
    try:
        asyncio.run(_round_trip())
    except Exception as failure:  # noqa: BLE001 – whatever a broken Redis raises
        mend = "Start Redis, or correct REDIS_URL. Until then updates take up to two seconds."
        yield error("redis", f"delivers no nudge: {type(failure).__name__} {failure}".strip(), mend)
    else:
        yield fine("redis", "delivers nudges")


async def _round_trip() -> None:
    layer = get_channel_layer()
    async with asyncio.timeout(3):
        channel = await layer.new_channel()
        await layer.send(channel, {"type": "probe"})
        await layer.receive(channel)
        await layer.flush()  # closes its connections


def _disk() -> Iterator[Finding]:
    folder = Path(settings.DATA_DIR)
    free = shutil.disk_usage(folder if folder.exists() else folder.parent).free
    if free < LITTLE_DISK:
        yield error("disk", f"{free / 2**20:,.0f} MB are free in {folder}", "Make room: 50 MB are the least.")
    else:
        yield fine("disk", f"{free / 2**30:,.0f} GB are free in {folder}")


def _files() -> Iterator[Finding]:
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    if 0 <= hard < max(ENOUGH_FILES, settings.READERS_AT_MOST):
        mend = "Set LimitNOFILE=65536 (systemd) or ulimit -n for the server's user, and worker_connections in nginx."
        yield warning("limits", f"{hard} open files are allowed here; each reader is one", mend)
    else:
        yield fine("limits", "enough open files are allowed here")


def _private() -> Iterator[Finding]:
    folder = Path(settings.DATA_DIR) / "private"
    if folder.exists() and folder.stat().st_mode & 0o077:
        yield error("originals", f"{folder} is open to other users of this machine", f"Run chmod 700 {folder}.")
    else:
        yield fine("originals", "only their owner can read them")


def _proxies() -> Iterator[Finding]:
    """Report the peers that servers of this machine have noted."""
    for peer in noted():
        message = f"{peer} has sent headers of a proxy and is not in TRUSTED_PROXIES, {NO_ADDRESS}"
        yield warning("proxy", message, naming(peer))


def _demo() -> Iterator[Finding]:
    left = User.objects.filter(groups__name=DEMO_GROUP, is_active=True).count()
    if apps.is_installed("updates.demo"):
        yield warning("demo", "is installed; its passwords are in the log", "Set EXTRA_APPS= on a real site.")
    elif left:
        yield warning("demo", f"{left} accounts of the demo are left, and shut", "Deactivate them.")
    else:
        yield fine("demo", "is not installed")


def _deployment() -> Iterator[Finding]:
    problems = checks.run_checks(include_deployment_checks=True)
    # W001, accounts of the demo, is reported by _demo
    serious = [each for each in problems if each.level >= checks.WARNING and each.id != "liveblog.W001"]
    for each in serious:
        yield warning("settings", f"{each.msg} ({each.id})", each.hint or "See manage.py check --deploy.")
    if not serious:
        yield fine("settings", "manage.py check --deploy has no objection")
