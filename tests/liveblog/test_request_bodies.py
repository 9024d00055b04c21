"""A posted body of any size, on a running server."""

import http.client
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from liveblog.request_bodies import BYTES_PER_PIECE, MAX_BODY, MAX_DISCARDED, PIECES_AT_LEAST
from tests.servers import CEILING, running_site, wait_until

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.services, pytest.mark.once]

EDGE = "edge"
FORM = {"Content-Type": f"multipart/form-data; boundary={EDGE}"}


@pytest.fixture(scope="module")
def server(django_db_setup, tmp_path_factory):
    with running_site(tmp_path_factory.mktemp("bodies") / "server.log") as running:
        yield running


DESK = "/admin/updates/event/1/desk/"


def post(server, body, path=DESK, **headers):
    address = urlsplit(server.url)
    with closing(http.client.HTTPConnection(address.hostname, address.port, timeout=CEILING)) as line:
        line.request("POST", path, body, FORM | headers)
        return line.getresponse().status


def form_of(size):
    head = f'--{EDGE}\r\nContent-Disposition: form-data; name="username"; filename="x"\r\n\r\n'.encode()
    return head + b"\r\n" * (size // 2) + f"\r\n--{EDGE}--\r\n".encode()


def peak(server):
    """Bytes that the server ever held."""
    status = Path(f"/proc/{server.process.pid}/status").read_text()
    return 1024 * next(int(row.split()[1]) for row in status.splitlines() if row.startswith("VmHWM"))


def test_a_large_form_of_a_stranger_is_not_read_into_memory_for_nothing(server, transactional_db):
    before = peak(server)
    assert post(server, form_of(24 * 2**20)) == 403  # without a token
    assert peak(server) - before < 110_000_000  # read a second time by Twisted it would be 280 MB


@pytest.mark.parametrize(
    ("path", "size"),
    [(DESK, 2 * MAX_BODY), ("/admin/login/", 2**20), ("/", 2**20), ("/storm/seen", 2**20), ("/static/x.css", 2**20)],
)
def test_a_body_that_is_too_large_is_refused(server, transactional_db, path, size):
    before = peak(server)
    assert post(server, form_of(size), path) == 413
    assert peak(server) - before < 20_000_000
    assert server.get("/healthz")


def test_many_large_bodies_at_once_take_bounded_memory_and_leave_room_for_others(server, transactional_db):
    before = peak(server)
    with ThreadPoolExecutor(12) as several:
        statuses = Counter(several.map(lambda _number: post(server, form_of(24 * 2**20)), range(12)))

    assert set(statuses) == {403, 503}  # without a token, and where there was no room
    assert peak(server) - before < 200_000_000
    assert post(server, form_of(24 * 2**20)) == 403


def test_a_text_is_taken_while_there_is_no_room_for_large_bodies(server, transactional_db):
    with closing(half_sent(server, 24 * 2**20)), closing(half_sent(server, 10 * 2**20)):
        wait_until(lambda: post(server, form_of(20 * 2**20)) == 503, "there is no room")
        assert post(server, form_of(40_000)) == 403
    wait_until(lambda: post(server, form_of(20 * 2**20)) == 403, "what was given up has made room")


def half_sent(server, size):
    """A connection on which all but the last byte of a body was sent."""
    address = urlsplit(server.url)
    line = http.client.HTTPConnection(address.hostname, address.port, timeout=CEILING)
    line.putrequest("POST", DESK)
    for name, value in (FORM | {"Content-Length": str(size)}).items():
        line.putheader(name, value)
    line.endheaders()
    line.send(b"x" * (size - 1))
    return line


@pytest.mark.parametrize(("size", "count"), [(1, PIECES_AT_LEAST // 2), (2 * BYTES_PER_PIECE, 10_000)])
def test_a_body_may_come_in_chunks(server, transactional_db, size, count):
    """Also where what was read at once ends in the middle of a chunk, which then counts as two pieces."""
    assert post_chunks(server, size, count) == 403


@pytest.mark.parametrize(("size", "count"), [(1, 20_000), (BYTES_PER_PIECE // 2, 20_000)])
def test_a_body_in_many_small_chunks_is_cut_off(server, transactional_db, size, count):
    """Each chunk keeps the event loop busy, however small it is."""
    with suppress(ConnectionError):  # the answer is lost where the client still sends
        assert post_chunks(server, size, count) == 400
    assert server.get("/healthz")


def post_chunks(server, size, count):
    chunks = (b"%x\r\n%b\r\n" % (size, b"x" * size)) * count + b"0\r\n\r\n"
    return post(server, chunks, **{"Transfer-Encoding": "chunked"})


def test_a_body_without_an_end_is_cut_off(server, transactional_db):
    """Its length is not said; the server ends it while it still comes."""
    sent = 0

    def endless():
        nonlocal sent
        while sent < 2 * MAX_DISCARDED:
            sent += 2**20
            yield b"x" * 2**20

    with pytest.raises((ConnectionError, AssertionError)):
        assert post(server, endless()) != 413
    assert sent < 1.5 * MAX_DISCARDED
    assert server.get("/healthz")
