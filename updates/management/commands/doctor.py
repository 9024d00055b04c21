import asyncio
import json
import sys
from argparse import ArgumentParser
from dataclasses import asdict
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.core.management import BaseCommand, CommandError
from django.db import DatabaseError

from updates.choices import EventStatus
from updates.doctor.findings import Finding, Level, error, fine, refused, warning
from updates.doctor.inside import START_SCHEDULER, examine_inside
from updates.doctor.outside import examine_outside
from updates.doctor.trial import Trial, private_names, trial
from updates.models import Event
from updates.permissions import EDITORS_GROUP
from updates.publishing import Refused
from updates.types import User

MARKS = {Level.OK: "ok     ", Level.WARNING: "WARNING", Level.ERROR: "ERROR  "}


class Command(BaseCommand):
    help = "Examine this installation and say what to mend. The exit status is 1 if something is wrong."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--url", default="", help="public address of the site (default: SITE_URL)")
        parser.add_argument("--inside", action="store_true", help="leave out what is checked through the address")
        parser.add_argument("--event", default="", help="use this live blog, not an unlisted one of its own")
        parser.add_argument(
            "--as", dest="username", default="", help="account that publishes (default: the first superuser)"
        )
        parser.add_argument("--json", action="store_true", help="print findings as JSON")

    def handle(self, *, json: bool, inside: bool, url: str, event: str, username: str, **options: object) -> None:
        url = url or (settings.SITE_URL and settings.SITE_URL + settings.URL_PREFIX)
        findings = examine_inside()
        failed = {finding.check for finding in findings if finding.level == Level.ERROR}
        can_publish = not failed & {"database", "migrations"}
        if url and not inside and can_publish:
            findings += self.examine_address(url, event, username)
        elif not url and not inside:
            findings.append(warning("address", "no public address was examined", "Set SITE_URL, or add --url."))
        self.stdout.write(as_json(findings) if json else as_text(findings))
        if any(finding.level == Level.ERROR for finding in findings):
            sys.exit(1)

    def examine_address(self, url: str, slug: str, username: str) -> list[Finding]:
        actor = account_for(username)
        if actor is None:
            mend = "Make one: manage.py createsuperuser, or name another with --as."
            return [error("account", "nobody is there who may create a live blog for the check", mend)]
        if slug and not Event.objects.filter(slug=slug, status=EventStatus.LIVE).exists():
            raise CommandError(f"There is no live event “{slug}”.")
        findings: list[Finding] = []
        asks_itself = _host_of(url) in {"127.0.0.1", "localhost", "::1"}
        try:
            with trial(actor, slug) as check:
                findings += scheduler_of(check)
                findings += asyncio.run(
                    examine_outside(
                        url, check.event.slug, check.publish, check.remove, private_names(), asks_itself=asks_itself
                    )
                )
        except DatabaseError as failure:
            findings.append(error("database", f"takes no writes: {failure}", "See the log of the database."))
        except (PermissionDenied, Refused) as reason:
            findings.append(refused(reason))
        return findings


def scheduler_of(check: Trial) -> list[Finding]:
    if check.is_scheduler_alive():
        return [fine("scheduler", "publishes a scheduled update at its time")]
    return [error("scheduler", "a scheduled update was not published at its time", START_SCHEDULER)]


def account_for(username: str) -> User | None:
    """Return the first account that may create live blogs, superusers first."""
    accounts = User.objects.filter(is_active=True).order_by("-is_superuser", "pk")
    may = accounts.filter(is_superuser=True) | accounts.filter(groups__name=EDITORS_GROUP)
    return (may.filter(username=username) if username else may).first()


def as_text(findings: list[Finding]) -> str:
    lines = []
    for finding in findings:
        lines.append(f"{MARKS[finding.level]} {finding.check}: {finding.message}")
        if finding.mend:
            lines.append(f"        {finding.mend}")
    return "\n".join(lines)


def as_json(findings: list[Finding]) -> str:
    return json.dumps([asdict(finding) for finding in findings], indent=1)


def _host_of(url: str) -> str:
    try:
        parts = urlsplit(url)
    except ValueError:
        parts = urlsplit("")
    if parts.scheme not in {"http", "https"} or not parts.hostname or "@" in parts.netloc:
        raise CommandError("--url is no address of a site. Use one such as https://live.example")
    return parts.hostname
