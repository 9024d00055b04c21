"""A busy evening through nginx on two processes: measured by ``scripts/prove.sh load``.

2,000 readers hold sockets, 50 pages a second are loaded and two updates a second posted at the desk, for five minutes.
Every reader is then compared with the database. ``LOAD_READERS``, ``LOAD_SECONDS``
and ``LOAD_POSTS`` (a second) make it another one.
"""

import asyncio
import os
import re
import resource
import tempfile
import time
from collections import Counter
from contextlib import asynccontextmanager
from itertools import count
from pathlib import Path
from statistics import mean, quantiles

import aiohttp
import pytest

from tests.deploy.stack import PASSWORD, Desk, Stack
from updates.rehearsal.checker import check
from updates.rehearsal.crowd import Crowd, raise_file_limit
from updates.rehearsal.database import read_database
from updates.rehearsal.desk import Desk as Writer
from updates.rehearsal.desk import DeskFailed
from updates.rehearsal.protocol import NETWORK_ERRORS, Addresses
from updates.rehearsal.records import Post

pytestmark = [pytest.mark.services, pytest.mark.once]

READERS = int(os.environ.get("LOAD_READERS", "2000"))
SECONDS = float(os.environ.get("LOAD_SECONDS", "300"))
PAGES, POSTS = 50, float(os.environ.get("LOAD_POSTS", "2"))
"""A second."""

CONNECTIONS = 16_000
"""Of nginx. While the processes are slow, pages pile up with two each, and without a free one nginx answers 500."""

GROWTH = 1.10
"""Most by which the processes' memory may grow from the second quarter to the last."""

TICKS = os.sysconf("SC_CLK_TCK")
WORDS = "<p>The gate holds, and the crew on the quay has counted forty boats that came in before the surge.</p>"


class Load:
    def __init__(self, stack, slug, event, addresses=1):
        self.stack, self.slug, self.event = stack, slug, event
        self.posts, self.answers, self.times, self.publishing = [], Counter(), [], []
        self.refusals = Counter()
        """Status and first words of pages that were not shown."""
        self.memory, self.failures = {name: [] for name in ("server 1", "server 2")}, []
        self.sessions = [session_from(f"127.0.1.{number + 1}") for number in range(addresses)]
        self.writer = Writer("ines", PASSWORD)

    async def run(self):
        end = time.monotonic() + SECONDS
        await asyncio.gather(
            self.repeat(self.load_page, PAGES, lambda: time.monotonic() < end),
            self.repeat(self.publish, POSTS, lambda: time.monotonic() < end),
            self.weigh(end),
        )

    async def leave(self):
        await asyncio.gather(*(session.close() for session in self.sessions), self.writer.leave())

    async def repeat(self, act, rate, goes_on):
        """Begin so many a second, whether or not the earlier ones are done."""
        start, running = time.monotonic(), set()
        for number in count():
            await asyncio.sleep(max(0, start + number / rate - time.monotonic()))
            if not goes_on():
                break
            task = asyncio.create_task(act(number))
            running.add(task)
            task.add_done_callback(running.discard)
        await asyncio.gather(*running)

    async def load_page(self, number):
        """The live blog mostly, sometimes past the cache; the front page, a permalink and the feed."""
        newest = self.posts[-1].public_id if self.posts else ""
        places = [f"/{self.slug}/", f"/{self.slug}/?fresh={number}", "/", f"/{self.slug}/{newest}/", f"/{self.slug}/"]
        session, start = self.sessions[number % len(self.sessions)], time.monotonic()
        try:
            async with session.get(self.stack.address + places[number % len(places)]) as answer:
                text = await answer.text()
                self.answers[answer.status] += 1
                if answer.status != 200:
                    self.refusals[answer.status, text[:200]] += 1
        except NETWORK_ERRORS as error:
            self.answers[repr(error)] += 1
        self.times.append(time.monotonic() - start)

    async def publish(self, number):
        start = time.monotonic()
        try:
            entry = await self.writer.publish(
                self.stack.address, self.event, f"Update {number}", WORDS, f"load-{number}"
            )
        except (DeskFailed, *NETWORK_ERRORS) as error:
            self.failures.append(repr(error))
            return
        self.publishing.append(time.monotonic() - start)
        self.posts.append(Post(f"load-{number}", entry["id"], time.time(), 1))

    async def weigh(self, end):
        while time.monotonic() < end:
            for name, sizes in self.memory.items():
                sizes.append(self.stack.parts[name].resident_megabytes())
            await asyncio.sleep(SECONDS / 60)


def session_from(host):
    """Return a client with an address of its own, as nginx passes it on."""
    return aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0, local_addr=(host, 0)))


