"""Sockets whose application the server cancels, as Daphne does some seconds after the client has gone."""

import asyncio

import pytest

from tests.desk.conftest import session_cookie
from tests.factories import editor_of, make_event
from tests.servers import CEILING
from updates.live.admission import readers
from updates.live.consumers import ReaderConsumer
from updates.live.desk.consumer import DeskConsumer
from updates.live.hubs import hubs

pytestmark = pytest.mark.django_db(transaction=True)


def opened(consumer, headers=(), **kwargs):
    """The task of a socket, its frames, and nothing more that its client sends."""
    incoming, outgoing = asyncio.Queue(), asyncio.Queue()
    incoming.put_nowait({"type": "websocket.connect"})
    scope = {
        "type": "websocket",
        "headers": headers,
        "query_string": b"v=1&epoch=abc&since=0",
        "url_route": {"kwargs": kwargs},
    }
    return asyncio.create_task(consumer(scope, incoming.get, outgoing.put)), outgoing


async def cancelled(task):
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


@pytest.mark.parametrize("frames", [1, 2], ids=["while it looks for its event", "when it follows its event"])
def test_reader_gives_its_place_back(frames):
    event = make_event()

    async def run():
        task, outgoing = opened(ReaderConsumer.as_asgi(), slug=event.slug)
        async with asyncio.timeout(CEILING):
            for _ in range(frames):
                await outgoing.get()
        taken = readers.taken
        await cancelled(task)
        hub = hubs()._hubs.get(event.pk)
        left = (taken, readers.taken, hub.readers if hub else set())
        await hubs().stop()
        hubs.cache_clear()
        return left

    assert asyncio.run(run()) == (1, 0, set())


def test_desk_gives_its_seat_back():
    event = make_event()
    cookie = session_cookie(editor_of(event), "http://x")

    async def run():
        headers = [(b"cookie", f"{cookie['name']}={cookie['value']}".encode())]
        task, outgoing = opened(DeskConsumer.as_asgi(), headers, pk=event.pk)
        async with asyncio.timeout(CEILING):
            for _ in range(2):
                await outgoing.get()
        rooms = list(hubs().desks._rooms)
        await cancelled(task)
        left = (rooms, list(hubs().desks._rooms))
        await hubs().stop()
        hubs.cache_clear()
        return left

    assert asyncio.run(run()) == ([event.pk], [])
