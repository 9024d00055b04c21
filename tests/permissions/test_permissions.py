"""``docs/architecture.md``, “Who may do what”: each cell, through the operations themselves."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Group, User
from django.core.exceptions import PermissionDenied

from tests.factories import make_event, post
from tests.permissions.roles import EDITORS, EVERYBODY_HERE, MODERATORS, allowed
from updates import publishing
from updates.choices import ChangeKind, Role
from updates.permissions import EDITORS_GROUP, UNDO_REMOVAL
from updates.publishing import EntryContent, EventDetails
from updates.publishing.erasure import erase_entry

pytestmark = pytest.mark.django_db


@pytest.fixture
def event(boss):
    return make_event()


def test_publishing_own(who, event):
    assert allowed(lambda: post(event, "Own", author=who)) == (who.username in EVERYBODY_HERE)


def test_publishing_where_correspondents_may_not(who, event, boss):
    publishing.change_event(event.pk, EventDetails(direct_publishing=False), boss)
    assert allowed(lambda: post(event, "Own", author=who)) == (who.username in MODERATORS)


def test_changing_somebody_elses(who, event, boss):
    entry = post(event, "Theirs", author=boss)
    assert allowed(lambda: publishing.edit(entry.pk, EntryContent("x"), who)) == (who.username in MODERATORS)
    assert allowed(lambda: publishing.correct(entry.pk, EntryContent("y"), "y, not x", who)) == (
        who.username in MODERATORS
    )


def test_moderating(who, event, boss):
    one, two = post(event, "One", author=boss), post(event, "Two", author=boss)
    may = who.username in MODERATORS
    assert allowed(lambda: publishing.pin(one.pk, who)) == may
    assert allowed(lambda: publishing.unpin(one.pk, who)) == may
    assert allowed(lambda: publishing.mark_key(one.pk, who, is_key=True)) == may
    assert allowed(lambda: publishing.move(one.pk, who, above=two.pk)) == may
    assert allowed(lambda: publishing.remove(one.pk, who)) == may
    if not may:
        publishing.remove(one.pk, boss)
    assert allowed(lambda: publishing.restore(one.pk, who)) == may


def test_placing_and_bringing_back(who, event, boss):
    one, _two = post(event, "One", author=boss), post(event, "Two", author=boss)
    publishing.edit(one.pk, EntryContent("One by now"), boss)
    first = one.changes.order_by("seq").first().desk_seq
    may = who.username in MODERATORS
    assert allowed(lambda: publishing.move_up(one.pk, who)) == may
    assert allowed(lambda: publishing.move_down(one.pk, who)) == may
    assert allowed(lambda: publishing.set_time(one.pk, one.created_at - timedelta(hours=1), who)) == may
    assert allowed(lambda: publishing.clarify(one.pk, EntryContent("One by now"), "a note", who)) == may
    assert allowed(lambda: publishing.restore_version(one.pk, first, who)) == may


def test_erasing(who, event, boss):
    one = post(event, "One", author=boss)
    assert allowed(lambda: erase_entry(one.pk, who, reason="x")) == (who.username == "superuser")


def test_marking_key_while_writing(who, event, boss):
    may = who.username in MODERATORS
    assert allowed(lambda: post(event, "Own", author=who, is_key=True)) == may
    if who.username in EVERYBODY_HERE:
        own = post(event, "Own", author=who)
        assert allowed(lambda: publishing.edit(own.pk, EntryContent("Own", is_key=True), who)) == may


def test_running_the_event(who, event):
    may = who.username in MODERATORS
    assert allowed(lambda: publishing.change_event(event.pk, EventDetails(title="New"), who)) == may
    assert allowed(lambda: publishing.change_event(event.pk, EventDetails(sensitive=True), who)) == may
    assert allowed(lambda: publishing.change_state(event.pk, ChangeKind.END, who)) == may


def test_managing_the_event(who, event):
    may = who.username in EDITORS
    friend = User.objects.create(username="friend")
    assert allowed(lambda: publishing.change_event(event.pk, EventDetails(page_size=20), who)) == may
    assert allowed(lambda: publishing.assign(event.pk, friend, Role.MODERATOR, who)) == may
    assert allowed(lambda: publishing.unassign(event.pk, friend, who)) == may


def test_correspondent_removes_and_brings_back_own_for_ten_minutes(event, boss):
    user = User.objects.create(username="noor")
    publishing.assign(event.pk, user, Role.CORRESPONDENT, boss)
    entry = post(event, "Own", author=user)

    removed = publishing.remove(entry.pk, user)
    publishing.restore(entry.pk, user, at=removed.removed_at + UNDO_REMOVAL)
    removed = publishing.remove(entry.pk, user)

    with pytest.raises(PermissionDenied):
        publishing.restore(entry.pk, user, at=removed.removed_at + UNDO_REMOVAL + timedelta(seconds=1))


def test_correspondent_does_not_bring_back_what_a_moderator_removed(event, boss):
    user = User.objects.create(username="noor")
    publishing.assign(event.pk, user, Role.CORRESPONDENT, boss)
    entry = post(event, "Own", author=user)
    publishing.remove(entry.pk, boss)
    with pytest.raises(PermissionDenied):
        publishing.restore(entry.pk, user)


def test_creating_an_event_needs_the_group():
    editor, other = User.objects.create(username="a"), User.objects.create(username="b")
    editor.groups.add(Group.objects.get_or_create(name=EDITORS_GROUP)[0])
    assert allowed(lambda: publishing.create_event(EventDetails(title="A", slug="a"), editor))
    assert not allowed(lambda: publishing.create_event(EventDetails(title="B", slug="b"), other))


def test_inactive_account_may_nothing(event, boss):
    user = User.objects.create(username="left", is_superuser=True, is_active=False)
    assert not allowed(lambda: post(event, "x", author=user))


def test_last_editor_stays(event, boss):
    user = User.objects.create(username="ed")
    publishing.assign(event.pk, user, Role.EDITOR, boss)
    before = {row.user_id for row in event.assignments.filter(role=Role.EDITOR)}
    others = before - {user.pk}
    for pk in others:
        publishing.unassign(event.pk, User.objects.get(pk=pk), boss)
    with pytest.raises(publishing.Refused):
        publishing.unassign(event.pk, user, boss)
