"""What a hub hands out, on a server of our own: size, epochs, queries, readers that are far behind."""

import asyncio
import json

import pytest
import websockets
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.factories import editor_of, make_event, post
from tests.live.test_sockets import address, follow, in_thread
from tests.readers import PageReader, ask, same_down_to_the_fold
from tests.servers import CEILING
from updates import publishing
from updates.live.connection import AsgiReader
from updates.live.frames import read_log
from updates.live.hub import Hub
from updates.models import Change, Event
from updates.publishing import EventDetails, TextContent
from updates.publishing.events import start_epoch

pytestmark = [pytest.mark.services, pytest.mark.django_db(transaction=True)]

LONG = "<p>" + "The water stands at the gate. " * 3000 + "</p>"


async def receive(url, number):
    async with asyncio.timeout(CEILING), websockets.connect(url, max_size=2**20, open_timeout=CEILING) as socket:
        return [json.loads(await socket.recv()) for _ in range(number)]


@pytest.mark.once
def test_frames_stay_below_what_the_server_sends():
    event = make_event()
    head = Event.objects.get(pk=event.pk).head
    for number in range(12):
        post(event, f"Long {number}", blocks=[TextContent(LONG)])

    standing, made = read_log(event.pk, event.epoch, head)

    assert all(len(frame.text.encode()) < 2**20 for frame in made)
    assert [frame.prev for frame in made] == [head, *(frame.seq for frame in made[:-1])]
    items = [item["seq"] for frame in made for item in json.loads(frame.text)["items"]]
    assert items == list(range(head + 1, standing.head + 1))


@pytest.mark.once
def test_update_too_large_for_a_frame_is_fetched_by_catch_up(site):
    event = make_event()
    event.refresh_from_db()
    start = event.head
    huge = [TextContent(LONG) for _ in range(12)]

    async def run():
        reader = asyncio.create_task(follow(site, event, start + 2))
        await asyncio.to_thread(post_in_thread, event, huge)
        return await reader

    reader, _ = asyncio.run(run())
    same_down_to_the_fold(reader.state(), PageReader.of(site.get(f"/{event.slug}/")).state())


def post_in_thread(event, blocks):
    try:
        post(event, "Huge", blocks=blocks)
        post(event, "After it")
    finally:
        connection.close()


def test_new_epoch_reaches_readers_at_once(site):
    event = make_event()
    event.refresh_from_db()

    async def run():
        async with (
            asyncio.timeout(CEILING),
            websockets.connect(address(site, event, since=event.head), open_timeout=CEILING) as socket,
        ):
            await socket.recv()
            renewed = await asyncio.to_thread(in_thread, start_epoch, event.pk)
            while (frame := json.loads(await socket.recv()))["t"] != "reset":
                pass
            return renewed, frame

    renewed, frame = asyncio.run(run())
    assert frame == {"t": "reset", "epoch": renewed.epoch, "why": "epoch"}


def test_reader_of_the_new_epoch_is_known_to_a_hub_that_lags(site):
    """It came with a fresh page; the hub looks before it answers."""
    event = make_event()
    event.refresh_from_db()
    asyncio.run(receive(address(site, event, since=event.head), 1))

    renewed = start_epoch(event.pk)
    (frame,) = asyncio.run(receive(address(site, event, epoch=renewed.epoch, since=event.head), 1))

    assert (frame["t"], frame["epoch"]) == ("sync", renewed.epoch)


@pytest.mark.once
def test_change_of_the_clock_makes_pages_load_themselves_anew():
    event = make_event()
    before = Event.objects.get(pk=event.pk).epoch
    publishing.change_event(event.pk, EventDetails(time_zone="Asia/Tokyo"), editor_of(event))
    assert Event.objects.get(pk=event.pk).epoch != before


@pytest.mark.once
def test_address_that_readers_know_is_kept():
    event = make_event()
    with pytest.raises(publishing.Refused):
        publishing.change_event(event.pk, EventDetails(slug="elsewhere"), editor_of(event))


def test_database_that_forgot_numbers_starts_a_new_epoch(site):
    """As after a restore from a backup, under a running server."""
    event = make_event()
    for number in range(3):
        post(event, f"Update {number}")
    event.refresh_from_db()

    async def run():
        async with (
            asyncio.timeout(CEILING),
            websockets.connect(address(site, event, since=event.head), open_timeout=CEILING) as socket,
        ):
            await socket.recv()
            await asyncio.to_thread(in_thread, forget, event)
            while (frame := json.loads(await socket.recv()))["t"] != "reset":
                pass
            return frame

    frame = asyncio.run(run())
    assert frame["epoch"] == Event.objects.get(pk=event.pk).epoch != event.epoch


