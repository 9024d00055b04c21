"""Whom the readers' socket turns away, and how it says so."""

import asyncio
import json

import pytest
import websockets
from django.db import connection
from websockets.exceptions import ConnectionClosed, InvalidStatus

from tests.factories import make_event
from tests.live.test_sockets import address, frames_until_closed
from tests.servers import CEILING

pytestmark = [pytest.mark.services, pytest.mark.django_db(transaction=True), pytest.mark.once]


def test_client_that_speaks_is_closed(site):
    event = make_event()

    async def speak():
        async with websockets.connect(address(site, event), open_timeout=CEILING) as socket:
            await socket.send("hello")
            try:
                async with asyncio.timeout(CEILING):
                    while True:
                        await socket.recv()
            except ConnectionClosed as closed:
                return closed.rcvd.code

    assert asyncio.run(speak()) == 4400


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("v=2&since=0", 4400),
        ("v=1", 4400),
        ("v=1&since=-1", 4400),
        ("v=1&since=%D9%A1", 4400),
        ("v=1&since=" + "9" * 30, 4400),
    ],
)
def test_question_that_cannot_be_read_is_refused(site, query, code):
    event = make_event()
    frames, closed = asyncio.run(frames_until_closed(f"{site.socket_url}/ws/events/{event.slug}/?{query}"))
    assert closed == code
    assert [frame["t"] for frame in frames] == ["bye"]


def test_unknown_and_draft_events_are_refused_alike(site):
    draft = make_event(status="draft")
    known = asyncio.run(frames_until_closed(address(site, draft)))
    unknown = asyncio.run(frames_until_closed(f"{site.socket_url}/ws/events/nothing-here/?v=1&epoch=x&since=0"))
    assert known == unknown
    assert known[1] == 4404


def test_address_that_is_no_socket_is_refused(site):
    assert asyncio.run(frames_until_closed(f"{site.socket_url}/ws/other/"))[1] == 4404


def test_foreign_origin_is_refused_before_the_upgrade(site):
    event = make_event()
    with pytest.raises(InvalidStatus) as refused:
        asyncio.run(frames_until_closed(address(site, event), origin="https://evil.example"))
    assert refused.value.response.status_code == 403


def test_own_origin_is_let_in(site):
    event = make_event()

    async def first():
        async with websockets.connect(address(site, event), origin=site.url, open_timeout=CEILING) as socket:
            return json.loads(await socket.recv())["t"]

    assert asyncio.run(first()) == "sync"


def test_database_that_cannot_be_read_is_said_and_waited_for(site):
    event = make_event()
    rename("updates_event", "hidden_event")
    try:
        frames, code = asyncio.run(frames_until_closed(address(site, event)))
    finally:
        rename("hidden_event", "updates_event")
    assert (code, [(frame["why"], frame["mode"]) for frame in frames]) == (4002, [("unavailable", "ws")])

    async def first():
        async with websockets.connect(address(site, event), open_timeout=CEILING) as socket:
            return json.loads(await socket.recv())["t"]

    assert asyncio.run(first()) == "sync"


def rename(table, name):
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE {table} RENAME TO {name}")
