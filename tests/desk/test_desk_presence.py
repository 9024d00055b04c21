"""Who is at a desk, at which update, and what readers are told of it; on real servers."""

import json
from contextlib import ExitStack, contextmanager
from datetime import timedelta
from itertools import count

import pytest
from django.db import connection
from django.utils import timezone
from websockets.sync.client import connect

from tests.browser.desk_page import session_cookie
from tests.desk.sockets import at, closed, next_frame
from tests.factories import editor_of, make_event, make_member, post
from tests.live.test_sockets import address
from tests.servers import CEILING, running_site, wait_until
from updates import publishing
from updates.choices import Role
from updates.live.desk.presence import events_with_writers
from updates.models import DeskPresence
from updates.publishing import EntryContent, EntryInput, EventDetails, TextContent

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.services]


@pytest.fixture
def event(transactional_db):
    return make_event(title="Storm Maren")


def test_whoever_loses_a_right_hears_no_more_by_it_and_readers_are_told_no_more(sit, event):
    noor, tomas, boss = (
        make_member(event, username="noor"),
        make_member(event, Role.MODERATOR, "tomas"),
        editor_of(event),
    )
    later = publishing.schedule(
        EntryInput(event.pk, EntryContent("Embargoed")), tomas, timezone.now() + timedelta(hours=1)
    ).entry
    publishing.assign(event.pk, noor, Role.MODERATOR, boss)
    hers = sit(event, noor)
    sit(event, tomas).send(at(entry=later.pk))

    def says(*pks):
        return lambda frame: ("tomas", list(pks)) in [(one["name"], one["at"]) for one in frame["people"]]

    next_frame(hers, "here", says(later.pk))
    publishing.assign(event.pk, noor, Role.CORRESPONDENT, boss)
    next_frame(hers, "here", says())
    publishing.assign(event.pk, noor, Role.MODERATOR, boss)
    next_frame(hers, "here", says(later.pk))

    publishing.assign(event.pk, noor, Role.CORRESPONDENT, boss)
    hers.send(at())
    wait_until(lambda: events_with_writers([event.pk]), "somebody writes")
    publishing.change_event(event.pk, EventDetails(direct_publishing=False), boss)
    wait_until(lambda: not events_with_writers([event.pk]), "nobody writes who may publish")


def test_what_a_process_of_another_release_says_stops_nobody(sit, event, client):
    noor = make_member(event, username="noor")
    cookie = session_cookie(noor, "http://x")
    socket = sit(event, cookie=cookie)
    next_frame(socket, "here")
    place = {"user": noor.pk, "name": "Ann", "entry": None, "writing": True, "mood": "calm"}
    soon = timezone.now() + timedelta(minutes=1)
    DeskPresence.objects.create(event=event, process="new", places=[place], writes_for_readers=False, until=soon)
    DeskPresence.objects.create(event=event, process="odd", places=[{}], writes_for_readers=False, until=soon)

    client.cookies["sessionid"] = cookie["value"]
    client.logout()
    assert closed(socket) == 4401


def test_those_who_are_there_know_of_each_other_and_at_which_update(sit, event):
    noor, tomas = make_member(event, username="noor"), make_member(event, username="tomas")
    first = sit(event, noor)
    next_frame(first, "here", lambda frame: len(frame["people"]) == 1)
    second = sit(event, tomas)
    entry = post(event)

    second.send(at(entry=entry.pk))
    frame = next_frame(first, "here", lambda frame: frame["people"][-1]["at"] == [entry.pk])
    assert frame["people"] == [
        {"id": noor.pk, "name": "noor", "at": [], "writing": False},
        {"id": tomas.pk, "name": "tomas", "at": [entry.pk], "writing": True},
    ]
    second.close()
    assert [one["name"] for one in next_frame(first, "here", lambda frame: len(frame["people"]) == 1)["people"]] == [
        "noor"
    ]


