"""Correcting from the desk, the time readers see, and the history with its versions."""

import csv
import io
import json
import re
from datetime import timedelta

import pytest
from django.urls import reverse

from tests.admin.desk_forms import controls, desk_address, errors, list_address, messages_of
from tests.factories import NOON, editor_of, make_picture, post
from updates import publishing
from updates.models import Change
from updates.models.guard import writing
from updates.publishing import EntryContent, PhotoContent, TextContent

pytestmark = [pytest.mark.django_db, pytest.mark.long]


@pytest.fixture
def entry(event, noor):
    return post(event, "321 voted for it", author=noor, at=NOON)


@pytest.fixture
def moderator(client, tomas):
    client.force_login(tomas)
    return client


def page_of(entry, page, *more):
    return reverse(f"admin:updates_entry_{page}", args=[entry.pk, *more])


def correct(browser, entry, **typed):
    address = page_of(entry, "correct")
    return browser.post(address, controls(browser.get(address)) | typed)


def history(browser, entry):
    return browser.get(page_of(entry, "history")).context["versions"]


def test_the_note_stands_on_top_of_the_form(moderator, entry):
    page = moderator.get(page_of(entry, "correct")).content.decode()
    assert page.index('name="correction"') < page.index('name="headline"')


def test_a_correction_with_what_it_said_before_and_after(moderator, entry, event):
    answer = correct(moderator, entry, headline="312 voted for it", correction="it was 312", shows_change="on")

    entry.refresh_from_db()
    (correction,) = entry.content["corrections"]
    assert answer["Location"] == f"{desk_address(event)}#row-{entry.pk}"
    assert (entry.last_kind, correction["note"]) == ("correct", "it was 312")
    assert correction["change"] == [[["-", "321"], ["+", "312"], ["=", " voted for it"]]]


def test_without_a_change_it_is_refused_and_a_clarification_offered(moderator, entry):
    refused = correct(moderator, entry, correction="of 630 members")
    second = moderator.post(page_of(entry, "correct"), controls(refused) | {"note_is": "clarification"})

    assert errors(refused) == [
        "Nothing was changed, so there is nothing to correct.",
        "To add an explanation only, choose “Clarification”. The text can stay as it is.",
    ]
    assert second.status_code == 302
    entry.refresh_from_db()
    assert (entry.last_kind, entry.content["corrections"][0]["clarifies"]) == ("clarify", True)


def test_a_correction_needs_its_note(moderator, entry):
    refused = correct(moderator, entry, headline="312 voted for it")
    assert errors(refused) == ["Say what was corrected. Readers see this note on the update."]
    assert controls(refused)["headline"] == "312 voted for it"


@pytest.mark.once
def test_remove_does_not_stand_beside_correct(moderator, event, entry):
    (row,) = moderator.get(list_address(event)).context["cl"].result_list
    names = [(action["name"], action["place"]) for action in row.offered["actions"]]
    assert names[:2] == [("edit", "row"), ("correct", "row")]
    assert names[-1] == ("remove", "last")
    assert {place for _name, place in names[2:-1]} == {"more"}


@pytest.mark.once
def test_what_somebody_else_did_first_is_said(moderator, event, entry):
    publishing.pin(entry.pk, editor_of(event))

    answer = moderator.post(page_of(entry, "pin"), follow=True)

    (message,) = messages_of(answer)
    who = editor_of(event).get_username()
    assert message.startswith(
        f"Nothing was changed, because “321 voted for it” is already like this: {who} pinned it at "
    )


@pytest.mark.once
def test_moving_from_the_list(moderator, event, entry):
    post(event, "Later", author=editor_of(event))
    moderator.post(page_of(entry, "up"))
    assert [row.title for row in moderator.get(list_address(event)).context["cl"].result_list] == [entry.title, "Later"]


def test_the_time_is_set_on_the_events_clock(moderator, event, entry):
    publishing.change_event(event.pk, publishing.EventDetails(time_zone="Asia/Tokyo"), editor_of(event))
    address = page_of(entry, "time")

    form = controls(moderator.get(address))
    moderator.post(address, form | {"time": "2025-03-13T09:30"})

    entry.refresh_from_db()
    assert form["time"] == "2031-03-13T21:00"
    assert entry.published_at.isoformat() == "2025-03-13T00:30:00+00:00"


