"""The desk's socket, on a real server: who may open it, what it says, and when it is closed."""

import json
import time

import pytest
from websockets.exceptions import InvalidStatus

from tests.browser.desk_page import session_cookie
from tests.desk.sockets import at, closed, next_frame
from tests.factories import editor_of, make_event, make_member, post
from updates import publishing
from updates.live.desk.rooms import CHECK_PEOPLE_EVERY
from updates.publishing import EntryContent, EntryInput

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.services]


FAR_TOO_LATE = 20.0
"""Seconds, on a machine whose processors have other work."""


@pytest.fixture
def event(transactional_db):
    return make_event(title="Storm Maren")


def test_only_a_page_of_this_site_may_open_it(sit, event):
    for origin in (None, "https://elsewhere.example"):
        with pytest.raises(InvalidStatus) as refused:
            sit(event, editor_of(event), origin=origin)
        assert refused.value.response.status_code == 403


def test_nobody_sits_down_without_login_or_assignment(sit, event):
    assert closed(sit(event)) == 4401
    assert closed(sit(event, make_member(make_event()))) == 4403
    assert closed(sit(type(event)(pk=event.pk + 100), editor_of(event))) == 4403


def test_it_says_that_the_desk_has_moved_also_by_what_readers_do_not_see(sit, event):
    noor = make_member(event)
    socket = sit(event, noor)
    start = next_frame(socket, "desk")["head"]

    post(event, "Gate holds")
    assert next_frame(socket, "desk", lambda frame: frame["head"] > start)["head"] == start + 1
    publishing.save_draft(EntryInput(event.pk, EntryContent("Only mine")), editor_of(event))
    frame = next_frame(socket, "desk", lambda frame: frame["head"] > start + 1)
    assert (frame["head"], "Only mine" in json.dumps(frame)) == (start + 2, False)


def test_it_is_closed_within_five_seconds_of_logout_new_password_and_loss_of_the_right(sit, event, client):
    noor, mara, tomas = (make_member(event, username=name) for name in ("noor", "mara", "tomas"))
    cookie = session_cookie(noor, "http://x")
    logged_in, with_password, assigned = sit(event, cookie=cookie), sit(event, mara), sit(event, tomas)
    for socket in (logged_in, with_password, assigned):
        next_frame(socket, "desk")

    client.cookies["sessionid"] = cookie["value"]
    client.logout()
    mara.set_password("another one")
    mara.save()
    publishing.unassign(event.pk, tomas, editor_of(event))

    start = time.monotonic()
    assert [closed(socket) for socket in (logged_in, with_password, assigned)] == [4401, 4401, 4403]
    assert 2 * CHECK_PEOPLE_EVERY < 5
    assert time.monotonic() - start < FAR_TOO_LATE
    next_frame(sit(event, editor_of(event)), "here", lambda frame: len(frame["people"]) == 1)


@pytest.mark.parametrize(
    "nonsense",
    [
        "{",
        "[]",
        '{"t": "at"}',
        '{"entry": "x", "writing": true, "embargo": false}',
        at(embargo="no"),
        "x" * 5000,
        at(entry=True),
        at(entry=0),
        at(entry=1.5),
        at(entry=10**35),
    ],
)
def test_whoever_talks_nonsense_is_shown_out(sit, event, nonsense):
    socket = sit(event, editor_of(event))
    next_frame(socket, "desk")
    socket.send(nonsense)
    assert closed(socket) == 4400
