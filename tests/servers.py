"""Real server processes on the test database."""

import asyncio
import fcntl
import hashlib
import json
import os
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path
from urllib.error import HTTPError, URLError
from urllib.parse import quote, urlencode

import django
from django.conf import settings
from django.db import connection

CEILING = 60.0
"""Seconds any wait may take before it is a failure, on a machine whose processors have other work."""

ROOT = Path(__file__).resolve().parent.parent


PREFIX = os.environ.get("TEST_URL_PREFIX", "")
"""Path below which servers of tests are. ``make prove`` runs tests of the browser with one."""


def listening_socket(port: int = 0) -> socket.socket:
    """A socket on a port that the system chooses, or on that of a process that has ended, for one server to inherit.

    Clients may connect at once: they wait in its backlog until the server has started.
    """
    return socket.create_server(("127.0.0.1", port), backlog=2048)


def held_port() -> socket.socket:
    """A socket that keeps a port free for a server that opens its own: the system gives the port to nobody else."""
    place = socket.socket()
    place.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # so that a server may listen there
    place.bind(("127.0.0.1", 0))
    return place


def start_server(command: list[str], listener: socket.socket, **options) -> subprocess.Popen:
    """Start a process that takes the number of its listening socket last; afterwards the socket is that process's only.

    So whoever answers there is the process, and where it dies, connections are refused.
    """
    with listener:
        descriptor = listener.fileno()
        return subprocess.Popen([*command, str(descriptor)], **({"cwd": ROOT, "pass_fds": [descriptor]} | options))


def address_of(listener: socket.socket) -> str:
    return f"http://127.0.0.1:{listener.getsockname()[1]}"


def wait_until(condition, what: str, ceiling: float = CEILING):
    """Ask again until the answer is true; returns it."""
    end = time.monotonic() + ceiling
    while not (answer := condition()):
        if time.monotonic() > end:
            raise AssertionError(f"Not within {ceiling} s: {what}")
        time.sleep(0.02)  # between two looks at the condition
    return answer


async def async_wait_until(condition, ceiling: float = CEILING):
    """Ask again until the answer is true, while the loop goes on."""
    async with asyncio.timeout(ceiling):
        while not condition():  # noqa: ASYNC110 – whatever meets the condition sets no event
            await asyncio.sleep(0.01)


def database_url() -> str:
    """The test database, for another process."""
    here = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite://{here['NAME']}"
    strings = {name: value for name, value in here["OPTIONS"].items() if isinstance(value, str)}
    options = urlencode(strings, quote_via=quote)  # libpq takes "+" for itself
    place = f"{here['HOST']}:{here['PORT']}" if here["HOST"] else ""
    return f"postgres://{quote(here['USER'])}:{quote(here['PASSWORD'])}@{place}/{here['NAME']}?{options}"


def environment(**more: str) -> dict[str, str]:
    """Return the environment for another process on the test database and files."""
    return (
        os.environ
        | {"DATABASE_URL": database_url(), "DATA_DIR": str(settings.DATA_DIR), "PYTHONPATH": str(ROOT)}
        | more
    )


@cache
def collect_static() -> None:
    """Hashed names and compressed files, as in production.

    Compressing takes a processor 4 s, so the workers of all runs share what one of them has made of the same sources.
    """
    made = ROOT / ".pytest_cache" / f"static-{_digest_of_sources()}"
    made.parent.mkdir(exist_ok=True)
    with made.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not made.exists():
            command = [sys.executable, "manage.py", "collectstatic", "--noinput", "--verbosity", "0"]
            with tempfile.TemporaryDirectory(dir=made.parent) as folder:
                subprocess.run(command, cwd=ROOT, env=environment(DATA_DIR=folder), check=True, timeout=300)
                (Path(folder) / "static").rename(made)
            _forget_old(made.parent)
    shutil.copytree(made, settings.STATIC_ROOT, dirs_exist_ok=True)


