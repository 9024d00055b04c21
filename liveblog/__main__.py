"""Django's command line for this site: ``manage.py`` in a checkout, ``liveblog`` where it was installed."""

import os
import sys

from django.core.exceptions import ImproperlyConfigured
from django.core.management import execute_from_command_line


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "liveblog.settings")
    try:
        execute_from_command_line(sys.argv)
    except ImproperlyConfigured as error:
        sys.exit(f"Not started, because a setting is wrong.\n{error}")


if __name__ == "__main__":
    main()
