from argparse import ArgumentParser
from typing import Any

from django.contrib.auth import get_user_model
from django.core.exceptions import PermissionDenied
from django.core.management import BaseCommand, CommandError

from updates.models import Entry
from updates.permissions import check_may_erase
from updates.publishing import Refused
from updates.publishing.erasure import erase_entry

WORD = "erase"


class Command(BaseCommand):
    help = "Erase what an update said, for legal reasons: for good. Asks twice. docs/operations.md says what is left."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("id", help="of the update: the last part of its address, ten letters and digits")
        parser.add_argument("--as", dest="username", required=True, help="account of the superuser who erases")
        parser.add_argument("--reason", required=True, help="kept in the log; do not repeat what is to be erased")

    def handle(self, *args: Any, **options: Any) -> None:
        actor = get_user_model().objects.filter(username=options["username"]).first()
        if actor is None:
            raise CommandError(f"There is no account “{options['username']}”.")
        try:
            check_may_erase(actor)
        except PermissionDenied as error:
            raise CommandError(str(error)) from error
        entry = Entry.objects.select_related("event").filter(public_id=options["id"]).first()
        if entry is None:
            raise CommandError(f"There is no update “{options['id']}”.")
        self._confirm(entry)
        try:
            done = erase_entry(entry.pk, actor, reason=options["reason"])
        except Refused as error:
            raise CommandError(str(error)) from error
        self.stdout.write(
            f"Erased: {done.changes} rows of the log have no content any more, {done.pictures} pictures are deleted, "
            f"{done.kept_pictures} are kept, since something else shows or showed them.\n"
            "Backups and files that were exported still have it."
        )

    def _confirm(self, entry: Entry) -> None:
        self.stdout.write(f"{entry.event.title}: “{entry.title}”, {entry.get_status_display()}, {entry.public_id}")
        self._ask("Type the id of the update to erase it", entry.public_id)
        self._ask(f"It cannot be brought back by anybody. Type “{WORD}” to go on", WORD)

    def _ask(self, question: str, answer: str) -> None:
        self.stdout.write(f"{question}: ", ending="")
        self.stdout.flush()
        try:
            given = input().strip()
        except EOFError:
            given = ""
        if given != answer:
            raise CommandError("Nothing was erased.")
