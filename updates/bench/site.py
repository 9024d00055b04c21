"""A server of our own, and a second process that asks it."""

import json
import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any
from urllib.error import URLError

from .load import Plan

ROOT = Path(__file__).resolve().parent.parent.parent
STARTS_WITHIN = 30.0
ENDS_WITHIN = 30.0
BACKLOG = 2048
"""Connections that may wait to be accepted."""

TICKS = os.sysconf("SC_CLK_TCK")
"""Of the clock by which Linux counts processor time."""


class NoServer(RuntimeError):
    """The server did not answer; its log says why."""


@dataclass(frozen=True)
class Running:
    address: str
    pid: int

    @property
    def socket(self) -> str:
        return self.address.replace("http", "ws", 1)

    def processor_seconds(self) -> float:
        """All it has used until now, in its own code and in the kernel's."""
        fields = Path(f"/proc/{self.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / TICKS


SERVE = [str(ROOT / "manage.py"), "serve", "--fd"]


@contextmanager
def running(folder: Path, *command: str) -> Iterator[Running]:
    """Start ``manage.py serve``, or another Python command that takes the number of a listening socket last.

    It inherits that socket, which no other process has, and our environment.
    """
    with socket.create_server(("127.0.0.1", 0), backlog=BACKLOG) as listener:
        descriptor, port = listener.fileno(), listener.getsockname()[1]
        whole = [sys.executable, *(command or SERVE), str(descriptor)]
        log = folder / f"server-{port}.log"
        with log.open("w") as output:
            server = subprocess.Popen(  # noqa: S603 – our own command
                whole, cwd=ROOT, stdout=output, stderr=output, pass_fds=[descriptor]
            )
    try:
        address = f"http://127.0.0.1:{port}"
        _wait_for(address, server, log)
        _pin(server.pid, 0)
        yield Running(address, server.pid)
    finally:
        server.terminate()
        try:
            server.wait(ENDS_WITHIN)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()


def ask(plan: Plan) -> list[list[float]]:
    """Answers per second, by round and address."""
    command = [sys.executable, "-m", "updates.bench.load"]
    pipes: Any = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    with subprocess.Popen(command, cwd=ROOT, **pipes) as loader:  # noqa: S603 – our own command
        _pin(loader.pid, 1)
        output, _ = loader.communicate(json.dumps(asdict(plan)))
    if loader.returncode:
        raise NoServer("The process that asks has failed")
    rates: list[list[float]] = json.loads(output)
    return rates


def _pin(pid: int, place: int) -> None:
    """What asks and what answers get a core each, where there are two."""
    cores = sorted(os.sched_getaffinity(0))
    if len(cores) > 1:
        os.sched_setaffinity(pid, {cores[place]})


def _wait_for(address: str, server: "subprocess.Popen[bytes]", log: Path) -> None:
    end = time.monotonic() + STARTS_WITHIN
    while server.poll() is None and time.monotonic() < end:
        try:
            urllib.request.urlopen(f"{address}/healthz", timeout=2).close()  # noqa: S310 – our own server
        except (URLError, OSError):
            time.sleep(0.05)
        else:
            return
    raise NoServer(f"The server does not answer:\n{log.read_text()}")
