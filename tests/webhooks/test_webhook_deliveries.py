"""What receivers get: everything once, in order, signed, and nothing that readers may not see."""

import asyncio
import json
from datetime import timedelta

import pytest
from django.utils import timezone

from tests.factories import editor_of, make_event, make_user, post, post_many
from tests.webhooks.conftest import ALL, send
from updates import publishing
from updates.models import Webhook, WebhookCursor, WebhookDelivery
from updates.publishing import EntryContent, EntryInput, EventDetails
from updates.publishing.erasure import erase_entry
from updates.publishing.webhooks import (
    DELIVERY_LIFE,
    PAUSED_AFTER,
    create_webhook,
    due_cursors,
    order_again,
    order_test,
    resume_webhook,
    store_result,
    sweep_deliveries,
    take_next,
    wanted_deliveries,
)
from updates.webhooks.message import signature
from updates.webhooks.sender import WebhookSender

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.database]


def told(messages):
    """Type and number of each message, and whom or what it is about."""
    return [(message["type"], message["data"]["seq"]) for message in messages]


def test_every_change_is_told_in_order_with_its_newest_state(event, webhook, receiver):
    author = editor_of(event)
    entry = post(event, "Gate holds", is_key=True)
    publishing.pin(entry.pk, author)
    publishing.correct(entry.pk, EntryContent("Gate held", is_key=True), "Not holds.", author)
    publishing.change_event(event.pk, EventDetails(title="Storm Maren"), author)
    publishing.change_state(event.pk, "end", author)
    send()
    messages = receiver.accepted()
    assert [message["type"] for message in messages] == [
        "entry.published", "entry.pinned", "entry.corrected", "event.changed", "event.state",
    ]  # fmt: skip
    first = messages[0]["data"]
    assert (first["entry"]["title"], first["event"]["slug"], first["change"]) == ("Gate held", "storm", "publish")
    assert messages[-1]["data"]["event"]["state"] == "ended"
    assert [message["data"]["seq"] for message in messages] == sorted(message["data"]["seq"] for message in messages)
    send()
    assert len(receiver.accepted()) == 5


def test_a_receiver_that_was_down_gets_everything_once_in_order_and_signed(event, webhook, receiver):
    receiver.answer(503)
    entries = post_many(event, 5)
    for _ in range(3):
        send()
    assert receiver.accepted() == []
    assert [row["status"] for row in receiver.records] == [503] * 3  # the first one only: nothing overtakes it
    receiver.answer(200)
    send()
    messages = receiver.accepted()
    assert told(messages) == [("entry.published", entry.seq) for entry in entries]
    for row in receiver.records:
        heads = {name.lower(): value for name, value in row["headers"].items()}
        wanted = signature(heads["webhook-id"], heads["webhook-timestamp"], row["body"].encode(), webhook.secret)
        assert heads["webhook-signature"] == f"v1,{wanted}"
    assert len({row["headers"]["webhook-id"] for row in receiver.records}) == 5
    delivery = WebhookDelivery.objects.order_by("pk").first()
    assert (delivery.tries, delivery.status, delivery.delivered_at is not None) == (4, 200, True)


def test_pauses_between_tries_grow_and_the_receiver_may_ask_for_more(event, webhook):
    post(event, "One")
    now = timezone.now()
    pauses = []
    for _ in range(9):
        job = take_next(WebhookCursor.objects.get().pk, now)
        store_result(job, status=500, answer="", now=now)
        later = WebhookCursor.objects.get().next_at
        pauses.append((later - now).total_seconds())
        assert take_next(job.cursor.pk, later - timedelta(seconds=1)) is None
        now = later
    assert pauses == [2, 4, 8, 16, 32, 64, 120, 120, 120]
    job = take_next(job.cursor.pk, now)
    store_result(job, status=200, answer="", now=now)
    post(event, "Two")
    store_result(take_next(job.cursor.pk, now), status=429, answer="", wait=30.0, now=now)
    assert WebhookCursor.objects.get().next_at - now == timedelta(seconds=30)


def test_what_was_removed_meanwhile_is_told_without_its_words(event, webhook, receiver):
    entry = post(event, "Wrong name", text="<p>Words of it</p>")
    publishing.remove(entry.pk, editor_of(event), reason="A secret reason")
    send()
    messages = receiver.accepted()
    assert [message["type"] for message in messages] == ["entry.published", "entry.removed"]
    entry.refresh_from_db()
    for message in messages:
        assert message["data"]["removed"] == {"id": entry.public_id, "seq": entry.seq}
    assert not {"Wrong", "Words", "secret"} & set(json.dumps(messages).replace('"', " ").split())


def test_nothing_is_told_of_what_readers_do_not_see(event, webhook, receiver):
    author, site = editor_of(event), make_user("root", superuser=True)
    everywhere = create_webhook(None, f"{receiver.url}/site", ALL, site)
    written = EntryInput(event.pk, EntryContent("Embargoed"))
    publishing.schedule(written, author, timezone.now() + timedelta(hours=1))
    publishing.save_draft(EntryInput(event.pk, EntryContent("Draft")), author)
    hidden, unlisted = make_event(slug="hidden", status="draft"), make_event(slug="rehearsal", is_listed=False)
    publishing.change_event(hidden.pk, EventDetails(title="Secret"), editor_of(hidden))
    post(unlisted, "Rehearsed")
    send()
    assert receiver.records == []
    new = make_event(slug="flood")
    post(new, "Flood")
    send()
    messages = receiver.accepted("/site")
    assert {message["data"]["event"]["slug"] for message in messages} == {"flood"}
    assert [message["data"]["entry"]["title"] for message in messages if "entry" in message["data"]] == ["Flood"]
    assert everywhere.deliveries.count() == len(messages)


