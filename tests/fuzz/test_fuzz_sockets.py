"""Whatever a client sends to the sockets: the server answers by the protocol or hangs up, logs no error, and lives."""

import socket
import struct
from errno import ECONNRESET, ENOTCONN, EPIPE

import hypothesis
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.browser.desk_page import session_cookie
from tests.factories import editor_of, make_event
from tests.fuzz.bounds import examples, most_memory
from tests.servers import CEILING, running_site

pytestmark = [pytest.mark.fuzz, pytest.mark.services, pytest.mark.django_db(transaction=True)]

CLOSES = {1000, 1001, 1002, 1003, 1007, 1009, 1011, 4001, 4008, 4013, 4400, 4401, 4403, 4404, 4410}
ANSWERS = {101, 400, 403, 404, 405, 413, 414, 426, 431, 503}
"""Statuses of a handshake."""

PATHS = [
    "/ws/events/storm/", "/ws/events/storm/", "/ws/desk/1/", "/ws/events/", "/ws/events/%00/", "/ws/events/%ff/",
    "/ws/desk/-1/",
    "/ws/desk/" + "9" * 400 + "/", "/ws/", "/", "//ws/events/storm/", "/ws/events/storm/../x/", "*",
    "http://evil.example/ws/",
    "/ws/events/" + "a" * 9_000 + "/", "/storm/", "/admin/",
]  # fmt: skip
QUERIES = [
    "v=1&epoch={epoch}&since=0", "v=1&epoch={epoch}&since=0", "v=1&epoch=other&since=0", "v=2", "", "?",
    "v=1&since=-1", "since=%D9%A1",
    "v=1&epoch=%00&since=1", "v=%ff&since=1", "&" * 3_000, "v=1&since=" + "9" * 18, "v=1;since=1", "v=1&since=1e3",
]  # fmt: skip
HEADERS = [
    "Upgrade: websocket", "Upgrade: h2c", "Connection: close", "Sec-WebSocket-Key: short", "Sec-WebSocket-Key:",
    "Sec-WebSocket-Version: 13", "Sec-WebSocket-Version: 99", "Sec-WebSocket-Protocol: a, b,,",
    "Sec-WebSocket-Protocol: \xff",
    "Sec-WebSocket-Extensions: permessage-deflate; server_max_window_bits=99", "Origin: http://[", "Origin: null",
    "Origin: \xff",
    "Origin: http://a:99999", "Host: [", "Host: evil.example", "Cookie: sessionid=\xff; =;",
    'Cookie: consent={"ads":false}',
    "Cookie: " + "a=b; " * 2_000, "X-Forwarded-For: 1.2.3.4, \xff", "X-Forwarded-Proto: https",
    "Daphne-Root-Path: /evil",
    "Content-Length: 5", "Content-Length: -1", "Content-Length: x", "Transfer-Encoding: chunked",
    "Expect: 100-continue", "no colon",
    ": empty", "A" * 9_000 + ": b", " folded", "X: " + "y" * 20_000,
]  # fmt: skip
KEY = "dGhlIHNhbXBsZSBub25jZQ=="
HUNG_UP = {ECONNRESET, ENOTCONN, EPIPE}

PATIENCE = 0.2
"""Seconds of silence after which the server is told that nothing more comes: it may wait for a body."""

handshakes = st.tuples(
    st.sampled_from(["GET", "GET", "GET", "POST", "get", "\0"]),
    st.sampled_from(PATHS),
    st.sampled_from(QUERIES),
    st.lists(st.sampled_from(HEADERS), max_size=3),
    st.sampled_from(["HTTP/1.1", "HTTP/1.1", "HTTP/1.0", "HTTP/9.9", ""]),
)
PAYLOADS = [
    b"", b"hello", b'{"t": "at", "entry": 1, "writing": true, "embargo": false}', b'{"entry": 1e999, "writing": 1}',
    b"[" * 190, b'{"entry": ' + b"9" * 150 + b', "writing": true}', b"\xff\xfe", b"x" * 126, b"x" * 70_000, b"\x03\xe8",
    b"\x00", b"null", b"{}",
]  # fmt: skip
frames = st.builds(
    lambda first, mask, payload, length: frame(first, payload, is_masked=mask, length=length),
    st.sampled_from([0x81, 0x81, 0x81, 0x82, 0x01, 0x00, 0x80, 0x88, 0x89, 0x8A, 0x83, 0xC1, 0xF1, 0x09]),
    st.sampled_from([True, True, True, False]),
    st.sampled_from(PAYLOADS),
    st.sampled_from([None, None, None, None, 2**32, 2**63 + 1]),
) | st.binary(min_size=1, max_size=20)


