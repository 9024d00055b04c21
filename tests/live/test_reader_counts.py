"""How many are reading: over several server processes, roughly, and only where an event shows it."""

import asyncio
import json
from contextlib import AsyncExitStack, ExitStack
from datetime import timedelta
from functools import partial

import pytest
import websockets
from django.db import connection
from django.utils import timezone

from tests.factories import editor_of, make_event
from tests.live.test_hub import in_thread
from tests.live.test_redis import redis  # noqa: F401 – a fixture
from tests.live.test_sockets import address
from tests.servers import CEILING, running_site, wait_until
from updates import publishing
from updates.choices import ChangeKind
from updates.live.reader_counts import rounded
from updates.models import ReaderCount
from updates.publishing import EventDetails

pytestmark = [pytest.mark.services, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize(
    ("readers", "expected"),
    [(0, 0), (9, 0), (10, 10), (19, 10), (99, 90), (100, 100), (1249, 1200), (12_999, 12_000), (123_456, 120_000)],
)
def test_number_has_two_figures_at_most_and_is_never_a_few(readers, expected):
    assert rounded(readers) == expected


@pytest.fixture
def event():
    event = make_event(shows_reader_count=True)
    event.refresh_from_db()
    return event


async def opened(stack, site, event, number):
    url = address(site, event, since=event.head)
    return [await stack.enter_async_context(websockets.connect(url, open_timeout=CEILING)) for _ in range(number)]


async def frame_naming(socket, wanted):
    """Read until a frame names that many readers; the frame."""
    async with asyncio.timeout(CEILING):
        while True:
            frame = json.loads(await socket.recv())
            if frame.get("readers") == wanted:
                return frame


async def first_frame_naming(site, event, wanted):
    """Open sockets until one is told that many readers at once: a busy process may miss a report of the other."""
    async with asyncio.timeout(CEILING):
        while True:
            async with websockets.connect(address(site, event, since=event.head), open_timeout=CEILING) as late:
                frame = json.loads(await late.recv())
            if frame["readers"] == wanted:
                return frame


@pytest.fixture(params=["table", pytest.param("redis", marks=pytest.mark.once)])
def sites(request, transactional_db, tmp_path):
    """Two processes that share what the name says."""
    more = {"REDIS_URL": request.getfixturevalue("redis").url} if request.param == "redis" else {}
    with ExitStack() as stack:
        yield [stack.enter_context(running_site(tmp_path / f"{name}.log", **more)) for name in "ab"]


def test_readers_of_all_processes_are_one_number(sites, event):
    async def run():
        async with AsyncExitStack() as stack:
            one = (await opened(stack, sites[0], event, 6))[0]
            async with AsyncExitStack() as others:
                two = (await opened(others, sites[1], event, 5))[0]
                beats = [await frame_naming(one, 10), await frame_naming(two, 10)]
                beats.append(await first_frame_naming(sites[0], event, 10))
            beats.append(await frame_naming(one, 0))
            return [(frame["t"], frame["readers"]) for frame in beats]

    assert asyncio.run(run()) == [("hb", 10), ("hb", 10), ("sync", 10), ("hb", 0)]


def test_process_that_stops_takes_its_readers_along(event, transactional_db, tmp_path):
    async def run(site):
        async with AsyncExitStack() as stack:
            await frame_naming((await opened(stack, site, event, 10))[0], 10)
            return await asyncio.to_thread(in_thread, ReaderCount.objects.filter(readers=10).exists)

    with running_site(tmp_path / "server.log", HEARTBEAT_EVERY="1") as site:
        assert asyncio.run(run(site))
    assert not ReaderCount.objects.filter(readers=10).exists()  # a server of other tests may still report its own, none


def test_process_that_was_killed_is_forgotten(site, event):
    later = timezone.now() + timedelta(hours=1)
    ReaderCount.objects.create(event=event, process="killed", readers=50, until=later)
    killed = ReaderCount.objects.filter(event=event, process="killed")

    async def run():
        async with websockets.connect(address(site, event, since=event.head), open_timeout=CEILING) as socket:
            await frame_naming(socket, 50)
            soon = timezone.now() + timedelta(seconds=1)
            await asyncio.to_thread(in_thread, partial(killed.update, until=soon))
            await frame_naming(socket, 0)

    asyncio.run(run())


def switch(event, **details):
    try:
        publishing.change_event(event.pk, EventDetails(**details), editor_of(event))
    finally:
        connection.close()


def test_only_an_event_that_shows_it_tells_it(site, event):
    """And “sensitive” ends it at once."""

    async def run():
        async with AsyncExitStack() as stack:
            socket = (await opened(stack, site, event, 10))[0]
            await frame_naming(socket, 10)
            await asyncio.to_thread(switch, event, sensitive=True)
            while (frame := json.loads(await socket.recv()))["t"] != "ops":
                pass
            (item,) = frame["items"]
            while (frame := json.loads(await socket.recv()))["t"] != "hb":
                pass
            return item["sensitive"], "readers" in frame

    assert asyncio.run(run()) == (True, False)
    publishing.change_state(event.pk, ChangeKind.END, editor_of(event))  # until then its desk shows the number
    wait_until(lambda: not counted(event), "nobody counts any more")


def counted(event):
    return ReaderCount.objects.filter(event=event, until__gt=timezone.now()).exists()
