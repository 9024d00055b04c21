"""Pings to a hub, which is a process that fetches the feeds as a real one does."""

import re
from dataclasses import dataclass
from itertools import pairwise
from time import monotonic

import pytest

from tests.factories import make_editor, make_event, post
from tests.recorder import Recording, recording
from tests.servers import wait_until
from updates import publishing, websub
from updates.publishing import EntryContent, EntryInput
from updates.rendering.feeds import FORMATS

INTERVAL = 0.5

LONG_INTERVAL = 1.5
"""Longer than one call about each feed takes."""


class Hub(Recording):
    @property
    def pings(self):
        return self.records

    def copies(self, topic):
        return [ping["copy"] for ping in self.pings if ping["form"]["hub.url"] == [topic] and "copy" in ping]


@pytest.fixture
def hub(transactional_db, tmp_path, settings, monkeypatch, site):
    monkeypatch.setattr(websub.pings, "first_pause", 0.02)
    monkeypatch.setattr(websub.pings, "delay", 0.05)
    monkeypatch.setattr(websub.pings, "interval", INTERVAL)
    with recording(Hub, "tests.feeds.hub", tmp_path) as server:
        settings.WEBSUB_HUB, settings.SITE_URL = server.url, site.url
        yield server
        server.answer(202)
        wait_until(lambda: websub.pings.is_idle and websub.health() == "ok", "the last ping was sent")


@dataclass(frozen=True)
class Call:
    """A call about a feed; ``begun`` is the time from which the interval is counted."""

    topic: str
    begun: float
    entered: float
    ended: float
    has_succeeded: bool


@pytest.fixture
def calls(hub, monkeypatch):
    made, call = [], websub.pings._call

    def noted(topics):
        entered, (topic,) = monotonic(), topics
        begun, has_succeeded = websub.pings._called[topic], call(topics)
        made.append(Call(topic, begun, entered, monotonic(), has_succeeded))
        return has_succeeded

    monkeypatch.setattr(websub.pings, "_call", noted)
    return made


@pytest.fixture
def editor(transactional_db):
    return make_editor()


@pytest.mark.services
def test_the_hub_gets_each_feed_with_the_newest_update(hub, site, editor):
    event = make_event(author=editor, slug="storm-hub")
    post(event, "Gate holds", author=editor)
    topics = [f"{site.url}{place}feed.{form}" for place in ("/storm-hub/", "/") for form in FORMATS]
    for topic in topics:
        wait_until(lambda topic=topic: any("Gate holds" in copy for copy in hub.copies(topic)), f"{topic} is fetched")
    assert {ping["form"]["hub.url"][0] for ping in hub.pings} == set(topics)
    assert {(*ping["form"]["hub.mode"], ping["type"]) for ping in hub.pings} == {
        ("publish", "application/x-www-form-urlencoded")
    }


@pytest.mark.services
def test_many_updates_are_few_pings_and_the_last_one_is_never_missed(hub, calls, site, editor, monkeypatch):
    monkeypatch.setattr(websub.pings, "interval", LONG_INTERVAL)
    topic = f"{site.url}/storm-hub/feed.atom"
    with websub.pings._changed:  # no call begins until then, however long the updates take
        event = make_event(author=editor, slug="storm-hub")
        for number in range(12):
            post(event, f"Update {number}", author=editor)
    wait_until(lambda: websub.pings.is_idle, "no ping waits")
    assert any("Update 11" in copy for copy in hub.copies(topic))
    post(event, "Update 12", author=editor)
    wait_until(lambda: websub.pings.is_idle, "no ping waits")
    assert any("Update 12" in copy for copy in hub.copies(topic))
    assert len([call for call in calls if call.topic == topic and call.has_succeeded]) <= 3
    check_that_calls_are_spaced(calls)


def check_that_calls_are_spaced(calls):
    for earlier, later in pairwise(calls):
        assert earlier.ended <= later.begun <= later.entered  # its time is noted right before it
    for topic in {call.topic for call in calls}:
        for earlier, later in pairwise(call for call in calls if call.topic == topic):
            if earlier.has_succeeded:  # what failed is repeated sooner
                assert later.begun >= earlier.begun + LONG_INTERVAL


@pytest.mark.django_db
def test_hubs_are_told_when_shared_caches_have_dropped_the_old_feed(client):
    assert (websub.pings.delay, websub.pings.interval) == (websub.DELAY, websub.INTERVAL)
    make_event(slug="storm")
    for form in FORMATS:
        for place in ("/", "/storm/"):
            limits = dict(re.findall(r"([\w-]+)=(\d+)", client.get(f"{place}feed.{form}")["Cache-Control"]))
            assert int(limits["s-maxage"]) + int(limits.get("stale-while-revalidate", 0)) < websub.DELAY
    assert websub.INTERVAL > websub.DELAY


@pytest.mark.services
def test_a_hub_that_hangs_or_fails_delays_nothing_and_is_told_in_the_end(hub, site, editor):
    hub.answer(503)
    with hub.held():
        event = make_event(author=editor, slug="storm-hub")
        entry = post(event, "Gate holds", author=editor)
        assert entry.is_published  # while the hub keeps its first answer back
        failed = websub.pings.failures
    wait_until(lambda: websub.pings.failures > failed + 1, "failures are counted")
    assert websub.health().startswith("failing")
    hub.answer(202)
    wait_until(
        lambda: "Gate holds" in "".join(hub.copies(f"{site.url}/storm-hub/feed.rss")), "it is fetched in the end"
    )


@pytest.mark.services
def test_what_nobody_may_know_of_is_not_announced(hub, site, editor):
    hidden = make_event(author=editor, slug="hidden", is_listed=False)
    post(hidden, "Rehearsal", author=editor)
    make_event(author=editor, slug="draft", status="draft")
    event = make_event(author=editor, slug="storm-hub")
    wait_until(lambda: hub.copies(f"{site.url}/storm-hub/feed.atom"), "the event is announced")
    wait_until(lambda: websub.pings.is_idle, "no ping waits")
    before = len(hub.pings)
    publishing.save_draft(EntryInput(event.pk, EntryContent("Draft")), editor)
    assert websub.pings.is_idle
    assert len(hub.pings) == before
    assert not any(
        "hidden" in ping["form"]["hub.url"][0] or "draft" in ping["form"]["hub.url"][0] for ping in hub.pings
    )


@pytest.mark.django_db
def test_feeds_name_the_hub_and_themselves(client, settings):
    assert tuple(FORMATS) == websub.FORMS
    make_event(slug="storm")
    make_event(slug="hidden", is_listed=False)
    settings.WEBSUB_HUB, settings.SITE_URL = "https://hub.example/", "https://live.example"
    hub = '<https://hub.example/>; rel="hub"'
    for form in FORMATS:
        for place in ("/", "/storm/"):
            answer = client.get(f"{place}feed.{form}")
            assert answer["Link"] == f'<https://live.example{place}feed.{form}>; rel="self", {hub}'
            assert b"https://hub.example/" in answer.content
        for address in (f"/hidden/feed.{form}", f"/storm/feed.{form}?filter=key"):
            answer = client.get(address)
            assert answer["Link"] == f'<https://live.example{address}>; rel="self"'
            assert b"hub.example" not in answer.content


@pytest.mark.django_db
def test_without_a_hub_nobody_is_called(client):
    event = make_event(slug="storm")
    post(event, "Gate holds")
    answer = client.get("/storm/feed.atom")
    assert (websub.pings.is_idle, websub.health()) == (True, "off")
    assert answer["Link"] == '<http://testserver/storm/feed.atom>; rel="self"'
