"""A row of the desk offers exactly what its addresses allow, for every role and in every state.

Roles whose rights do not depend on whether correspondents publish directly are tried where they do, and with RIGHTS=all
also where they do not.
"""

import os
from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone

from tests.factories import make_event, make_member, make_user, post
from updates import publishing
from updates.admin.row_actions.published import ACTIONS, row_actions
from updates.choices import Role
from updates.models import Entry, Event
from updates.permissions import may_edit, may_see_desk
from updates.publishing import EntryContent, EntryInput, EventDetails

pytestmark = [pytest.mark.django_db, pytest.mark.once, pytest.mark.long]

IN_TURN = ["stranger", "elsewhere", "editor", "superuser"]
"""Their rights do not depend on whether correspondents publish directly: the gate tries them where they do."""

JSON = {"Accept": "application/json"}
RUN = [name for name, action in ACTIONS.items() if action.run is not None]


@pytest.fixture
def boss():
    return make_user("boss", superuser=True)


@pytest.fixture(params=[True, False], ids=["direct", "not direct"])
def event(request, boss):
    event = make_event()
    return publishing.change_event(event.pk, EventDetails(direct_publishing=request.param), boss)


@pytest.fixture
def author(event):
    return make_member(event, username="author")


@pytest.fixture
def users(event, author, boss):
    users = {role.value: make_member(event, role) for role in Role}
    elsewhere = make_member(make_event(), Role.EDITOR)
    users |= {"stranger": make_user(), "elsewhere": elsewhere, "author": author, "superuser": boss}
    if not event.direct_publishing and os.environ.get("RIGHTS") != "all":
        return {name: user for name, user in users.items() if name not in IN_TURN}
    return users


def entry_in(state, event, author, boss):
    """Of the author, who may have been a moderator when it went out."""
    if state in ("draft", "submitted", "scheduled"):
        entry = publishing.save_draft(EntryInput(event.pk, EntryContent("Gate holds")), author).entry
        if state == "submitted":
            publishing.submit(EntryInput(event.pk, entry_id=entry.pk, version=entry.version), author)
        elif state == "scheduled":
            when = timezone.now() + timedelta(hours=1)
            publishing.schedule(EntryInput(event.pk, entry_id=entry.pk, version=entry.version), boss, when)
        return entry.pk
    publishing.assign(event.pk, author, Role.MODERATOR, boss)
    entry = post(event, "Gate holds", author=author, is_key=state == "pinned")
    publishing.assign(event.pk, author, Role.CORRESPONDENT, boss)
    if state == "pinned":
        publishing.pin(entry.pk, boss)
    elif state.startswith("removed"):
        publishing.remove(entry.pk, author if state == "removed by its author" else boss)
    return entry.pk


STATES = ["draft", "submitted", "scheduled", "published", "pinned", "removed", "removed by its author"]


def besides_the_row(user, entry):
    """What the table allows and a row does not show, since it offers something plainer in its place."""
    if not entry.is_unpublished or not may_edit(user, entry):
        return set()
    return {"publish_now", "approve", "withdraw"} if entry.status == "submitted" else {"publish_now"}


@pytest.mark.parametrize("state", STATES)
def test_a_row_offers_what_its_address_allows(client, event, author, boss, users, state):
    post(event, "Below", author=boss)
    pk = entry_in(state, event, author, boss)
    post(event, "Above", author=boss)
    event.refresh_from_db()
    for name, user in users.items():
        entry = Entry.objects.select_related("event").get(pk=pk)
        known = may_see_desk(user, event)
        row = row_actions(user, entry) if known else []
        offered = {action["name"] for action in row}
        more = besides_the_row(user, entry) if known else set()
        client.force_login(user)
        for action in RUN:
            done, answer = try_out(client, event, action, entry)
            assert done == (action in offered | more), (name, action, answer.status_code, answer.content[:200])


def try_out(client, event, name, entry):
    """Send an action and take it back. Return whether it was done, and the response."""
    with transaction.atomic():
        answer = client.post(ACTIONS[name].address(entry), {"version": entry.version, "reason": "Wrong"}, headers=JSON)
        done = Event.objects.get(pk=event.pk).desk_head > event.desk_head
        transaction.set_rollback(True)
    return done, answer
