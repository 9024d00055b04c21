"""Alerts on their way: each subscriber at most once, whatever push services answer."""

import asyncio
import re

import pytest
from py_vapid import Vapid02

from tests.factories import editor_of, make_event, post
from tests.servers import CEILING, wait_until
from updates import publishing
from updates.alerts import sender
from updates.alerts.keys import public_key
from updates.alerts.sender import AlertSender
from updates.models import Alert, PushSubscription
from updates.publishing import EntryContent, EntryInput, TextContent
from updates.publishing.alerts import open_alerts, take

pytestmark = [pytest.mark.services, pytest.mark.once, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def event():
    return make_event(slug="storm", title="Storm Maren")


def alert(event, headline="Gate holds"):
    content = EntryContent(headline, (TextContent("<p>It does.</p>"),))
    return publishing.publish_entry(EntryInput(event.pk, content, alert=True), editor_of(event)).entry


def send(*senders):
    async def run():
        await asyncio.gather(*(each.run_once() for each in senders or [AlertSender()]))

    asyncio.run(run())


def test_each_answer_is_handled_and_nobody_is_notified_twice(service, event):
    kinds = {"ok": 12, "gone": 3, "missing": 2, "busy": 2, "broken": 1, "away": 1}
    for kind, number in kinds.items():
        service.add(event, kind, number)
    entry = alert(event)
    send()
    send()

    assert service.paths() == sorted(path for path in service.keys if path.startswith(("/ok/", "/busy/")))
    left = set(PushSubscription.objects.values_list("endpoint", flat=True))
    assert left == {
        f"http://{service.address}{path}" for path in service.keys if "/gone/" not in path and "/missing/" not in path
    }
    row = Alert.objects.get(entry=entry)
    assert (row.sent, row.failed, row.gone, row.is_open) == (14, 2, 5, False)


def test_a_service_that_hangs_is_given_up_and_keeps_its_subscribers(service, event, monkeypatch):
    monkeypatch.setattr(sender, "DEADLINE", 0.5)
    service.add(event, "hang", 2)
    entry = alert(event)
    send()

    assert PushSubscription.objects.count() == 2
    row = Alert.objects.get(entry=entry)
    assert (row.sent, row.failed, row.gone, row.is_open) == (0, 2, 0, False)


def test_device_can_read_it_and_service_knows_who_sends(service, event):
    service.add(event, "ok")
    entry = alert(event)
    send()
    (message,) = service.messages()

    assert service.read(message) == {
        "title": "Storm Maren", "body": "Gate holds", "url": entry.get_absolute_url(), "tag": "storm", "lang": "en"
    }  # fmt: skip
    headers = message["headers"]
    assert (headers["TTL"], headers["Content-Encoding"], headers["Urgency"]) == ("3600", "aes128gcm", "high")
    assert re.fullmatch(r"[\w-]{32}", headers["Topic"])
    assert "Cookie" not in headers
    assert headers["Authorization"].endswith(f",k={public_key()}")
    assert Vapid02.verify(headers["Authorization"])


def test_two_processes_share_the_work(service, event):
    service.add(event, "ok", 120)
    alert(event)
    send(AlertSender(), AlertSender())

    assert service.paths() == sorted(service.keys)


def test_only_subscribers_of_this_event_are_notified(service, event):
    other = make_event(slug="flood")
    service.add(event, "ok", 2)
    service.add(other, "ok", 2)
    alert(event)
    send()

    assert service.paths() == [f"/ok/{event.pk}-0", f"/ok/{event.pk}-1"]


def test_update_without_an_alert_notifies_nobody(service, event):
    service.add(event, "ok")
    post(event, "Gate holds")
    send()

    assert service.messages() == []


def test_removal_cancels_what_is_not_sent(service, event):
    service.add(event, "ok", 3)
    entry = alert(event)
    taken = take(Alert.objects.get().pk, 1)
    assert len(taken[1]) == 1
    publishing.remove(entry.pk, editor_of(event))
    send()
    publishing.restore(entry.pk, editor_of(event))
    send()

    assert service.messages() == []
    assert open_alerts() == []


def test_correction_before_it_is_sent_is_what_readers_get(service, event):
    service.add(event, "ok")
    entry = alert(event, "Gate breaks")
    publishing.edit(entry.pk, EntryContent("Gate holds", (TextContent("<p>It does.</p>"),)), editor_of(event))
    send()

    assert service.read(service.messages()[0])["body"] == "Gate holds"


def test_old_alert_is_not_sent(service, event):
    service.add(event, "ok")
    alert(event)
    Alert.objects.update(expires_at="2020-01-01T00:00Z")
    send()

    assert service.messages() == []


def test_a_refusal_is_final_when_too_many_wait_already(service, event, monkeypatch):
    monkeypatch.setattr(sender, "WAITING_AT_MOST", 0)
    service.add(event, "busy", 2)
    alert(event)
    send()

    assert service.messages() == []
    assert (Alert.objects.get().failed, Alert.objects.get().is_open) == (2, False)


def test_a_server_that_stops_takes_no_more_subscriptions(service, event, monkeypatch):
    """Two calls hang, and the next two subscriptions are taken and wait for room. Another process can have the rest."""
    monkeypatch.setattr(sender, "CALLS_AT_ONCE", 2)
    monkeypatch.setattr(sender, "TAKEN_AT_ONCE", 2)
    monkeypatch.setattr(sender, "DEADLINE", CEILING)
    service.add(event, "hang", 8)
    alert(event)
    fourth = PushSubscription.objects.order_by("pk")[3].pk

    async def stopped():
        task = asyncio.create_task(AlertSender().run())
        await asyncio.to_thread(wait_until, lambda: Alert.objects.get().cursor >= fourth, "two calls hang")
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)

    asyncio.run(stopped())

    assert (Alert.objects.get().cursor, Alert.objects.get().is_open) == (fourth, True)
