"""Who may ask a process for its state."""

import pytest
from asgiref.testing import ApplicationCommunicator
from django.urls import reverse

from liveblog.proxies import TrustedProxies
from liveblog.request_threads import RequestThreads, ThreadedHandler
from tests.servers import CEILING

pytestmark = [pytest.mark.django_db, pytest.mark.once]


@pytest.mark.parametrize("address", ["127.0.0.1", "127.0.0.9", "::1", "::ffff:127.0.0.1"])
def test_this_machine_is_answered(client, address):
    response = client.get(reverse("readiness"), REMOTE_ADDR=address)
    assert (response.status_code, response.json()["ready"]) == (200, True)


@pytest.mark.parametrize("address", ["192.0.2.7", "10.0.0.1", "2001:db8::1", "::ffff:192.0.2.7", "", "unix:"])
def test_other_machines_are_refused(client, address):
    response = client.get(reverse("readiness"), REMOTE_ADDR=address)
    assert (response.status_code, response.content) == (404, b"Not found")


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("header", ["X-Forwarded-For", "X-Forwarded-Proto", "X-Real-IP", "Forwarded", "Via"])
async def test_requests_that_a_proxy_of_this_machine_passes_on_are_refused(header):
    for headers, status in (({}, 200), ({header: "127.0.0.1"}, 404)):
        assert await status_of(reverse("readiness"), headers) == status


async def status_of(path, headers):
    """Ask the whole application, as a proxy on this machine does."""
    sent = [(b"host", b"localhost"), *((name.lower().encode(), value.encode()) for name, value in headers.items())]
    scope = {"type": "http", "method": "GET", "path": path, "query_string": b"", "headers": sent}
    threads = RequestThreads(1)
    application = TrustedProxies(ThreadedHandler(lambda _scope: threads), [])
    request = ApplicationCommunicator(application, scope | {"client": ("127.0.0.1", 5000)})
    await request.send_input({"type": "http.request"})
    start = await request.receive_output(CEILING)
    await request.receive_output(CEILING)
    await request.wait(CEILING)
    return start["status"]


@pytest.mark.parametrize(
    ("token", "sent", "status"),
    [("secret", "Bearer secret", 200), ("secret", "Bearer wrong", 404), ("secret", "", 404), ("", "Bearer ", 404)],
)
def test_other_machines_are_answered_with_the_token(client, settings, token, sent, status):
    settings.READYZ_TOKEN = token
    response = client.get(reverse("readiness"), REMOTE_ADDR="192.0.2.7", headers={"Authorization": sent})
    assert response.status_code == status
