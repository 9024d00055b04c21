"""``docs/architecture.md``, “Who may do what”, for what is not out: each cell, through the operations themselves."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.utils import timezone

from tests.factories import make_event, post
from tests.permissions.roles import EVERYBODY_HERE, MODERATORS, allowed
from updates import publishing
from updates.choices import Role
from updates.models import Change, Entry
from updates.permissions import may_see
from updates.publishing import EntryContent, EntryInput, EventDetails

pytestmark = [pytest.mark.django_db, pytest.mark.long]

WORDS, OTHER = EntryContent("Gate holds"), EntryContent("Gate gives way")


@pytest.fixture(params=[True, False], ids=["direct", "not direct"])
def event(request, boss):
    event = make_event()
    if not request.param:
        publishing.change_event(event.pk, EventDetails(direct_publishing=False), boss)
    event.direct_publishing = request.param
    return event


def publishers(event):
    return EVERYBODY_HERE if event.direct_publishing else MODERATORS


def soon():
    return timezone.now() + timedelta(hours=1)


def test_drafts_of_ones_own(who, event):
    here, publishes = who.username in EVERYBODY_HERE, who.username in publishers(event)
    assert allowed(lambda: publishing.save_draft(EntryInput(event.pk, WORDS, key="a"), who)) == here
    assert allowed(lambda: publishing.submit(EntryInput(event.pk, WORDS, key="b"), who)) == here
    assert allowed(lambda: publishing.schedule(EntryInput(event.pk, WORDS, key="c"), who, soon())) == publishes
    if not here:
        return
    mine, waiting = Entry.objects.get(idempotency_key="a"), Entry.objects.get(idempotency_key="b")
    assert allowed(lambda: publishing.save_draft(EntryInput(event.pk, OTHER, entry_id=mine.pk), who))
    assert allowed(lambda: publishing.withdraw(waiting.pk, who))
    assert allowed(lambda: publishing.schedule(EntryInput(event.pk, entry_id=mine.pk), who, soon())) == publishes
    assert allowed(lambda: publishing.unschedule(mine.pk, who)) == publishes
    assert allowed(lambda: publishing.publish_now(mine.pk, who)) == publishes
    assert allowed(lambda: publishing.discard(waiting.pk, who))


def test_somebody_elses(who, event, boss):
    may = who.username in MODERATORS
    draft = publishing.save_draft(EntryInput(event.pk, WORDS), boss).entry
    waiting = publishing.submit(EntryInput(event.pk, WORDS), boss).entry
    coming = publishing.schedule(EntryInput(event.pk, WORDS), boss, soon()).entry

    assert allowed(lambda: publishing.save_draft(EntryInput(event.pk, OTHER, entry_id=draft.pk), who)) == may
    assert allowed(lambda: publishing.submit(EntryInput(event.pk, entry_id=draft.pk), who)) == may
    assert allowed(lambda: publishing.withdraw(draft.pk, who)) == may
    assert allowed(lambda: publishing.schedule(EntryInput(event.pk, entry_id=draft.pk), who, soon())) == may
    assert allowed(lambda: publishing.unschedule(coming.pk, who)) == may
    assert allowed(lambda: publishing.publish_now(coming.pk, who)) == may
    assert allowed(lambda: publishing.approve(waiting.pk, who)) == may
    assert allowed(lambda: publishing.discard(draft.pk, who)) == may


def test_sending_back_is_for_moderators_also_their_own(who, event, boss):
    own = publishing.submit(EntryInput(event.pk, WORDS), who).entry if who.username in EVERYBODY_HERE else None
    for entry in filter(None, (own, publishing.submit(EntryInput(event.pk, WORDS), boss).entry)):
        assert allowed(lambda pk=entry.pk: publishing.send_back(pk, "Why?", who)) == (who.username in MODERATORS)


def test_changes_of_published_updates(who, event, boss):
    may = who.username in MODERATORS
    theirs = post(event, "Theirs", author=boss)
    assert allowed(lambda: publishing.propose(theirs.pk, OTHER, who)) == may
    if not may:
        publishing.propose(theirs.pk, OTHER, boss)
    assert allowed(lambda: publishing.send_back_revision(theirs.pk, "Why?", who)) == may
    publishing.propose(theirs.pk, EntryContent("Third"), boss)
    assert allowed(lambda: publishing.approve_revision(theirs.pk, who)) == may
    publishing.propose(theirs.pk, EntryContent("Fourth"), boss)
    assert allowed(lambda: publishing.withdraw_revision(theirs.pk, who)) == may


def test_a_correspondent_submits_changes_of_own_entries(event, boss):
    noor = User.objects.create(username="noor")
    publishing.assign(event.pk, noor, Role.CORRESPONDENT, boss)
    own = publishing.approve(publishing.submit(EntryInput(event.pk, WORDS), noor).entry.pk, boss)

    assert allowed(lambda: publishing.propose(own.pk, OTHER, noor))
    assert allowed(lambda: publishing.approve_revision(own.pk, noor)) == event.direct_publishing
    if not event.direct_publishing:
        assert allowed(lambda: publishing.withdraw_revision(own.pk, noor))


def test_key_marks_of_what_is_not_out_are_for_moderators(who, event, boss):
    marked = EntryContent("Gate holds", is_key=True)
    may = who.username in MODERATORS
    assert allowed(lambda: publishing.save_draft(EntryInput(event.pk, marked), who)) == may
    assert allowed(lambda: publishing.submit(EntryInput(event.pk, marked), who)) == may


def test_who_sees_unpublished_updates(who, event, boss):
    theirs = publishing.save_draft(EntryInput(event.pk, WORDS), boss).entry
    out = post(event, "Out", author=boss)
    sees = who.username in MODERATORS
    known = {out.pk} if who.username in EVERYBODY_HERE else set()

    assert may_see(who, theirs) == sees
    assert may_see(who, out) == (who.username in EVERYBODY_HERE)
    here = Entry.objects.filter(event=event).visible_to(who)
    assert set(here.values_list("pk", flat=True)) == (known | {theirs.pk} if sees else known)
    logged = Change.objects.filter(event=event, kind="draft").visible_to(who)
    assert logged.exists() == sees


def test_its_writer_sees_it(event, boss):
    noor = User.objects.create(username="noor")
    publishing.assign(event.pk, noor, Role.CORRESPONDENT, boss)
    own = publishing.save_draft(EntryInput(event.pk, WORDS), noor).entry

    assert may_see(noor, own)
    assert list(Entry.objects.visible_to(noor)) == [own]
    assert Change.objects.visible_to(noor).filter(entry=own).exists()
