"""What was removed or changed is not said any more: neither to who comes back, nor to who has not taken it yet."""

import asyncio
import json

import pytest

from tests.factories import editor_of, make_event, post
from tests.live.test_hub import in_thread
from updates import publishing
from updates.live.connection import DirectReader
from updates.live.hub import Hub
from updates.publishing import EntryContent, EventDetails

pytestmark = [pytest.mark.services, pytest.mark.django_db(transaction=True)]


class SlowLine:
    """Takes the first frame, and the others when it is freed."""

    def __init__(self):
        self.sent = []
        self.is_writable = True

    def send(self, text):
        self.sent.append(text)

    def close(self, code):
        raise AssertionError(f"closed with {code}")

    def when_writable(self, callback):
        self._callback = callback

    def free(self):
        self.is_writable = True
        self._callback()


def sent_by(line):
    return [(item["op"], item.get("title")) for text in line.sent for item in json.loads(text).get("items", ())]


def test_nothing_old_is_said_to_a_slow_reader_or_to_one_that_comes_back():
    event = make_event()
    event.refresh_from_db()
    boss = editor_of(event)

    async def run():
        hub = Hub(event.pk)
        await hub.ready()
        slow, late = SlowLine(), SlowLine()
        await hub.join(DirectReader(slow), event.epoch, event.head)
        slow.is_writable = False
        for change in (
            lambda: post(event, "Gate leaking", author=boss),
            lambda: post(event, "321 for", author=boss),
            lambda: publishing.remove(event.entries.get(headline="Gate leaking").pk, boss),
            lambda: publishing.edit(event.entries.get(headline="321 for").pk, EntryContent("312 for"), boss),
            lambda: publishing.change_event(event.pk, EventDetails(title="Storm Maren: a name too early"), boss),
            lambda: publishing.change_event(event.pk, EventDetails(title="Storm Maren"), boss),
        ):
            await asyncio.to_thread(in_thread, change)
            await hub.wake()
        slow.free()
        await hub.join(DirectReader(late), event.epoch, event.head)
        hub.close()
        return slow, late

    slow, late = asyncio.run(run())

    assert sent_by(slow) == sent_by(late) == [("del", None), ("put", "312 for"), ("put", "Storm Maren")]
    numbers = [(frame["prev"], frame["seq"]) for frame in map(json.loads, late.sent) if frame["t"] == "ops"]
    assert numbers == [(event.head + n, event.head + n + 1) for n in range(6)]
