"""Changing and correcting an update through the form."""

import pytest

from tests.admin.desk_forms import change_address, controls, desk_address, errors, messages_of
from tests.factories import post
from updates import publishing
from updates.publishing import EntryContent, TextContent, read_content

pytestmark = pytest.mark.django_db


def test_changing_an_update_shows_it_and_replaces_it(desk, event, noor):
    entry = post(event, "Old", text="<p>Old</p>", author=noor)

    form = controls(desk.get(change_address(entry))) | {"headline": "New", "text-0-html": "<p>New</p>"}
    answer = desk.post(change_address(entry), form, follow=True)

    entry.refresh_from_db()
    assert read_content(entry) == EntryContent("New", (TextContent("<p>New</p>"),))
    assert entry.last_kind == "edit"
    assert messages_of(answer) == [f'Changed: <a href="/{event.slug}/{entry.public_id}/">New</a>']
    assert answer.redirect_chain[0][0] == f"{desk_address(event)}#row-{entry.pk}"


def test_sending_an_update_back_unchanged_changes_nothing(desk, event, noor):
    entry = post(event, "Same", author=noor)

    answer = desk.post(change_address(entry), controls(desk.get(change_address(entry))), follow=True)

    entry.refresh_from_db()
    assert messages_of(answer) == ["Nothing was changed."]
    assert entry.version == 1


def test_a_correction_is_said_on_the_update(desk, event, noor):
    entry = post(event, "The quay closed at 14:00", author=noor)

    form = controls(desk.get(change_address(entry)))
    form |= {"headline": "The quay closed at 13:30", "correction": "the quay closed at 13:30"}
    desk.post(change_address(entry), form)

    entry.refresh_from_db()
    assert [correction["note"] for correction in entry.content["corrections"]] == ["the quay closed at 13:30"]
    assert entry.last_kind == "correct"


def test_a_newer_version_is_shown_beside_what_was_typed(desk, event, noor, tomas):
    entry = post(event, "Old", text="<p>Old</p>", author=noor)
    mine = controls(desk.get(change_address(entry))) | {"headline": "Mine"}
    publishing.edit(entry.pk, EntryContent("Theirs", (TextContent("<p>Theirs</p>"),)), tomas)

    answer = desk.post(change_address(entry), mine)
    second = desk.post(change_address(entry), controls(answer))

    assert answer.status_code == 200
    (why,) = errors(answer)
    assert why.startswith("Somebody saved a newer version of this update. tomas edited it at ")
    assert answer.context["conflict"].other.headline == "Theirs"
    assert "<del>Theirs</del>" in answer.content.decode()
    assert controls(answer)["headline"] == "Mine"
    assert second.status_code == 200, "only the button that names the newer version replaces it"
    entry.refresh_from_db()
    assert entry.headline == "Theirs"


def test_a_correspondents_edit_leaves_the_key_mark(desk, event, noor, tomas):
    entry = post(event, "Key", author=noor)
    publishing.mark_key(entry.pk, tomas, is_key=True)

    desk.post(change_address(entry), controls(desk.get(change_address(entry))) | {"headline": "Still key"})

    entry.refresh_from_db()
    assert (entry.headline, entry.is_key) == ("Still key", True)
