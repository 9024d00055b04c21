"""The readers' tier against bare nchan, and what the relay's share of an update costs.

Both nginx get the same frames at the same pace, in turns. Bare nchan is the smallest configuration that sends a message
to WebSockets; ours adds the limits, the origin check, pings and the refusal of unknown channels.
"""

import asyncio
import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import AsyncExitStack, ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from urllib.error import HTTPError

import aiohttp
from django.db import connection

from updates import publishing
from updates.models import Event
from updates.rehearsal.crowd import raise_file_limit
from updates.rehearsal.processes import find_program
from updates.rehearsal.tier import around, missing_programs, shipped, without_limits

from .audience import Audience
from .events import Newsroom, content
from .rows import Row
from .site import ARRIVES_WITHIN, ENDS_WITHIN, ROOT, ServerFailed, kilobytes_of, pin, processor_seconds

TOKEN = "bench"  # noqa: S105 – of an nginx that only this machine reaches
ROUNDS, UPDATES = 5, 20
SIZE = 2000
"""Bytes of a frame."""
PAUSE = 0.1
"""Seconds between two updates of which the relay's cost is measured."""

BARE = """
server {{
    listen 127.0.0.1:{readers};
    location /ws/ {{ nchan_subscriber; nchan_channel_id bench; nchan_subscriber_first_message newest; }}
}}
server {{
    listen 127.0.0.1:{relays};
    location /events/ {{ nchan_publisher; nchan_channel_id bench; nchan_message_buffer_length 100; }}
}}
"""


@dataclass(frozen=True)
class Machine:
    """One nginx that runs."""

    name: str
    pid: int
    readers: int
    relays: int

    @property
    def socket(self) -> str:
        return f"ws://127.0.0.1:{self.readers}/ws/events/bench/?v=1&epoch=e&since=0"

    def socket_of(self, event: Event) -> str:
        return f"ws://127.0.0.1:{self.readers}/ws/events/{event.slug}/?v=1&epoch={event.epoch}&since=0"

    @property
    def workers(self) -> list[int]:
        return [int(pid) for pid in Path(f"/proc/{self.pid}/task/{self.pid}/children").read_text().split()]

    def processor_seconds(self) -> float:
        return sum(processor_seconds(pid) for pid in self.workers)

    def resident_kilobytes(self) -> int:
        """Return the memory of the workers, without the zone that they share."""
        return sum(kilobytes_of(pid, "VmRSS") - kilobytes_of(pid, "RssShmem") for pid in self.workers)

    def post(self, text: str) -> None:
        self._request("bench", text.encode())

    def has(self, slug: str) -> bool:
        """Return whether an event has a channel."""
        try:
            self._request(slug)
        except HTTPError:
            return False
        return True

    def _request(self, slug: str, data: bytes | None = None) -> None:
        address = f"http://127.0.0.1:{self.relays}/events/1/{slug}"
        request = urllib.request.Request(address, data, {"Authorization": f"Bearer {TOKEN}"})
        urllib.request.urlopen(request, timeout=ARRIVES_WITHIN).close()  # noqa: S310  # nosec B310


@contextmanager
def nginx(folder: Path, name: str) -> Iterator[Machine]:
    """Start the shipped configuration as “ours”, else bare nchan, on sockets that it inherits."""
    place = folder / f"nginx-{name}"
    place.mkdir(parents=True)
    program = find_program("nginx", "nginx libnginx-mod-nchan", Path("/usr/sbin"))
    with ExitStack() as stack:
        sockets = [stack.enter_context(socket.create_server(("127.0.0.1", 0), backlog=2048)) for _ in range(2)]
        readers, relays = (each.getsockname()[1] for each in sockets)
        ours = shipped(upstreams=[9], readers=readers, relays=relays, folder=place, token=TOKEN)
        main = BARE.format(readers=readers, relays=relays) if name != "ours" else without_limits(ours)
        (place / "nginx.conf").write_text(around(main, place, connections=19_000))
        inherited = "".join(f"{each.fileno()};" for each in sockets)
        process = subprocess.Popen(  # noqa: S603 – found by find_program
            [program, "-c", place / "nginx.conf", "-e", place / "error.log"],
            env={"PATH": os.environ["PATH"], "NGINX": inherited},
            pass_fds=[each.fileno() for each in sockets],
        )
    try:
        machine = Machine(name, process.pid, readers, relays)
        _wait(machine, process, place)
        yield machine
    finally:
        process.terminate()
        process.wait(ENDS_WITHIN)


def _wait(machine: Machine, process: "subprocess.Popen[bytes]", place: Path) -> None:
    end = time.monotonic() + ENDS_WITHIN
    while not machine.workers:
        if process.poll() is not None or time.monotonic() > end:
            raise ServerFailed(f"nginx did not start:\n{(place / 'error.log').read_text()}")
        time.sleep(0.05)  # between two looks at its workers
    for pid in machine.workers:
        pin(pid, 0)
    machine.post('{"t":"hb","seq":0}')