def processor_seconds(process):
    """User and system time of a process and of the children that it has waited for."""
    numbers = Path(f"/proc/{process.running.pid}/stat").read_text().rpartition(")")[2].split()
    return sum(map(int, numbers[11:15])) / TICKS


def problems_in(folder):
    """Lines of the logs of servers and nginx that somebody should read."""
    logs = [*folder.glob("server-*.log"), folder / "error.log"]
    lines = [line for log in logs for line in log.read_text(errors="replace").splitlines()]
    return [line for line in lines if re.search(r"\b(WARNING|ERROR|Traceback)\b|\[(warn|error|crit|alert)\]", line)]


def growth(sizes):
    quarter = max(1, len(sizes) // 4)
    return mean(sizes[-quarter:]) / mean(sizes[quarter : 2 * quarter])


@asynccontextmanager
async def running_stack(**variables):
    raise_file_limit(4 * CONNECTIONS)  # nginx begins with it
    with tempfile.TemporaryDirectory(prefix="liveblog-load.") as name:
        stack = Stack(Path(name), CONNECTIONS, RECONCILE_EVERY="2", HEARTBEAT_EVERY="25", BACKOFF_BASE="1", **variables)
        try:
            await stack.start()
            yield stack
        finally:
            await stack.end()


@asynccontextmanager
async def load_and_crowd(stack, addresses=1):
    """A new live blog with its first update, the load on it, and a crowd that follows it."""
    desk = Desk(stack)
    async with desk.session:
        slug = await desk.begin()
    load = Load(stack, slug, int(desk.form_address.rpartition("=")[2]), addresses)
    where = Addresses(stack.address, stack.address.replace("http", "ws", 1))
    crowd = Crowd(lambda _: where, slug, seed=1)
    try:
        await load.publish(-1)
        yield load, crowd
    finally:
        await crowd.leave()
        await load.leave()


async def test_busy_evening_on_two_processes():
    async with (
        running_stack(SOCKETS_PER_ADDRESS="0") as stack,
        load_and_crowd(stack) as (load, crowd),
    ):
        await crowd.join(READERS, polling_share=0.0)
        assert await crowd.connected(within=60)
        sockets = sum(record.sockets for record in crowd.records())
        servers = [stack.parts[name] for name in load.memory]
        before = [processor_seconds(server) for server in servers]
        await load.run()
        used = [processor_seconds(server) - start for server, start in zip(servers, before, strict=True)]
        verdict = await verdict_on(load, crowd)
        reconnected = sum(record.sockets for record in crowd.records()) - sockets
        report(load, verdict, used, reconnected)
        assert verdict.is_clean, verdict.problems
        assert (load.failures, set(load.answers), reconnected) == ([], {200}, 0)
        assert problems_in(stack.folder) == []
        assert max(map(growth, load.memory.values())) < GROWTH


async def verdict_on(load, crowd):
    """Compare every reader with the database, when all have had time to follow it."""
    database = await asyncio.to_thread(read_database, load.stack.store.url, load.slug)
    await crowd.settle(database.epoch, database.head, within=30)
    return check("load", database, crowd.records(), load.posts, [])


def report(load, verdict, used, reconnected):
    pages, posts = (quantiles(times, n=100) for times in (load.times, load.publishing))
    own = sum(resource.getrusage(resource.RUSAGE_SELF)[:2])
    lines = [
        f"{READERS} readers, {PAGES} pages/s, {POSTS:g} posts/s, {SECONDS:.0f} s",
        f"pages: {dict(load.answers)}; p50 {pages[49]:.3f} s, p95 {pages[94]:.3f} s, p99 {pages[98]:.3f} s",
        f"pages that were refused: {dict(load.refusals)}",
        f"posts: {len(load.posts)}, failures {load.failures}; p50 {posts[49]:.3f} s, p95 {posts[94]:.3f} s",
        f"delivered {verdict.delivered}, lost {verdict.lost}, doubled {verdict.doubled}",
        f"disordered {verdict.disordered}, reconnected {reconnected}, commit to reader {verdict.staleness}",
        f"processor seconds of the servers: {[round(each, 1) for each in used]}, of all clients: {own:.1f}",
    ]
    for name, sizes in load.memory.items():
        tenths = [sizes[len(sizes) * tenth // 10] for tenth in range(10)] + [sizes[-1]]
        lines.append(f"{name}, MB: {' '.join(f'{size:.0f}' for size in tenths)}; grew × {growth(sizes):.3f}")
    lines += problems_in(load.stack.folder)[-20:]
    print("\n" + "\n".join(lines))  # noqa: T201 – the result of a measurement
