from argparse import ArgumentParser

from django.core.exceptions import PermissionDenied
from django.core.management import BaseCommand, CommandError

from updates.management.lookup import find_account
from updates.models import Entry
from updates.permissions import check_may_erase
from updates.publishing import Refused
from updates.publishing.erasure import erase_entry

WORD = "erase"


class Command(BaseCommand):
    help = "Erase the content of an update for good, for legal reasons. Asks twice. See docs/operations.md."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("entry_id", metavar="id", help="the last ten characters of the update’s address")
        parser.add_argument("--as", dest="username", required=True, help="account of the superuser who erases it")
        parser.add_argument("--reason", required=True, help="kept in the log: do not repeat what you erase")

    def handle(self, *, entry_id: str, username: str, reason: str, **options: object) -> None:
        actor = find_account(username)
        try:
            check_may_erase(actor)
        except PermissionDenied as error:
            raise CommandError(str(error)) from error
        entry = Entry.objects.select_related("event").filter(public_id=entry_id).first()
        if entry is None:
            raise CommandError(f"There is no update “{entry_id}”.")
        self._confirm(entry)
        try:
            erased = erase_entry(entry.pk, actor, reason=reason)
        except Refused as error:
            raise CommandError(str(error)) from error
        self.stdout.write(
            f"Erased the content of {erased.changes} log rows, and {erased.pictures} pictures. "
            f"Kept {erased.shared_pictures} pictures that something else shows or showed.\n"
            "Backups and exported files still have it."
        )

    def _confirm(self, entry: Entry) -> None:
        self.stdout.write(f"{entry.event.title}: “{entry.title}”, {entry.get_status_display()}, {entry.public_id}")
        self._ask("Type the id of the update to erase it", entry.public_id)
        self._ask(f"This cannot be undone. Type “{WORD}” to go on", WORD)

    def _ask(self, question: str, answer: str) -> None:
        self.stdout.write(f"{question}: ", ending="")
        self.stdout.flush()
        try:
            line = input().strip()
        except EOFError:
            line = ""
        if line != answer:
            raise CommandError("Nothing was erased.")