def tier(newsroom: Newsroom, folder: Path, readers: int) -> Iterator[Row]:
    if reason := missing_programs():
        yield Row("the tier of nginx and relay", 0, "", of=f"skipped: {reason}")
        return
    raise_file_limit(3 * readers + 1000)
    with nginx(folder, "bare") as bare, nginx(folder, "ours") as ours:
        costs, memory = asyncio.run(_compare([bare, ours], readers))
        alone, crowded = asyncio.run(_relay_costs(newsroom, ours, folder, readers))
    for what, (there, here), unit in (("processor time per message", costs, "µs"), ("memory per reader", memory, "KB")):
        name = f"nginx of the tier, {readers:,} readers, {what}, against bare nchan"
        yield Row(name, here / there, "×", must=1.15, aim=1.05, of=f"{here:.1f} of {there:.1f} {unit}")
    name = f"relay per update, {readers:,} readers against one"
    yield Row(name, crowded / alone, "×", must=1.3, aim=1.1, of=f"{crowded:.1f} of {alone:.1f} ms of processor time")


async def _compare(machines: list[Machine], readers: int) -> tuple[list[float], list[float]]:
    """Return microseconds per message and kilobytes per reader of each machine."""
    connector = aiohttp.TCPConnector(limit=0)
    async with aiohttp.ClientSession(connector=connector) as session, AsyncExitStack() as stack:
        audiences, memory = [], []
        for machine in machines:
            before = machine.resident_kilobytes()
            audiences.append(await stack.enter_async_context(Audience(machine.socket).connected(session, readers)))
            memory.append((machine.resident_kilobytes() - before) / readers)
        pairs = list(zip(machines, audiences, strict=True))
        rounds = [[await _cost(*pair) for pair in pairs] for _ in range(ROUNDS + 1)]
    return [median(values) for values in zip(*rounds[1:], strict=True)], memory


async def _cost(machine: Machine, audience: Audience) -> float:
    before = machine.processor_seconds()
    for _ in range(UPDATES):
        count = min(audience.received)
        await asyncio.to_thread(machine.post, '{"t":"ops"'.ljust(SIZE, "."))
        await audience.wait_for_updates(count + 1)
    return (machine.processor_seconds() - before) / UPDATES / len(audience.received) * 1e6


async def _relay_costs(newsroom: Newsroom, machine: Machine, folder: Path, readers: int) -> tuple[float, float]:
    """Return the milliseconds of processor time that an update costs a relay, with one reader and with many."""
    event = newsroom.small
    url = machine.socket_of(event)
    with relay(folder, machine, event.slug) as pid:
        async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as session:
            alone = await _relay_cost(newsroom, pid, session, url, readers=1)
            crowded = await _relay_cost(newsroom, pid, session, url, readers=readers)
    return alone, crowded


async def _relay_cost(newsroom: Newsroom, pid: int, session: aiohttp.ClientSession, url: str, *, readers: int) -> float:
    async with Audience(url).connected(session, readers) as audience:
        before, count = processor_seconds(pid), min(audience.received)
        for number in range(UPDATES):
            await asyncio.to_thread(_publish, newsroom, number)
            await asyncio.sleep(PAUSE)  # the pace of the updates
        await audience.wait_for_updates(count + 1)
        return (processor_seconds(pid) - before) / UPDATES * 1000


def _publish(newsroom: Newsroom, number: int) -> None:
    try:
        publishing.publish(newsroom.small.pk, content(number), newsroom.author)
    finally:
        connection.close()  # connection of this thread


@contextmanager
def relay(folder: Path, machine: Machine, slug: str) -> Iterator[int]:
    """Run a relay, which follows all events of the bench; yields its process when this event has a channel."""
    command = [sys.executable, str(ROOT / "manage.py"), "relay", "--to", f"http://127.0.0.1:{machine.relays}"]
    log = folder / "relay.log"
    with log.open("w") as output:
        # Every update is a frame of its own
        environment = os.environ | {"RELAY_TOKEN": TOKEN, "RECONCILE_EVERY": "0.02"}
        process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=output, stderr=output)  # noqa: S603 – our own
    try:
        end = time.monotonic() + ENDS_WITHIN
        while not machine.has(slug):
            if process.poll() is not None or time.monotonic() > end:
                raise ServerFailed(f"The relay does not follow:\n{log.read_text()}")
            time.sleep(0.05)  # between two looks at nginx
        pin(process.pid, 0)
        yield process.pid
    finally:
        process.terminate()
        process.wait(ENDS_WITHIN)
