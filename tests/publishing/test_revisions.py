"""Without direct publishing a change of what is out waits for approval, and readers keep what they have."""

import pytest
from django.core.exceptions import PermissionDenied

from tests.factories import post
from tests.publishing.waiting import fresh
from updates import publishing
from updates.choices import EntryStatus
from updates.models import Event, Revision
from updates.publishing import EntryContent, EventDetails, NewerVersion, Refused, TextContent
from updates.publishing.revisions import revision_content

pytestmark = pytest.mark.django_db

NEW = EntryContent("Gate gives way", (TextContent("<p>It gives.</p>"),))
NEWEST = EntryContent("Gate is gone")


@pytest.fixture
def entry(event, noor, boss):
    entry = post(event, "Gate holds", author=noor)
    publishing.change_event(event.pk, EventDetails(direct_publishing=False), boss)
    return entry


def test_readers_keep_what_is_out_until_it_is_approved(event, entry, noor, boss):
    with pytest.raises(PermissionDenied):
        publishing.edit(entry.pk, NEW, noor)
    before = Event.objects.get(pk=event.pk).head

    revision = publishing.propose(entry.pk, NEW, noor, version=1)

    assert revision_content(revision) == NEW
    assert Event.objects.get(pk=event.pk).head == before
    assert (fresh(entry).content, fresh(entry).version) == (entry.content, 1)
    assert entry.changes.filter(kind="submit", seq=None).count() == 1

    publishing.approve_revision(entry.pk, boss)
    assert fresh(entry).content["headline"] == "Gate gives way"
    assert publishing.read_content(fresh(entry)) == NEW
    assert (fresh(entry).seq, Revision.objects.count()) == (before + 1, 0)


def test_with_a_note_to_readers_it_is_a_correction(entry, noor, boss):
    publishing.propose(entry.pk, NEW, noor, correction="It gives way.")
    publishing.approve_revision(entry.pk, boss)
    assert [each["note"] for each in fresh(entry).content["corrections"]] == ["It gives way."]


def test_it_is_approved_with_other_words(entry, noor, boss):
    publishing.propose(entry.pk, NEW, noor)
    publishing.approve_revision(entry.pk, boss, content=NEWEST, version=1, revision_version=1)
    assert fresh(entry).headline == "Gate is gone"


def test_approval_never_writes_over_a_newer_version(entry, noor, boss):
    publishing.propose(entry.pk, NEW, noor)
    publishing.edit(entry.pk, NEWEST, boss)
    with pytest.raises(NewerVersion):
        publishing.approve_revision(entry.pk, boss)
    with pytest.raises(NewerVersion):
        publishing.approve_revision(entry.pk, boss, content=NEW, version=1)
    with pytest.raises(NewerVersion):
        publishing.propose(entry.pk, NEW, noor, version=1)
    assert fresh(entry).headline == "Gate is gone"


def test_what_was_changed_after_it_was_looked_at_is_not_approved(entry, noor, boss):
    publishing.propose(entry.pk, NEW, noor)
    publishing.propose(entry.pk, NEWEST, noor)
    with pytest.raises(NewerVersion):
        publishing.approve_revision(entry.pk, boss, revision_version=1)


def test_sent_back_it_keeps_its_words_and_the_note(entry, noor, boss):
    publishing.propose(entry.pk, NEW, noor)
    revision = publishing.send_back_revision(entry.pk, "Who says so?", boss)
    assert (revision.status, revision.sent_back_note) == (EntryStatus.DRAFT, "Who says so?")
    with pytest.raises(Refused):
        publishing.approve_revision(entry.pk, boss)

    second = publishing.propose(entry.pk, NEW, noor)
    assert (second.is_submitted, second.sent_back_note) == (True, "")


@pytest.mark.parametrize("note", ["", "it gave way."])
def test_what_was_sent_back_is_not_submitted_again_as_what_is_out(entry, noor, boss, note):
    publishing.propose(entry.pk, NEW, noor)
    publishing.send_back_revision(entry.pk, "Who says so?", boss)
    with pytest.raises(Refused, match="Nothing was changed"):
        publishing.propose(entry.pk, publishing.read_content(fresh(entry)), noor, correction=note)
    assert not Revision.objects.get().is_submitted


def test_a_withdrawn_change_is_deleted(entry, noor, boss):
    publishing.propose(entry.pk, NEW, noor)
    publishing.withdraw_revision(entry.pk, noor)
    with pytest.raises(Refused):
        publishing.approve_revision(entry.pk, boss)
    assert Revision.objects.count() == 0


def test_nothing_changed_is_nothing_to_submit(entry, noor):
    with pytest.raises(Refused):
        publishing.propose(entry.pk, publishing.read_content(entry), noor)


def test_a_removed_entry_is_not_changed(entry, noor, boss):
    publishing.propose(entry.pk, NEW, noor)
    publishing.remove(entry.pk, boss)
    with pytest.raises(Refused):
        publishing.approve_revision(entry.pk, boss)


def test_restoring_brings_back_what_was_out_and_not_what_waits(entry, noor, boss):
    publishing.propose(entry.pk, NEW, noor)
    publishing.remove(entry.pk, boss)
    publishing.restore(entry.pk, boss)
    assert fresh(entry).headline == "Gate holds"


def test_approved_where_somebody_has_made_the_same_change_its_note_still_reaches_readers(entry, noor, boss):
    publishing.propose(entry.pk, NEW, noor, correction="It gives way.")
    publishing.edit(entry.pk, NEW, boss)
    publishing.approve_revision(entry.pk, boss, content=NEW, version=2)
    assert [each["note"] for each in fresh(entry).content["corrections"]] == ["It gives way."]


@pytest.mark.parametrize("note", ["", "It gives way."])
def test_approved_though_nothing_is_left_of_it_every_desk_hears_that_it_is_gone(event, entry, noor, boss, note):
    publishing.propose(entry.pk, NEW, noor, correction=note)
    if note:
        publishing.correct(entry.pk, NEW, note, boss)
    else:
        publishing.edit(entry.pk, NEW, boss)
    before = Event.objects.get(pk=event.pk)

    publishing.approve_revision(entry.pk, boss, content=NEW, version=2)

    after = Event.objects.get(pk=event.pk)
    assert (after.head, after.desk_head) == (before.head, before.desk_head + 1)
    assert (len(fresh(entry).content["corrections"]), Revision.objects.count()) == (len(note and [note]), 0)
