from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management import BaseCommand, CommandError

from updates.exchange.problems import BadFile
from updates.exchange.reading import import_file
from updates.permissions import EDITORS_GROUP

SHOWN = 20
"""Problems of a file that are printed; one mistake of a program tends to come a thousand times."""


class Command(BaseCommand):
    help = "Make a live blog of a JSON file: all of it or nothing. docs/event-format.md describes the format."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument(
            "--as-user", metavar="NAME", help="account that becomes its editor (default: the first that may create one)"
        )
        parser.add_argument("--slug", default="", metavar="NEW", help="address, instead of the one in the file")

    def handle(self, *args: Any, **options: Any) -> None:
        actor = _account(options["as_user"])
        try:
            event = import_file(options["file"], actor, slug=options["slug"])
        except BadFile as error:
            raise CommandError(_listed(error)) from None
        except (PermissionDenied, ValidationError) as error:
            reasons = error.messages if isinstance(error, ValidationError) else [str(error)]
            raise CommandError("Nothing was imported. " + " ".join(reasons)) from None
        self.stdout.write(f"{event.get_absolute_url()}: {event.entry_count} updates, {event.get_status_display()}")


def _account(name: str | None) -> User:
    if name:
        found = User.objects.filter(username=name).first()
        if found is None:
            raise CommandError(f"There is no account “{name}”.")
        return found
    active = User.objects.filter(is_active=True).order_by("pk")
    first = active.filter(is_superuser=True).first() or active.filter(groups__name=EDITORS_GROUP).first()
    if first is None:
        raise CommandError("Nobody may create a live blog yet: add an account (manage.py createsuperuser).")
    return first


def _listed(error: BadFile) -> str:
    lines = [f"  {problem}" for problem in error.problems[:SHOWN]]
    if (more := len(error.problems) - SHOWN) > 0:
        lines.append(f"  … and {more} more")
    return "\n".join(("Nothing was imported:", *lines))
