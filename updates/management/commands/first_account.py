from argparse import ArgumentParser

from django.conf import settings
from django.core.management import BaseCommand
from django.urls import reverse

from updates.admin.one_time_link import first_account_address
from updates.permissions import may_make_first_account


class Command(BaseCommand):
    help = "Print where the desk is, and a one-time link for the first account while there is none."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--port", type=int, default=getattr(settings, "PORT", 8000), help="without SITE_URL")

    def handle(self, *, port: int, **_options: object) -> None:
        site = settings.SITE_URL or f"http://127.0.0.1:{port}"
        self.stdout.write(f"The desk is at {site}{reverse('admin:index')}")
        if may_make_first_account():
            self.stdout.write("There is no account yet. Make the first one here, within three days:\n")
            self.stdout.write(f"  {site}{first_account_address()}\n")
