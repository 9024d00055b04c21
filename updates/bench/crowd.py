"""Readers that cost next to nothing: sockets, epoll, and no library between them.

The readers of a measurement share the machine with the server. With a WebSocket library they would need more processor
time than the server, and the times that they see would be their own. So a separate process opens the sockets and notes
when each has an update, without decoding it.
"""

import json
import select
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from urllib.parse import SplitResult, urlsplit

from .site import ARRIVES_WITHIN, AT_ONCE, ROOT, ServerFailed, pin

READ_AT_ONCE = 2**16
"""Bytes. A server sends an update of this size in one piece, so each update is read at once."""

PING = 0x89
PONG = 0x8A


@dataclass(frozen=True)
class Arrival:
    """When an update reached the readers, by the machine's monotonic clock."""

    first: float
    p50: float
    p95: float
    p99: float
    last: float
    size: int
    """Bytes of the update, as its last reader got it."""


@dataclass(frozen=True)
class Crowd:
    """Readers that are connected, in a process of their own."""

    process: "subprocess.Popen[str]"

    def wait(self) -> Arrival:
        """Wait until the next update has reached all of them."""
        return Arrival(**json.loads(self._line()))

    def wait_until_open(self) -> None:
        self._line()

    def _line(self) -> str:
        assert self.process.stdout is not None  # noqa: S101 – a pipe
        if line := self.process.stdout.readline():
            return line
        raise ServerFailed("An update did not reach every reader")


@contextmanager
def crowd(address: str, readers: int, update: str) -> Iterator[Crowd]:
    """Open readers of a WebSocket address, which wait for frames that contain ``update``."""
    command = [sys.executable, "-m", "updates.bench.crowd", address, str(readers), update]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:  # noqa: S603 – our own
        pin(process.pid, 1)
        try:
            connected = Crowd(process)
            connected.wait_until_open()
            yield connected
        finally:
            process.kill()


class Connections:
    """The sockets of the process."""

    def __init__(self, address: str, readers: int, update: bytes) -> None:
        self._parts: SplitResult = urlsplit(address)
        self._update = update
        self.size = 0
        self._epoll = select.epoll()
        self._sockets: dict[int, socket.socket] = {}
        for start in range(0, readers, AT_ONCE):
            self._open(min(AT_ONCE, readers - start))

    def _open(self, number: int) -> None:
        target = f"{self._parts.path}?{self._parts.query}"
        head = (
            f"GET {target} HTTP/1.1\r\nHost: {self._parts.netloc}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n"
        ).encode()
        new = [socket.create_connection((self._parts.hostname, self._parts.port)) for _ in range(number)]
        for connection in new:
            connection.sendall(head)
        for connection in new:
            if not connection.recv(READ_AT_ONCE).startswith(b"HTTP/1.1 101"):
                raise SystemExit("A server refused a socket")
            connection.setblocking(False)
            self._sockets[connection.fileno()] = connection
            self._epoll.register(connection.fileno(), select.EPOLLIN)

    def arrivals(self) -> list[float]:
        """Return when each socket had the next update, in order."""
        times: list[float] = []
        end = time.monotonic() + ARRIVES_WITHIN
        while len(times) < len(self._sockets) and time.monotonic() < end:
            for descriptor, _ in self._epoll.poll(1.0):
                if self._reads_update(self._sockets[descriptor]):
                    times.append(time.monotonic())
        if len(times) < len(self._sockets):
            raise SystemExit("An update did not reach every reader")
        return times

    def _reads_update(self, connection: socket.socket) -> bool:
        data = connection.recv(READ_AT_ONCE)
        if not data:
            raise SystemExit("A server closed a socket")
        if data[0] == PING:
            connection.send(pong(data))
        if self._update not in data:
            return False
        self.size = len(data)
        return True


def pong(ping: bytes) -> bytes:
    """Return the answer to a ping, with its payload; an empty mask leaves that as it is."""
    return bytes([PONG, 0x80 | ping[1], 0, 0, 0, 0]) + ping[2 : 2 + ping[1]]


def main(address: str, readers: str, update: str) -> None:
    connections = Connections(address, int(readers), update.encode())
    print("open", flush=True)  # noqa: T201 – for the process that has started this one
    while True:
        times = connections.arrivals()
        at = {"first": 0.0, "p50": 0.5, "p95": 0.95, "p99": 0.99, "last": 1.0}
        places = {name: times[min(int(len(times) * share), len(times) - 1)] for name, share in at.items()}
        print(json.dumps(places | {"size": connections.size}), flush=True)  # noqa: T201 – as above


if __name__ == "__main__":
    main(*sys.argv[1:])
