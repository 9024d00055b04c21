"""The desk's socket, on a real server: who may open it, what it says, and when it is closed."""

import json
import time
from contextlib import ExitStack
from datetime import timedelta
from itertools import count

import pytest
from django.utils import timezone
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import connect

from tests.browser.desk_page import session_cookie
from tests.factories import editor_of, make_event, make_member, post
from tests.live.test_sockets import address
from tests.servers import running_site, wait_until
from updates import publishing
from updates.choices import Role
from updates.live.desk_company import where_somebody_writes
from updates.publishing import EntryContent, EventDetails, TextContent, Written

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.services]


@pytest.fixture
def event(transactional_db):
    return make_event(title="Storm Maren")


@pytest.fixture
def sit(site):
    """Sits somebody down at an event's desk; without a person nobody is logged in."""
    opened = ExitStack()

    def sit_down(event, user=None, origin="its own", cookie=None, at=site):
        cookie = cookie or (session_cookie(user, at.url) if user else None)
        headers = {"Cookie": f"{cookie['name']}={cookie['value']}"} if cookie else {}
        url, own = f"{at.socket_url}/ws/desk/{event.pk}/", at.url if origin == "its own" else origin
        options = {"origin": own, "additional_headers": headers, "open_timeout": 30, "close_timeout": 1}
        return opened.enter_context(connect(url, **options))

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


def at(entry=None, *, writing=True, embargo=False):
    """What a desk says of itself."""
    return json.dumps({"t": "at", "entry": entry, "writing": writing, "embargo": embargo})


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
    entry = post(event)

    second.send(at(entry=entry.pk))
    told = hear(first, "here", lambda frame: frame["people"][-1]["at"] == [entry.pk])
    assert told["people"] == [
        {"id": noor.pk, "name": "noor", "at": [], "writing": False},
        {"id": tomas.pk, "name": "tomas", "at": [entry.pk], "writing": True},
    ]
    second.close()
    assert [one["name"] for one in hear(first, "here", lambda frame: len(frame["people"]) == 1)["people"]] == ["noor"]


def test_those_at_another_process_are_known_too_without_redis(sit, event, tmp_path):
    noor, tomas = make_member(event, username="noor"), make_member(event, username="tomas")
    here, entry = sit(event, noor), post(event)
    with running_site(tmp_path / "other.log") as other:
        there = sit(event, tomas, at=other)
        there.send(at(entry=entry.pk))
        told = hear(here, "here", lambda frame: len(frame["people"]) == 2)["people"]
        assert [(one["name"], one["writing"]) for one in told if one["at"] == [entry.pk]] == [("tomas", True)]
        hear(there, "here", lambda frame: len(frame["people"]) == 2)
        there.close()
        hear(here, "here", lambda frame: len(frame["people"]) == 1)
        sit(event, tomas, at=other)
        hear(here, "here", lambda frame: len(frame["people"]) == 2)
    hear(here, "here", lambda frame: len(frame["people"]) == 1)  # a process that ends takes its people along


def test_updates_that_are_open_are_named_only_to_those_who_may_know_of_them(sit, event):
    noor, tomas, mara = (make_member(event, role, name) for role, name in (
        (Role.CORRESPONDENT, "noor"), (Role.MODERATOR, "tomas"), (Role.EDITOR, "mara"),
    ))  # fmt: skip
    words = EntryContent("Embargoed", (TextContent("<p>x</p>"),))
    later = publishing.schedule(Written(event.pk, words), tomas, timezone.now() + timedelta(hours=1)).entry
    hers = publishing.save_draft(Written(event.pk, words), noor).entry
    elsewhere = post(make_event())
    open_here = [later.pk, hers.pk, elsewhere.pk]
    editor, writer = sit(event, mara), sit(event, noor)
    desks = [sit(event, tomas) for _entry in open_here]
    for socket, pk in zip(desks, open_here, strict=True):
        socket.send(at(entry=pk))

    def of_tomas(socket, *pks):
        """Waits until exactly these are said to be open."""

        def says(frame):
            people = {one["name"]: sorted(one["at"]) for one in frame["people"]}
            return people.get("tomas") == sorted(pks)

        return bool(hear(socket, "here", says))

    assert of_tomas(editor, later.pk, hers.pk)
    assert of_tomas(writer, hers.pk)
    publishing.publish_now(later.pk, tomas)
    assert of_tomas(writer, later.pk, hers.pk)


@pytest.fixture
def reader(site):
    """What a reader's socket says of somebody's writing: at the first frame, with each change and each heartbeat."""
    opened = ExitStack()

    def read(event, at=site):
        event.refresh_from_db()
        socket = opened.enter_context(connect(address(at, event, since=event.head), open_timeout=30, close_timeout=1))
        frames = (json.loads(socket.recv(timeout=30)) for _ in count())
        return (frame["writing"] for frame in frames if "writing" in frame)

    with opened:
        yield read


def test_readers_are_told_that_somebody_writes_and_no_more_where_the_event_shows_it(sit, reader, event, tmp_path):
    noor = make_member(event, username="noor")
    publishing.change_event(event.pk, EventDetails(shows_writing=True), editor_of(event))
    with running_site(tmp_path / "other.log") as other:
        told = reader(event, at=other)
        assert next(told) is False
        desk = sit(event, noor)
        desk.send(at())
        assert True in told
        desk.send(at(embargo=True))
        assert False in told
        desk.send(at())
        assert True in told
        desk.send(at(entry=12))  # what is changed, or waits, is not on its way to readers
        assert False in told
        desk.send(at())
        assert True in told
        desk.close()
        assert False in told
        assert False in reader(event)


def test_readers_are_not_told_of_those_who_may_only_submit(sit, reader, event):
    noor, tomas = make_member(event, username="noor"), make_member(event, Role.MODERATOR, "tomas")
    settings = EventDetails(shows_writing=True, direct_publishing=False)
    publishing.change_event(event.pk, settings, editor_of(event))
    told = reader(event)
    assert next(told) is False
    sit(event, noor).send(at())
    moderator = sit(event, tomas)
    hear(moderator, "here", lambda frame: frame["people"][0]["writing"])
    assert not where_somebody_writes([event.pk])
    moderator.send(at())
    assert True in told


def test_readers_are_not_told_unless_the_event_shows_it(sit, event, site):
    desk = sit(event, editor_of(event))
    desk.send(at())
    wait_until(lambda: where_somebody_writes([event.pk]), "somebody writes")
    event.refresh_from_db()
    with connect(address(site, event, since=event.head), open_timeout=30) as socket:
        assert "writing" not in json.loads(socket.recv(timeout=30))
        post(event, "Gate holds")
        assert "writing" not in socket.recv(timeout=30)


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
    hear(socket, "desk")
    socket.send(nonsense)
    assert closed(socket) == 4400
