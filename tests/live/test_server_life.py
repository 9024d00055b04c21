"""What the server does for its readers beside delivering: room, bounds, and a polite end."""

import asyncio
import base64
import json
import os
import signal
import socket
import sys
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from subprocess import PIPE

import pytest
import websockets

from tests.factories import make_event, post
from tests.live.test_redis import redis  # noqa: F401 – a fixture
from tests.live.test_sockets import address, follow, frames_until_closed, in_thread, rest_of
from tests.servers import (
    CEILING,
    environment,
    listening_socket,
    readiness,
    running_site,
    start_server,
    wait_until,
)

pytestmark = [pytest.mark.services, pytest.mark.django_db(transaction=True), pytest.mark.once]

LONG = 90_000
MANY = 260


async def first_frame(url):
    async with websockets.connect(url, open_timeout=CEILING) as reader:
        return json.loads(await reader.recv())


ROOM = 17
"""Readers that the small site has room for."""


@pytest.fixture(scope="module")
def site_with_little_room(django_db_setup, tmp_path_factory):
    log = tmp_path_factory.mktemp("small") / "server.log"
    with running_site(log, READERS_AT_MOST=str(ROOM), BACKOFF_BASE="0.1") as running:
        yield running


@pytest.fixture
def small_site(site_with_little_room):
    wait_until(lambda: readiness(site_with_little_room)[1]["readers"] == 0, "the readers of an earlier test have left")
    return site_with_little_room


# Room


def test_reader_beyond_the_limit_polls_until_there_is_room(small_site):
    event = make_event()
    url = address(small_site, event)

    async def run():
        readers = [await websockets.connect(url, open_timeout=CEILING) for _ in range(ROOM)]
        frames, code = await frames_until_closed(url)
        await readers.pop().close()
        async with asyncio.timeout(CEILING):
            while (await first_frame(url))["t"] != "sync":
                pass
        for reader in readers:
            await reader.close()
        return frames, code

    frames, code = asyncio.run(run())
    assert (code, [(frame["t"], frame["why"], frame["mode"]) for frame in frames]) == (4013, [("bye", "full", "poll")])


def test_wait_that_readers_are_told_grows_with_their_number(small_site):
    event = make_event()

    async def run():
        readers = [await websockets.connect(address(small_site, event), open_timeout=CEILING) for _ in range(8)]
        first, *_ = [json.loads(await reader.recv()) for reader in readers]
        last = await first_frame(address(small_site, event))
        for reader in readers:
            await reader.close()
        return first["spread"], last["spread"]

    assert asyncio.run(run()) == (0.1, 0.2)  # the base of the back-off; with 8 readers, more


# Readers that do not read


def deaf(site, event):
    """A client that shakes hands and never reads again."""
    host, port = site.url.removeprefix("http://").split(":")
    line = socket.socket()
    line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    line.settimeout(CEILING)
    line.connect((host, int(port)))
    key = base64.b64encode(b"0123456789abcdef").decode()
    line.sendall(
        f"GET /ws/events/{event.slug}/?v=1&epoch={event.epoch}&since={event.head} HTTP/1.1\r\nHost: {host}:{port}\r\n"
        f"Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\n\r\n"
        "".encode()
    )
    assert line.recv(12) == b"HTTP/1.1 101"
    return line


def resident_megabytes(process):
    status = Path(f"/proc/{process.pid}/status").read_text()
    return next(int(row.split()[1]) for row in status.splitlines() if row.startswith("VmRSS")) / 1024


def test_readers_that_never_read_are_let_go_and_cost_the_others_nothing(small_site):
    """Left alone, they would make the server keep 16 × 260 × 90 kB, 374 MB."""
    event = make_event()
    event.refresh_from_db()
    lines = [deaf(small_site, event) for _ in range(ROOM - 1)]
    before = resident_megabytes(small_site.process)

    async def run():
        reader = asyncio.create_task(follow(small_site, event, event.head + MANY))
        await asyncio.to_thread(in_thread, post_long, event)
        await reader
        async with asyncio.timeout(CEILING):  # there is room again once they are gone
            while (await first_frame(address(small_site, event, since=event.head + MANY)))["t"] != "sync":
                pass

    asyncio.run(run())
    assert resident_megabytes(small_site.process) - before < 190
    for line in lines:
        line.close()


def post_long(event):
    for number in range(MANY):
        post(event, f"Update {number}", text=f"<p>{'x ' * (LONG // 2)}</p>")


def test_client_that_keeps_sending_and_never_reads_is_cut_off(small_site):
    event = make_event()
    line = deaf(small_site, event)
    masked = b"\x81\x80\x00\x00\x00\x00"

    def cut():
        try:
            line.sendall(masked * 100)
        except OSError:
            return True
        return False

    wait_until(cut, "the server ends the connection")
    line.close()


