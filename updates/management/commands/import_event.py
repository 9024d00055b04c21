from argparse import ArgumentParser
from pathlib import Path

from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management import BaseCommand, CommandError

from updates.exchange.problems import BadFile
from updates.exchange.reading import import_file
from updates.management.lookup import find_account
from updates.permissions import EDITORS_GROUP
from updates.types import User

MAX_PROBLEMS = 20
"""Problems of a file that are printed; a mistake of the program that wrote it comes a thousand times."""


class Command(BaseCommand):
    help = "Import a live blog from a JSON file, whole or not at all. See docs/event-format.md for the format."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument(
            "--as-user",
            metavar="NAME",
            help="account of its editor (default: the first that may create one)",
        )
        parser.add_argument("--slug", default="", metavar="NEW", help="its address (default: the one in the file)")

    def handle(self, *, file: Path, as_user: str | None, slug: str, **options: object) -> None:
        actor = find_account(as_user) if as_user else _first_editor()
        try:
            event = import_file(file, actor, slug=slug)
        except BadFile as error:
            raise CommandError(_listed(error)) from None
        except (PermissionDenied, ValidationError) as error:
            reasons = error.messages if isinstance(error, ValidationError) else [str(error)]
            raise CommandError("Nothing was imported. " + " ".join(reasons)) from None
        self.stdout.write(f"{event.get_absolute_url()}: {event.entry_count} updates, {event.get_status_display()}")


def _first_editor() -> User:
    active = User.objects.filter(is_active=True).order_by("pk")
    first = active.filter(is_superuser=True).first() or active.filter(groups__name=EDITORS_GROUP).first()
    if first is None:
        raise CommandError("Nobody may create a live blog yet: add an account (manage.py createsuperuser).")
    return first


def _listed(error: BadFile) -> str:
    lines = [f"  {problem}" for problem in error.problems[:MAX_PROBLEMS]]
    if (more := len(error.problems) - MAX_PROBLEMS) > 0:
        lines.append(f"  … and {more} more")
    return "\n".join(("Nothing was imported:", *lines))
