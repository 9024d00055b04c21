import os
from argparse import ArgumentParser
from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.core.management import BaseCommand, CommandError
from django.utils import timezone

from updates.demo.cast import ACCOUNTS
from updates.demo.passwords import known_passwords
from updates.demo.player import steps_ahead
from updates.demo.setup import newest_storm, set_up, tell_again
from updates.models import Event
from updates.publishing import Refused


class Command(BaseCommand):
    help = "Set up the demo, a made-up newsroom, where it is not there yet; show its addresses and accounts."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--again", action="store_true", help="tell the storm once more, as a new live blog")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            set_up(timezone.now())
            if options["again"]:
                tell_again(timezone.now())
        except Refused as refusal:
            raise CommandError(str(refusal)) from None
        storm = newest_storm()
        if storm is None:
            raise CommandError("Somebody has taken the account “newsdesk” off the demo’s storm: it cannot go on.")
        self.stdout.write("\n".join((*_addresses(storm), "", *_accounts(), "", _outlook(storm), "")))


def _addresses(storm: Event) -> Iterator[str]:
    site = f"http://127.0.0.1:{os.environ.get('PORT') or '8000'}"
    yield f"The demo, a made-up newsroom called {settings.SITE_NAME}:"
    yield ""
    yield f"  All live blogs   {site}/"
    yield f"  The storm        {site}{storm.get_absolute_url()}"
    yield f"  The desk         {site}/admin/"


def _accounts() -> Iterator[str]:
    passwords = known_passwords(settings.DATA_DIR / "demo.json")
    yield f"  {'Account':<15}{'Password':<17}Who it is"
    for member in ACCOUNTS:
        password = passwords[member.username] or "(changed)"
        who = f"{member.first_name} {member.last_name}, {member.role.label.lower()}"
        yield f"  {member.username:<15}{password:<17}{who}"


def _outlook(storm: Event) -> str:
    ahead = steps_ahead(storm)
    if not storm.is_live:
        return "The storm has ended. Reopen it at the desk, or tell it anew: manage.py demo --again"
    if not ahead:
        return "The story is over. Tell it anew, as another live blog: manage.py demo --again"
    pace = f"{settings.DEMO_EVERY:g} s"
    return f"The storm goes on by itself every {pace}, {ahead} more times, and pauses while somebody works at the desk."
