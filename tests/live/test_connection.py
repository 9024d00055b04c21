"""A hub's end of one socket: broken lines, and servers whose ``send`` makes us wait."""

import asyncio
import json

import pytest

from tests.factories import make_event, post
from tests.live.test_hub import in_thread
from tests.servers import CEILING, async_wait_until
from updates.live import tasks
from updates.live.connection import MAX_WAITING, MAX_WAITING_LENGTH, AsgiReader, DirectReader
from updates.live.hub import Hub


class Stuck:
    """A line that takes nothing until it is told to."""

    def __init__(self):
        self.is_writable = False
        self.sent = []

    def send(self, text):
        self.sent.append(text)

    close = send

    def when_writable(self, callback):
        self.free = callback


def test_reader_gets_what_waited_in_order_when_its_line_takes_frames_again():
    async def run():
        line = Stuck()
        reader = DirectReader(line)
        for text in ("one", "two"):
            reader.push(text)
        reader.close(4001, "bye")
        before = list(line.sent)
        line.is_writable = True
        line.free()
        return before, line.sent

    assert asyncio.run(run()) == ([], ["one", "two", "bye", 4001])


@pytest.mark.parametrize(("frames", "length"), [(MAX_WAITING, 1), (4, MAX_WAITING_LENGTH // 4)])
def test_reader_that_falls_out_of_the_bounds_is_closed_as_too_slow(frames, length):
    async def run():
        line = Stuck()
        reader = DirectReader(line)
        for _ in range(frames):
            reader.push("x" * length)
        within = list(line.sent)
        reader.push("one too many")
        reader.push("and more")
        return within, line.sent

    assert asyncio.run(run()) == ([], [4008])


class Broken:
    """A line whose transport has come to grief."""

    is_writable = True

    def send(self, text):
        raise OSError("broken")

    close = send

    def when_writable(self, callback):
        """It never will be."""


@pytest.mark.django_db(transaction=True)
def test_reader_whose_line_is_broken_costs_the_others_nothing():
    event = make_event()
    event.refresh_from_db()
    sent = []

    async def send(message):
        sent.append(json.loads(message["text"])["t"])

    async def run():
        hub = Hub(event.pk)
        await hub.ready()
        broken = DirectReader(Broken())
        hub.readers = Ordered([broken, AsgiReader(send), AsgiReader(send)])
        await asyncio.to_thread(in_thread, post, event, "One")
        await hub.wake()
        await asyncio.sleep(0)
        hub.close()
        return broken in hub.readers

    assert asyncio.run(run()) is False
    assert sent == ["ops", "ops"]


def test_server_whose_send_waits_gets_every_frame_in_order_and_the_close_last():
    sent = []

    async def run():
        free, closed = asyncio.Event(), asyncio.Event()

        async def send(message):
            sent.append(message.get("text", message.get("code")))
            if "code" in message:
                closed.set()
            if message.get("text") == "two":
                await free.wait()
                await asyncio.sleep(0)

        reader = AsgiReader(send)
        for text in ("one", "two", "three", "four"):
            reader.push(text)
        reader.close(4001, "bye")
        await asyncio.sleep(0)
        before = list(sent)
        free.set()
        async with asyncio.timeout(CEILING):
            await closed.wait()
        return before

    assert asyncio.run(run()) == ["one", "two"]
    assert sent == ["one", "two", "three", "four", "bye", 4001]


def test_reader_that_leaves_while_its_send_waits_leaves_nothing_behind():
    async def run():
        ended = asyncio.Event()

        async def send(message):
            try:
                await asyncio.Event().wait()
            finally:
                ended.set()

        reader = AsgiReader(send)
        reader.push("one")
        await asyncio.sleep(0)
        reader.stop()
        async with asyncio.timeout(CEILING):
            await ended.wait()

    asyncio.run(run())


class Ordered(dict):
    """A set that keeps its order: the broken one comes first."""

    def __init__(self, readers):
        super().__init__(dict.fromkeys(readers))

    def discard(self, reader):
        self.pop(reader, None)


@pytest.mark.django_db(transaction=True)
def test_heartbeat_that_failed_begins_again(monkeypatch, settings, caplog):
    """Without it pages would take the line for dead, and a reader who missed a frame would never know."""
    monkeypatch.setattr(tasks, "RESTART_AFTER", 0.01)
    settings.HEARTBEAT_EVERY = None  # no number: the first beat fails
    event = make_event()
    event.refresh_from_db()
    frames = asyncio.Queue()

    async def send(message):
        frames.put_nowait(json.loads(message["text"]))

    async def run():
        hub = Hub(event.pk)
        await hub.join(AsgiReader(send), event.epoch, event.head)
        async with asyncio.timeout(CEILING):
            await async_wait_until(lambda: "_send_heartbeats failed" in caplog.text)
            settings.HEARTBEAT_EVERY = 0.01
            while (await frames.get())["t"] != "hb":
                pass
        hub.close()

    asyncio.run(run())