def frame(first, payload, *, is_masked=True, length=None):
    """A frame whose length may be another than that of its payload."""
    length = len(payload) if length is None else length
    bit = 0x80 if is_masked else 0
    if length < 126:
        head = struct.pack(">BB", first, bit | length)
    elif length < 2**16:
        head = struct.pack(">BBH", first, bit | 126, length)
    else:
        head = struct.pack(">BBQ", first, bit | 127, length)
    return head + (b"\0\0\0\0" if is_masked else b"") + payload


@pytest.fixture
def watched(transactional_db, tmp_path):
    """A server of its own, whose log must be without errors and whose memory must stay."""
    log = tmp_path / "server.log"
    event = make_event(slug="storm")
    event.refresh_from_db()
    with running_site(log) as site:
        before = most_memory(site.process.pid)
        yield site, event
        assert site.get("/healthz")
        assert most_memory(site.process.pid) - before < 64 * 1024
    assert [line for line in log.read_text().splitlines() if "Traceback" in line or "ERROR" in line] == []


@given(handshakes)
@examples(200)
def test_any_handshake_is_answered_and_the_server_lives(watched, handshake):
    site, event = watched
    method, path, query, headers, version = handshake
    lines = [f"{method} {path}?{query.format(epoch=event.epoch)} {version}".rstrip(), *usual(site), *headers, "", ""]

    answer = exchange(site, "\r\n".join(lines).encode("latin-1"), frame(0x88, b"\x03\xe8"), PATIENCE)

    hypothesis.event(str(status_of(answer)))
    assert status_of(answer) in {None, 100, 200, 302, *ANSWERS}


@given(st.lists(frames, min_size=1, max_size=4), st.booleans(), st.booleans())
@examples(100)
def test_any_frames_end_in_a_close_of_the_protocol(watched, sent, at_desk, says_goodbye):
    site, event = watched
    path = f"/ws/desk/{event.pk}/" if at_desk else f"/ws/events/storm/?v=1&epoch={event.epoch}&since=0"
    cookie = session_cookie(editor_of(event), site.url)
    lines = [f"GET {path} HTTP/1.1", *usual(site), f"Cookie: {cookie['name']}={cookie['value']}", "", ""]

    answer = exchange(site, "\r\n".join(lines).encode(), b"".join(sent) + says_goodbye * frame(0x88, b"\x03\xe8"))

    assert status_of(answer) == 101
    hypothesis.event(str(close_code(answer)))
    assert close_code(answer) in CLOSES | {None}


def usual(site):
    return [
        f"Host: {site.url.removeprefix('http://')}", f"Origin: {site.url}", "Upgrade: websocket",
    "Connection: Upgrade",
        f"Sec-WebSocket-Key: {KEY}", "Sec-WebSocket-Version: 13",
    ]  # fmt: skip


def exchange(site, handshake, afterwards, patience=CEILING):
    """Send a handshake and what follows it, and read until the server hangs up, or waits and is told that we do."""
    host, port = site.url.removeprefix("http://").split(":")
    answer = b""
    with socket.create_connection((host, int(port)), timeout=CEILING) as line:
        try:
            line.sendall(handshake)
            answer = received(line, patience, most=1)
            if status_of(answer) == 101:
                line.sendall(afterwards)
                answer += received(line, PATIENCE)
            line.shutdown(socket.SHUT_WR)
        except OSError as error:
            if error.errno not in HUNG_UP:
                raise
            return answer
        return answer + received(line)


def received(line, seconds=CEILING, most=10_000):
    """What comes in at most so many pieces, until the end or a silence."""
    answer = b""
    line.settimeout(seconds)
    try:
        while most and (part := line.recv(65_536)):
            answer, most = answer + part, most - 1
    except TimeoutError:
        assert seconds < CEILING, "neither an answer nor an end"
    except ConnectionError:
        pass
    return answer


def status_of(answer):
    """``None`` where the server hung up, or what it was sent began no request."""
    parts = answer.split(b" ", 2)
    return int(parts[1]) if answer.startswith(b"HTTP/") else None


def close_code(answer):
    """Of the frames after the answer to the handshake."""
    data = answer.partition(b"\r\n\r\n")[2]
    while len(data) >= 2:
        size, start = data[1] & 0x7F, 2
        if size == 126:
            size, start = struct.unpack(">H", data[2:4])[0], 4
        elif size == 127:
            size, start = struct.unpack(">Q", data[2:10])[0], 10
        if data[0] & 0x0F == 8:
            return struct.unpack(">H", data[start : start + 2])[0] if size >= 2 else 1000
        data = data[start + size :]
    return None
