from argparse import ArgumentParser
from pathlib import Path

from django.core.management import BaseCommand, CommandError

from updates.management.sqlite_file import copy_to, database_file


class Command(BaseCommand):
    help = "Write a copy of the SQLite database to a file, also while servers run. Pictures are not in it."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="file to write; replaced where it exists")

    def handle(self, *args: object, file: Path, **options: object) -> None:
        if file.resolve() == database_file().resolve():
            raise CommandError("That is the database itself. Name another file.")
        copy_to(file)
        self.stdout.write(f"Wrote {file}. Copy the folders media and private of DATA_DIR, too: the pictures lie there.")
