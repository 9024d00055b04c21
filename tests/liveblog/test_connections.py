"""Connections that send no whole request, on a running server."""

import resource
import socket
import time
from contextlib import ExitStack, closing, contextmanager, suppress
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from twisted.internet.testing import StringTransport

from liveblog.connections import (
    BODIES_AT_ONCE,
    BODIES_PER_SECOND,
    MAX_UNREAD_FOR_ONE,
    MAX_WAITING_FOR_ONE,
    NEW_AT_ONCE,
    NEW_PER_SECOND,
    REQUEST_WITHIN,
    BoundedChannel,
    Turns,
)
from tests.servers import CEILING, collect_static, running_site, wait_until

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.services, pytest.mark.once]

HALF = b"GET / HTTP/1.1\r\nHost: localhost\r\n"


@pytest.fixture(scope="module")
def server(django_db_setup, tmp_path_factory):
    collect_static()
    large = Path(settings.STATIC_ROOT, "large.bin")
    large.write_bytes(bytes(4 * 2**20))  # more than the system holds back by itself
    with running_site(tmp_path_factory.mktemp("connections") / "server.log") as running:
        yield running
    large.unlink()


def line_to(server, source="127.0.0.1"):
    address = urlsplit(server.url)
    return socket.create_connection((address.hostname, address.port), CEILING, (source, 0))


def is_open(line):
    """Whether the server has not ended a connection; takes nothing from it."""
    line.setblocking(False)
    try:
        return line.recv(1, socket.MSG_PEEK) != b""
    except BlockingIOError:
        return True
    except ConnectionResetError:
        return False


def test_half_requests_of_one_address_do_not_stay(server, transactional_db):
    with ExitStack() as stack:
        quiet = stack.enter_context(closing(line_to(server, "127.0.0.2")))  # half a request would have 20 s
        lines = [stack.enter_context(closing(line_to(server))) for _ in range(600)]
        for line in lines:
            line.sendall(HALF)
        wait_until(lambda: sum(map(is_open, lines)) <= MAX_WAITING_FOR_ONE, "the surplus is ended")
        assert all(is_open(line) for line in lines[-MAX_WAITING_FOR_ONE:])  # those that came last
        assert is_open(quiet)  # another's
        assert server.get("/healthz")


@pytest.fixture
def still_clock(monkeypatch):
    """No time passes: a busy machine may stop a test for longer than a turn takes."""
    monkeypatch.setattr("liveblog.connections.monotonic", lambda: 1000.0)


def test_new_connections_of_one_address_are_read_in_turn_and_anothers_at_once(still_clock):
    turns = Turns(NEW_AT_ONCE, NEW_PER_SECOND)
    waits = [turns.seconds_to_wait("a") for _ in range(NEW_AT_ONCE + 2 * NEW_PER_SECOND)]
    assert max(waits[:NEW_AT_ONCE]) <= 0 < waits[NEW_AT_ONCE + 1]
    assert 1.5 < waits[-1] <= 2
    assert turns.seconds_to_wait("b") <= 0


def test_answers_that_are_not_taken_do_not_stay(server, transactional_db):
    """The oldest go, until what waits for the address fits into its share of memory."""
    with ExitStack() as stack:
        lines = [stack.enter_context(closing(line_to(server, "127.0.0.3"))) for _ in range(24)]
        for line in lines:
            line.sendall(b"GET /static/large.bin HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
        broken = set()

        def is_bounded():
            broken.update(line for line in lines if line.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR))
            return broken

        wait_until(is_bounded, "some are cut off")
        assert lines[-1] not in broken
    assert server.get("/healthz")


def test_an_answer_may_take_as_long_as_a_slow_network_needs():
    channel = BoundedChannel()
    channel.waits_since, channel._unsent = 100.0, 40_000
    assert not channel.is_overdue(100 + REQUEST_WITHIN + 40)
    assert channel.is_overdue(101 + REQUEST_WITHIN + 40)


def test_end_of_a_pause_reads_nothing_while_answers_fill_the_memory():
    channel = BoundedChannel()
    channel.transport = transport = StringTransport()
    transport.pauseProducing()
    channel._waitingForTransport = True
    channel._read_on()
    assert transport.producerState == "paused"
    channel._waitingForTransport = False
    channel._read_on()
    assert transport.producerState == "producing"


def test_large_bodies_of_one_address_are_read_at_a_steady_pace(still_clock):
    turns = Turns(BODIES_AT_ONCE, BODIES_PER_SECOND)
    parts = [turns.seconds_to_wait("a", 2**16) for _ in range((BODIES_AT_ONCE + 2 * BODIES_PER_SECOND) // 2**16)]
    assert parts[BODIES_AT_ONCE // 2**16 - 1] <= 0 < parts[BODIES_AT_ONCE // 2**16 + 1000]
    assert 1.5 < parts[-1] <= 2
    assert turns.seconds_to_wait("b", 2**16) <= 0


def test_a_crowd_of_one_address_is_served_in_the_end(server, transactional_db):
    with ExitStack() as stack:
        lines = [stack.enter_context(closing(line_to(server, "127.0.0.4"))) for _ in range(NEW_AT_ONCE + 50)]
        for line in lines:
            line.sendall(HALF + b"Connection: close\r\n\r\n")
        assert {line.recv(12) for line in lines} <= {b"HTTP/1.1 200", b"HTTP/1.1 503"}  # the pages, or no thread for it


@contextmanager
def many_open_files():
    """Open as many files as the system lets this process, which is often 1,024 unless it asks for more."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


def test_connections_of_one_address_beyond_those_that_may_wait_are_ended(server, transactional_db):
    """However fast they come; one with another address, which is accepted after them, is answered."""
    with ExitStack() as stack:
        stack.enter_context(many_open_files())
        lines = []

        def is_newest_ended():
            for _ in range(100):
                try:
                    lines.append(stack.enter_context(closing(line_to(server, "127.0.0.5"))))
                except ConnectionResetError:
                    return True
            with closing(line_to(server, "127.0.0.6")) as other:
                other.sendall(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n")
                assert other.recv(12) == b"HTTP/1.1 200"
            return not is_open(lines[-1])

        wait_until(is_newest_ended, "the newest one is ended")
        assert is_open(lines[MAX_UNREAD_FOR_ONE])  # which came before, and waits for its turn


def test_a_request_that_comes_byte_by_byte_is_ended(server, transactional_db):
    """It keeps the connection from being idle, and is told why it ends."""
    began = time.monotonic()
    with closing(line_to(server)) as line:
        line.sendall(HALF)
        line.setblocking(False)

        def answered():
            with suppress(BlockingIOError):
                return line.recv(1000)
            line.sendall(b"X")
            return b""

        answer = wait_until(answered, "it is ended")
    assert answer.startswith(b"HTTP/1.1 408 ")
    assert b"Content-Security-Policy: default-src 'none'" in answer
    assert time.monotonic() - began > REQUEST_WITHIN - 2


def test_a_connection_that_is_used_again_and_again_stays(server, transactional_db):
    with closing(line_to(server)) as line:
        for _ in range(5):
            line.sendall(HALF + b"\r\n")
            answer = b""
            while b"</html>" not in answer:
                answer += line.recv(65536)
            assert answer.startswith(b"HTTP/1.1 200")
