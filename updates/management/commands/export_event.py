import json
from argparse import ArgumentParser
from pathlib import Path

from django.core.management import BaseCommand, CommandError

from updates.exchange.writing import SavePicture, as_base64, export_event, into_folder
from updates.management.lookup import find_event


class Command(BaseCommand):
    help = "Export what readers see of a live blog as JSON. See docs/event-format.md for the format."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("slug", help="address of the live blog")
        parser.add_argument("--output", type=Path, metavar="FILE", help="file to write (default: standard output)")
        parser.add_argument(
            "--pictures",
            metavar="FOLDER",
            help="folder beside FILE for the pictures (default: inside the JSON)",
        )

    def handle(self, *, slug: str, output: Path | None, pictures: str | None, **options: object) -> None:
        event = find_event(slug)
        save: SavePicture = as_base64
        if pictures:
            if output is None:
                raise CommandError("--pictures needs --output: the JSON names the pictures relative to itself.")
            save = into_folder(output.parent, pictures)
        record = export_event(event, save)
        text = json.dumps(record, ensure_ascii=False, indent=1) + "\n"
        if output is None:
            self.stdout.write(text, ending="")
            return
        output.write_text(text, encoding="utf-8")
        self.stderr.write(f"{output}: {len(record['entries'])} updates, {len(record['pictures'])} pictures")
