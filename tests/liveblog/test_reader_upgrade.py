"""Readers' sockets are taken over at their upgrade; whatever is unusual about one is answered as Daphne does."""

import socket
from contextlib import suppress
from urllib.parse import urlsplit

import pytest

from liveblog.websocket_writer import MOST_FRAMES
from tests.factories import make_event
from tests.servers import CEILING

pytestmark = [pytest.mark.services, pytest.mark.django_db(transaction=True), pytest.mark.once]

USUAL = {
    "Upgrade": "websocket",
    "Connection": "keep-alive, Upgrade",
    "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
    "Sec-WebSocket-Version": "13",
}


def upgrade(site, path, **changes):
    """An upgrade as a browser sends it, or with other headers."""
    headers = {"Host": urlsplit(site.url).netloc} | USUAL | {name.replace("_", "-"): v for name, v in changes.items()}
    lines = [f"{name}: {value}" for name, value in headers.items() if value]
    return "\r\n".join([f"GET {path} HTTP/1.1", *lines, "", ""]).encode()


def path_of(event):
    return f"/ws/events/{event.slug}/?v=1&epoch={event.epoch}&since={event.head}"


def answer(site, *parts):
    """What the server sends in answer to some bytes, up to the first frame or its end."""
    address = urlsplit(site.url)
    with socket.create_connection((address.hostname, address.port), CEILING) as line:
        received = b""
        for part in parts:
            line.sendall(part)
        while b'"t":' not in received and (data := line.recv(65_536)):
            received += data
    return received


@pytest.mark.parametrize("changes", [{}, {"Sec_WebSocket_Extensions": "permessage-deflate", "Upgrade": "WebSocket"}])
def test_usual_upgrade_is_accepted_without_compression(site, changes):
    event = make_event()
    event.refresh_from_db()
    received = answer(site, upgrade(site, path_of(event), **changes))
    head, _, frame = received.partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 101 ")
    assert b"Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=" in head
    assert b"Extensions" not in head
    assert frame.startswith(b"\x81")  # a whole text, not compressed
    assert b'"t":"sync"' in frame


def test_upgrade_may_follow_a_request_and_come_in_pieces(site):
    event = make_event()
    event.refresh_from_db()
    whole = b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n" + upgrade(site, path_of(event))
    received = answer(site, whole[:50], whole[50:90], whole[90:])
    assert received.startswith(b"HTTP/1.1 200 ")
    assert b"HTTP/1.1 101 " in received
    assert b'"t":"sync"' in received


@pytest.mark.parametrize(
    "changes",
    [
        {"Sec_WebSocket_Version": "12"},
        {"Sec_WebSocket_Key": "short"},
        {"Sec_WebSocket_Key": ""},
        {"Connection": "close"},
    ],
)
def test_what_is_no_upgrade_is_refused(site, changes):
    received = answer(site, upgrade(site, path_of(make_event()), **changes))
    assert received.startswith((b"HTTP/1.1 400 ", b"HTTP/1.1 426 "))


def test_two_origins_are_refused_though_one_of_them_is_ours(site):
    twice = upgrade(site, path_of(make_event()), Origin="https://evil.example", origin=site.url)
    assert answer(site, twice).startswith(b"HTTP/1.1 403 ")


def test_flood_of_pings_is_cut_off_also_where_daphne_has_the_socket(site):
    event = make_event()
    event.refresh_from_db()
    address = urlsplit(site.url)
    with socket.create_connection((address.hostname, address.port), CEILING) as line:
        line.sendall(upgrade(site, path_of(event), Content_Length="0"))
        assert line.recv(65_536).startswith(b"HTTP/1.1 101 ")
        with suppress(ConnectionError):
            line.sendall(b"\x89\x80\0\0\0\0" * 5000)
            while received := line.recv(65_536):
                assert received.count(b"\x8a\x00") <= MOST_FRAMES