def _forget_old(folder: Path) -> None:
    for made in folder.glob("static-*"):
        if made.is_dir() and made.stat().st_ctime < time.time() - 86_400:
            shutil.rmtree(made, ignore_errors=True)


def _digest_of_sources() -> str:
    """Our files, what makes something of them, and the versions of everybody else's."""
    sources = [*(ROOT / "static").rglob("*"), *(ROOT / "liveblog").glob("*.py"), *(ROOT / "requirements").iterdir()]
    digest = hashlib.sha256(django.__version__.encode())
    for source in sorted(filter(Path.is_file, sources)):
        digest.update(source.read_bytes())
    return digest.hexdigest()[:16]


@dataclass
class Site:
    url: str
    process: subprocess.Popen

    @property
    def origin(self) -> str:
        """The site without the path that it may be below."""
        return self.url.removesuffix(PREFIX)

    @property
    def socket_url(self) -> str:
        return self.url.replace("http", "ws", 1)

    def get(self, path: str) -> str:
        with urllib.request.urlopen(self.url + path, timeout=CEILING) as answer:
            return answer.read().decode()


def readiness(site: Site) -> tuple[int, dict]:
    """Return the status and the report of ``/readyz``. On a busy machine a process may not be ready for a moment."""
    try:
        with urllib.request.urlopen(f"{site.url}/readyz", timeout=CEILING) as answer:
            return answer.status, json.load(answer)
    except HTTPError as refusal:
        with refusal:
            return refusal.code, json.load(refusal)


@contextmanager
def running_site(log: Path, port: int = 0, **settings_of_it: str) -> Iterator[Site]:
    """Start a Daphne process, and end it by its pid. Whatever answers at its address is that process."""
    collect_static()
    listener = listening_socket(port)
    url = address_of(listener) + PREFIX
    command = [sys.executable, "manage.py", "serve", "--fd"]
    with log.open("w") as output:
        variables = environment(**{"URL_PREFIX": PREFIX} | settings_of_it)
        process = start_server(command, listener, env=variables, stdout=output, stderr=output)
    try:
        site = Site(url, process)
        wait_until(lambda: _answers(site, log), f"the server answers; its log: {log}")
        yield site
    finally:
        end(process)


shared: list[subprocess.Popen] = []
"""The server of all tests that need no other, once it has started."""


@contextmanager
def without_the_shared_server() -> Iterator[None]:
    """Hold it for a while: it would send what waits for alerts and webhooks itself, a second later."""
    for process in shared:
        wait_until(partial(_is_held, process), "the server is held while it locks nothing")
    try:
        yield
    finally:
        for process in shared:
            process.send_signal(signal.SIGCONT)


def _is_held(process: subprocess.Popen) -> bool:
    process.send_signal(signal.SIGSTOP)
    os.waitid(os.P_PID, process.pid, os.WSTOPPED | os.WEXITED | os.WNOWAIT)  # the signal takes a moment
    if connection.vendor != "sqlite":  # it locks rows, of which tests have their own
        return True
    if connection.in_atomic_block:  # the test itself has the lock of the file
        return True
    with closing(sqlite3.connect(connection.settings_dict["NAME"], timeout=0, uri=True)) as file:
        try:
            file.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError:
            process.send_signal(signal.SIGCONT)
            return False
    return True


def end(process: subprocess.Popen, number: int = signal.SIGTERM) -> int:
    """Ask it to end; returns its status. One that does not is killed, which is a failure, and leaves nothing behind."""
    process.send_signal(number)
    try:
        return process.wait(CEILING)
    finally:
        kill(process)


def kill(process: subprocess.Popen) -> None:
    """Kill a process and wait for it, whatever it does."""
    process.kill()
    process.wait()


def _answers(site: Site, log: Path) -> bool:
    if site.process.poll() is not None:
        raise AssertionError(f"The server ended at its start:\n{log.read_text()}")
    try:
        return bool(site.get("/healthz"))
    except (URLError, ConnectionError):
        return False
