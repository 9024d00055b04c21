"""Real server processes on the test database."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from urllib.error import URLError
from urllib.parse import quote

from django.conf import settings
from django.db import connection

CEILING = 30.0
"""Seconds any wait may take before it is a failure."""

ROOT = Path(__file__).resolve().parent.parent


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_until(condition, what: str, ceiling: float = CEILING):
    """Ask again until the answer is true; returns it."""
    end = time.monotonic() + ceiling
    while not (answer := condition()):
        if time.monotonic() > end:
            raise AssertionError(f"Not within {ceiling} s: {what}")
        time.sleep(0.02)  # between two looks at the condition
    return answer


def database_url() -> str:
    """The test database, for another process."""
    here = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite://{here['NAME']}"
    return f"postgres://{quote(here['USER'])}:{quote(here['PASSWORD'])}@{here['HOST']}:{here['PORT']}/{here['NAME']}"


def environment(**more: str) -> dict[str, str]:
    """What another process needs to work on the test database and files."""
    return (
        os.environ
        | {"DATABASE_URL": database_url(), "DATA_DIR": str(settings.DATA_DIR), "PYTHONPATH": str(ROOT)}
        | more
    )


@cache
def collect_static() -> None:
    """Once for all servers: hashed names and compressed files, as in production."""
    command = [sys.executable, "manage.py", "collectstatic", "--noinput", "--verbosity", "0"]
    subprocess.run(command, cwd=ROOT, env=environment(), check=True, timeout=120)


@dataclass
class Site:
    url: str
    process: subprocess.Popen

    @property
    def socket_url(self) -> str:
        return self.url.replace("http", "ws", 1)

    def get(self, path: str) -> str:
        with urllib.request.urlopen(self.url + path, timeout=CEILING) as answer:
            return answer.read().decode()


@contextmanager
def running_site(log: Path, port: int | None = None, **settings_of_it: str) -> Iterator[Site]:
    """A Daphne process of our own, ended by its pid."""
    collect_static()
    port = port or free_port()
    command = [sys.executable, "manage.py", "serve", "--port", str(port)]
    with log.open("w") as output:
        process = subprocess.Popen(command, cwd=ROOT, env=environment(**settings_of_it), stdout=output, stderr=output)
    try:
        site = Site(f"http://127.0.0.1:{port}", process)
        wait_until(lambda: _answers(site, log), f"the server answers; its log: {log}")
        yield site
    finally:
        end(process)


def end(process: subprocess.Popen, number: int = signal.SIGTERM) -> int:
    """Ask it to end; returns its status. One that does not is killed, which is a failure, and leaves nothing behind."""
    process.send_signal(number)
    try:
        return process.wait(CEILING)
    finally:
        kill(process)


def kill(process: subprocess.Popen) -> None:
    """Whatever it does: gone, and its status taken, so that no other test trips over it."""
    process.kill()
    process.wait()


def _answers(site: Site, log: Path) -> bool:
    if site.process.poll() is not None:
        raise AssertionError(f"The server ended at its start:\n{log.read_text()}")
    try:
        return bool(site.get("/healthz"))
    except (URLError, ConnectionError):
        return False