@pytest.mark.once
def test_a_time_is_taken_back_on_its_page(moderator, entry):
    was = publishing.set_time(entry.pk, NOON.replace(year=2024), entry.author).published_at
    answer = moderator.post(page_of(entry, "time"), {"time": "2025-03-13T09:30"}, follow=True)
    assert messages_of(answer) == [f"Time set: {entry.title}"]
    way = answer.context["last_action"]["undo"]

    moderator.post(way, controls(moderator.get(way)))

    entry.refresh_from_db()
    assert entry.published_at == was


@pytest.mark.once
@pytest.mark.parametrize("value", ["yesterday", "2025-02-31T00:00Z", "0001-01-01T00:00:00+14:00", "2025-01-01T00:00"])
def test_a_time_before_that_is_none_is_not_filled_in(moderator, entry, value):
    form = controls(moderator.get(page_of(entry, "time"), {"at": value}))
    assert form["time"] == "2031-03-13T12:00"


def test_a_time_to_come_is_refused_with_what_was_typed(moderator, entry):
    answer = moderator.post(page_of(entry, "time"), {"time": "2032-01-01T00:00"})
    assert errors(answer) == ["This time is in the future. Enter a time that has passed."]
    assert controls(answer)["time"] == "2032-01-01T00:00"


@pytest.mark.once
def test_the_time_left_as_it_is_changes_nothing(moderator, noor, event):
    entry = post(event, "x", author=noor, at=NOON + timedelta(seconds=30))
    moderator.post(page_of(entry, "time"), controls(moderator.get(page_of(entry, "time"))))
    assert not Change.objects.filter(kind="time").exists()


def test_history_tells_each_change_word_by_word(moderator, event, entry, tomas):
    publishing.correct(entry.pk, EntryContent("312 voted for it", (TextContent("<p>Full.</p>"),)), "it was 312", tomas)
    publishing.remove(entry.pk, tomas, reason="Lawyers")

    removed, corrected, published = history(moderator, entry)

    assert (removed.who, removed.change.reason, removed.differences) == ("tomas", "Lawyers", [])
    assert [str(one.label) for one in corrected.differences] == ["Headline", "Text"]
    pieces = [(piece.mark, piece.text) for piece in corrected.differences[0].line.pieces]
    assert pieces == [("-", "321"), ("+", "312"), ("=", " voted for it")]
    assert published.who == "noor"
    assert {version.restore for version in (removed, corrected, published)} == {""}  # not while it is removed


def test_history_shows_pictures_and_not_their_names(moderator, event, noor, tomas):
    first, second = (make_picture(noor, colour=colour) for colour in ((60, 90, 110), (110, 90, 60)))
    entry = post(event, "Harbour", blocks=(PhotoContent(first.pk, "Waves", "Noor"),), author=noor)
    publishing.edit(entry.pk, EntryContent("Harbour", (PhotoContent(second.pk, "Waves", "Noor"),)), tomas)

    page = moderator.get(page_of(entry, "history"))

    edited, published = page.context["versions"]
    before, after = (reverse("admin:updates_picture", args=[picture.public_id]) for picture in (first, second))
    assert [difference.pictures for difference in edited.differences] == [(before, after)]
    assert published.differences[1].pictures == (before, before)
    html = page.content.decode()
    assert f'<del><img src="{before}" alt="Picture removed"></del><ins><img src="{after}"' in html
    assert first.public_id not in re.sub("<img[^>]*>", "", html)
    assert moderator.get(before).status_code == 200


def test_an_earlier_version_is_brought_back(moderator, entry, tomas):
    publishing.edit(entry.pk, EntryContent("Wrong"), tomas)
    *_newer, first = history(moderator, entry)

    page = moderator.get(first.restore)
    answer = moderator.post(first.restore, controls(page), follow=True)

    entry.refresh_from_db()
    assert [str(one.label) for one in page.context["differences"]] == ["Headline", "Text"]
    assert (entry.headline, entry.last_kind) == ("321 voted for it", "revert")
    assert messages_of(answer) == ["Brought back: 321 voted for it"]
    assert answer.wsgi_request.session["last_action"]["seq"] == entry.seq


