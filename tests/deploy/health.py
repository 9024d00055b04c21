"""How soon ``/healthz`` answers while the worst photos are decoded: measured by ``scripts/prove.sh health``."""

import asyncio
import json
import sys
import time
from statistics import median, quantiles
from subprocess import PIPE

import aiohttp
import pytest
from PIL import Image as Canvas

from tests.browser.desk_page import session_cookie
from tests.factories import make_event, make_member
from tests.servers import ROOT, running_site
from updates.publishing.pictures import PART_SIZE

pytestmark = [pytest.mark.services, pytest.mark.once, pytest.mark.django_db(transaction=True)]

SECONDS = 20
EVERY = 0.02
MOST = 0.05
"""Seconds for 99 of 100 answers, on a machine that does nothing else."""


async def probe(url, seconds):
    """Return how long each answer took; the address is another one than that of the photos."""
    times, end = [], time.monotonic() + seconds
    connector = aiohttp.TCPConnector(local_addr=("127.0.20.1", 0))
    async with aiohttp.ClientSession(connector=connector) as session:
        while time.monotonic() < end:
            start = time.monotonic()
            async with session.get(f"{url}/healthz") as answer:
                assert answer.status == 200
                await answer.read()
            times.append(time.monotonic() - start)
            await asyncio.sleep(EVERY)
    return times


async def measure(url, event, cookie, photo):
    calm = await probe(url, SECONDS / 2)
    process = await asyncio.create_subprocess_exec(
        sys.executable, "tests/deploy/flooding.py", url, str(event.pk), cookie, str(SECONDS), "1", str(photo),
        "worst_photo", stdout=PIPE, cwd=ROOT,
    )  # fmt: skip
    busy = await probe(url, SECONDS)
    answers, _ = await process.communicate()
    return calm, busy, json.loads(answers)


def p99(times):
    return quantiles(times, n=100)[-1]


def test_health_is_answered_while_the_worst_photos_are_decoded(tmp_path, transactional_db):
    event = make_event()
    cookie = f"sessionid={session_cookie(make_member(event), '')['value']}"
    photo = tmp_path / "photo.png"
    Canvas.new("RGB", (5000, 5000)).save(photo)
    assert photo.stat().st_size < PART_SIZE, "the flood sends it in one part"
    with running_site(tmp_path / "site.log") as site:
        calm, busy, answers = asyncio.run(measure(site.url, event, cookie, photo))

    figures = {
        "healthz median calm, ms": round(1000 * median(calm), 1),
        "healthz p99 calm, ms": round(1000 * p99(calm), 1),
        "healthz median busy, ms": round(1000 * median(busy), 1),
        "healthz p99 busy, ms": round(1000 * p99(busy), 1),
        "answers to the photos": answers,
    }
    sys.stdout.write(json.dumps(figures, indent=1) + "\n")
    assert p99(busy) <= max(MOST, 3 * p99(calm))
