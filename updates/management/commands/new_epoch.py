from argparse import ArgumentParser

from django.core.management import BaseCommand, CommandError

from updates.models import Event
from updates.publishing.events import start_epoch


class Command(BaseCommand):
    help = "Start the numbering of live blogs anew after a restore: every open page reloads itself."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("slugs", nargs="*", metavar="slug", help="addresses of the live blogs")
        parser.add_argument("--all", dest="every", action="store_true", help="every live blog")

    def handle(self, *, slugs: list[str], every: bool, **options: object) -> None:
        if not slugs and not every:
            raise CommandError("Name the live blogs, or use --all.")
        events = Event.objects.all() if every else Event.objects.filter(slug__in=slugs)
        missing = set(slugs) - {event.slug for event in events}
        if missing:
            raise CommandError(
                f"There is no live blog with the address {', '.join(sorted(missing))}. Nothing was changed."
            )
        for event in events:
            changed = start_epoch(event.pk, reason="manage.py new_epoch")
            self.stdout.write(f"{event.slug}: epoch {changed.epoch}, {event.head} changes")
