"""A flood from a few addresses while others read and post: measured by ``scripts/prove.sh flood``.

The server and its workers have a processor of their own, and so have those who read, post and flood: otherwise the
flooder's own work would be measured as well.

``FLOOD_SECONDS`` (30), ``FLOOD_SIZE`` (1: everything in ``flooding.py``) and ``FLOOD_READERS`` (200) make it smaller;
``FLOOD_KINDS`` names the parts of it that are wanted, such as “socket half_request”.
"""

import asyncio
import json
import os
import resource
import sys
import time
from pathlib import Path
from statistics import median, quantiles
from subprocess import PIPE
from urllib.parse import urlencode

import aiohttp
import pytest
import websockets
from PIL import Image as Canvas

from tests.admin.desk_forms import add_address, entry_form, text
from tests.browser.desk_page import session_cookie
from tests.factories import make_event, make_member, make_user
from tests.servers import CEILING, ROOT, running_site
from updates.models import Entry

pytestmark = [pytest.mark.services, pytest.mark.once, pytest.mark.django_db(transaction=True)]

SECONDS = float(os.environ.get("FLOOD_SECONDS", "30"))
SIZE = float(os.environ.get("FLOOD_SIZE", "1"))
READERS = int(os.environ.get("FLOOD_READERS", "200"))
KINDS = os.environ.get("FLOOD_KINDS", "").split()

TICKS = os.sysconf("SC_CLK_TCK")

POST_EVERY = 0.5
PAGE_EVERY = 0.2


class Everybody:
    """Readers, an editor who posts, and somebody who opens pages, each with an address of their own."""

    def __init__(self, site, event, cookie):
        self.site, self.event, self.cookie = site, event, cookie
        self.posted = {}
        """When the server confirmed each post, by its headline."""
        self.statuses, self.pages, self.staleness = [], [], []
        self.received = [set() for _ in range(READERS)]
        self.number = 0
        self.load = 0.0
        """Share of a processor that the server used during the flood."""

    async def read(self, number):
        url = f"{self.site.socket_url}/ws/events/{self.event.slug}/?v=1&epoch={self.event.epoch}&since=0"
        source = (f"127.0.{1 + number // 200}.{1 + number % 200}", 0)
        async with websockets.connect(url, local_addr=source, open_timeout=CEILING, max_queue=None) as socket:
            async for frame in socket:
                now, message = time.monotonic(), json.loads(frame)
                for item in message.get("items", []):
                    headline = next((name for name in self.posted if f">{name}<" in item.get("html", "")), None)
                    if headline and headline not in self.received[number]:
                        self.received[number].add(headline)
                        self.staleness.append(now - self.posted[headline])

    async def post(self, seconds):
        headers = {"Cookie": f"{self.cookie}; csrftoken={'x' * 32}", "Origin": self.site.url}
        headers["Content-Type"] = "application/x-www-form-urlencoded"
        async with self.session("127.0.20.1") as session:
            end = time.monotonic() + seconds
            while time.monotonic() < end:
                self.number += 1
                headline = f"Post number {self.number}."
                form = entry_form(headline, text("<p>Words</p>"), key=f"k{self.number}", csrfmiddlewaretoken="x" * 32)
                self.posted[headline] = time.monotonic()  # from the press of the button
                address = self.site.url + add_address(self.event)
                async with session.post(
                    address, data=urlencode(form), headers=headers, allow_redirects=False
                ) as answer:
                    self.statuses.append(answer.status)
                await asyncio.sleep(POST_EVERY)

    async def open_pages(self, seconds):
        times = []
        async with self.session("127.0.21.1") as session:
            end = time.monotonic() + seconds
            while time.monotonic() < end:
                start = time.monotonic()
                async with session.get(f"{self.site.url}/{self.event.slug}/") as answer:
                    assert answer.status == 200
                    await answer.read()
                times.append(time.monotonic() - start)
                await asyncio.sleep(PAGE_EVERY)
        self.pages.append(times)

    def session(self, source):
        return aiohttp.ClientSession(connector=aiohttp.TCPConnector(local_addr=(source, 0), force_close=True))

    async def work(self, seconds):
        """Post and open pages; return how stale readers were meanwhile."""
        self.staleness = []
        await asyncio.gather(self.post(seconds), self.open_pages(seconds))
        return self.staleness