def test_client_that_pings_and_never_reads_is_owed_no_pongs(site):
    """10 MB of pings would have the server keep 10 MB of pongs."""
    event = make_event()
    line = deaf(site, event)
    before = resident_megabytes(site.process)
    ping = b"\x89\xfd\x00\x00\x00\x00" + b"." * 125
    with suppress(ConnectionError):  # so many end the connection
        line.sendall(ping * 80_000)
    asyncio.run(first_frame(address(site, event)))  # the server has come to the end of what it had read
    assert resident_megabytes(site.process) - before < 6
    line.close()


# The end


SLOW_SITE = [sys.executable, "-m", "tests.live.slow_site"]

LONG_ENOUGH = str(CEILING)
"""Seconds that a stop may take, on a machine whose processors have other work."""


@contextmanager
def slow_site(tmp_path, **variables):
    """A server whose only answer waits for ``go_on``; its port, that file, and the process."""
    listener, go_on = listening_socket(), tmp_path / "go-on"
    port = listener.getsockname()[1]
    options = {"env": environment(**variables), "stdout": PIPE, "text": True}
    with start_server([*SLOW_SITE, str(go_on)], listener, **options) as server:
        try:
            yield port, go_on, server
        finally:
            go_on.touch()
            server.kill()


WAITING = 300
"""Connections that the system holds: more than Twisted takes in the turns between the signal and the stop."""


def test_requests_that_run_or_wait_to_be_accepted_are_answered_before_the_server_ends(transactional_db, tmp_path):
    patient = {"REQUESTS_WITHIN": LONG_ENOUGH, "FIRST_REQUESTS_WITHIN": LONG_ENOUGH, "TRUSTED_PROXIES": "127.0.0.1"}
    with ThreadPoolExecutor() as pool, ExitStack() as lines, slow_site(tmp_path, **patient) as (port, go_on, server):
        answer = pool.submit(urllib.request.urlopen, f"http://127.0.0.1:{port}/", timeout=CEILING)
        assert server.stdout.readline() == "asked\n"
        hold(server)
        waiting = [lines.enter_context(request_on(port)) for _ in range(WAITING)]
        server.terminate()
        server.send_signal(signal.SIGCONT)
        wait_until(lambda: not accepts(port), "no new connection is taken")
        go_on.touch()
        assert answer.result().read() == b"answered"
        assert [line.makefile("rb").read()[-8:] for line in waiting] == [b"answered"] * WAITING
        assert server.wait(CEILING) == 0


def hold(process):
    process.send_signal(signal.SIGSTOP)
    os.waitid(os.P_PID, process.pid, os.WSTOPPED | os.WEXITED | os.WNOWAIT)  # the signal takes a moment


def request_on(port):
    line = socket.create_connection(("127.0.0.1", port), timeout=CEILING)
    line.sendall(b"GET / HTTP/1.0\r\nHost: 127.0.0.1\r\n\r\n")
    return line


def test_an_operation_that_ends_after_the_server_does_not_keep_it(transactional_db, tmp_path, redis):  # noqa: F811
    """Whoever asked has hung up, so nobody waits for it; with Redis it has other processes to tell."""
    with slow_site(tmp_path, REDIS_URL=redis.url, REQUESTS_WITHIN="1") as (port, go_on, server):
        with socket.create_connection(("127.0.0.1", port)) as line:
            line.sendall(b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
            assert server.stdout.readline() == "asked\n"
        server.terminate()
        assert server.stdout.readline() == "ended\n"
        go_on.touch()
        assert server.wait(CEILING) == 0


def test_sockets_that_are_being_opened_get_their_state_and_a_farewell(transactional_db, tmp_path):
    """Two that arrive during the stop: one has not asked yet, the other waits for the database."""
    event = make_event()
    with (
        slow_site(tmp_path, REQUESTS_WITHIN=LONG_ENOUGH) as (port, go_on, server),
        socket.create_connection(("127.0.0.1", port)) as line,
    ):
        url = f"ws://127.0.0.1:{port}/ws/events/{event.slug}/?v=1&epoch={event.epoch}&since=0"

        async def run():
            async with websockets.connect(url, open_timeout=CEILING) as waiting:
                server.terminate()
                await asyncio.to_thread(wait_until, lambda: not accepts(port), "no new connection is taken")
                async with websockets.connect(url, open_timeout=CEILING, sock=line) as late:
                    go_on.touch()
                    return [await rest_of(each) for each in (waiting, late)]

        for frames, code in asyncio.run(run()):
            assert ([frame["t"] for frame in frames], code) == (["sync", "bye"], 4001)
        assert server.wait(CEILING) == 0


def accepts(port):
    try:
        socket.create_connection(("127.0.0.1", port), timeout=CEILING).close()
    except ConnectionError:  # also one that was taken in the moment of the stop
        return False
    return True
