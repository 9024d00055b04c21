"""The list of updates and what is done from it."""

import pytest
from django.urls import reverse

from tests.admin.desk_forms import change_address, list_address, messages_of
from tests.factories import NOON, editor_of, make_event, post, post_many
from updates import publishing
from updates.models import Change, EmbedBlock, Entry
from updates.models.guard import writing
from updates.publishing import EmbedContent

pytestmark = pytest.mark.django_db


@pytest.fixture
def moderator(client, tomas):
    client.force_login(tomas)
    return client


ALWAYS = {"edit", "correct", "up", "down", "move", "time", "history"}
"""Offered for every published update, to moderators."""


def act(client, entry, action, **data):
    return client.post(reverse(f"admin:updates_entry_{action}", args=[entry.pk]), data, follow=True)


def rows(response):
    return [row.title for row in response.context["cl"].result_list]


def offered(client, event):
    """The actions of the one update in the list."""
    (row,) = client.get(list_address(event)).context["cl"].result_list
    return [action["name"] for action in row.offered["actions"] if action["name"] not in ALWAYS]


def test_pin_and_unpin(moderator, event):
    entry = post(event, "Where to go")

    pinned = act(moderator, entry, "pin")
    was_offered = offered(moderator, event)
    unpinned = act(moderator, entry, "unpin")

    assert (messages_of(pinned), messages_of(unpinned)) == (["Pinned: Where to go"], ["Unpinned: Where to go"])
    assert was_offered == ["unpin", "key", "remove"]
    assert offered(moderator, event) == ["pin", "key", "remove"]


@pytest.mark.once
def test_mark_key_and_unmark(moderator, event):
    entry = post(event, "Gate holds")

    act(moderator, entry, "key")
    marked = Entry.objects.get().is_key
    act(moderator, entry, "unkey")

    assert (marked, Entry.objects.get().is_key) == (True, False)


def test_remove_asks_first_and_keeps_the_reason_in_the_log(moderator, event, tomas):
    entry = post(event, "Gate leaking")
    address = reverse("admin:updates_entry_remove", args=[entry.pk])

    page = moderator.get(address)
    answer = act(moderator, entry, "remove", reason="Wrong source", reader_note="We took a report back.")

    entry.refresh_from_db()
    change = Change.objects.get(kind="remove")
    assert list(page.context["form"].fields) == ["reason", "reader_note"]
    assert (change.reason, change.actor) == ("Wrong source", tomas)
    assert entry.reader_note == "We took a report back."
    assert messages_of(answer) == ["Removed: Gate leaking"]
    assert offered(moderator, event) == ["restore"]


def test_restore_brings_back(moderator, event, tomas):
    entry = post(event, "Gate leaking")
    publishing.remove(entry.pk, tomas)

    answer = act(moderator, entry, "restore")

    entry.refresh_from_db()
    assert entry.is_published
    assert messages_of(answer) == ["Restored to its old place: Gate leaking"]


@pytest.mark.once
def test_a_correspondent_takes_back_an_own_removal(desk, event, noor):
    entry = post(event, "Mine", author=noor)
    publishing.remove(entry.pk, noor)

    act(desk, entry, "restore")

    entry.refresh_from_db()
    assert entry.is_published


@pytest.mark.once
def test_what_the_state_refuses_is_said(moderator, event, tomas):
    entry = post(event, "Gone")
    publishing.remove(entry.pk, tomas)

    (why,) = messages_of(act(moderator, entry, "pin"))
    assert why.startswith("This update is not published. tomas removed it at ")


def test_get_requests_do_not_act(moderator, event):
    entry = post(event, "Where to go")

    answers = [moderator.get(reverse(f"admin:updates_entry_{name}", args=[entry.pk])) for name in ("pin", "restore")]

    assert [answer.status_code for answer in answers] == [405, 405]


@pytest.mark.once
def test_the_way_back_is_where_the_button_was(moderator, event):
    entry = post(event, "Where to go")

    there = moderator.post(reverse("admin:updates_entry_pin", args=[entry.pk]), {"back": change_address(entry)})
    outside = moderator.post(
        reverse("admin:updates_entry_unpin", args=[entry.pk]), {"back": "https://elsewhere.example/"}
    )

    assert there["Location"] == change_address(entry)
    assert outside["Location"] == list_address(event)


@pytest.mark.once
def test_newest_first_by_place_not_by_time(moderator, event):
    post_many(event, 3)
    post(event, "Late to the desk, early in time", time=NOON)

    assert rows(moderator.get(list_address(event))) == [
        "Late to the desk, early in time",
        "Update 3",
        "Update 2",
        "Update 1",
    ]


def test_filter_and_search(moderator, event, tomas):
    other = make_event(title="Council")
    publishing.assign(other.pk, tomas, "moderator", editor_of(other))
    post(other, "Vote at noon")
    match, gone = post(event, "Gate holds"), post(event, "Gate leaking")
    publishing.remove(gone.pk, tomas)
    every = reverse("admin:updates_entry_changelist")

    assert rows(moderator.get(every)) == ["Gate leaking", "Gate holds", "Vote at noon"]
    assert rows(moderator.get(f"{every}?event__id__exact={other.pk}")) == ["Vote at noon"]
    assert rows(moderator.get(f"{every}?status__exact=removed")) == ["Gate leaking"]
    assert rows(moderator.get(f"{every}?q=holds")) == [match.title]


def test_a_removed_update_is_shown_without_a_form(moderator, event, tomas):
    entry = post(event, "Gone")
    publishing.remove(entry.pk, tomas)

    page = moderator.get(change_address(entry))

    assert "entry_form" not in page.content.decode()
    assert [action["name"] for action in page.context["actions"]] == ["restore"]


@pytest.mark.once
def test_restore_that_the_rules_no_longer_allow_says_why(moderator, event, tomas):
    entry = post(event, "Gate leaking", blocks=[EmbedContent("https://example.org/")])
    publishing.remove(entry.pk, tomas)
    with writing():
        EmbedBlock.objects.update(url="ftp://example.org/")

    answer = act(moderator, entry, "restore")

    assert messages_of(answer) == ["Only addresses that begin with https:// or http:// can be shown."]
    assert Entry.objects.get().is_removed
