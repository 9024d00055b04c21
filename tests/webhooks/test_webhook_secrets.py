"""What webhooks keep to themselves: words that were erased, and live blogs that left the lists."""

import json
from datetime import timedelta

import pytest
from django.utils import timezone

from tests.factories import editor_of, make_event, make_user, post
from tests.webhooks.conftest import ALL, send
from updates import publishing
from updates.models import WebhookCursor
from updates.publishing import EntryContent, EventDetails
from updates.publishing.erasure import erase_entry
from updates.publishing.webhooks import create_webhook, order_again, store_result, take_next, wanted_deliveries

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.database]


def test_answers_that_come_during_the_erasing_are_erased_too(event, webhook):
    entry = post(event, "A name")
    job = take_next(WebhookCursor.objects.get().pk)
    erase_entry(entry.pk, make_user("root", superuser=True), reason="Court order")
    store_result(job, status=400, answer="I do not know A name")
    assert webhook.deliveries.get().answer == ""
    job = take_next(WebhookCursor.objects.get().pk, timezone.now() + timedelta(hours=1))
    store_result(job, status=200, answer="ok")
    job = take_next(WebhookCursor.objects.get().pk, timezone.now() + timedelta(hours=1))
    store_result(job, status=400, answer="What is erased?")
    assert webhook.deliveries.first().answer == "What is erased?"


def test_what_receivers_answer_does_not_reach_the_log(event, receiver, caplog):
    create_webhook(event, f"{receiver.url}/forged", ALL, editor_of(event))
    post(event, "One")
    send()
    lines = [record.getMessage() for record in caplog.records if record.name == "updates.webhooks.sender"]
    assert [(line.endswith("not accepted: 400"), "\n" in line) for line in lines] == [(True, False)]


def test_repeats_of_an_event_that_is_no_longer_listed_go_to_its_own_webhooks_only(event, webhook, receiver):
    everywhere = create_webhook(None, f"{receiver.url}/site", ALL, make_user("root", superuser=True))
    author, entry = editor_of(event), post(event, "Then")
    send()
    publishing.change_event(event.pk, EventDetails(is_listed=False), author)
    publishing.edit(entry.pk, EntryContent("Now"), author)
    send()
    for each in (webhook, everywhere):
        order_again(each.deliveries.filter(seq=entry.seq).get(), author if each.event else make_user(superuser=True))
    send(at_once=True)
    assert receiver.accepted("/ok")[-1]["data"]["entry"]["title"] == "Now"
    assert "Now" not in json.dumps(receiver.accepted("/site"))
    assert wanted_deliveries() == []


def test_whoever_follows_the_site_hears_last_that_a_live_blog_was_taken_off_the_lists(event, receiver):
    create_webhook(None, f"{receiver.url}/site", ALL, make_user("root", superuser=True))
    author, entry = editor_of(event), post(event, "Then")
    never = make_event(slug="rehearsal", status="draft")
    publishing.change_event(never.pk, EventDetails(is_listed=False), editor_of(never))
    publishing.change_state(never.pk, "open", editor_of(never))
    send()
    publishing.change_event(event.pk, EventDetails(is_listed=False, standfirst="Not for the lists"), author)
    publishing.change_event(event.pk, EventDetails(byline="Nor this"), author)
    publishing.remove(entry.pk, author)
    send()
    send()
    first, last = receiver.accepted("/site")
    assert (first["type"], last["type"], last["data"]["event"]["is_listed"]) == (
        "entry.published", "event.changed", False,
    )  # fmt: skip
    assert not {"standfirst", "byline"} & last["data"]["event"].keys()
    publishing.change_event(event.pk, EventDetails(is_listed=True), author)
    send()
    assert receiver.accepted("/site")[-1]["data"]["event"]["is_listed"] is True