def test_processes_that_notice_a_restore_together_start_one_epoch():
    event = make_event()
    for number in range(3):
        post(event, f"Update {number}")

    async def run():
        processes = [Hub(event.pk) for _ in range(4)]
        await asyncio.gather(*(hub.ready() for hub in processes))
        await asyncio.to_thread(in_thread, forget, event)
        await asyncio.gather(*(hub.wake() for hub in processes))
        for hub in processes:
            hub.close()
        return {hub.state.epoch for hub in processes}

    epochs = asyncio.run(run())
    assert epochs == {Event.objects.get(pk=event.pk).epoch}
    assert Change.objects.filter(event=event, kind="epoch").count() == 1


def forget(event):
    """What a restore does, in one line of SQL."""
    with connection.cursor() as cursor:
        cursor.execute("UPDATE updates_event SET head = head - 2 WHERE id = %s", [event.pk])


def test_catch_up_takes_two_queries_and_a_warm_hub_none(client):
    event = make_event()
    post(event, "One")
    event.refresh_from_db()

    with CaptureQueriesContext(connection) as catching_up:
        client.get(f"/{event.slug}/changes", {"after": 0, "epoch": event.epoch})
    counted = [query for query in catching_up.captured_queries if query["sql"].startswith("SELECT")]
    assert len(counted) == 2

    joined = asyncio.run(join_warm_hub(event))
    assert joined == []


async def join_warm_hub(event):
    """Frames go to a list; whatever touches the database after the first look would need another one."""
    hub = Hub(event.pk)
    await hub.ready()
    looked = hub._read_at
    sent = []

    async def send(message):
        sent.append(message)

    for _ in range(20):
        await hub.join(AsgiReader(send), event.epoch, event.head)
    await asyncio.sleep(0)
    hub.close()
    assert len(sent) == 20
    return [] if hub._read_at == looked else ["looked again"]


class Counting(Hub):
    """How often it was woken, and how often it read the database."""

    looks = reads = 0

    async def _read(self):
        self.looks += 1
        await super()._read()

    async def _adopt(self, standing, frames):
        self.reads += 1
        await super()._adopt(standing, frames)


@pytest.mark.parametrize(("ahead_by", "first"), [(1, "sync"), (1000, "reset")])
def test_readers_ahead_of_a_hub_make_it_look_once(ahead_by, first):
    """They came from a process that knows more; only who is ahead of the database itself starts again."""
    event = make_event()
    event.refresh_from_db()
    sent = []

    async def send(message):
        sent.append(json.loads(message["text"])["t"])

    async def run():
        hub = Counting(event.pk)
        await hub.ready()
        await asyncio.to_thread(in_thread, post, event, "Nobody was told")
        readers = [hub.join(AsgiReader(send), event.epoch, event.head + ahead_by) for _ in range(20)]
        await asyncio.gather(*readers)
        hub.close()
        return hub.looks

    assert asyncio.run(run()) == 2  # the first, and the one they share
    assert sent == [first] * 20


@pytest.mark.once
def test_reader_that_missed_many_frames_is_sent_to_catch_up():
    event = make_event()
    event.refresh_from_db()
    start = event.head

    async def run():
        hub = Hub(event.pk)
        await hub.ready()
        for number in range(130):
            await asyncio.to_thread(in_thread, post, event, f"Update {number}")
            await hub.wake()
        sent = []

        async def send(message):
            sent.append(json.loads(message["text"]))

        await hub.join(AsgiReader(send), event.epoch, start)
        await asyncio.sleep(0)
        hub.close()
        return sent

    (frame,) = asyncio.run(run())
    assert (frame["t"], frame["more"], frame["head"]) == ("sync", True, start + 130)


@pytest.mark.once
def test_catch_up_answers_a_reader_that_is_far_behind(site):
    event = make_event()
    for number in range(130):
        post(event, f"Update {number}")
    event.refresh_from_db()

    reader, requests = PageReader(epoch=event.epoch), 0
    more = True
    while more:
        more = reader.take_answer(ask(f"{site.url}/{event.slug}/changes?epoch={event.epoch}&after={reader.seq}"))
        requests += 1

    assert (reader.seq, requests) == (event.head, 2)
