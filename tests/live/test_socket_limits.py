"""Sockets of one address: so many and no more, apart for readers and desks."""

import asyncio
import json
from contextlib import ExitStack

import pytest
import websockets
from websockets.sync.client import connect

from tests.browser.desk_page import session_cookie
from tests.desk.sockets import closed, next_frame
from tests.factories import make_event, make_user
from tests.live.test_sockets import address, frames_until_closed
from tests.servers import CEILING, running_site, wait_until

pytestmark = [pytest.mark.services, pytest.mark.django_db(transaction=True), pytest.mark.once]

LIMIT = 5


@pytest.fixture(scope="module")
def site(django_db_setup, tmp_path_factory):
    folder = tmp_path_factory.mktemp("limits")
    with running_site(folder / "server.log", SOCKETS_PER_ADDRESS=str(LIMIT), TRUSTED_PROXIES="127.0.0.9") as running:
        yield running


def desk(site, event, session="none", **options):
    headers = {"Cookie": f"sessionid={session}", "Origin": site.url}
    url = f"{site.socket_url}/ws/desk/{event.pk}/"
    return connect(url, additional_headers=headers, open_timeout=CEILING, **options)


def test_readers_of_one_address_beyond_the_limit_poll_and_others_are_let_in(site):
    url = address(site, make_event())

    async def run():
        readers = [await websockets.connect(url, open_timeout=CEILING) for _ in range(LIMIT)]
        frames, code = await frames_until_closed(url)
        async with websockets.connect(url, open_timeout=CEILING, local_addr=("127.0.0.2", 0)) as other:
            first = json.loads(await other.recv())
        await readers.pop().close()
        async with asyncio.timeout(CEILING):
            while (await frames_until_first(url))["t"] != "sync":
                pass
        for reader in readers:
            await reader.close()
        return frames, code, first

    frames, code, first = asyncio.run(run())
    assert (code, [(frame["t"], frame["why"], frame["mode"]) for frame in frames]) == (4013, [("bye", "full", "poll")])
    assert first["t"] == "sync"


async def frames_until_first(url):
    async with websockets.connect(url, open_timeout=CEILING) as reader:
        return json.loads(await reader.recv())


def test_readers_behind_a_trusted_proxy_count_by_their_own_address(site):
    frames = first_frames_together(site, "127.0.0.9", [f"2001:db8:0:{number}::7" for number in range(LIMIT + 3)])
    assert frames == ["sync"] * (LIMIT + 3)


def test_addresses_that_a_stranger_invents_do_not_help(site):
    frames = first_frames_together(site, "127.0.0.3", [f"198.51.100.{number}" for number in range(LIMIT + 1)])
    assert frames == ["sync"] * LIMIT + ["bye"]


def first_frames_together(site, source, forwarded_for):
    """The kinds of the first frames of readers who are there at the same time, all connected from one address."""
    url = address(site, make_event())

    def first_frame(stack, forwarded):
        headers = {"X-Forwarded-For": forwarded}
        reader = connect(url, additional_headers=headers, source_address=(source, 0), open_timeout=CEILING)
        return json.loads(stack.enter_context(reader).recv(CEILING))["t"]

    with ExitStack() as stack:
        return [first_frame(stack, forwarded) for forwarded in forwarded_for]


def test_strangers_at_the_desk_take_no_place(site):
    event, boss = make_event(), make_user(superuser=True)
    for session in ("", "invented"):
        for _ in range(LIMIT + 1):
            with desk(site, event, session) as socket:
                assert closed(socket) == 4401
    with desk(site, event, session_cookie(boss, site.url)["value"]) as socket:
        assert next_frame(socket, "desk")


def test_desks_of_one_address_are_limited_apart_from_readers(site):
    event, boss = make_event(), make_user(superuser=True)
    session = session_cookie(boss, site.url)["value"]
    here = {"source_address": ("127.0.0.4", 0)}  # where no socket of another test is still to be given up
    with ExitStack() as stack:
        for _ in range(LIMIT):
            stack.enter_context(connect(address(site, event), open_timeout=CEILING, **here))
        desks = [stack.enter_context(desk(site, event, session, **here)) for _ in range(LIMIT)]
        assert all(next_frame(each, "desk") for each in desks)
        with desk(site, event, session, **here) as socket:
            assert closed(socket) == 4013
        desks[0].close()
        wait_until(lambda: is_let_in(site, event, session, **here), "a place is free again")


def is_let_in(site, event, session, **options):
    with desk(site, event, session, **options) as socket:
        return json.loads(socket.recv(CEILING))["t"] == "desk"
