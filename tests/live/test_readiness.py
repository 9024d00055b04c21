"""Who may ask a process for its state."""

import os
import resource
import shutil
import threading
import time

import psycopg
import pytest
from asgiref.testing import ApplicationCommunicator
from django.db import InterfaceError, OperationalError
from django.urls import reverse

from liveblog.proxies import TrustedProxies
from liveblog.request_threads import RequestThreads, ThreadedHandler
from tests.servers import CEILING, wait_until
from updates.live import readiness_probe
from updates.live.readiness_checks import LEAST_FILES, _migrated
from updates.live.readiness_probe import WITHIN, Probe

pytestmark = [pytest.mark.django_db, pytest.mark.once]


@pytest.fixture(autouse=True)
def patient_probe(monkeypatch):
    """A busy machine may need longer to ask the database than a load balancer waits."""
    monkeypatch.setattr(readiness_probe, "WITHIN", CEILING)


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


async def status_of(path, headers, host=((b"host", b"localhost"),)):
    """Ask the whole application, as a proxy on this machine does."""
    sent = [*host, *((name.lower().encode(), value.encode()) for name, value in headers.items())]
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


# As a load balancer asks: the process itself, without the site's host


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
@pytest.mark.parametrize("host", [[], [(b"host", b"10.0.0.7:8000")]])
async def test_probes_need_neither_host_nor_scheme(path, host, settings):
    settings.SECURE_SSL_REDIRECT = True
    settings.ALLOWED_HOSTS = ["live.example"]
    assert await status_of(path, {}, host) == 200
    assert await status_of("/corrections/", {}, host) in {301, 400}


# Whatever the database does, the answer comes within a second

FAR_TOO_LATE = 8.0
"""Seconds, on a machine whose processors have other work. It took ten for a database that is down, and for ever for one
that is silent."""


@pytest.mark.parametrize("error", [OperationalError, InterfaceError, psycopg.OperationalError])
def test_connection_that_breaks_is_no_traceback(client, monkeypatch, error):
    def broken(*_arguments):
        raise error("the connection is closed")

    monkeypatch.setattr("updates.live.readiness_probe.unmet", broken)
    response = client.get(reverse("readiness"), REMOTE_ADDR="127.0.0.1")
    assert (response.status_code, response.json()["database"]) == (503, "gone")


def test_database_that_takes_no_writes_is_not_ready(client, monkeypatch):
    monkeypatch.setattr("updates.live.readiness.probe", Probe(lambda: ("read-only", {})))
    response = client.get(reverse("readiness"), REMOTE_ADDR="127.0.0.1")
    assert (response.status_code, response.json()["database"]) == (503, "read-only")


def test_database_that_is_silent_is_gone_within_a_second(client, monkeypatch):
    """The second probe does not wait for the thread of the first, nor start another one."""
    may_answer, asked = threading.Event(), []

    def silent():
        asked.append(threading.current_thread())
        assert may_answer.wait(CEILING)
        return "ok", {}

    monkeypatch.setattr("updates.live.readiness.probe", Probe(silent))
    start = time.monotonic()
    with monkeypatch.context() as context:
        context.setattr(readiness_probe, "WITHIN", WITHIN)
        for _ in range(2):
            response = client.get(reverse("readiness"), REMOTE_ADDR="127.0.0.1")
            assert (response.status_code, response.json()["database"]) == (503, "gone")
    assert WITHIN < 1
    assert time.monotonic() - start < 2 * FAR_TOO_LATE
    assert len(asked) == 1
    may_answer.set()
    asked[0].join(CEILING)
    assert client.get(reverse("readiness"), REMOTE_ADDR="127.0.0.1").status_code == 200


def test_thread_that_cannot_start_is_not_waited_for(monkeypatch):
    def refuse(_thread):
        raise RuntimeError("can't start new thread")

    probe = Probe(lambda: ("ok", {}))
    with monkeypatch.context() as context:
        context.setattr(threading.Thread, "start", refuse)
        with pytest.raises(RuntimeError):
            probe.ask()
    wait_until(lambda: probe.ask() == ("ok", {}), "the next probe asks again")


# What a process needs to serve


@pytest.fixture
def state(client):
    _migrated.clear()

    def ask():
        response = client.get(reverse("readiness"), REMOTE_ADDR="127.0.0.1")
        return response.status_code, response.json()["missing"]

    yield ask
    _migrated.clear()


def test_process_without_tables_is_not_ready(state, monkeypatch):
    applied = "django.db.migrations.recorder.MigrationRecorder.applied_migrations"
    with monkeypatch.context() as context:
        context.setattr(applied, lambda _recorder: {})
        assert state() == (503, {"migrations": "missing: run manage.py migrate"})
    assert state() == (200, {})


def test_process_without_static_files_is_not_ready(state, settings, tmp_path):
    settings.STATIC_ROOT = tmp_path
    settings.STORAGES = settings.STORAGES | {"staticfiles": {"BACKEND": "liveblog.static_files.HashedStaticFiles"}}
    assert state() == (503, {"static": "missing: run manage.py collectstatic"})


def test_process_with_a_full_disk_is_not_ready(state, monkeypatch):
    monkeypatch.setattr(shutil, "disk_usage", lambda _folder: shutil._ntuple_diskusage(100, 100, 0))
    assert state() == (503, {"disk": "full"})


def test_process_that_can_open_no_files_is_not_ready(state):
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    try:
        resource.setrlimit(resource.RLIMIT_NOFILE, (len(os.listdir("/proc/self/fd")) + LEAST_FILES - 5, hard))  # noqa: PTH208
        assert state() == (503, {"files": "exhausted"})
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
