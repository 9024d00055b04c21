from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management import BaseCommand, CommandError

from updates.exchange.log_export import FORMATS, log_of, written
from updates.models import Event


class Command(BaseCommand):
    help = "Write the log of a live blog, or of one update, as JSON or CSV: who did what, when and why."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("slug", help="address of the live blog")
        parser.add_argument("id", nargs="?", help="of one update: the end of its address")
        parser.add_argument("--format", choices=FORMATS, default="json")
        parser.add_argument("--output", type=Path, metavar="FILE", help="instead of standard output")

    def handle(self, *args: Any, **options: Any) -> None:
        event = Event.objects.filter(slug=options["slug"]).first()
        if event is None:
            raise CommandError(f"There is no live blog with the address “{options['slug']}”.")
        entry = event.entries.filter(public_id=options["id"]).first() if options["id"] else None
        if options["id"] and entry is None:
            raise CommandError(f"There is no update “{options['id']}” in this live blog.")
        text = written(log_of(event, entry), options["format"])
        if options["output"] is None:
            self.stdout.write(text, ending="")
        else:
            options["output"].write_text(text, encoding="utf-8", newline="")
