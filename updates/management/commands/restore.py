from argparse import ArgumentParser
from pathlib import Path

from django.core.management import BaseCommand, call_command

from updates.management.sqlite_file import database_file, no_server_running, put_back
from updates.models import Event
from updates.publishing.events import start_epoch


class Command(BaseCommand):
    help = "Put a backup of the SQLite database back, bring it to this release and number all events anew."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="file that manage.py backup wrote")

    def handle(self, *args: object, file: Path, **options: object) -> None:
        database_file()
        with no_server_running():
            replaced = put_back(file)
            call_command("migrate", verbosity=0, interactive=False)
            events = list(Event.objects.all())
            for event in events:
                start_epoch(event.pk, reason="manage.py restore")
        self.stdout.write(
            f"Restored {file}: {len(events)} events, each with a new epoch, so open pages load themselves again. "
            f"The database that was there is {replaced}."
        )
