"""Ending a live blog asks what becomes of what is submitted or scheduled."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from tests.factories import make_event, make_member, make_picture
from updates import publishing
from updates.choices import ChangeKind, Waiting
from updates.models import Entry, Person
from updates.publishing import EntryContent, EntryInput, PhotoContent, Refused
from updates.publishing.schedule import coming

pytestmark = pytest.mark.django_db


@pytest.fixture
def waiting(event, boss):
    noor = make_member(event)
    photo = PhotoContent(make_picture(noor).pk, "A quay", "Noor")
    later = timezone.now() + timedelta(hours=1)
    publishing.schedule(EntryInput(event.pk, EntryContent("Scheduled")), boss, later)
    publishing.submit(EntryInput(event.pk, EntryContent("Submitted", (photo,))), noor)
    publishing.save_draft(EntryInput(event.pk, EntryContent("Draft")), noor)


def states(event):
    return dict(event.entries.values_list("headline", "status"))


@pytest.mark.parametrize(("decision", "becomes"), [
    (Waiting.PUBLISH, "published"), (Waiting.DRAFT, "draft"), (Waiting.DISCARD, "discarded"),
])  # fmt: skip
def test_what_is_decided_is_done_in_the_same_step(event, boss, waiting, decision, becomes):
    with pytest.raises(Refused) as refused:
        publishing.change_state(event.pk, ChangeKind.END, boss)
    assert refused.value.code == "waiting"
    assert str(refused.value) == "2 updates are submitted or scheduled. Publish, keep as drafts, or discard?"

    ended = publishing.change_state(event.pk, ChangeKind.END, boss, waiting=decision)

    assert states(event) == {"Scheduled": becomes, "Submitted": becomes, "Draft": "draft"}
    assert (ended.status, ended.entry_count) == ("ended", 2 if decision == Waiting.PUBLISH else 0)
    assert coming(0, timezone.now() + timedelta(days=1)) == []


def test_all_go_out_before_the_end_and_the_oldest_first(event, boss, waiting):
    publishing.change_state(event.pk, ChangeKind.END, boss, waiting=Waiting.PUBLISH)
    log = event.changes.filter(seq__isnull=False).order_by("seq").values_list("kind", "entry__headline")
    assert list(log)[-3:] == [("publish", "Submitted"), ("publish", "Scheduled"), ("end", None)]


def test_portraits_that_nothing_has_shown_yet_keep_no_live_blog_from_its_end(event, boss):
    for place in range(4):
        writer = make_member(event, username=f"writer{place}")
        Person.objects.create(name=f"Writer {place}", user=writer, photo=make_picture(writer))
        publishing.submit(EntryInput(event.pk, EntryContent(f"Submitted {place}")), writer)

    ended = publishing.change_state(event.pk, ChangeKind.END, boss, waiting=Waiting.PUBLISH)

    assert (ended.status, ended.entry_count) == ("ended", 4)
    assert all(entry.content["bylines"][0]["photo"] for entry in event.entries.all())


def test_a_cancelled_live_blog_publishes_nothing(boss):
    event = make_event(status="upcoming", author=boss)
    publishing.submit(EntryInput(event.pk, EntryContent("Submitted")), boss)
    with pytest.raises(Refused):
        publishing.change_state(event.pk, ChangeKind.CANCEL, boss, waiting=Waiting.PUBLISH)
    publishing.change_state(event.pk, ChangeKind.CANCEL, boss, waiting=Waiting.DRAFT)
    assert states(event) == {"Submitted": "draft"}


def test_the_page_lists_them_and_asks(client, event, boss, waiting):
    client.force_login(boss)
    address = reverse("admin:updates_event_state", args=[event.pk, "end"])

    page = client.get(address).content.decode()
    undecided = client.post(address, {})
    decided = client.post(address, {"waiting": "draft"})

    assert ["Scheduled</a>" in page, "Submitted</a>" in page, "Draft</a>" in page] == [True, True, False]
    assert (undecided.status_code, decided.status_code) == (200, 302)
    assert "Choose what should happen to the submitted and scheduled updates." in undecided.content.decode()
    assert set(Entry.objects.values_list("status", flat=True)) == {"draft"}
