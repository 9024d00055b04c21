"""Pages, addresses and buttons of alerts."""

import json
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from tests.alerts.test_devices import body
from tests.factories import editor_of, make_event, make_member, make_user
from updates import publishing
from updates.admin.entry.submit_actions import ALERT, offered_actions
from updates.choices import ChangeKind, Role
from updates.models import Alert, PushSubscription
from updates.publishing import EntryContent, EntryInput, TextContent
from updates.publishing.alerts import sweep_subscriptions

pytestmark = [pytest.mark.django_db, pytest.mark.once]


@pytest.fixture
def event():
    return make_event(slug="storm")


def subscribe(client, sent, content_type="application/json"):
    return client.post("/storm/alerts", sent, content_type=content_type)


def test_subscribing_twice_is_one_subscription_and_off_ends_it(client, event):
    assert subscribe(client, body()).status_code == 201
    assert subscribe(client, body()).status_code == 201
    assert PushSubscription.objects.filter(event=event).count() == 1
    assert subscribe(client, body(off=True)).status_code == 200
    assert not PushSubscription.objects.exists()


def test_refusals(client, event):
    assert subscribe(client, b"{}").status_code == 400
    assert subscribe(client, body(), "text/plain").status_code == 415
    assert client.get("/storm/alerts").status_code == 405
    assert client.post("/nothing/alerts", body(), content_type="application/json").status_code == 404
    publishing.change_state(event.pk, ChangeKind.END, editor_of(event))
    assert subscribe(client, body()).status_code == 409
    assert not PushSubscription.objects.exists()


def test_without_a_key_only_the_open_page_can_notify(client, event, settings):
    with_key = client.get("/storm/").content.decode()
    settings.VAPID_PRIVATE_KEY, settings.RELEASE = "", "other"
    without = client.get("/storm/").content.decode()

    assert 'data-key="B' in with_key
    assert "manifest.webmanifest" in with_key
    assert "data-notify" in without
    assert 'data-key=""' in without
    assert "manifest.webmanifest" not in without
    assert subscribe(client, body()).status_code == 404
    assert [client.get(path).status_code for path in ("/service-worker.js", "/manifest.webmanifest")] == [404, 404]


def test_ended_event_offers_no_alerts(client, event):
    publishing.change_state(event.pk, ChangeKind.END, editor_of(event))

    assert "data-notify" not in client.get("/storm/").content.decode()


def test_service_worker_and_manifest(client, event):
    worker = client.get("/service-worker.js")
    manifest = json.loads(client.get("/manifest.webmanifest").content)

    assert worker.headers["Content-Type"] == "text/javascript"
    assert b"fetch" not in worker.content
    assert b"caches." not in worker.content
    assert (manifest["display"], manifest["scope"]) == ("standalone", "/")


def test_only_moderators_and_editors_are_offered_the_button(event, settings):
    def offers(user):
        return ALERT in offered_actions(user, event, None, correcting=False, reviewing=False)

    assert offers(editor_of(event))
    assert offers(make_member(event, Role.MODERATOR))
    assert not offers(make_member(event))
    assert not offers(make_user())
    settings.VAPID_PRIVATE_KEY = ""
    assert not offers(editor_of(event))


def test_correspondent_cannot_order_an_alert(event):
    content = EntryContent("Gate holds", (TextContent("<p>It does.</p>"),))
    with pytest.raises(PermissionDenied, match="Only a moderator"):
        publishing.publish_entry(EntryInput(event.pk, content, alert=True), make_member(event))
    assert not Alert.objects.exists()
    assert not event.entries.exists()


def test_button_publishes_and_orders_an_alert(client, event):
    client.force_login(editor_of(event))
    page = client.get(f"/admin/updates/event/{event.pk}/desk/").content.decode()
    assert "0 people have asked for alerts" in page
    forms = {
        f"{kind}-{name}": "0"
        for kind in ("text", "photo", "quote", "embed")
        for name in ("TOTAL_FORMS", "INITIAL_FORMS")
    }
    sent = forms | {"headline": "Gate holds", "key": "k" * 32, "_alert": "1"}
    client.post(f"/admin/updates/event/{event.pk}/desk/", sent)

    assert Alert.objects.get().entry.title == "Gate holds"


def test_retry_orders_no_second_alert(event):
    content = EntryContent("Gate holds", (TextContent("<p>It does.</p>"),))
    for _try in range(2):
        publishing.publish_entry(EntryInput(event.pk, content, key="k", alert=True), editor_of(event))

    assert Alert.objects.count() == 1


def test_subscriptions_of_ended_events_are_deleted_after_a_week(client, event):
    subscribe(client, body())
    publishing.change_state(event.pk, ChangeKind.END, editor_of(event))
    sweep_subscriptions()
    assert PushSubscription.objects.exists()
    sweep_subscriptions(timezone.now() + timedelta(days=8))
    assert not PushSubscription.objects.exists()


def test_subscriptions_of_cancelled_events_are_deleted_after_a_week(client, event):
    subscribe(client, body())
    publishing.change_state(event.pk, ChangeKind.CANCEL, editor_of(event), note="The storm has passed.")
    sweep_subscriptions()
    assert PushSubscription.objects.exists()
    sweep_subscriptions(timezone.now() + timedelta(days=8))
    assert not PushSubscription.objects.exists()
