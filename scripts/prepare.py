"""Database, static files and demo data, as `make run` needs them: in one process, because each start costs."""

import hashlib
import logging
import os
import sys
from pathlib import Path

import django
from django.apps import apps
from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError, call_command
from django.core.management.base import SystemCheckError


def main() -> None:
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "liveblog.settings")
    try:
        django.setup()
    except ImproperlyConfigured as error:
        sys.exit(f"Not started, because a setting is wrong.\n{error}")
    try:
        call_command("migrate", interactive=False, verbosity=0, skip_checks=False)
        call_command("fetch_site_parts")
    except (CommandError, SystemCheckError) as error:
        sys.exit(f"Not started. {error}")
    collect_static()
    if apps.is_installed("updates.demo"):
        logging.getLogger("updates.publishing").setLevel(logging.WARNING)  # a line for each update of the story
        call_command("demo")
    else:
        call_command("first_account")


def collect_static() -> None:
    """Hashing and compressing takes seconds, so it waits for a change."""
    collected = Path(settings.DATA_DIR, "static.collected")
    fingerprint = fingerprint_of_sources()
    if settings.STATIC_ROOT.exists() and collected.exists() and collected.read_text() == fingerprint:
        return
    call_command("collectstatic", interactive=False, verbosity=0)
    collected.write_text(fingerprint)


def fingerprint_of_sources() -> str:
    digest = hashlib.sha256()
    for finder in get_finders():
        for name, storage in finder.list(None):
            about = Path(storage.path(name)).stat()
            digest.update(f"{storage.path(name)} {about.st_size} {about.st_mtime_ns}\n".encode())
    return digest.hexdigest()


if __name__ == "__main__":
    main()
