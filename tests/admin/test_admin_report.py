"""The report of a live blog, and what stands on top of its desk."""

import csv
import io
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from tests.factories import editor_of, make_editor, make_event, post
from updates import publishing
from updates.choices import ChangeKind, Waiting
from updates.live.minutes import record_readers
from updates.publishing import EntryContent, EntryInput

pytestmark = [pytest.mark.django_db, pytest.mark.once]


def address(event, name="report", **more):
    return reverse(f"admin:updates_event_{name}", args=[event.pk, *more.values()])


def rows_of(answer):
    return list(csv.reader(io.StringIO(answer.content.decode().removeprefix("\ufeff"))))


@pytest.fixture
def event(db):
    return make_event(title="Storm Maren", at=timezone.now() - timedelta(hours=2))


@pytest.fixture
def evening(event, noor, tomas):
    """An event with readers, an update, a correction and a removal."""
    entry = post(event, "The gate holds", author=noor)
    post(event, "Key", author=tomas, is_key=True)
    publishing.correct(entry.pk, EntryContent("The gate held"), "It is over", noor)
    gone = post(event, "Gone", author=tomas)
    publishing.remove(gone.pk, tomas)
    now = timezone.now()
    record_readers({event.pk: 1234}, now - timedelta(minutes=1))
    record_readers({event.pk: 30}, now)
    return event


def test_figures_stay_after_the_event_as_a_page_and_as_csv(desk, evening, tomas):
    publishing.change_state(evening.pk, ChangeKind.END, tomas, waiting=Waiting.DISCARD)
    page = desk.get(address(evening)).content.decode()
    figures = dict(rows_of(desk.get(address(evening, "report_csv", of="report"))))

    assert "<dt>Most readers at once</dt><dd>1,234" in page
    assert "<bdi>noor</bdi> <b>1</b>" in page
    wanted = {"updates": "2", "key_events": "1", "corrections": "1", "removed": "1", "readers_peak": "1234"}
    assert figures.items() >= wanted.items()
    assert figures["ended"]
    assert figures["updates_by noor"] == "1"


def test_every_minute_as_csv(desk, evening):
    header, *minutes = rows_of(desk.get(address(evening, "report_csv", of="minutes")))

    assert header == ["minute", "readers", "published", "corrected", "removed"]
    assert [int(row[1]) for row in minutes if row[1] != "0"] == [1234, 30]
    sums = [sum(int(row[column]) for row in minutes) for column in (2, 3, 4)]
    assert sums == [3, 1, 1]


def test_a_title_is_no_formula(client):
    event = make_event(title="=HYPERLINK(1)", author=make_editor())
    client.force_login(editor_of(event))
    assert dict(rows_of(client.get(address(event, "report_csv", of="report"))))["title"] == "'=HYPERLINK(1)"


def test_an_event_without_anything_has_a_report(desk, event):
    assert "No reader has been counted yet." in desk.get(address(event)).content.decode()


def test_the_desk_shows_readers_now_and_the_newest_update(desk, evening):
    top = desk.get(address(evening, "pulse")).json()["html"]
    page = desk.get(address(evening, "desk")).content.decode()

    for html in (top, page):
        assert "<b>30</b>" in html
        assert "most at " in html
        assert "1,234" in html
        assert "Newest update" in html


def test_only_a_live_desk_counts(desk, event, tomas):
    publishing.change_state(event.pk, ChangeKind.END, tomas)
    assert desk.get(address(event, "pulse")).json()["html"] == ""
    page = desk.get(address(event, "desk")).content.decode()
    assert "desk-pulse" not in page
    assert address(event) in page


def test_what_waits_is_named_to_those_who_approve(client, event, noor, tomas):
    publishing.submit(EntryInput(event.pk, EntryContent("To approve")), noor)
    named = {}
    for user in (noor, tomas):
        client.force_login(user)
        changes = client.get(f"{address(event, 'changes')}?after=0").json()["top"]
        named[user.username] = ["1 to approve" in text for text in (changes, top_of(client, event))]
    assert named == {"noor": [False, False], "tomas": [True, True]}


def top_of(client, event):
    page = client.get(address(event, "desk")).content.decode()
    return page.partition("data-top>")[2].partition("</p>")[0]


def test_ending_leads_to_the_report(client, event, tomas):
    client.force_login(tomas)
    answer = client.post(reverse("admin:updates_event_state", args=[event.pk, "end"]), follow=True)
    assert answer.request["PATH_INFO"] == address(event)


def test_ending_is_offered_to_those_who_may(client, event, noor, tomas):
    end = reverse("admin:updates_event_state", args=[event.pk, "end"])
    offered = {}
    for user in (noor, tomas):
        client.force_login(user)
        offered[user.username] = end in client.get(address(event, "desk")).content.decode()
    assert offered == {"noor": False, "tomas": True}
