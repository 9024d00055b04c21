from argparse import ArgumentParser
from pathlib import Path

from django.core.management import BaseCommand, CommandError

from updates.backups import BackupError, take_backup


class Command(BaseCommand):
    help = "Write database, pictures and secret key to a new folder, also while servers run."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("dir", type=Path, metavar="DIR", help="folder to write, which must be empty or absent")

    def handle(self, *args: object, dir: Path, **options: object) -> None:  # noqa: A002 – the word of the command line
        try:
            manifest = take_backup(dir)
        except BackupError as error:
            raise CommandError(str(error)) from None
        except OSError as error:
            raise CommandError(f"{error.filename or dir} cannot be written: {error.strerror}.") from error
        rows, files = sum(manifest.rows.values()), len(manifest.files)
        self.stdout.write(f"Wrote {dir}: {manifest.rows['updates_event']} live blogs, {rows} rows, {files} files.")
        for name in manifest.missing:
            self.stderr.write(f"A row names {name}, which is not there.")
