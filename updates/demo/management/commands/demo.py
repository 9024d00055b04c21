from argparse import ArgumentParser
from collections.abc import Iterator

from django.conf import settings
from django.core.management import BaseCommand, CommandError
from django.urls import reverse
from django.utils import timezone

from updates.demo.passwords import account_passwords
from updates.demo.people import ACCOUNTS
from updates.demo.player import count_remaining
from updates.demo.setup import newest_storm, restart_storm, set_up
from updates.models import Event
from updates.publishing import Refused


class Command(BaseCommand):
    help = "Set up the demo newsroom if it is missing, and show its addresses and accounts."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--again", action="store_true", help="start the storm again, as a new live blog")

    def handle(self, *, again: bool, **_options: object) -> None:
        try:
            set_up(timezone.now())
            if again:
                restart_storm(timezone.now())
        except Refused as refusal:
            raise CommandError(str(refusal)) from None
        storm = newest_storm()
        if storm is None:
            raise CommandError(
                "The storm cannot continue without the account “newsdesk”. Assign it to the storm as a moderator."
            )
        self.stdout.write("\n".join((*_addresses(storm), "", *_accounts(), "", _progress(storm), "")))


def _addresses(storm: Event) -> Iterator[str]:
    site = f"http://127.0.0.1:{getattr(settings, 'PORT', 8000)}"
    yield f"The demo, a made-up newsroom called {settings.SITE_NAME}:"
    yield ""
    yield f"  All live blogs   {site}{reverse('front')}"
    yield f"  The storm        {site}{storm.get_absolute_url()}"
    yield f"  The desk         {site}{reverse('admin:index')}"


def _accounts() -> Iterator[str]:
    passwords = account_passwords(settings.DATA_DIR / "demo.json")
    yield f"  {'Account':<15}{'Password':<17}Name and role"
    for account in ACCOUNTS:
        password = passwords[account.username] or "(changed)"
        name = f"{account.first_name} {account.last_name}, {account.role.label.lower()}"
        yield f"  {account.username:<15}{password:<17}{name}"


def _progress(storm: Event) -> str:
    remaining = count_remaining(storm)
    if not storm.is_live:
        return "The storm has ended. Reopen it at the desk, or start it again: manage.py demo --again"
    if not remaining:
        return "The storm is finished. Start it again as a new live blog: manage.py demo --again"
    pace = f"A new step every {settings.DEMO_EVERY:g} s, {remaining} to come"
    return f"The storm continues by itself. {pace}. It pauses while somebody works at the desk."
