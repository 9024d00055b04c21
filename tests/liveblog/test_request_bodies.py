"""A posted body of any size, on a running server."""

import http.client
from contextlib import closing
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from liveblog.request_bodies import MAX_BODY, MAX_DISCARDED
from tests.servers import running_site

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.services, pytest.mark.once]

EDGE = "edge"
FORM = {"Content-Type": f"multipart/form-data; boundary={EDGE}"}


@pytest.fixture(scope="module")
def server(django_db_setup, tmp_path_factory):
    with running_site(tmp_path_factory.mktemp("bodies") / "server.log") as running:
        yield running


def post(server, body, **headers):
    address = urlsplit(server.url)
    with closing(http.client.HTTPConnection(address.hostname, address.port, timeout=30)) as line:
        line.request("POST", "/admin/login/", body, FORM | headers)
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


def test_a_body_that_is_too_large_is_refused(server, transactional_db):
    before = peak(server)
    assert post(server, form_of(2 * MAX_BODY)) == 413
    assert peak(server) - before < 20_000_000
    assert server.get("/healthz")


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
