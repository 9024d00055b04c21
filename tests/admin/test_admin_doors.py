"""Django's own ways to write and delete are shut: all goes through operations."""

import re

import pytest
from django.contrib import admin
from django.db import connection
from django.urls import reverse

from tests.admin.desk_forms import (
    add_address,
    change_address,
    controls,
    embed,
    entry_form,
    list_address,
    photo,
    quote,
    text,
)
from tests.factories import editor_of, make_user, picture_file, post
from updates.models import Assignment, Change, Entry, Event, Image, guard
from updates.models.guard import OutsideOperation

pytestmark = pytest.mark.django_db

WRITE = re.compile(r'^(?:INSERT INTO|UPDATE|DELETE FROM) "(updates_\w+)"')


@pytest.fixture
def root(client):
    client.force_login(make_user("root", superuser=True))
    return client


@pytest.fixture
def outside():
    """Tables that were written while no operation held the doors open."""
    tables = []

    def watch(execute, sql, params, many, context):
        match = WRITE.match(sql)
        if match and not guard._open.get():
            tables.append(match[1])
        return execute(sql, params, many, context)

    with connection.execute_wrapper(watch):
        yield tables


@pytest.mark.parametrize("model", ["event", "entry", "change"])
def test_delete_addresses_are_shut(root, event, model):
    entry = post(event, "Stays")
    pk = {"event": event.pk, "entry": entry.pk, "change": Change.objects.last().pk}[model]
    address = reverse(f"admin:updates_{model}_delete", args=[pk])

    assert [root.get(address).status_code, root.post(address, {"post": "yes"}).status_code] == [403, 403]
    assert (Event.objects.count(), Entry.objects.count()) == (1, 1)


def test_bulk_delete_is_not_offered_and_does_nothing(root, event):
    entry = post(event, "Stays")
    sent = {"action": "delete_selected", "_selected_action": [entry.pk], "post": "yes", "index": "0"}

    page = root.get(list_address(event))
    root.post(list_address(event), sent)

    assert page.context["action_form"] is None
    assert Entry.objects.get().is_published


@pytest.mark.parametrize("model", [Event, Entry, Change])
def test_nobody_has_the_right_to_delete(rf, model):
    request = rf.get("/admin/")
    request.user = make_user(superuser=True)

    assert admin.site._registry[model].has_delete_permission(request) is False


@pytest.mark.parametrize("method", ["save_model", "save_related", "delete_model", "delete_queryset", "log_addition"])
@pytest.mark.parametrize("model", [Event, Entry, Change])
def test_djangos_own_writing_is_shut(model, method):
    with pytest.raises(OutsideOperation):
        getattr(admin.site._registry[model], method)(None, None, None)


def test_pictures_and_assignments_have_no_admin():
    assert not admin.site.is_registered(Image)
    assert not admin.site.is_registered(Assignment)


def test_the_log_takes_no_changes(root, event):
    change = Change.objects.last()
    address = reverse("admin:updates_change_change", args=[change.pk])

    assert root.get(address).status_code == 200
    assert root.post(address, {"reason": "Mine"}).status_code == 403
    assert root.get(reverse("admin:updates_change_add")).status_code == 403


def test_the_forms_write_in_operations_only(root, event, outside):
    boss = editor_of(event)
    form = entry_form(
        "Everything",
        text("<p>Text</p>"),
        photo(picture_file()),
        quote("Words", "Somebody"),
        embed("https://a.example/"),
    )
    root.post(add_address(event), form)
    entry = Entry.objects.get()
    root.post(change_address(entry), controls(root.get(change_address(entry))) | {"headline": "Other"})
    for action in ("pin", "unpin", "key", "unkey", "remove", "restore"):
        root.post(reverse(f"admin:updates_entry_{action}", args=[entry.pk]), {"reason": "Test"})
    event_address = reverse("admin:updates_event_change", args=[event.pk])
    root.post(
        event_address, controls(root.get(event_address)) | {"title": "Other", "lead_picture-file": picture_file()}
    )
    root.post(reverse("admin:updates_event_state", args=[event.pk, "end"]))
    root.post(reverse("admin:updates_event_people", args=[event.pk]), {"user": boss.pk, "role": "editor"})

    kinds = set(Change.objects.values_list("kind", flat=True))
    assert outside == []
    assert {"publish", "edit", "pin", "unpin", "key", "unkey", "remove", "restore", "details", "end", "assign"} <= kinds


def test_history_is_the_log(root, event):
    answer = root.get(reverse("admin:updates_event_history", args=[event.pk]))

    assert answer["Location"] == f"/admin/updates/change/?event__id__exact={event.pk}"
    assert root.get(answer["Location"]).status_code == 200
