"""What is not out yet: drafts, submissions, schedules, and the ways between them."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError

from tests.factories import NOON, make_event, make_member, make_picture, post
from tests.publishing.waiting import LATER, OTHER, WORDS, counters, draft, fresh, log_of, scheduled, submitted
from updates import publishing
from updates.choices import EntryStatus
from updates.models import Change, Entry, Person, Rendition
from updates.publishing import (
    EmbedContent,
    EntryContent,
    EntryInput,
    KeyReused,
    NewerVersion,
    PhotoContent,
    QuoteContent,
    Refused,
    TextContent,
)
from updates.publishing.schedule import publish_due

pytestmark = pytest.mark.django_db


def test_what_is_at_the_desk_takes_no_number_that_readers_know(event, noor, boss):
    before = counters(event)

    entry = draft(event, noor)
    publishing.submit(EntryInput(event.pk, entry_id=entry.pk), noor)
    publishing.send_back(entry.pk, "Who says so?", boss)
    publishing.schedule(EntryInput(event.pk, entry_id=entry.pk), noor, LATER, at=NOON)
    publishing.unschedule(entry.pk, noor)
    publishing.discard(entry.pk, noor)

    assert counters(event) == before
    kinds = ["draft", "submit", "send_back", "schedule", "unschedule", "discard"]
    assert log_of(entry) == [(kind, None) for kind in kinds]
    assert (fresh(entry).seq, fresh(entry).order, fresh(entry).content) == (0, None, {})


def test_a_picture_at_the_desk_has_no_public_size_before_its_time(event, boss):
    image = make_picture(boss)
    photo = EntryContent("Quay", (PhotoContent(image.pk, alt="A quay", credit="Noor"),))

    entry = scheduled(event, boss, photo)
    assert Rendition.objects.count() == 0

    publish_due(entry.pk, at=LATER)
    assert Rendition.objects.filter(image=image).exists()


def test_a_draft_need_not_be_finished(event, noor):
    image = make_picture(noor)
    content = EntryContent("", (
        PhotoContent(image.pk, alt="", credit=""), QuoteContent("Stay off.", ""),
        EmbedContent("https://youtu"), EmbedContent("half an addr"), TextContent("<p></p>"),
    ))  # fmt: skip

    entry = draft(event, noor, content)

    assert publishing.read_content(entry).blocks == content.blocks[:4]
    with pytest.raises(ValidationError):
        publishing.submit(EntryInput(event.pk, entry_id=entry.pk), noor)


@pytest.mark.parametrize("url", ["javascript:alert(1)", "https://user@bank.example/", "data:text/html,x"])
def test_a_draft_keeps_no_address_that_could_do_harm(event, noor, url):
    with pytest.raises(ValidationError):
        draft(event, noor, EntryContent("Gate", (EmbedContent(url),)))
    assert Entry.objects.count() == 0


def test_text_of_a_draft_is_cleaned(event, noor):
    entry = draft(event, noor, EntryContent("", (TextContent("<p onclick='x()'>Hi<script>x()</script></p>"),)))
    assert publishing.read_content(entry).blocks == (TextContent("<p>Hi</p>"),)


def test_an_empty_draft_and_one_with_lost_parts_are_refused(event, noor):
    for content in (EntryContent(), EntryContent("x", (PhotoContent(99, "a", "c"),)), EntryContent("x", (), (99,))):
        with pytest.raises(ValidationError):
            draft(event, noor, content)
    assert Entry.objects.count() == 0


def test_a_draft_grows_under_its_key_and_becomes_the_published_entry(event, noor):
    entry = draft(event, noor, key="k")
    grown = publishing.save_draft(EntryInput(event.pk, OTHER, key="k", version=1), noor)
    posted = publishing.publish_entry(EntryInput(event.pk, OTHER, key="k", version=2), noor)
    repeated = publishing.publish(event.pk, OTHER, noor, key="k")

    assert (grown.is_new, posted.is_new, repeated.is_new) == (False, True, False)
    assert {entry.pk, grown.entry.pk, posted.entry.pk, repeated.entry.pk} == {entry.pk}
    assert fresh(entry).status == EntryStatus.PUBLISHED
    assert fresh(entry).content["headline"] == "Gate gives way"


def test_it_is_published_when_it_is_published_not_when_it_was_written(event, noor):
    entry = draft(event, noor)
    late = post(event, "Meanwhile", at=NOON + timedelta(minutes=1))
    publishing.publish_now(entry.pk, noor, at=NOON + timedelta(minutes=2))

    assert fresh(entry).published_at == NOON + timedelta(minutes=2)
    assert fresh(entry).order > late.order
    assert fresh(entry).seq == counters(event)[0]


def test_the_form_it_was_begun_in_goes_on_however_its_saves_overtake_each_other(event, noor):
    draft(event, noor, key="k")
    for number in range(3):
        publishing.save_draft(EntryInput(event.pk, EntryContent(f"Words {number}"), key="k"), noor, autosave=True)
    publishing.publish(event.pk, WORDS, noor, key="k")
    assert Entry.objects.get().headline == "Gate holds"


def test_an_older_device_does_not_write_over_newer_words(event, noor):
    entry = draft(event, noor, key="k")
    publishing.save_draft(EntryInput(event.pk, OTHER, entry_id=entry.pk, version=1), noor)
    third = EntryContent("Third")

    for version in (1, None):
        with pytest.raises(NewerVersion):
            publishing.save_draft(EntryInput(event.pk, third, key="k", version=version), noor)
        with pytest.raises(NewerVersion):
            publishing.publish_entry(EntryInput(event.pk, third, key="k", version=version), noor)
    assert publishing.read_content(Entry.objects.get()) == OTHER
    publishing.save_draft(EntryInput(event.pk, third, key="k", version=2), noor)
    assert Entry.objects.get().headline == "Third"


def test_a_device_discards_its_own_copy_and_nothing_newer(event, noor, boss):
    def discard(key="k", who=noor):
        publishing.discard_copy(event.pk, key, who)
        return fresh(entry).status

    entry = draft(event, noor, key="k")
    assert (discard("other"), discard(who=boss), discard()) == ("draft", "draft", "discarded")
    assert publishing.read_content(fresh(entry)) == WORDS

    entry = draft(event, noor, key="k")
    publishing.save_draft(EntryInput(event.pk, OTHER, entry_id=entry.pk, version=entry.version), noor)
    assert discard() == "draft"
    publishing.submit(EntryInput(event.pk, entry_id=entry.pk, version=entry.version + 1), noor)
    assert discard() == "submitted"


def test_saving_the_same_again_changes_nothing(event, noor):
    entry = draft(event, noor, key="k")
    second = publishing.save_draft(EntryInput(event.pk, WORDS, key="k"), noor)
    assert (second.entry.pk, second.is_new, second.entry.version) == (entry.pk, False, 1)
    assert len(log_of(entry)) == 1


def test_what_a_device_saves_by_itself_is_logged_once_a_minute(event, noor):
    entry = draft(event, noor)
    for seconds in (10, 20, 70):
        words = EntryInput(event.pk, EntryContent(f"After {seconds}"), entry_id=entry.pk)
        publishing.save_draft(words, noor, autosave=True, at=NOON + timedelta(seconds=seconds))

    assert fresh(entry).headline == "After 70"
    assert log_of(entry) == [("draft", None)] * 2


def test_a_late_save_of_what_is_out_is_refused(event, noor):
    entry = publishing.publish(event.pk, WORDS, noor, key="k").entry
    with pytest.raises(Refused) as refused:
        publishing.save_draft(EntryInput(event.pk, OTHER, key="k"), noor, autosave=True)
    assert refused.value.code == "published"
    assert fresh(entry).headline == "Gate holds"


def test_a_discarded_draft_comes_back_when_it_is_saved(event, noor):
    entry = draft(event, noor)
    publishing.discard(entry.pk, noor)
    assert not Entry.objects.unpublished().exists()
    publishing.save_draft(EntryInput(event.pk, WORDS, entry_id=entry.pk), noor)
    assert fresh(entry).status == EntryStatus.DRAFT


def test_published_entries_are_removed_not_discarded(event, noor):
    with pytest.raises(Refused):
        publishing.discard(post(event, "Out", author=noor).pk, noor)


def test_a_submission_is_sent_once_and_found_again_after_approval(event, noor, boss):
    first = publishing.submit(EntryInput(event.pk, WORDS, key="k"), noor)
    second = publishing.submit(EntryInput(event.pk, WORDS, key="k"), noor)
    publishing.approve(first.entry.pk, boss, content=OTHER)
    late = publishing.submit(EntryInput(event.pk, WORDS, key="k"), noor)

    assert (first.is_new, second.is_new, late.is_new) == (True, False, False)
    assert late.entry.headline == "Gate gives way"
    with pytest.raises(KeyReused):
        publishing.submit(EntryInput(event.pk, EntryContent("Third"), key="k"), noor)


def test_an_approved_entry_is_signed_by_its_writer(event, noor, boss):
    Person.objects.create(name="Noor Hadad", user=noor)
    entry = publishing.approve(submitted(event, noor).pk, boss)
    assert [byline["name"] for byline in entry.content["bylines"]] == ["Noor Hadad"]
    assert (entry.author, Change.objects.get(kind="publish").actor) == (noor, boss)


def test_what_its_writer_takes_back_cannot_be_approved(event, noor, boss):
    entry = submitted(event, noor)
    publishing.withdraw(entry.pk, noor)
    with pytest.raises(Refused) as refused:
        publishing.approve(entry.pk, boss)
    assert str(refused.value) == "This update is no longer submitted. Its author withdrew it."


def test_approving_words_that_changed_meanwhile_is_refused(event, noor, boss):
    entry = submitted(event, noor)
    publishing.submit(EntryInput(event.pk, OTHER, entry_id=entry.pk), noor)
    with pytest.raises(NewerVersion):
        publishing.approve(entry.pk, boss, content=WORDS, version=1)
    with pytest.raises(NewerVersion):
        publishing.approve(entry.pk, boss, version=1)


def test_sent_back_is_a_draft_again_with_the_note_until_it_is_submitted_again(event, noor, boss):
    entry = submitted(event, noor)
    publishing.send_back(entry.pk, "  Who says so? ", boss)
    assert (fresh(entry).status, fresh(entry).sent_back_note) == (EntryStatus.DRAFT, "Who says so?")

    publishing.submit(EntryInput(event.pk, entry_id=entry.pk), noor)
    assert fresh(entry).sent_back_note == ""
    assert list(Entry.objects.submitted()) == [entry]


@pytest.mark.parametrize("note", ["", "  ", "x" * 1001])
def test_sending_back_needs_a_note_of_a_length(event, noor, boss, note):
    with pytest.raises(Refused):
        publishing.send_back(submitted(event, noor).pk, note, boss)


def test_a_saved_submission_stays_one_and_must_be_whole(event, noor, boss):
    entry = submitted(event, noor)
    publishing.save_draft(EntryInput(event.pk, OTHER, entry_id=entry.pk), boss)
    assert (fresh(entry).status, fresh(entry).headline) == (EntryStatus.SUBMITTED, "Gate gives way")
    with pytest.raises(ValidationError):
        publishing.save_draft(EntryInput(event.pk, EntryContent("", (QuoteContent("a", ""),)), entry_id=entry.pk), boss)


@pytest.mark.parametrize("status", ["ended", "cancelled"])
def test_nobody_submits_to_what_is_over_but_drafts_are_kept(status):
    event = make_event(status=status)
    who = make_member(event)
    with pytest.raises(Refused):
        submitted(event, who)
    assert draft(event, who).status == EntryStatus.DRAFT
