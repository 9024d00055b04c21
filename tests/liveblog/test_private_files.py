"""Other users of the machine read what is public and nothing else."""

import os
import stat
import subprocess
import sys

import pytest

from tests.environment import COUNTING
from tests.servers import ROOT

MAKE = """
from django.core.management import call_command
from tests.factories import make_editor, make_event, make_picture, post
from updates.publishing import PhotoContent
editor = make_editor()
event = make_event()
picture = make_picture(editor)
post(event, "Harbour closed", blocks=[PhotoContent(picture.pk, alt="A ship", credit="Reuters")])
call_command("backup", {copy!r}, verbosity=0)
"""


@pytest.mark.services
@pytest.mark.once
def test_only_public_files_can_be_read_by_others(tmp_path):
    place = tmp_path / "var"
    environment = COUNTING | {"PATH": "/usr/bin:/bin", "DATA_DIR": str(place), "PYTHONWARNINGS": "ignore"}

    def manage(*command):
        subprocess.run(
            [sys.executable, "manage.py", *command],
            cwd=ROOT, env=environment, check=True, preexec_fn=lambda: os.umask(0o022), stdout=subprocess.DEVNULL,
        )  # fmt: skip

    manage("migrate", "-v", "0")
    manage("shell", "-v", "0", "-c", MAKE.format(copy=str(place / "copy")))

    open_to_others = {str(path.relative_to(place)) for path in place.rglob("*") if is_readable(path) and path.is_file()}
    assert {name.split("/")[0] for name in open_to_others} <= {"media", "serving.lock"}
    assert any(name.startswith("media/pictures/") for name in open_to_others)
    assert stat.S_IMODE((place / "private").stat().st_mode) == 0o700
    assert any((place / "private").rglob("*.*"))


def is_readable(path):
    """By others, whose way leads through folders that let them in."""
    return bool(path.stat().st_mode & 0o004) and all(
        folder.stat().st_mode & 0o001 for folder in path.parents if folder.name and "var" in folder.parts
    )


@pytest.mark.long
@pytest.mark.once
def test_files_of_an_older_release_are_shut(tmp_path):
    database = tmp_path / "var" / "liveblog.sqlite3"
    database.parent.mkdir()
    database.touch(0o644)
    database.chmod(0o644)
    subprocess.run(
        [sys.executable, "manage.py", "migrate", "contenttypes", "-v", "0"],
        cwd=ROOT, check=True, stdout=subprocess.DEVNULL,
        env=COUNTING | {"PATH": "/usr/bin:/bin", "DATA_DIR": str(database.parent), "PYTHONWARNINGS": "ignore"},
    )  # fmt: skip
    assert stat.S_IMODE(database.stat().st_mode) == 0o600
