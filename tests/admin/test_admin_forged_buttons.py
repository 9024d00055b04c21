"""Buttons that a form does not have, sent all the same: from a page that is old, or by hand."""

from datetime import timedelta

import pytest
from django.utils import timezone

from tests.admin.desk_forms import add_address, change_address, controls, entry_form, errors
from tests.factories import editor_of, post
from updates import publishing
from updates.admin.entry.submit_actions import SUBMIT_ACTIONS
from updates.models import Entry, Revision
from updates.publishing import EntryContent, EntryInput, EventDetails

pytestmark = [pytest.mark.django_db, pytest.mark.once, pytest.mark.long]

WORDS = EntryContent("Gate holds")
JSON = {"Accept": "application/json"}


def entries(event, who):
    """One in each state."""
    draft, waiting, away, out, gone, changed = (
        publishing.save_draft(EntryInput(event.pk, WORDS), who).entry,
        publishing.submit(EntryInput(event.pk, WORDS), who).entry,
        publishing.save_draft(EntryInput(event.pk, WORDS), who).entry,
        post(event, "Out", author=who),
        post(event, "Gone", author=who),
        post(event, "Changed", author=who),
    )
    coming = publishing.schedule(EntryInput(event.pk, WORDS), who, timezone.now() + timedelta(hours=1)).entry
    publishing.discard(away.pk, who)
    publishing.remove(gone.pk, who)
    publishing.propose(changed.pk, WORDS, who)
    return [Entry.objects.get(pk=entry.pk) for entry in (draft, waiting, away, coming, out, gone, changed)]


@pytest.mark.parametrize("way", SUBMIT_ACTIONS)
@pytest.mark.parametrize("name", ["noor", "tomas"])
def test_every_button_is_answered_in_every_state(client, event, noor, tomas, name, way):
    """Done, or refused with a reason."""
    who = {"noor": noor, "tomas": tomas}[name]
    readable = entries(event, noor)
    if who is noor:
        publishing.change_event(event.pk, EventDetails(direct_publishing=False), editor_of(event))
    client.force_login(who)
    addresses = [(add_address(event), None)] + [(change_address(entry), entry) for entry in readable]
    addresses += [(f"{change_address(readable[-1])}?revision=1", readable[-1])]

    for address, entry in addresses:
        form = entry_form("Other words", key=f"key-{way}", version=entry.version if entry else "", **{way: "1"})
        response = client.post(address, form, headers=JSON).json()
        assert response["state"] in ("sent", "refused"), (address, response)
        if response["state"] == "refused":
            assert response["reason"] or response["errors"], (address, response)


@pytest.mark.parametrize("way", ["_save", "_approve", "_propose", "_approve_change"])
def test_a_new_update_has_nothing_to_change(desk, event, way):
    answer = desk.post(add_address(event), entry_form("Typed", **{way: "1"}))
    assert "can only be published, submitted, scheduled or saved as a draft" in errors(answer)[0]
    assert controls(answer)["headline"] == "Typed"
    assert not Entry.objects.exists()


@pytest.mark.parametrize("way", ["_save", "_propose", "_approve_change"])
def test_an_unpublished_update_takes_no_change_of_a_published_one(desk, event, noor, way):
    entry = publishing.submit(EntryInput(event.pk, WORDS), noor).entry
    answer = desk.post(change_address(entry), entry_form("Typed", version=entry.version, **{way: "1"}))
    assert "is not published yet" in errors(answer)[0]
    assert controls(answer)["headline"] == "Typed"
    assert (Entry.objects.get().version, Revision.objects.count()) == (entry.version, 0)


def test_whoever_may_not_schedule_is_told_so(desk, event):
    publishing.change_event(event.pk, EventDetails(direct_publishing=False), editor_of(event))
    answer = desk.post(add_address(event), entry_form("Typed", when="2041-03-13T18:00", is_far="on", _schedule="1"))
    assert "You cannot publish directly" in errors(answer)[0]
    assert controls(answer)["headline"] == "Typed"
