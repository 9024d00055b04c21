"""A database that only reads, as after a failover: 503, and what was typed comes back."""

import pytest
from django.db import connection
from django.urls import reverse

from tests.admin.desk_forms import add_address, controls, entry_form, text
from tests.factories import editor_of, post
from updates.live.readiness_probe import examine

pytestmark = [pytest.mark.django_db, pytest.mark.database]

JSON = {"Accept": "application/json"}


@pytest.fixture
def boss(client, event):
    client.force_login(editor_of(event))
    return client


@pytest.fixture
def read_only(boss, event):
    """A live blog with an update, in a database that takes no more writes."""
    entry = post(event, "Gate holds")
    switch = {"sqlite": "PRAGMA query_only = ON", "postgresql": "SET LOCAL transaction_read_only = on"}
    connection.check_constraints()  # PostgreSQL could not check them at the end
    with connection.cursor() as cursor:
        cursor.execute(switch[connection.vendor])
        yield entry
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA query_only = OFF")


def test_plain_form_comes_back_with_what_was_typed(boss, event, read_only):
    answer = boss.post(add_address(event), entry_form("Mine", text("<p>My words</p>")))

    assert answer.status_code == 503
    assert controls(answer)["headline"] == "Mine"
    assert "My words" in answer.content.decode()


def test_scripts_learn_that_nothing_was_saved(boss, event, read_only):
    answer = boss.post(add_address(event), entry_form("Mine", text("<p>My words</p>")), headers=JSON)
    assert (answer.status_code, answer.json()["state"]) == (503, "refused")


@pytest.mark.parametrize("headers", [{}, JSON], ids=["page", "script"])
def test_steps_say_that_nothing_was_saved(boss, read_only, headers):
    answer = boss.post(reverse("admin:updates_entry_pin", args=[read_only.pk]), headers=headers)
    assert answer.status_code == 503


def test_process_is_not_ready(read_only):
    assert examine() == ("read-only", {})