@pytest.mark.once
def test_bringing_back_what_stands_there_is_not_said_to_have_changed_it(moderator, entry):
    address = reverse("admin:updates_entry_version", args=[entry.pk, entry.changes.get().desk_seq])

    answer = moderator.post(address, controls(moderator.get(address)), follow=True)

    assert messages_of(answer) == ["Nothing was changed."]
    assert entry.changes.count() == 1


@pytest.mark.parametrize("number", ["9" * 30, "9" * 5000, "²", "-1"])
def test_numbers_that_no_database_takes_ask_for_nothing(moderator, event, entry, number):
    desk = reverse("admin:updates_event_desk", args=[event.pk])
    changes = reverse("admin:updates_event_changes", args=[event.pk])
    addresses = (f"{desk}?author=", f"{desk}?below=", f"{changes}?after=", f"{page_of(entry, 'history')}?before=")
    assert [moderator.get(address + number).status_code for address in addresses] == [200, 200, 200, 200]


@pytest.mark.once
def test_a_version_is_not_brought_back_over_a_newer_one(moderator, entry, tomas):
    publishing.edit(entry.pk, EntryContent("Wrong"), tomas)
    *_newer, first = history(moderator, entry)
    form = controls(moderator.get(first.restore))
    publishing.edit(entry.pk, EntryContent("Right by now"), tomas)

    answer = moderator.post(first.restore, form, follow=True)

    entry.refresh_from_db()
    assert entry.headline == "Right by now"
    assert messages_of(answer)[0].startswith("Somebody saved a newer version of this update. tomas edited it at ")


@pytest.mark.once
def test_history_stays_short_however_long_it_is(moderator, entry, tomas):
    for _number in range(51):
        publishing.pin(entry.pk, tomas)
        publishing.unpin(entry.pk, tomas)
    page = moderator.get(page_of(entry, "history"))
    rest = moderator.get(f"{page_of(entry, 'history')}?before={page.context['older']}")
    assert [len(answer.context["versions"]) for answer in (page, rest)] == [100, 3]


@pytest.mark.once
def test_history_compares_over_the_edge_of_a_page(moderator, entry, noor, monkeypatch):
    """Below the edge come changes at the desk only, which readers never got."""
    monkeypatch.setattr("updates.admin.entry.history.PER_PAGE", 1)
    for number in range(2):
        content = EntryContent(f"Suggestion {number}", (TextContent("<p>It voted.</p>"),))
        publishing.propose(entry.pk, content, noor)
    correct(moderator, entry, headline="312 voted for it", correction="it was 312")

    (corrected,) = history(moderator, entry)

    headline = corrected.differences[0].line
    assert ("".join(piece.text for piece in headline.before), headline.text) == (
        "321 voted for it",
        "321312 voted for it",
    )


@pytest.fixture
def editor(client, event):
    client.force_login(editor_of(event))
    return client


def test_the_log_as_json_holds_everything(editor, entry, tomas):
    publishing.remove(entry.pk, tomas, reason="Lawyers")

    answer = editor.get(page_of(entry, "log", "json"))

    rows = json.loads(answer.content)
    assert [(row["kind"], row["account"], row["reason"]) for row in rows] == [
        ("publish", "noor", ""),
        ("remove", "tomas", "Lawyers"),
    ]
    assert rows[0]["snapshot"]["content"]["headline"] == "321 voted for it"
    assert answer["Content-Disposition"].startswith("attachment;")


@pytest.mark.once
def test_no_cell_of_the_csv_is_a_formula(editor, event, tomas):
    typed = ["=HYPERLINK(1)", "+1", "-1", "@SUM(A1)", "\t=1", "plain"]
    for reason in typed:
        entry = publishing.remove(post(event, "x", author=tomas).pk, tomas, reason=reason)
        with writing():  # as it stands in logs of earlier versions
            entry.changes.filter(kind="remove").update(reason=reason)

    answer = editor.get(reverse("admin:updates_event_log", args=[event.pk, "csv"]))

    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert [row["reason"] for row in rows if row["kind"] == "remove"] == [f"'{text}" for text in typed[:-1]] + ["plain"]
