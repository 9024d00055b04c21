"""Database, static files and demo data, as `make run` needs them: in one process, because each start costs."""

import os
import sys
from pathlib import Path

import django
from django.core.management import call_command


def main() -> None:
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "liveblog.settings")
    django.setup()
    call_command("migrate", interactive=False, verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    if os.environ.get("DEMO", "1") != "0":
        call_command("demo")


if __name__ == "__main__":
    main()
