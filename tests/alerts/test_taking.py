"""Subscriptions are taken once, by however many processes."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, transaction

from tests.factories import editor_of, make_event
from tests.publishing.races import in_thread, others_waiting
from tests.servers import wait_until
from updates import publishing
from updates.models import Alert, PushSubscription
from updates.publishing import EntryContent, EntryInput, TextContent
from updates.publishing.alerts import Device, subscribe, take


@pytest.mark.database
@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer at a time")
def test_who_takes_before_the_others_commit_waits_and_takes_the_next_ones():
    event = make_event(slug="storm")
    for number in range(5):
        subscribe(event, Device(f"https://push.example/{number}", "key", "auth"))
    content = EntryContent("Gate holds", (TextContent("<p>It does.</p>"),))
    publishing.publish_entry(EntryInput(event.pk, content, alert=True), editor_of(event))
    alert = Alert.objects.get().pk

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            first = taken(alert)
            second = pool.submit(in_thread, lambda: taken(alert))
            wait_until(lambda: second.done() or others_waiting(), "the second waits for the first")
        keys = list(PushSubscription.objects.order_by("pk").values_list("pk", flat=True))
        assert (first, second.result()) == (keys[:2], keys[2:4])


def taken(alert):
    _, subscriptions = take(alert, 2)
    return [each.pk for each in subscriptions]
