"""The desk's socket, on a real server: who may open it, what it says, and when it is closed."""

import json
import time
from contextlib import ExitStack

import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import connect

from tests.browser.desk_page import session_cookie
from tests.factories import editor_of, make_event, make_member, post
from updates import publishing
from updates.publishing import EntryContent, Written

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.services]


@pytest.fixture
def event(transactional_db):
    return make_event(title="Storm Maren")


@pytest.fixture
def sit(site):
    """Sits somebody down at an event's desk; without a person nobody is logged in."""
    opened = ExitStack()

    def sit_down(event, user=None, origin=site.url, cookie=None):
        cookie = cookie or (session_cookie(user, site.url) if user else None)
        headers = {"Cookie": f"{cookie['name']}={cookie['value']}"} if cookie else {}
        address = f"{site.socket_url}/ws/desk/{event.pk}/"
        options = {"origin": origin, "additional_headers": headers, "open_timeout": 30, "close_timeout": 1}
        return opened.enter_context(connect(address, **options))

    with opened:
        yield sit_down


def hear(socket, kind, condition=lambda _frame: True):
    """The next frame of a kind that is as wanted."""
    end = time.monotonic() + 30
    while time.monotonic() < end:
        frame = json.loads(socket.recv(timeout=30))
        if frame["t"] == kind and condition(frame):
            return frame
    raise AssertionError(f"No such {kind} within 30 s")


def closed(socket):
    """With which code."""
    try:
        while True:
            socket.recv(timeout=30)
    except ConnectionClosed as end:
        return end.rcvd.code


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
    start = hear(socket, "desk")["head"]

    post(event, "Gate holds")
    assert hear(socket, "desk", lambda frame: frame["head"] > start)["head"] == start + 1
    publishing.save_draft(Written(event.pk, EntryContent("Only mine")), editor_of(event))
    told = hear(socket, "desk", lambda frame: frame["head"] > start + 1)
    assert (told["head"], "Only mine" in json.dumps(told)) == (start + 2, False)


def test_it_is_closed_within_five_seconds_of_logout_new_password_and_loss_of_the_right(sit, event, client):
    noor, mara, tomas = (make_member(event, username=name) for name in ("noor", "mara", "tomas"))
    cookie = session_cookie(noor, "http://x")
    logged_in, with_password, assigned = sit(event, cookie=cookie), sit(event, mara), sit(event, tomas)
    for socket in (logged_in, with_password, assigned):
        hear(socket, "desk")

    client.cookies["sessionid"] = cookie["value"]
    client.logout()
    mara.set_password("another one")
    mara.save()
    publishing.unassign(event.pk, tomas, editor_of(event))

    start = time.monotonic()
    assert [closed(socket) for socket in (logged_in, with_password, assigned)] == [4401, 4401, 4403]
    assert time.monotonic() - start < 5
    assert len(hear(sit(event, editor_of(event)), "here")["people"]) == 1


def test_those_who_are_there_know_of_each_other_and_at_which_update(sit, event):
    noor, tomas = make_member(event, username="noor"), make_member(event, username="tomas")
    first = sit(event, noor)
    hear(first, "here", lambda frame: len(frame["people"]) == 1)
    second = sit(event, tomas)

    second.send(json.dumps({"t": "at", "entry": 12, "writing": True}))
    told = hear(first, "here", lambda frame: frame["people"][-1]["at"] == [12])
    assert told["people"] == [
        {"id": noor.pk, "name": "noor", "at": [], "writing": False},
        {"id": tomas.pk, "name": "tomas", "at": [12], "writing": True},
    ]
    second.close()
    assert [one["name"] for one in hear(first, "here", lambda frame: len(frame["people"]) == 1)["people"]] == ["noor"]


@pytest.mark.parametrize("nonsense", ["{", "[]", '{"t": "at"}', '{"entry": "x", "writing": true}', "x" * 5000])
def test_whoever_talks_nonsense_is_shown_out(sit, event, nonsense):
    socket = sit(event, editor_of(event))
    hear(socket, "desk")
    socket.send(nonsense)
    assert closed(socket) == 4400
