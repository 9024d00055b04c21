"""The story pauses while somebody works at the desk."""

import pytest
from django.urls import reverse

from tests.factories import make_user
from updates.demo.player import Turn, take_turn


@pytest.fixture
def desk(client, storm):
    client.force_login(make_user(superuser=True))
    return client


def test_opening_the_form_of_a_new_update_makes_it_wait(desk, storm):
    assert desk.get(f"{reverse('admin:updates_entry_add')}?event={storm.pk}").status_code == 200

    assert take_turn() is Turn.PAUSED


def test_opening_an_update_of_it_makes_it_wait(desk, storm):
    entry = storm.entries.published().first()
    assert desk.get(reverse("admin:updates_entry_change", args=[entry.pk])).status_code == 200

    assert take_turn() is Turn.PAUSED


def test_looking_at_the_list_does_not_make_it_wait(desk, storm):
    assert desk.get(reverse("admin:updates_entry_changelist")).status_code == 200

    assert take_turn() is Turn.STEP_DONE


def test_somebody_without_a_right_cannot_make_it_wait(client, storm):
    client.force_login(make_user())
    assert client.post(f"{reverse('admin:updates_entry_add')}?event={storm.pk}", {"key": "1"}).status_code in {200, 403}

    assert take_turn() is Turn.STEP_DONE
