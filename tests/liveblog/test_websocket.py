"""A reader's socket on our side: what it answers, what it gives up, and what is left when it ends."""

import asyncio
import socket
from contextlib import contextmanager
from time import monotonic

import pytest

from liveblog import websocket
from liveblog.websocket import MOST_FRAMES, PING_AFTER, PONG_WITHIN, WebSocket
from tests.servers import CEILING, async_wait_until

pytestmark = pytest.mark.once

NO_MASK = bytes(4)
"""A mask of zeros leaves the payload as it is."""


def masked(first, payload=b""):
    return bytes([first, 0x80 | len(payload)]) + NO_MASK + payload


PING, TEXT, CLOSE = masked(0x89, b"hello"), masked(0x81, b"hello"), masked(0x88, b"\x03\xe8")
TOO_LONG = b"\x81\xff" + (2**20).to_bytes(8, "big") + NO_MASK


class Line:
    """Both ends of one connection, and what our end has reported."""

    def __init__(self):
        ours, self.client = socket.socketpair()
        ours.setblocking(False)
        self.client.setblocking(False)
        self.reported = []
        self.socket = WebSocket(
            ours, lambda: self.reported.append("message"), lambda: self.reported.append("closed"), b"hi"
        )

    async def receive(self, size):
        data = b""
        async with asyncio.timeout(CEILING):
            while len(data) < size and (part := await asyncio.get_running_loop().sock_recv(self.client, 65_536)):
                data += part
        return data

    async def ended(self):
        """Return what comes until our end closes the connection."""
        return await self.receive(2**30)


@contextmanager
def line():
    opened = Line()
    try:
        yield opened
    finally:
        opened.socket.end()
        opened.client.close()
    assert opened.socket not in websocket.open_sockets


def test_answer_to_the_upgrade_comes_first():
    async def run():
        with line() as opened:
            opened.socket.send("one")
            return await opened.receive(7)

    assert asyncio.run(run()) == b"hi\x81\x03one"


def test_close_comes_after_what_the_reader_had_not_taken(monkeypatch):
    monkeypatch.setattr(websocket, "ANSWERS_WITHIN", CEILING)
    text = "x" * 2_000_000

    async def run():
        with line() as opened:
            opened.socket.send(text)
            assert not opened.socket.is_writable
            opened.socket.send("late")
            opened.socket.close(4410)
            return await opened.receive(2 + 10 + len(text) + 6 + 4)

    assert asyncio.run(run())[-10:] == b"\x81\x04late\x88\x02" + (4410).to_bytes(2, "big")


def test_ping_is_answered_even_if_it_comes_byte_by_byte():
    async def run():
        with line() as opened:
            for byte in PING:
                opened.client.send(bytes([byte]))
                await asyncio.sleep(0)
            return await opened.receive(9), list(opened.reported)

    assert asyncio.run(run()) == (b"hi\x8a\x05hello", [])


def test_flood_of_pings_is_cut_off_but_not_many_over_a_while():
    async def run():
        with line() as opened:
            for _ in range(3):
                opened.client.send(masked(0x89) * MOST_FRAMES)
                await opened.receive(2 * MOST_FRAMES)
                opened.socket.check(monotonic())
            opened.client.send(masked(0x89) * (MOST_FRAMES + 1))
            return await opened.ended(), opened.reported

    sent, reported = asyncio.run(run())
    assert (sent[-4:], reported) == (b"\x88\x02\x03\xf0", ["closed"])


def test_flood_of_messages_is_reported_within_bounds_and_cut_off():
    async def run():
        with line() as opened:
            opened.client.send(masked(0x81) * 600)
            return await opened.ended(), opened.reported

    sent, reported = asyncio.run(run())
    assert (sent[-4:], reported) == (b"\x88\x02\x03\xf0", ["message"] * MOST_FRAMES + ["closed"])


def test_messages_are_reported_and_what_follows_them_is_still_understood():
    async def run():
        with line() as opened:
            opened.client.send(TEXT + TEXT + PING + TEXT[:8])
            return await opened.receive(9), list(opened.reported)

    assert asyncio.run(run()) == (b"hi\x8a\x05hello", ["message"] * 3)


@pytest.mark.parametrize(
    "last", [CLOSE, b"\x81\x01x", masked(0x83), b"\x81\xff" + (2**20).to_bytes(8, "big") + b"mask"]
)
def test_close_nonsense_and_a_message_that_is_too_long_end_the_connection(last):
    async def run():
        with line() as opened:
            opened.client.send(last)
            return await opened.ended(), opened.reported

    sent, reported = asyncio.run(run())
    assert (sent[:4], reported) == (b"hi\x88\x02", ["closed"])


def test_client_that_hangs_up_is_reported_once():
    async def run():
        with line() as opened:
            opened.client.close()
            await async_wait_until(lambda: opened.reported)
            opened.socket.send("nobody takes it")
            opened.socket.end()
            return opened.reported

    assert asyncio.run(run()) == ["closed"]


@pytest.mark.parametrize("answer", [CLOSE, b""], ids=["answered", "never answered"])
def test_close_ends_when_the_client_answers_or_after_a_while(monkeypatch, answer):
    if not answer:
        monkeypatch.setattr(websocket, "ANSWERS_WITHIN", 0.01)

    async def run():
        with line() as opened:
            opened.socket.close(4001)
            opened.socket.send("too late")
            opened.client.send(answer)
            return await opened.ended(), opened.reported

    assert asyncio.run(run()) == (b"hi\x88\x02\x0f\xa1", ["closed"])


def test_frame_that_does_not_fit_is_finished_before_the_next_one():
    long = "x" * 3_000_000

    async def run():
        with line() as opened:
            freed = []
            opened.socket.when_writable(lambda: freed.append(True))
            opened.socket.send(long)
            before = opened.socket.is_writable
            opened.client.send(PING)  # owed nothing while it does not read
            await asyncio.sleep(0)
            received = await opened.receive(2 + 10 + len(long))
            await async_wait_until(lambda: freed)
            opened.socket.send("next")
            return before, received + await opened.receive(6), opened.socket.is_writable

    before, received, after = asyncio.run(run())
    assert (before, after) == (False, True)
    assert received == b"hi\x81\x7f" + len(long).to_bytes(8, "big") + long.encode() + b"\x81\x04next"


def test_client_that_is_silent_is_asked_once_and_given_up_when_it_does_not_answer():
    async def run():
        with line() as opened:
            now = monotonic()
            opened.socket.check(now)
            for _ in range(2):
                opened.socket.check(now + PING_AFTER + 1)
            asked = await opened.receive(4)
            opened.client.send(masked(0x8A))
            await async_wait_until(lambda: not opened.socket._is_pinged)
            opened.socket.check(monotonic() + PONG_WITHIN)
            alive = list(opened.reported)
            opened.socket.check(monotonic() + PING_AFTER + PONG_WITHIN + 1)
            return asked, alive, opened.reported

    assert asyncio.run(run()) == (b"hi\x89\x00", [], ["closed"])