def test_those_at_another_process_are_known_too_without_redis(sit, event, tmp_path):
    noor, tomas = make_member(event, username="noor"), make_member(event, username="tomas")
    here, entry = sit(event, noor), post(event)
    with running_site(tmp_path / "other.log") as other:
        there = sit(event, tomas, at=other)
        there.send(at(entry=entry.pk))
        people = next_frame(here, "here", lambda frame: frame["people"][-1]["at"] == [entry.pk])["people"]
        assert [(one["name"], one["writing"]) for one in people] == [("noor", False), ("tomas", True)]
        next_frame(there, "here", lambda frame: len(frame["people"]) == 2)
        there.close()
        next_frame(here, "here", lambda frame: len(frame["people"]) == 1)
        sit(event, tomas, at=other)
        next_frame(here, "here", lambda frame: len(frame["people"]) == 2)
    next_frame(here, "here", lambda frame: len(frame["people"]) == 1)  # a process that ends takes its people along


def test_updates_that_are_open_are_named_when_the_database_answers_again(sit, event):
    noor, tomas = make_member(event, username="noor"), make_member(event, username="tomas")
    first, second = sit(event, noor), sit(event, tomas)
    entry = post(event)
    with table_away("updates_entry"):
        second.send(at(entry=entry.pk))
        people = next_frame(first, "here", lambda frame: frame["people"][-1]["writing"])["people"]
        assert people[-1] == {"id": tomas.pk, "name": "tomas", "at": [], "writing": True}
    next_frame(first, "here", lambda frame: frame["people"][-1]["at"] == [entry.pk])


@contextmanager
def table_away(name):
    """Let every query of a table fail."""
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE {name} RENAME TO {name}_away")
        try:
            yield
        finally:
            cursor.execute(f"ALTER TABLE {name}_away RENAME TO {name}")


def test_updates_that_are_open_are_named_only_to_those_who_may_know_of_them(sit, event):
    noor, tomas, mara = (make_member(event, role, name) for role, name in (
        (Role.CORRESPONDENT, "noor"), (Role.MODERATOR, "tomas"), (Role.EDITOR, "mara"),
    ))  # fmt: skip
    words = EntryContent("Embargoed", (TextContent("<p>x</p>"),))
    later = publishing.schedule(EntryInput(event.pk, words), tomas, timezone.now() + timedelta(hours=1)).entry
    hers = publishing.save_draft(EntryInput(event.pk, words), noor).entry
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

        return bool(next_frame(socket, "here", says))

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
        socket = opened.enter_context(
            connect(address(at, event, since=event.head), open_timeout=CEILING, close_timeout=1)
        )
        frames = (json.loads(socket.recv(timeout=CEILING)) for _ in count())
        return (frame["writing"] for frame in frames if "writing" in frame)

    with opened:
        yield read


@pytest.mark.once
def test_readers_are_told_that_somebody_writes_and_no_more_where_the_event_shows_it(sit, reader, event, tmp_path):
    noor = make_member(event, username="noor")
    publishing.change_event(event.pk, EventDetails(shows_writing=True), editor_of(event))
    with running_site(tmp_path / "other.log") as other:
        writing = reader(event, at=other)
        assert next(writing) is False
        desk = sit(event, noor)
        desk.send(at())
        assert True in writing
        desk.send(at(embargo=True))
        assert False in writing
        desk.send(at())
        assert True in writing
        desk.send(at(entry=12))  # what is changed, or waits, is not on its way to readers
        assert False in writing
        desk.send(at())
        assert True in writing
        desk.close()
        assert False in writing
        assert False in reader(event)


def test_readers_are_not_told_of_those_who_may_only_submit(sit, reader, event):
    noor, tomas = make_member(event, username="noor"), make_member(event, Role.MODERATOR, "tomas")
    settings = EventDetails(shows_writing=True, direct_publishing=False)
    publishing.change_event(event.pk, settings, editor_of(event))
    writing = reader(event)
    assert next(writing) is False
    sit(event, noor).send(at())
    moderator = sit(event, tomas)
    next_frame(moderator, "here", lambda frame: frame["people"][0]["writing"])
    assert not events_with_writers([event.pk])
    moderator.send(at())
    assert True in writing


def test_readers_are_not_told_unless_the_event_shows_it(sit, event, site):
    desk = sit(event, editor_of(event))
    desk.send(at())
    wait_until(lambda: events_with_writers([event.pk]), "somebody writes")
    event.refresh_from_db()
    with connect(address(site, event, since=event.head), open_timeout=CEILING) as socket:
        assert "writing" not in json.loads(socket.recv(timeout=CEILING))
        post(event, "Gate holds")
        assert "writing" not in socket.recv(timeout=CEILING)
