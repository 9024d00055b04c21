"""Changes that readers are told of, and earlier versions brought back."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied

from tests.factories import NOON, editor_of, make_event, make_member, make_user, post
from updates import publishing
from updates.models import Change, Entry, Event
from updates.publishing import EntryContent, NewerVersion, Refused, TextContent
from updates.publishing.editing import UNCHANGED

pytestmark = pytest.mark.django_db

VOTES = EntryContent("The vote", (TextContent("<p>321 voted for it.</p><p>The chamber is full.</p>"),))
RIGHT = EntryContent("The vote", (TextContent("<p>312 voted for it.</p><p>The chamber is full.</p>"),))


@pytest.fixture
def event():
    return make_event()


@pytest.fixture
def editor(event):
    return editor_of(event)


@pytest.fixture
def entry(event, editor):
    return publishing.publish(event.pk, VOTES, editor, at=NOON).entry


def notes_of(entry):
    return entry.content["corrections"]


def test_a_correction_within_a_minute_is_shown_all_the_same(entry, editor):
    corrected = publishing.correct(entry.pk, RIGHT, "it was 312", editor, at=NOON + timedelta(seconds=20))
    assert [one["note"] for one in notes_of(corrected)] == ["it was 312"]
    assert (corrected.corrected_at, corrected.updated_at) == (NOON + timedelta(seconds=20), None)


def test_a_clarification_needs_no_change(entry, editor):
    clarified = publishing.clarify(entry.pk, VOTES, "of 630 members", editor, at=NOON)
    assert notes_of(clarified) == [{"at": NOON.isoformat(), "note": "of 630 members", "clarifies": True}]
    assert (clarified.last_kind, clarified.seq) == ("clarify", entry.seq + 1)


def test_nothing_to_correct_says_that_a_clarification_may_be_meant(entry, editor):
    with pytest.raises(Refused) as refused:
        publishing.correct(entry.pk, VOTES, "of 630 members", editor)
    assert refused.value.code == UNCHANGED


@pytest.mark.parametrize("send", [publishing.edit, publishing.correct, publishing.clarify])
def test_a_change_whose_answer_was_lost_is_sent_again_without_harm(entry, editor, send):
    note = () if send is publishing.edit else ("it was 312",)
    calls = [send(entry.pk, RIGHT, *note, editor, version=entry.version) for _ in range(2)]

    assert [call.was_changed for call in calls] == [True, False]
    assert calls[1].version == calls[0].version
    assert [one["note"] for one in notes_of(calls[1])] == list(note)
    publishing.edit(entry.pk, VOTES, editor)
    with pytest.raises(NewerVersion):
        send(entry.pk, RIGHT, *note, editor, version=entry.version)


def test_readers_may_see_what_changed_word_by_word(entry, editor):
    corrected = publishing.correct(entry.pk, RIGHT, "it was 312", editor, shows_change=True)
    assert notes_of(corrected)[0]["change"] == [[["-", "321"], ["+", "312"], ["=", " voted for it."]]]


def test_what_was_typed_as_html_is_shown_as_words(event, editor):
    entry = post(event, "x", author=editor, text="<p>3 &lt; 4 <b>bold</b> <script>alert(1)</script></p>")
    content = EntryContent("x", (TextContent("<p>3 &lt; 5 <b>bold</b></p>"),))
    corrected = publishing.correct(entry.pk, content, "it is 5", editor, shows_change=True)
    assert notes_of(corrected)[0]["change"] == [[["=", "3 < "], ["-", "4"], ["+", "5"], ["=", " bold"]]]


def test_a_set_time_does_not_make_an_edit_late(entry, editor):
    publishing.set_time(entry.pk, NOON - timedelta(hours=2), editor, at=NOON)
    edited = publishing.edit(entry.pk, RIGHT, editor, at=NOON + timedelta(seconds=30))
    assert edited.updated_at is None


def test_an_earlier_version_comes_back_as_a_new_change(event, entry, editor):
    first = Change.objects.get(entry=entry)
    publishing.correct(entry.pk, RIGHT, "it was 312", editor)

    back = publishing.restore_version(entry.pk, first.desk_seq, editor)

    assert publishing.read_content(back) == VOTES
    assert (back.last_kind, [one["note"] for one in notes_of(back)]) == ("revert", ["it was 312"])
    assert Change.objects.get(kind="revert").snapshot["of_version"] == first.desk_seq
    assert Event.objects.get(pk=event.pk).head == back.seq


def test_an_earlier_version_with_a_note_is_a_correction(entry, editor):
    first = Change.objects.get(entry=entry)
    publishing.edit(entry.pk, RIGHT, editor)
    back = publishing.restore_version(entry.pk, first.desk_seq, editor, note="321 was right")
    assert (back.last_kind, notes_of(back)[0]["note"]) == ("correct", "321 was right")


def test_an_earlier_version_does_not_overwrite_a_newer_one(entry, editor):
    first = Change.objects.get(entry=entry)
    publishing.edit(entry.pk, RIGHT, editor)
    with pytest.raises(NewerVersion):
        publishing.restore_version(entry.pk, first.desk_seq, editor, version=entry.version)


def test_bringing_back_keeps_the_key_mark_of_now(entry, editor):
    first = Change.objects.get(entry=entry)
    publishing.edit(entry.pk, RIGHT, editor)
    publishing.mark_key(entry.pk, editor, is_key=True)
    assert publishing.restore_version(entry.pk, first.desk_seq, editor).is_key


def test_who_has_no_right_is_told_that_first(event, entry):
    with pytest.raises(PermissionDenied):
        publishing.restore_version(entry.pk, 999, make_user())


def test_what_was_pinned_meanwhile_may_still_be_corrected(entry, editor):
    publishing.pin(entry.pk, editor)
    corrected = publishing.correct(entry.pk, RIGHT, "it was 312", editor, version=entry.version)
    assert (corrected.is_pinned, corrected.headline) == (True, "The vote")


def test_what_was_marked_key_meanwhile_is_not_unmarked(entry, editor):
    publishing.mark_key(entry.pk, editor, is_key=True)
    with pytest.raises(NewerVersion):
        publishing.edit(entry.pk, RIGHT, editor, version=entry.version)


def test_the_second_is_told_who_was_first(event, entry, editor):
    tomas = make_member(event, "moderator", "tomas")
    at = entry.published_at + timedelta(days=1)
    publishing.remove(entry.pk, tomas, at=at)
    with pytest.raises(Refused) as refused:
        publishing.correct(entry.pk, RIGHT, "it was 312", editor)
    assert str(refused.value).endswith("Restore it before changing it. tomas removed it at 14 Mar 2031, 12:00.")


def test_a_call_says_whether_it_changed_anything(entry, editor):
    calls = [publishing.pin(entry.pk, editor), publishing.pin(entry.pk, editor)]
    assert [pinned.was_changed for pinned in calls] == [True, False]


def test_set_time_leaves_the_place(event, entry, editor):
    above = post(event, "Later", author=editor, at=NOON + timedelta(minutes=5))
    publishing.set_time(above.pk, NOON - timedelta(hours=1), editor, at=NOON + timedelta(minutes=6))
    titles = list(event.entries.newest_first().values_list("title", flat=True))
    assert titles == ["Later", "The vote"]


def test_a_time_to_come_is_refused(entry, editor):
    with pytest.raises(Refused):
        publishing.set_time(entry.pk, NOON + timedelta(hours=1), editor, at=NOON)


def test_correspondents_set_the_time_of_their_own_only(event, entry):
    noor = make_member(event)
    own = post(event, "Own", author=noor, at=NOON)
    publishing.set_time(own.pk, NOON - timedelta(hours=1), noor, at=NOON)
    with pytest.raises(PermissionDenied):
        publishing.set_time(entry.pk, NOON - timedelta(hours=1), noor, at=NOON)


def test_moving_up_and_down_swaps_and_leaves_the_times(event, editor):
    one, two, three = (post(event, words, author=editor) for words in ("One", "Two", "Three"))
    times = {entry.pk: entry.published_at for entry in (one, two, three)}

    def order():
        return list(event.entries.newest_first().values_list("title", flat=True))

    publishing.move_up(one.pk, editor)
    assert order() == ["Three", "One", "Two"]
    publishing.move_down(three.pk, editor)
    assert order() == ["One", "Three", "Two"]
    publishing.remove(three.pk, editor)
    publishing.move_up(two.pk, editor)  # past the removed one, which keeps its place
    assert order() == ["Two", "Three", "One"]
    assert {entry.pk: entry.published_at for entry in event.entries.all()} == times


def test_moving_is_one_step_for_readers(event, editor):
    one, two = post(event, "One", author=editor), post(event, "Two", author=editor)
    moved = publishing.move_up(one.pk, editor)
    other = Entry.objects.get(pk=two.pk)
    assert (other.seq, other.batch_end, moved.batch_end) == (moved.seq - 1, moved.seq, moved.seq)


def test_the_ends_of_the_list_are_said(event, editor):
    one = post(event, "One", author=editor)
    for move in (publishing.move_up, publishing.move_down):
        with pytest.raises(Refused):
            move(one.pk, editor)
