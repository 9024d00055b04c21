from argparse import ArgumentParser
from pathlib import Path

from django.core.management import BaseCommand, CommandError

from updates.exchange.log_export import FORMATS, format_log, log_of
from updates.management.lookup import find_event


class Command(BaseCommand):
    help = "Export the log of a live blog, or of one update, as JSON or CSV: who did what, when and why."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("slug", help="address of the live blog")
        parser.add_argument("entry_id", nargs="?", metavar="id", help="one update: the last part of its address")
        parser.add_argument("--format", dest="file_format", choices=FORMATS, default="json")
        parser.add_argument("--output", type=Path, metavar="FILE", help="file to write (default: standard output)")

    def handle(
        self, *, slug: str, entry_id: str | None, file_format: str, output: Path | None, **options: object
    ) -> None:
        event = find_event(slug)
        entry = event.entries.filter(public_id=entry_id).first() if entry_id else None
        if entry_id and entry is None:
            raise CommandError(f"There is no update “{entry_id}” in this live blog.")
        text = format_log(log_of(event, entry), file_format)
        if output is None:
            self.stdout.write(text, ending="")
        else:
            output.write_text(text, encoding="utf-8", newline="")