def test_only_wanted_types_are_told(event, receiver):
    author = editor_of(event)
    create_webhook(event, f"{receiver.url}/ok", ["entry.removed"], author)
    entry = post(event, "One")
    post(event, "Two")
    publishing.remove(entry.pk, author)
    send()
    assert [message["type"] for message in receiver.accepted()] == ["entry.removed"]
    assert due_cursors() == []


def test_redirects_are_not_followed(event, receiver):
    webhook = create_webhook(event, f"{receiver.url}/away", ALL, editor_of(event))
    post(event, "One")
    send()
    assert receiver.records == []
    assert webhook.deliveries.get().status == 307


def test_hanging_and_endless_receivers_cost_little_and_delay_nobody(event, webhook, receiver, monkeypatch):
    endless = create_webhook(event, f"{receiver.url}/endless", ALL, editor_of(event))
    hanging = create_webhook(event, f"{receiver.url}/hang", ALL, editor_of(event))
    entries = post_many(event, 3)
    send()
    assert told(receiver.accepted()) == [("entry.published", entry.seq) for entry in entries]
    assert {row.status for row in endless.deliveries.all()} == {200}
    assert all(len(row.answer) <= 300 for row in endless.deliveries.all())
    monkeypatch.setattr("updates.webhooks.calls.DEADLINE", 1.0)  # from here on: a busy machine needs more for the above
    with receiver.held():
        post(event, "While it hangs")
        send()
    assert hanging.deliveries.first().status == 0
    assert hanging.deliveries.first().answer == "No answer within 1 s"


def test_two_processes_at_once_deliver_nothing_twice(event, webhook, receiver):
    entries = post_many(event, 6)

    async def both():
        await asyncio.gather(WebhookSender().run_to_the_end(), WebhookSender().run_to_the_end())

    asyncio.run(both())
    assert told(receiver.accepted()) == [("entry.published", entry.seq) for entry in entries]


def test_a_receiver_that_wants_no_more_is_paused_and_goes_on_where_it_stopped(event, webhook, receiver):
    receiver.answer(410)
    first = post(event, "One")
    send()
    webhook.refresh_from_db()
    assert (webhook.is_active, webhook.pause_reason) == (False, "gone")
    receiver.answer(200)
    second = post(event, "Two")
    send()
    assert receiver.accepted() == []
    resume_webhook(webhook, editor_of(event))
    send(at_once=True)
    assert told(receiver.accepted()) == [("entry.published", entry.seq) for entry in (first, second)]


def test_after_two_days_of_failures_it_is_paused(event, webhook):
    post(event, "One")
    now = timezone.now()
    for later in (timedelta(), PAUSED_AFTER + timedelta(minutes=5)):
        store_result(take_next(WebhookCursor.objects.get().pk, now + later), status=0, answer="", now=now + later)
    assert Webhook.objects.get().pause_reason == "failing"


def test_a_killed_process_holds_nothing_back_for_long(event, webhook):
    post(event, "One")
    now = timezone.now()
    pk = WebhookCursor.objects.get().pk
    killed = take_next(pk, now)
    assert take_next(pk, now + timedelta(seconds=50)) is None
    taken = take_next(pk, now + timedelta(seconds=61))
    assert taken.delivery == killed.delivery
    store_result(killed, status=500, answer="", now=now)  # it was only slow: its result moves nothing any more
    assert WebhookCursor.objects.get().next_at == taken.cursor.next_at


def test_tests_and_repeats_are_sent_out_of_order(event, webhook, receiver):
    author = editor_of(event)
    order_test(webhook, author)
    post(event, "One")
    send()
    assert sorted(message["type"] for message in receiver.accepted()) == ["entry.published", "test"]
    delivery = webhook.deliveries.get(type="entry.published")
    order_again(delivery, author)
    send(at_once=True)
    ids = [row["headers"]["webhook-id"] for row in receiver.records]
    assert ids.count(delivery.message_id) == 2
    delivery.refresh_from_db()
    assert delivery.tries == 2


def test_old_deliveries_are_swept_but_not_those_that_wait(event, webhook, receiver):
    post(event, "One")
    send()
    receiver.answer(500)
    post(event, "Two")
    send()
    later = timezone.now() + DELIVERY_LIFE + timedelta(hours=1)
    sweep_deliveries(later)
    assert [row.status for row in webhook.deliveries.all()] == [500]


def test_sites_without_webhooks_pay_two_queries_a_second(transactional_db, django_assert_num_queries):
    with django_assert_num_queries(2):
        assert (due_cursors(), wanted_deliveries()) == ([], [])


def test_erasing_also_erases_what_receivers_have_answered(event, webhook):
    entry = post(event, "A name")
    store_result(take_next(WebhookCursor.objects.get().pk), status=400, answer="I do not know A name")
    erase_entry(entry.pk, make_user("root", superuser=True), reason="Court order")
    assert webhook.deliveries.get().answer == ""
