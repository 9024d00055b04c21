"""Servers whose readers are compared, and what a reader costs each of them."""

import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection
from pathlib import Path
from statistics import median
from time import monotonic
from typing import Protocol
from urllib.parse import urlsplit

from updates.models import Event

from .audience import UPDATE
from .crowd import Arrival, Crowd, crowd
from .site import ARRIVES_WITHIN, Running, ServerFailed, running
from .tier import Machine

DAPHNE = ["-m", "daphne"]

WARM_UP = 4
"""Updates at the start of a server's turn that do not count. The turns of the others leave the caches of the core cold,
and no server shares its core with three others outside of this comparison.
"""

UPDATES = 4
"""Per round and server."""

TOKEN = secrets.token_hex(8)


class Server(Protocol):
    """A server whose processor time and memory are measured."""

    def processor_seconds(self) -> float: ...
    def resident_kilobytes(self) -> int: ...


@dataclass
class Costs:
    """What a server spends on a reader."""

    opening: float
    """Microseconds of processor time to open a socket."""
    memory: float
    """Kilobytes by which the process grows with an open socket."""
    messages: list[float] = field(default_factory=list)
    """By round: microseconds of processor time per received message, publishing included."""
    delays: list[float] = field(default_factory=list)
    """By round: milliseconds from just before publishing until 99 % of the readers have the update."""

    @property
    def message(self) -> float:
        return median(self.messages)

    @property
    def p99(self) -> float:
        return median(self.delays)


@dataclass(frozen=True)
class Contender:
    """One of the servers. ``publish`` takes the number of bytes of the update."""

    server: Server
    socket: str
    publish: Callable[[int], None]

    @contextmanager
    def opened(self, readers: int) -> Iterator[tuple[Crowd, Costs]]:
        seconds, kilobytes = self.server.processor_seconds(), self.server.resident_kilobytes()
        with crowd(self.socket, readers, UPDATE) as connected:
            opening = (self.server.processor_seconds() - seconds) / readers * 1e6
            memory = max(self.server.resident_kilobytes() - kilobytes, 1) / readers
            yield connected, Costs(opening, memory)

    def measure(self, connected: Crowd, costs: Costs, readers: int, size: int) -> int:
        """Measure a round, and return the bytes of its last update."""
        for _ in range(WARM_UP):
            self._update(connected, size)
        before = self.server.processor_seconds()
        updates = [self._update(connected, size) for _ in range(UPDATES)]
        costs.messages.append((self.server.processor_seconds() - before) / UPDATES / readers * 1e6)
        costs.delays.append(median(delay for delay, _ in updates))
        return updates[-1][1].size

    def _update(self, connected: Crowd, size: int) -> tuple[float, Arrival]:
        """Publish, and return the milliseconds until 99 % of the readers had it, and its arrival."""
        start = monotonic()
        self.publish(size)
        arrival = connected.wait()
        return (arrival.p99 - start) * 1000, arrival


def product(server: Running, event: Event) -> Contender:
    event.refresh_from_db()
    address = f"{server.socket}/ws/events/{event.slug}/?v=1&epoch={event.epoch}&since={event.head}"
    poster = Poster(f"{server.address}/bench/{TOKEN}/publish/{event.pk}")
    return Contender(server, address, lambda _: poster.post(""))


def tutorial(server: Running) -> Contender:
    poster = Poster(f"{server.address}/publish")
    return Contender(server, f"{server.socket}/", lambda size: poster.post(UPDATE.ljust(size, ".")))


def nchan(machine: Machine) -> Contender:
    poster = Poster(f"http://127.0.0.1:{machine.relays}/events/1/bench")
    return Contender(machine, machine.socket, lambda size: poster.post(UPDATE.ljust(size, ".")))


@contextmanager
def serving(folder: Path, *command: str) -> Iterator[Running]:
    """Start the product with an address that publishes."""
    settings = {"DJANGO_SETTINGS_MODULE": "updates.bench.settings", "BENCH_TOKEN": TOKEN}
    with running(folder, *command, **settings) as server:
        yield server


class Poster:
    """A connection that stays open, as that of an editor's page does."""

    def __init__(self, address: str) -> None:
        parts = urlsplit(address)
        self._path = parts.path
        self._connection = HTTPConnection(parts.netloc, timeout=ARRIVES_WITHIN)

    def post(self, text: str) -> None:
        self._connection.request("POST", self._path, text.encode())
        with self._connection.getresponse() as response:
            response.read()
            if response.status >= 300:
                raise ServerFailed(f"{self._path}: an update was refused with {response.status}")
