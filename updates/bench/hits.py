"""Requests at almost no cost, for servers that use all cores: they share these with the process that asks.

A separate process keeps connections open, sends the same request on each as soon as the last response is complete, and
writes the number of responses per second. It reads their length and nothing else.
"""

import re
import select
import socket
import subprocess
import sys
import time
from dataclasses import dataclass
from urllib.parse import urlsplit

from .site import ROOT, ServerFailed

READ_AT_ONCE = 2**17
ANSWERS_WITHIN = 30.0
"""Seconds for the first response, beyond those of the measurement."""

LENGTH = re.compile(rb"(?i)\r\ncontent-length: (\d+)\r\n")


@dataclass(frozen=True)
class Rate:
    """What a server answers, and what asking it takes."""

    responses: float
    """Per second."""
    cores: float
    """Processor seconds per second of the process that asks."""


def rate(address: str, connections: int, seconds: float) -> Rate:
    command = [sys.executable, "-m", "updates.bench.hits", address, str(connections), str(seconds)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)  # noqa: S603 – our own
    if done.returncode:
        raise ServerFailed(f"The requests failed:\n{done.stderr}")
    return Rate(*map(float, done.stdout.split()))


class Asker:
    """One connection."""

    def __init__(self, address: str) -> None:
        parts = urlsplit(address)
        self._request = f"GET {parts.path} HTTP/1.1\r\nHost: {parts.netloc}\r\nAccept-Encoding: gzip\r\n\r\n".encode()
        self._received = b""
        self.socket = socket.create_connection((parts.hostname, parts.port))
        self.socket.send(self._request)

    def read(self) -> int:
        """Return 1 where the response is complete and the next request sent."""
        data = self.socket.recv(READ_AT_ONCE)
        if not data:
            raise SystemExit("The server closed a connection")
        self._received += data
        if not is_complete(self._received):
            return 0
        self._received = b""
        self.socket.send(self._request)
        return 1


def is_complete(response: bytes) -> bool:
    """Return whether a response has come to its end, which its length or an empty chunk says."""
    end = response.find(b"\r\n\r\n")
    if end < 0:
        return False
    if not response.startswith(b"HTTP/1.1 200 "):
        raise SystemExit(f"An error: {response[:300]!r}")
    if length := LENGTH.search(response, 0, end + 2):
        return len(response) >= end + 4 + int(length[1])
    return response.endswith(b"\r\n0\r\n\r\n")


def main(address: str, connections: str, seconds: str) -> None:
    askers = {asker.socket.fileno(): asker for asker in (Asker(address) for _ in range(int(connections)))}
    epoll = select.epoll()
    for descriptor in askers:
        epoll.register(descriptor, select.EPOLLIN)
    start, used, count = time.monotonic(), time.process_time(), 0
    while (now := time.monotonic()) < start + float(seconds) or not count:
        count += sum(askers[descriptor].read() for descriptor, _ in epoll.poll(1.0))
        if now > start + float(seconds) + ANSWERS_WITHIN:
            raise SystemExit("The server did not answer")
    used = time.process_time() - used
    print(count / (now - start), used / (now - start))  # noqa: T201 – for the process that has started this one


if __name__ == "__main__":
    main(*sys.argv[1:])
