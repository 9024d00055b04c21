"""The readers' socket on a real Daphne process, with independent readers."""

import asyncio
import json

import pytest
import websockets
from django.db import connection
from websockets.exceptions import ConnectionClosed

from tests.factories import editor_of, make_event, post
from tests.readers import PageReader, ask, same_down_to_the_fold
from tests.servers import CEILING, running_site
from updates import publishing
from updates.choices import ChangeKind

pytestmark = [pytest.mark.services, pytest.mark.django_db(transaction=True)]


def address(site, event, *, epoch=None, since=0, version="1"):
    return f"{site.socket_url}/ws/events/{event.slug}/?v={version}&epoch={epoch or event.epoch}&since={since}"


async def receive_first(url, **options):
    async with asyncio.timeout(CEILING), websockets.connect(url, **options, open_timeout=CEILING) as socket:
        return json.loads(await socket.recv())


async def frames_until_closed(url, **options):
    async with websockets.connect(url, **options, open_timeout=CEILING) as socket:
        return await rest_of(socket)


async def rest_of(socket):
    """Return the frames until it is closed, and the code."""
    frames = []
    try:
        async with asyncio.timeout(CEILING):
            while True:
                frames.append(json.loads(await socket.recv()))
    except ConnectionClosed as closed:
        return frames, closed.rcvd.code


async def follow(site, event, head, started=None):
    """Open the page, connect, and read frames until the reader has everything up to ``head``."""
    reader = PageReader.of(await asyncio.to_thread(site.get, f"/{event.slug}/"))
    seen = []
    async with (
        asyncio.timeout(CEILING * 5),
        websockets.connect(address(site, event, since=reader.seq), max_size=2**20, open_timeout=CEILING) as socket,
    ):
        if started is not None:
            started()
        while reader.seq < head:
            frame = json.loads(await socket.recv())
            seen.append(frame)
            if not reader.take_frame(frame):
                url = f"{site.url}/{event.slug}/changes?epoch={reader.epoch}&after="
                while reader.take_answer(await asyncio.to_thread(ask, f"{url}{reader.seq}")):
                    pass
    return reader, seen


def test_first_frame_says_where_the_reader_is(site):
    event = make_event()
    entry = post(event, "One")
    event.refresh_from_db()

    frame = asyncio.run(receive_first(address(site, event, since=event.head)))
    assert frame == {
        "t": "sync",
        "epoch": event.epoch,
        "head": entry.seq,
        "items": [],
        "hb": 1.0,
        "spread": 0.2,
        "status": "live",
        "more": False,
        "count": 1,
    }


@pytest.mark.once
def test_burst_of_300_posts_reaches_50_readers_in_order(site):
    event = make_event(page_size=100)
    event.refresh_from_db()
    head = event.head + 300

    async def run():
        waiting = asyncio.Semaphore(0)
        readers = [asyncio.create_task(follow(site, event, head, waiting.release)) for _ in range(50)]
        async with asyncio.timeout(CEILING):
            for _ in readers:
                await waiting.acquire()
        await asyncio.to_thread(post_many, event, 300)
        return await asyncio.gather(*readers)

    followed = asyncio.run(run())

    fresh = PageReader.of(site.get(f"/{event.slug}/")).state()
    assert len(fresh.entries) == 100
    for reader, frames in followed:
        seqs = [item["seq"] for frame in frames if frame["t"] == "ops" for item in frame["items"]]
        assert seqs == sorted(set(seqs))
        assert len(reader.state().entries) == 300
        same_down_to_the_fold(reader.state(), fresh)


def post_many(event, number):
    """In this process. The server finds the posts in the database only."""
    in_thread(lambda: [post(event, f"Update {n}") for n in range(number)])


def in_thread(operation, *arguments):
    """Run an operation in a thread that goes on to other work: it leaves no connection behind."""
    try:
        return operation(*arguments)
    finally:
        connection.close()


