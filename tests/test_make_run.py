"""The README's first command, as a newcomer types it: in a fresh clone, with nothing but Python."""

import contextlib
import os
import re
import shutil
import signal
import socket
import subprocess
import urllib.request

import pytest

from tests.servers import CEILING, ROOT, wait_until

pytestmark = [pytest.mark.services, pytest.mark.once]

INSTALLING = 300.0
"""Seconds for a new virtual environment and all packages on a slow line."""


@pytest.fixture
def clone(tmp_path):
    if not (ROOT / ".git").exists():
        pytest.skip("not a git checkout")
    folder = tmp_path / "liveblog"
    subprocess.run(["git", "clone", "--quiet", str(ROOT), str(folder)], check=True)
    return folder


def newcomers_environment(port, **more):
    """Nothing of the test run's own settings."""
    inherited = {name: value for name, value in os.environ.items() if name in {"PATH", "HOME", "LANG", "SSL_CERT_FILE"}}
    inherited |= {name: value for name, value in os.environ.items() if name.startswith("PIP_")}
    return inherited | {"PORT": str(port), "DEMO_EVERY": "1"} | more


def page(url):
    with urllib.request.urlopen(url, timeout=CEILING) as answer:
        return answer.read().decode()


@pytest.mark.long
def test_make_run_serves_a_page_that_changes_by_itself(clone):
    log = clone.parent / "run.log"
    with log.open("w") as output:
        process = subprocess.Popen(
            ["make", "run"],
            cwd=clone,
            env=newcomers_environment(0),
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
    try:
        site = wait_until(lambda: address_in(log) or ended(process, log), "make run serves", INSTALLING)
        home = page(f"{site}/")
        slug = re.search(r'href="(/[a-z0-9-]+/)"', home[home.index("<main") :])[1]
        address = f"{site}{slug}"
        seq = re.search(r'data-seq="(\d+)"', page(address))[1]
        wait_until(lambda: f'data-seq="{seq}"' not in page(address), "the demo plays on")
        assert "password" in log.read_text().lower()
    finally:
        os.killpg(process.pid, signal.SIGINT)  # Ctrl-C
        try:
            code = process.wait(2 * CEILING)
        finally:
            kill_all(process)
    assert "Traceback" not in log.read_text()
    assert code in {0, 130, -signal.SIGINT, 2}, log.read_text()


def address_in(log):
    served = re.search(r"^Serving on (http://127\.0\.0\.1:\d+)/", log.read_text(), re.MULTILINE)
    return served and served[1]


def kill_all(process):
    """It and whatever it started, if any of that is left."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def ended(process, log):
    if process.poll() is not None:
        raise AssertionError(log.read_text())


def test_make_run_says_that_the_port_is_taken(clone):
    """Before it installs anything."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = subprocess.run(
            ["make", "run"],
            cwd=clone,
            env=newcomers_environment(port),
            capture_output=True,
            text=True,
            timeout=INSTALLING,
            check=False,
        )
    assert done.returncode != 0
    assert str(port) in done.stdout + done.stderr
    assert "Traceback" not in done.stdout + done.stderr


def test_make_run_says_that_python_is_too_old(clone, tmp_path):
    """A machine whose only python3 is an old one."""
    folder = tmp_path / "bin"
    folder.mkdir()
    old = folder / "python3"
    old.write_text('#!/bin/sh\nexec /bin/false "$@"\n')
    old.chmod(0o755)
    for name in ("make", "sh", "bash", "git", "env", "dirname", "cat", "rm", "mkdir", "ls", "sed", "grep"):
        (folder / name).symlink_to(shutil.which(name))
    done = subprocess.run(
        ["make", "run"],
        cwd=clone,
        env={"PATH": str(folder), "HOME": str(tmp_path), "PORT": "0"},
        capture_output=True,
        text=True,
        timeout=2 * CEILING,
        check=False,
    )
    assert done.returncode != 0
    assert "3.11" in done.stdout + done.stderr
