"""Requests that Daphne cannot decode are refused; nothing is logged as an error."""

import socket
from urllib.parse import urlsplit

import pytest

from liveblog.request_heads import is_readable_type
from tests.servers import CEILING, running_site

pytestmark = pytest.mark.once

UPGRADE = (
    b"Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
    b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
)

UNREADABLE = [
    "multipart/form-data; boundary=x; charset=hex",  # no text
    "multipart/form-data; boundary=x; charset=undefined",
    "multipart/form-data; boundary=x; charset=idna",
    "multipart/form-data; boundary=x; charset*=utf-8''hex",
    "text/plain; charset=\0",
    "text/plain; a*=nosuch''x",
    "text/plain; a=" + "x" * 2000,
]


@pytest.mark.parametrize(
    "kind",
    [
        "", "text/plain;charset=UTF-8", "application/json", 'multipart/form-data; boundary="x"; charset="utf-8"',
        "application/x-www-form-urlencoded", "application/reports+json", "nonsense;;;=",
    ],
)  # fmt: skip
def test_types_of_browsers_are_readable(kind):
    assert is_readable_type(kind, has_body=True)


@pytest.mark.parametrize("kind", UNREADABLE)
def test_type_that_django_cannot_read_is_refused(kind):
    assert not is_readable_type(kind, has_body=True)


def test_a_page_may_be_asked_for_with_any_character_set():
    assert is_readable_type("text/xml; charset=iso-8859-1", has_body=False)


def answer_to(site, head):
    address = urlsplit(site.url)
    with socket.create_connection((address.hostname, address.port), CEILING) as line:
        line.sendall(head + b"\r\n")
        return line.recv(65_536).split(b"\r\n")[0]


@pytest.mark.services
@pytest.mark.django_db(transaction=True)
def test_head_that_cannot_be_decoded_is_refused_and_logs_no_error(transactional_db, tmp_path):
    log = tmp_path / "server.log"
    with running_site(log) as site:
        host = b"Host: " + urlsplit(site.url).netloc.encode() + b"\r\n"
        socket_head = b"GET /ws/events/storm/ HTTP/1.1\r\n" + host + UPGRADE
        assert answer_to(site, socket_head + b"Sec-WebSocket-Protocol: \xff\r\n") == b"HTTP/1.1 400 Bad Request"
        assert b"101" in answer_to(site, socket_head + b"Sec-WebSocket-Protocol: a\r\n")
        assert b"400" in answer_to(site, b"G\xffT /healthz HTTP/1.1\r\n" + host)
        for kind in UNREADABLE:
            head = b"POST /admin/login/ HTTP/1.1\r\n" + host + b"Content-Type: " + kind.encode("latin-1")
            body = b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\nb\r\n--x--'
            cookie = b"\r\nCookie: csrftoken=" + b"x" * 32
            length = b"\r\nContent-Length: %d\r\n\r\n" % len(body + b"\r\n")
            assert b"400" in answer_to(site, head + cookie + length + body), kind
        assert b"200" in answer_to(site, b"GET /healthz HTTP/1.1\r\n" + host + b"Daphne-Root-Path: \xff\r\n")

    assert [line for line in log.read_text().splitlines() if "Traceback" in line or "ERROR" in line] == []
