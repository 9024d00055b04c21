"""Requests that Daphne cannot decode are refused; nothing is logged as an error."""

import socket
from urllib.parse import urlsplit

import pytest

from tests.servers import CEILING, running_site

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.services, pytest.mark.once]

UPGRADE = (
    b"Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
    b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
)


def answer_to(site, head):
    address = urlsplit(site.url)
    with socket.create_connection((address.hostname, address.port), CEILING) as line:
        line.sendall(head + b"\r\n")
        return line.recv(65_536).split(b"\r\n")[0]


def test_head_that_cannot_be_decoded_is_refused_and_logs_no_error(transactional_db, tmp_path):
    log = tmp_path / "server.log"
    with running_site(log) as site:
        host = b"Host: " + urlsplit(site.url).netloc.encode() + b"\r\n"
        socket_head = b"GET /ws/events/storm/ HTTP/1.1\r\n" + host + UPGRADE
        assert answer_to(site, socket_head + b"Sec-WebSocket-Protocol: \xff\r\n") == b"HTTP/1.1 400 Bad Request"
        assert b"101" in answer_to(site, socket_head + b"Sec-WebSocket-Protocol: a\r\n")
        assert b"400" in answer_to(site, b"G\xffT /healthz HTTP/1.1\r\n" + host)
        assert b"200" in answer_to(site, b"GET /healthz HTTP/1.1\r\n" + host + b"Daphne-Root-Path: \xff\r\n")

    assert [line for line in log.read_text().splitlines() if "Traceback" in line or "ERROR" in line] == []
