"""A database that takes no write: said plainly, and nothing is lost."""

import pytest
from django.db import OperationalError, connection
from django.urls import reverse

from tests.admin.desk_forms import add_address, controls, entry_form, errors, text
from tests.factories import editor_of, make_editor, make_user, post
from updates.models import Change, Event

pytestmark = [pytest.mark.django_db, pytest.mark.database]


@pytest.fixture
def locked():
    """The lock that every operation begins with is not given."""

    def refuse(execute, sql, params, many, context):
        if sql.startswith(('UPDATE "updates_event"', 'INSERT INTO "updates_event"')):
            raise OperationalError("database is locked")
        return execute(sql, params, many, context)

    return lambda: connection.execute_wrapper(refuse)


@pytest.fixture
def boss(client, event):
    client.force_login(editor_of(event))
    return client


def test_update_comes_back_with_what_was_typed(desk, event, locked):
    with locked():
        answer = desk.post(add_address(event), entry_form("Mine", text("<p>Mine</p>")))

    assert answer.status_code == 503
    assert controls(answer)["headline"] == "Mine"
    assert controls(answer)["key"] == "key-1"


def test_post_whose_session_is_not_saved_is_sent_again_and_stored_once(desk, event):
    def refuse(execute, sql, params, many, context):
        if sql.startswith('UPDATE "account_session"'):
            raise OperationalError("canceling statement due to lock timeout")
        return execute(sql, params, many, context)

    form = entry_form("Gate holds", text("<p>Gate holds</p>"))
    desk.raise_request_exception = False
    with connection.execute_wrapper(refuse):
        answer = desk.post(add_address(event), form)
    assert (answer.status_code, answer["Retry-After"]) == (503, "5")

    assert desk.post(add_address(event), form).status_code == 302
    assert event.entries.count() == 1


def test_details_of_a_live_blog_come_back_with_what_was_typed(boss, event, locked):
    address = reverse("admin:updates_event_change", args=[event.pk])
    form = controls(boss.get(address)) | {"title": "Storm Maren passes"}

    with locked():
        answer = boss.post(address, form)

    assert answer.status_code == 503
    assert any("The database is busy" in error for error in errors(answer))
    assert controls(answer)["title"] == "Storm Maren passes"


def test_new_live_blog_comes_back_with_what_was_typed(client, locked):
    client.force_login(make_editor())
    address = reverse("admin:updates_event_add")
    form = controls(client.get(address)) | {"title": "Flood", "slug": "flood"}

    with locked():
        answer = client.post(address, form)

    assert answer.status_code == 503
    assert controls(answer)["title"] == "Flood"
    assert not Event.objects.filter(slug="flood").exists()


STEPS = {
    "pin": lambda event, entry: (reverse("admin:updates_entry_pin", args=[entry.pk]), {}),
    "remove": lambda event, entry: (reverse("admin:updates_entry_remove", args=[entry.pk]), {"reason": "Wrong"}),
    "end": lambda event, entry: (reverse("admin:updates_event_state", args=[event.pk, "end"]), {}),
    "assign": lambda event, entry: (
        reverse("admin:updates_event_people", args=[event.pk]),
        {"user": make_user().pk, "role": "editor"},
    ),
}


@pytest.mark.parametrize("step", STEPS.values(), ids=STEPS)
def test_steps_say_that_nothing_was_saved(boss, event, locked, step):
    address, sent = step(event, post(event, "Gate holds"))
    changes = Change.objects.count()

    with locked():
        answer = boss.post(address, sent)

    assert answer.status_code == 503
    assert "The database is busy, so nothing was saved." in answer.content.decode()
    assert Change.objects.count() == changes