def processor_seconds(pid):
    return sum(map(int, Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[11:13])) / TICKS


def pin(pid, processors):
    """Keep a process, its threads and what it starts to some processors."""
    for thread in Path(f"/proc/{pid}/task").iterdir():
        os.sched_setaffinity(int(thread.name), processors)


def part(site):
    """Give the server one processor, and the others to this process and the flooder, if there are two."""
    first, *others = sorted(os.sched_getaffinity(0))
    if others:
        pin(site.process.pid, {first})
        pin(os.getpid(), others)


def memory(site):
    """Bytes that the server has, without its workers."""
    status = Path(f"/proc/{site.process.pid}/status").read_text()
    return 1024 * next(int(row.split()[1]) for row in status.splitlines() if row.startswith("VmRSS"))


async def watch_memory(site, peaks):
    while True:
        peaks.append(memory(site))
        await asyncio.sleep(0.2)


def p95(values):
    return quantiles(values, n=20)[-1]


async def measure(site, event, cookie, flooder, photo):
    people = Everybody(site, event, cookie)
    readers = [asyncio.create_task(people.read(number)) for number in range(READERS)]
    await asyncio.sleep(2)
    calm = await people.work(SECONDS / 2)
    before, peaks = memory(site), []
    watch = asyncio.create_task(watch_memory(site, peaks))
    # The flooder takes only what the others leave of the processors, as if it had a machine of its own.
    process = await asyncio.create_subprocess_exec(
        "nice", "-n", "19", sys.executable, "tests/deploy/flooding.py", site.url, str(event.pk), flooder, str(SECONDS),
        str(SIZE), str(photo), *KINDS, stdout=PIPE, cwd=ROOT,
    )  # fmt: skip
    used = processor_seconds(site.process.pid)
    flooded = await people.work(SECONDS)
    people.load = (processor_seconds(site.process.pid) - used) / SECONDS
    answers, _ = await process.communicate()
    await asyncio.sleep(2)
    watch.cancel()
    for reader in readers:
        reader.cancel()
    ended = await asyncio.gather(*readers, return_exceptions=True)
    assert all(isinstance(end, asyncio.CancelledError) for end in ended)  # no reader was cut off
    return people, calm, flooded, max(peaks) - before, json.loads(answers)


def test_a_flood_leaves_everybody_else_in_peace(tmp_path, transactional_db):
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    editor = make_user(superuser=True)
    event = make_event(author=editor, slug="flood")
    photo = tmp_path / "photo.png"
    Canvas.new("RGB", (5000, 5000)).save(photo)
    cookie = f"sessionid={session_cookie(editor, '')['value']}"
    flooder = f"sessionid={session_cookie(make_member(event), '')['value']}"
    with running_site(tmp_path / "site.log") as site:
        part(site)
        people, calm, flooded, more, answers = asyncio.run(measure(site, event, cookie, flooder, photo))

    pages = [median(times) for times in people.pages]
    figures = {
        "staleness p95 calm, s": round(p95(calm), 3),
        "staleness p95 flooded, s": round(p95(flooded), 3),
        "page median calm, ms": round(1000 * pages[0], 1),
        "page median flooded, ms": round(1000 * pages[1], 1),
        "page p95 calm, ms": round(1000 * p95(people.pages[0]), 1),
        "page p95 flooded, ms": round(1000 * p95(people.pages[1]), 1),
        "memory above calm, MB": round(more / 1e6, 1),
        "processor of the server flooded, %": round(100 * people.load),
        "posts": len(people.statuses),
        "answers to the flood": answers,
    }
    sys.stdout.write(json.dumps(figures, indent=1) + "\n")

    assert set(people.statuses) == {302}
    assert Entry.objects.filter(event=event, status="published").count() == len(people.posted)
    assert all(received == set(people.posted) for received in people.received)
    assert p95(flooded) <= 1
    assert pages[1] <= 3 * pages[0]
    assert more <= 300e6
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
