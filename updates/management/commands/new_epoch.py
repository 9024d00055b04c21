from argparse import ArgumentParser
from typing import Any

from django.core.management import BaseCommand, CommandError

from updates.models import Event
from updates.publishing.events import start_epoch


class Command(BaseCommand):
    help = "Start the numbering of events anew, after a restore from a backup: open pages load themselves again."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("slug", nargs="*", help="addresses of the events")
        parser.add_argument("--all", action="store_true", help="every event")

    def handle(self, *args: Any, **options: Any) -> None:
        if not options["slug"] and not options["all"]:
            raise CommandError("Name the events, or say --all.")
        events = Event.objects.all() if options["all"] else Event.objects.filter(slug__in=options["slug"])
        missing = set(options["slug"]) - {event.slug for event in events}
        if missing:
            raise CommandError(f"No such event: {', '.join(sorted(missing))}. Nothing was changed.")
        for event in events:
            changed = start_epoch(event.pk, reason="manage.py new_epoch")
            self.stdout.write(f"{event.slug}: epoch {changed.epoch}, {event.head} changes")
