"""A row's button publishes the words that its row shows, and a note answers those that stand above it."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from tests.admin.desk_forms import controls, desk_address, list_address
from tests.factories import post
from updates import publishing
from updates.models import Entry, Revision
from updates.publishing import EntryContent, EntryInput, TextContent

pytestmark = [pytest.mark.django_db, pytest.mark.once]

HARMLESS, OTHER = EntryContent("Gate holds"), EntryContent("Gate is rotten")


@pytest.fixture
def moderator(client, event, tomas):
    client.force_login(tomas)
    return client


def pressed(page, name):
    """The address that a row's button brings along."""
    offered = [action for row in page.context["waiting"] for action in row.actions]
    (address,) = [action["address"] for action in offered if action["name"] == name]
    assert f'formaction="{address}"' in page.content.decode()
    return address


@pytest.fixture(params=["approve", "publish_now"])
def waiting(request, event, noor):
    """An entry, what its row offers, and how its writer changes it."""
    if request.param == "approve":
        entry = publishing.submit(EntryInput(event.pk, HARMLESS), noor).entry
        change = publishing.submit
    else:
        entry = publishing.schedule(EntryInput(event.pk, HARMLESS), noor, timezone.now() + timedelta(hours=1)).entry
        change = publishing.save_draft
    return entry, request.param, lambda: change(EntryInput(event.pk, OTHER, entry_id=entry.pk), noor)


def test_other_words_than_those_that_were_looked_at_are_not_published(moderator, event, waiting):
    _entry, name, change = waiting
    old = pressed(moderator.get(desk_address(event)), name)
    change()

    response = moderator.post(old, headers={"Accept": "application/json"})

    assert (response.status_code, response.json()["state"]) == (422, "refused")
    assert "newer version" in response.json()["reason"]
    assert Entry.objects.get().is_unpublished
    page = moderator.get(desk_address(event))
    assert "Gate is rotten" in page.content.decode()
    assert moderator.post(pressed(page, name), headers={"Accept": "application/json"}).json()["state"] == "sent"
    assert Entry.objects.get().content["headline"] == "Gate is rotten"


def test_without_saying_which_words_nothing_is_published(moderator, event, waiting):
    entry, name, _change = waiting
    moderator.post(reverse(f"admin:updates_entry_{name}", args=[entry.pk]))
    assert Entry.objects.get().is_unpublished


def test_the_list_of_updates_publishes_as_shown_too(moderator, event, waiting):
    _entry, name, change = waiting
    row = moderator.get(list_address(event)).context["cl"].result_list[0]
    (old,) = [action["address"] for action in row.offered["actions"] if action["name"] == name]
    change()
    moderator.post(old)
    assert Entry.objects.get().is_unpublished


def test_what_a_device_saves_of_what_waits_reaches_the_rows(event, noor, waiting):
    """Else a row would go on showing, and offering, the words before."""
    entry, _name, _change = waiting
    for words in ("<p>One</p>", "<p>Two</p>"):
        before = head_of(event)
        content = EntryContent("Gate holds", (TextContent(words),))
        publishing.save_draft(EntryInput(event.pk, content, entry_id=entry.pk), noor, autosave=True)
        assert head_of(event) == before + 1


def head_of(event):
    event.refresh_from_db()
    return event.desk_head


def test_a_note_to_words_that_have_changed_is_refused_with_the_new_ones_above_it(moderator, event, noor):
    entry = publishing.submit(EntryInput(event.pk, HARMLESS), noor).entry
    address = reverse("admin:updates_entry_send_back", args=[entry.pk])
    form = controls(moderator.get(address)) | {"note": "Says who?"}
    publishing.submit(EntryInput(event.pk, OTHER, entry_id=entry.pk), noor)

    second = moderator.post(address, form)

    page = second.content.decode()
    assert Entry.objects.get().status == "submitted"
    assert "Its author has changed it since you opened it" in page
    assert "Gate is rotten" in page
    assert controls(second)["note"] == "Says who?"
    moderator.post(address, controls(second))
    assert Entry.objects.get().status == "draft"


def test_so_is_a_note_to_a_change_of_what_is_out(moderator, event, noor):
    entry = post(event, "Out", author=noor)
    publishing.propose(entry.pk, HARMLESS, noor)
    address = reverse("admin:updates_entry_send_back", args=[entry.pk])
    form = controls(moderator.get(address)) | {"note": "Says who?"}
    publishing.propose(entry.pk, OTHER, noor)

    second = moderator.post(address, form)

    assert Revision.objects.get().is_submitted
    assert "Gate is rotten" in second.content.decode()
    moderator.post(address, controls(second))
    assert not Revision.objects.get().is_submitted