def test_post_of_another_process_arrives_without_redis(site):
    event = make_event()
    event.refresh_from_db()

    async def run():
        connected = asyncio.Event()
        reader = asyncio.create_task(follow(site, event, event.head + 1, connected.set))
        await connected.wait()
        await asyncio.to_thread(post_many, event, 1)
        return await asyncio.wait_for(reader, CEILING)

    reader, _ = asyncio.run(run())
    assert [html for _, html in reader.state().entries if "Update 0" in html]


def test_reconnect_is_served_what_was_missed(site):
    event = make_event()
    event.refresh_from_db()
    start = event.head

    async def run():
        await receive_first(address(site, event, since=start))  # so the hub has what comes now
        first = asyncio.create_task(follow(site, event, start + 3))
        await asyncio.to_thread(post_many, event, 3)
        await first
        async with websockets.connect(address(site, event, since=start + 1), open_timeout=CEILING) as socket:
            return [json.loads(await socket.recv()) for _ in range(2)]

    sync, ops = asyncio.run(run())
    assert (sync["t"], sync["head"], sync["more"]) == ("sync", start + 1, False)
    assert ops["prev"] <= start + 1 < ops["seq"]


def test_reader_of_another_epoch_is_told_to_start_again(site):
    event = make_event()

    frame = asyncio.run(receive_first(address(site, event, epoch="other")))
    assert frame == {"t": "reset", "epoch": event.epoch, "why": "epoch"}


def test_reader_ahead_of_the_database_is_told_to_start_again(site):
    event = make_event()

    frame = asyncio.run(receive_first(address(site, event, since=1_000_000)))
    assert frame == {"t": "reset", "epoch": event.epoch, "why": "ahead"}


def test_reader_far_behind_is_sent_to_catch_up(site):
    event = make_event()
    post(event, "Before any hub looked")
    event.refresh_from_db()

    frame = asyncio.run(receive_first(address(site, event, since=0)))
    assert (frame["t"], frame["more"], frame["head"]) == ("sync", True, event.head)


@pytest.mark.once
def test_end_of_the_event_closes_its_sockets(site):
    event = make_event()
    event.refresh_from_db()

    async def run():
        async with websockets.connect(address(site, event, since=event.head), open_timeout=CEILING) as socket:
            first = json.loads(await socket.recv())
            await asyncio.to_thread(end, event)
            frames, code = await rest_of(socket)
            return [first, *frames], code

    frames, code = asyncio.run(run())
    assert code == 4410
    assert [frame["items"][0]["status"] for frame in frames if frame["t"] == "ops"] == ["ended"]
    assert frames[-1]["t"] == "bye"


@pytest.mark.once
def test_no_part_of_a_long_message_is_kept(site):
    """A thousand readers that each begin a message of a megabyte would fill the memory."""
    text_of_a_megabyte = bytes([0x81, 0xFF]) + (2**20).to_bytes(8, "big") + b"mask"
    url = address(site, make_event())

    async def run():
        async with websockets.connect(url, open_timeout=CEILING) as socket:
            await socket.recv()
            socket.transport.write(text_of_a_megabyte + b"begin")
            with pytest.raises(ConnectionClosed):  # it is cut off
                await asyncio.wait_for(socket.recv(), CEILING)

    asyncio.run(run())


def end(event):
    in_thread(publishing.change_state, event.pk, ChangeKind.END, editor_of(event))


@pytest.mark.once
def test_stop_says_goodbye_to_readers(transactional_db, tmp_path):
    event = make_event()

    async def run(site):
        async with websockets.connect(address(site, event), open_timeout=CEILING) as socket:
            await socket.recv()
            site.process.terminate()
            frames, code = await rest_of(socket)
            return frames[-1]["t"], code

    with running_site(tmp_path / "server.log") as site:
        assert asyncio.run(run(site)) == ("bye", 4001)
        assert site.process.wait(CEILING) == 0
