"""Autosaves that arrive after something that their form has sent later."""

import pytest

from tests.publishing.waiting import LATER, OTHER, WORDS, draft, fresh, log_of, scheduled, submitted
from updates import publishing
from updates.choices import EntryStatus
from updates.publishing import EntryContent, EntryInput, NewerVersion
from updates.publishing.schedule import publish_due

pytestmark = pytest.mark.django_db

NEWEST = EntryContent("Gate rebuilt")


def autosave(event, who, content, number, **options):
    entry_input = EntryInput(event.pk, content, key="k", number=number, **options)
    return publishing.save_draft(entry_input, who, autosave=True).entry


def test_a_late_autosave_does_not_change_what_was_submitted(event, noor, boss):
    entry = submitted(event, noor, key="k")
    before = (fresh(entry).version, log_of(entry))
    late = publishing.save_draft(EntryInput(event.pk, OTHER, key="k"), noor, autosave=True)

    assert (late.entry.pk, late.is_new, late.entry.status) == (entry.pk, False, EntryStatus.SUBMITTED)
    assert (fresh(entry).version, log_of(entry)) == before
    publishing.approve(entry.pk, boss)
    assert (fresh(entry).headline, fresh(entry).content["headline"]) == ("Gate holds", "Gate holds")


def test_a_late_autosave_does_not_change_what_was_scheduled(event, noor):
    entry = scheduled(event, noor, key="k")
    publishing.save_draft(EntryInput(event.pk, OTHER, key="k"), noor, autosave=True)
    publish_due(entry.pk, at=LATER)
    assert (fresh(entry).status, fresh(entry).content["headline"]) == (EntryStatus.PUBLISHED, "Gate holds")


def test_an_autosave_without_a_higher_number_changes_nothing(event, noor):
    entry = draft(event, noor, key="k", number=5)
    before = (fresh(entry).version, log_of(entry))
    for number in (4, 5):
        late = autosave(event, noor, OTHER, number)
        assert (late.pk, late.headline) == (entry.pk, "Gate holds")
    assert (fresh(entry).version, log_of(entry)) == before

    autosave(event, noor, OTHER, 6)
    assert fresh(entry).headline == "Gate gives way"
    autosave(event, noor, WORDS, 6)
    assert fresh(entry).headline == "Gate gives way"


def test_a_save_that_changes_nothing_stores_its_number(event, noor):
    entry = draft(event, noor, key="k", number=1)
    draft(event, noor, key="k", number=3)
    autosave(event, noor, OTHER, 2)
    assert fresh(entry).headline == "Gate holds"


def test_a_late_autosave_does_not_change_a_draft_that_was_withdrawn(event, noor):
    entry = submitted(event, noor, key="k", number=2)
    publishing.withdraw(entry.pk, noor)
    autosave(event, noor, OTHER, 1)
    assert (fresh(entry).status, fresh(entry).headline) == (EntryStatus.DRAFT, "Gate holds")


def test_a_late_autosave_does_not_bring_back_what_was_discarded(event, noor):
    entry = draft(event, noor, key="k", number=1)
    publishing.discard_copy(event.pk, "k", noor, number=3)
    autosave(event, noor, OTHER, 2)
    assert (fresh(entry).status, fresh(entry).headline) == (EntryStatus.DISCARDED, "Gate holds")

    autosave(event, noor, OTHER, 4)
    assert (fresh(entry).status, fresh(entry).headline) == (EntryStatus.DRAFT, "Gate gives way")


def test_a_deliberate_save_counts_whatever_its_number(event, noor):
    """It may have waited on the device, and is what its writer has decided."""
    entry = draft(event, noor, key="k", number=5)
    draft(event, noor, OTHER, key="k", number=4)
    assert (fresh(entry).headline, fresh(entry).save_number) == ("Gate gives way", 5)


def test_saves_without_a_number_count(event, noor):
    entry = draft(event, noor, key="k", number=5)
    autosave(event, noor, OTHER, 0)
    assert (fresh(entry).headline, fresh(entry).save_number) == ("Gate gives way", 5)


def test_the_form_of_another_page_is_compared_by_version_only(event, noor):
    entry = draft(event, noor, key="k", number=5)
    elsewhere = EntryInput(event.pk, OTHER, entry.pk, version=1, number=2)
    publishing.save_draft(elsewhere, noor, autosave=True)
    assert (fresh(entry).headline, fresh(entry).save_number) == ("Gate gives way", 5)

    with pytest.raises(NewerVersion):
        autosave(event, noor, NEWEST, 6, version=1)
    assert (fresh(entry).headline, fresh(entry).save_number) == ("Gate gives way", 5)
    autosave(event, noor, NEWEST, 7, version=2)
    assert fresh(entry).headline == "Gate rebuilt"


def test_numbers_count_for_one_writer_and_key(event, noor, boss):
    draft(event, noor, key="k", number=5)
    draft(event, noor, key="other", number=1)
    theirs = draft(event, boss, key="k", number=1)
    autosave(event, boss, OTHER, 2)
    assert fresh(theirs).headline == "Gate gives way"
