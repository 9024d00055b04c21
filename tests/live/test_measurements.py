"""What monitoring can read of a process, and who may."""

import asyncio
import json
import logging
import os
import re
import subprocess
import sys
import urllib.request

import pytest
from django.db import InterfaceError, OperationalError
from django.urls import reverse
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.parser import text_string_to_metric_families
from websockets.sync.client import connect

from liveblog.request_ids import JSONFormatter, RequestIds, request_id
from tests.factories import editor_of, make_event, post
from tests.servers import CEILING, async_wait_until, running_site, wait_until
from updates import publishing
from updates.live.hub import Hub
from updates.live.hubs import Hubs
from updates.metrics import DATABASE_GONE, OPERATIONS

pytestmark = [pytest.mark.once]


def values_of(text):
    families = text_string_to_metric_families(text)
    return {(sample.name, *sample.labels.values()): sample.value for family in families for sample in family.samples}


@pytest.mark.django_db
def test_other_machines_need_the_token(client, settings):
    settings.READYZ_TOKEN = "a-token-of-the-monitor"
    request = {"path": reverse("metrics"), "REMOTE_ADDR": "192.0.2.7"}
    assert client.get(**request).status_code == 404
    assert client.get(**request, headers={"Authorization": "Bearer another"}).status_code == 404
    assert client.get(**request, headers={"Authorization": "Bearer a-token-of-the-monitor"}).status_code == 200


@pytest.mark.django_db
def test_operations_are_measured_and_logged_if_they_change_something(caplog):
    event = make_event(slug="storm")
    editor = editor_of(event)
    count = OPERATIONS.labels("remove")._sum.get
    before = count()
    with caplog.at_level(logging.INFO):
        entry = post(event, "Gate holds", author=editor)
        publishing.remove(entry.pk, editor)
        after = count()
        publishing.remove(entry.pk, editor)  # changes nothing

    assert after > before
    assert count() == after
    lines = [record.getMessage() for record in caplog.records if record.name == "updates.publishing.operation"]
    assert f"publish of storm {entry.public_id} by {editor.username!r}, number {entry.seq}" in lines
    assert len([line for line in lines if line.startswith("remove")]) == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("error", [OperationalError, InterfaceError])
async def test_database_is_not_reported_gone_once_no_hub_asks_it(settings, monkeypatch, error):
    def broken(_event_ids):
        raise error("the connection is closed")

    monkeypatch.setattr("updates.live.hubs.heads", broken)
    settings.RECONCILE_EVERY = 0.01
    DATABASE_GONE.set(0)
    hubs, hub = Hubs(), Hub(1)
    hubs._hubs[1] = hub
    ticking = asyncio.create_task(hubs._tick())
    try:
        await async_wait_until(lambda: DATABASE_GONE._value.get() == 1)
        hubs._hubs.clear()  # the last reader leaves
        await async_wait_until(lambda: DATABASE_GONE._value.get() == 0)
    finally:
        ticking.cancel()
        hub.close()


@pytest.mark.services
@pytest.mark.django_db(transaction=True)
def test_an_update_is_followed_from_the_operation_to_the_frame(tmp_path):
    log = tmp_path / "site.log"
    event = make_event(slug="storm")
    with running_site(log, LOG_FORMAT="json", LOG_LEVEL="INFO") as site:
        where = f"{site.socket_url}/ws/events/storm/?v=1&epoch={event.epoch}&since={event.head}"
        with connect(where, open_timeout=CEILING) as socket:
            socket.recv(CEILING)
            entry = post(event, "Gate holds")
            while (frame := json.loads(socket.recv(CEILING)))["t"] == "hb":
                pass
            assert frame["seq"] == entry.seq

            def measured():
                values = values_of(fetch(f"{site.url}/metrics"))
                return values if values[("liveblog_readers",)] == 1 else None

            values = wait_until(measured, "the reader is counted")
        assert values[("liveblog_frames_total",)] == 1
        assert values[("liveblog_delivery_seconds_count",)] == 1
        assert sum(values[("liveblog_threads", "health", state)] for state in ("busy", "idle")) == 1
    lines = [json.loads(line) for line in log.read_text().splitlines() if line.startswith("{")]
    assert any(line["message"].startswith(f"Number {entry.seq} of storm sent to 1,") for line in lines)


def fetch(url):
    with urllib.request.urlopen(url, timeout=CEILING) as answer:
        assert re.fullmatch("[0-9a-f]{16}", answer.headers["X-Request-ID"])
        return answer.read().decode()


@pytest.mark.parametrize(
    ("client", "sent", "is_taken"),
    [
        ("10.0.0.1", b"abc-123.DEF_4", True),
        ("192.0.2.7", b"abc-123.DEF_4", False),
        ("10.0.0.1", b"short", False),
        ("10.0.0.1", b"line\nbreak here", False),
        ("10.0.0.1", b"a" * 65, False),
    ],
)
async def test_identifiers_are_taken_from_trusted_proxies_only(client, sent, is_taken):
    sight = {}

    async def application(scope, receive, send):
        sight["inside"] = request_id.get()
        record = logging.LogRecord("site", logging.INFO, "", 0, "Zug %s", ("hält",), None)
        sight["line"] = json.loads(JSONFormatter().format(record))
        await send({"type": "http.response.start", "status": 200, "headers": []})

    async def send(event):
        sight["header"] = dict(event["headers"])[b"x-request-id"]

    scope = {"type": "http", "client": (client, 5000), "headers": [(b"X-Request-ID", sent)]}
    await RequestIds(application, lambda address: address.startswith("10."))(scope, None, send)

    assert (sight["header"] == sent) == is_taken
    assert sight["inside"] == sight["line"]["request"] == sight["header"].decode()
    assert sight["line"]["message"] == "Zug hält"


def test_gauges_of_two_processes_are_added_and_flags_stay_one(tmp_path):
    code = "from updates import metrics; metrics.HUBS.set(2); metrics.REDIS_GONE.set(1)"
    for _ in range(2):
        environment = os.environ | {"PROMETHEUS_MULTIPROC_DIR": str(tmp_path)}
        subprocess.run([sys.executable, "-c", code], env=environment, check=True, timeout=CEILING)
    registry = CollectorRegistry()
    MultiProcessCollector(registry, path=str(tmp_path))
    values = values_of(generate_latest(registry).decode())
    assert (values["liveblog_hubs",], values["liveblog_redis_gone",]) == (4, 1)
