import logging
from argparse import ArgumentParser

from django.core.management import BaseCommand

from updates.accounts.second_factor import remove_second_factor
from updates.management.lookup import find_account

logger = logging.getLogger(__name__)


class Command(BaseCommand):
    help = "Remove the second factor of somebody who has lost it, and end their logins. Make sure that it is them."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("username")

    def handle(self, *, username: str, **options: object) -> None:
        was_there = remove_second_factor(find_account(username))
        logger.warning("Second factor removed by the operator: account %r", username)
        self.stdout.write("Removed. All logins are ended." if was_there else "There was none. All logins are ended.")
