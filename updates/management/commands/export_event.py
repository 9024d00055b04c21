import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management import BaseCommand, CommandError

from updates.exchange.writing import Keep, inline, into_folder, record_of
from updates.models import Event


class Command(BaseCommand):
    help = "Write a live blog as JSON: what readers have of it. docs/event-format.md describes the format."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("slug", help="address of the live blog")
        parser.add_argument("--output", type=Path, metavar="FILE", help="instead of standard output")
        parser.add_argument(
            "--pictures",
            metavar="FOLDER",
            help="put pictures there, as files beside FILE, instead of into the JSON",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        event = Event.objects.filter(slug=options["slug"]).first()
        if event is None:
            raise CommandError(f"There is no live blog with the address “{options['slug']}”.")
        output: Path | None = options["output"]
        keep: Keep = inline
        if options["pictures"]:
            if output is None:
                raise CommandError("--pictures needs --output: the JSON says where they are, seen from itself.")
            keep = into_folder(output.parent, options["pictures"])
        record = record_of(event, keep)
        text = json.dumps(record, ensure_ascii=False, indent=1) + "\n"
        if output is None:
            self.stdout.write(text, ending="")
            return
        output.write_text(text, encoding="utf-8")
        self.stderr.write(f"{output}: {len(record['entries'])} updates, {len(record['pictures'])} pictures")
