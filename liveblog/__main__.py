"""Django's command line for this site: ``manage.py`` in a checkout, ``liveblog`` where it was installed."""

import errno
import gc
import os
import sys

from django.core.exceptions import ImproperlyConfigured
from django.core.management import BaseCommand, ManagementUtility
from django.db import DatabaseError

OF_THE_DISK = {
    errno.EACCES, errno.EPERM, errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.ENOENT, errno.ENOTDIR, errno.EISDIR,
}  # fmt: skip
"""Errors of files that an operator has named, or has to make room for."""


def main() -> None:
    """Run a command. Whatever an operator has to mend ends it with a sentence; ``--traceback`` shows where."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "liveblog.settings")
    try:
        CommandLine(sys.argv).execute()
    except ImproperlyConfigured as error:
        sys.exit(f"Not started, because a setting is wrong.\n{error}")
    except DatabaseError as error:
        # Imports models, which needs the settings
        from updates.management.start_checks import database_problem  # noqa: PLC0415

        problem = database_problem(error, is_migrating="migrate" in sys.argv)
        if not problem or "--traceback" in sys.argv:
            raise
        sys.exit(problem)
    except OSError as error:
        if "--traceback" in sys.argv or error.errno not in OF_THE_DISK:
            raise
        sys.exit(f"{error.filename or 'A file'} cannot be used: {error.strerror}.")


class CommandLine(ManagementUtility):
    """Collects no garbage before the command begins, and afterwards leaves out what was imported until then.

    Imports leave little, and looking through them takes a third of a server's start.
    """

    def execute(self) -> None:
        gc.disable()
        super().execute()

    def fetch_command(self, subcommand: str) -> BaseCommand:
        command = super().fetch_command(subcommand)
        gc.freeze()
        gc.enable()
        return command


if __name__ == "__main__":
    main()
