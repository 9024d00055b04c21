"""Starts servers to measure, and the load generator."""

import json
import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from urllib.error import URLError

from .load_plan import Plan

ROOT = Path(__file__).resolve().parent.parent.parent
STARTS_WITHIN = 60.0
ENDS_WITHIN = 30.0
ARRIVES_WITHIN = 60.0
"""Seconds that an update may take to reach every reader."""

AT_ONCE = 100
"""Sockets of readers that are opened at the same time."""

NO_LIMITS = {"SOCKETS_PER_ADDRESS": "0", "API_REQUESTS_PER_MINUTE": "0"}
"""Settings of the servers: all readers come from this machine."""

BACKLOG = 2048
"""Connections that may wait to be accepted."""


class ServerFailed(RuntimeError):
    """A server did not start or answer."""


@dataclass(frozen=True)
class Running:
    """A server that runs."""

    address: str
    pid: int

    @property
    def socket(self) -> str:
        return self.address.replace("http", "ws", 1)

    def processor_seconds(self) -> float:
        return processor_seconds(self.pid)

    def resident_kilobytes(self) -> int:
        return kilobytes_of(self.pid, "VmRSS")


def processor_seconds(pid: int) -> float:
    """Return the processor time that the living threads of a process have used, exact to the nanosecond."""
    total = 0
    for thread in Path(f"/proc/{pid}/task").iterdir():
        with suppress(FileNotFoundError, ProcessLookupError):  # it has just ended
            total += int((thread / "schedstat").read_text().split()[0])
    return total / 1e9


def kilobytes_of(pid: int, name: str) -> int:
    """Return a number of ``/proc/PID/status``, such as ``VmRSS``."""
    rows = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(row.split()[1]) for row in rows if row.startswith(name))


SERVE = [str(ROOT / "manage.py"), "serve", "--fd"]


@contextmanager
def running(folder: Path, *command: str, **environment: str) -> Iterator[Running]:
    """Start ``manage.py serve``, or another Python command that takes the number of a listening socket last.

    It inherits the socket, so no other process can take its port, and our environment.
    """
    with socket.create_server(("127.0.0.1", 0), backlog=BACKLOG) as listener:
        descriptor, port = listener.fileno(), listener.getsockname()[1]
        arguments = [sys.executable, *(command or SERVE), str(descriptor)]
        log = folder / f"server-{port}.log"
        with log.open("w") as output:
            whole = os.environ | NO_LIMITS | environment
            server = subprocess.Popen(  # noqa: S603 – our own command
                arguments, cwd=ROOT, env=whole, stdout=output, stderr=output, pass_fds=[descriptor]
            )
    try:
        address = f"http://127.0.0.1:{port}"
        _wait_for(address, server, log)
        pin(server.pid, 0)
        yield Running(address, server.pid)
    finally:
        server.terminate()
        try:
            server.wait(ENDS_WITHIN)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()


def generate_load(plan: Plan) -> list[list[float]]:
    """Run the load generator. Returns requests per second by round and address."""
    command = [sys.executable, "-m", "updates.bench.load"]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, cwd=ROOT, stdin=pipe, stdout=pipe, text=True) as loader:  # noqa: S603 – our own
        pin(loader.pid, 1)
        output, _ = loader.communicate(json.dumps(asdict(plan)))
    if loader.returncode:
        raise ServerFailed("The load generator failed")
    rates: list[list[float]] = json.loads(output)
    return rates


def pin(pid: int, core: int) -> None:
    """Keep a process on one core, so that server and load generator do not compete; needs two cores."""
    cores = sorted(os.sched_getaffinity(0))
    if len(cores) > 1:
        os.sched_setaffinity(pid, {cores[core]})


def _wait_for(address: str, server: "subprocess.Popen[bytes]", log: Path) -> None:
    end = time.monotonic() + STARTS_WITHIN
    while server.poll() is None and time.monotonic() < end:
        try:
            urllib.request.urlopen(f"{address}/healthz", timeout=2).close()  # noqa: S310 – our own  # nosec B310
        except (URLError, OSError):
            time.sleep(0.05)  # between two looks whether the server answers yet
        else:
            return
    raise ServerFailed(f"The server does not answer:\n{log.read_text()}")
