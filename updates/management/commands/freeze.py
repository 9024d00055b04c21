from argparse import ArgumentParser
from pathlib import Path

from django.core.management import BaseCommand, CommandError

from updates.freezing import FolderInUse, ForeignFolder, Frozen, freeze_event, freeze_site
from updates.management.lookup import find_event


class Command(BaseCommand):
    help = "Write an ended live blog, or with --all every listed one, as a folder of static files without scripts."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("slug", nargs="?", help="address of the live blog; leave it out with --all")
        parser.add_argument("dir", type=Path, metavar="DIR", help="new folder, or one that this command has made")
        parser.add_argument("--all", action="store_true", help="every ended live blog that the site lists")

    def handle(self, *, slug: str | None, dir: Path, all: bool, **options: object) -> None:  # noqa: A002 – words of the command line
        if all == bool(slug):
            raise CommandError("Give the address of one live blog, or --all.")
        try:
            frozen = freeze_site(dir) if slug is None else _freeze_one(slug, dir)
        except ForeignFolder as error:
            raise CommandError(f"{error} exists and was not made by this command. Name another folder.") from error
        except FolderInUse as error:
            raise CommandError(f"Another freeze is writing {error}. Wait until it has finished.") from error
        self.stdout.write(f"{dir}: {frozen.written} written, {frozen.deleted} deleted, {frozen.unchanged} unchanged")


def _freeze_one(slug: str, path: Path) -> Frozen:
    event = find_event(slug)
    if not event.has_ended:
        raise CommandError(f"“{slug}” has not ended. End it at its desk first.")
    return freeze_event(event, path)
