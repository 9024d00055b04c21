"""Title and picture of a link, from a real server of a stranger, which may do anything."""

import asyncio
import socket
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.factories import editor_of, make_event, make_member, make_user, post
from tests.recorder import Recording, recording
from tests.servers import CEILING
from tests.webhooks.test_webhook_addresses import Names
from updates import publishing
from updates.link_lookups import fetch, fetcher
from updates.link_lookups.fetcher import LinkFetcher
from updates.models import Image, LinkLookup, Rendition
from updates.publishing import EmbedContent
from updates.publishing.link_lookups import MOST_PER_HOUR, order_lookup, sweep_lookups

pytestmark = pytest.mark.django_db(transaction=True)


@dataclass
class StrangersSite(Recording):
    @property
    def paths(self):
        return [row["path"] for row in self.records]


@pytest.fixture
def stranger(tmp_path, settings, monkeypatch):
    settings.FETCH_LINK_TITLES = True
    for module, name in ((fetch, "CALL_DEADLINE"), (fetcher, "DEADLINE")):  # a busy machine may need more
        monkeypatch.setattr(module, name, CEILING)
    with recording(StrangersSite, "tests.link_lookups.link_site", tmp_path) as server:
        settings.LINK_INTERNAL_HOSTS = [urlsplit(server.url).netloc]
        yield server


@pytest.fixture
def event(transactional_db):
    return make_event(slug="storm", title="Storm")


@pytest.fixture
def noor(event):
    return make_member(event, username="noor")


@pytest.fixture
def look_up(event, noor):
    """Order a link and let the worker fetch it."""

    def ordered(url):
        lookup = order(url, noor, event)
        asyncio.run(LinkFetcher().run_to_the_end())
        lookup.refresh_from_db()
        assert lookup.next_at is None
        return lookup

    return ordered


def order(url, user, event):
    """Order a link; one of this machine is written into the row, as the form takes public names only."""
    lookup = order_lookup("https://news.example/article", user, event)
    LinkLookup.objects.filter(pk=lookup.pk).update(url=url)
    return lookup


def test_title_and_picture_reach_readers_and_are_removed_with_the_update(stranger, event, noor, look_up):
    lookup = look_up(f"{stranger.url}/article")
    assert lookup.title == "Gate holds – article"
    image = Image.objects.get(public_id=lookup.picture)
    assert (image.uploaded_by, image.width) == (noor, 1200)
    assert all("Cookie" not in row["headers"] for row in stranger.records)

    card = EmbedContent("https://news.example/article", "", lookup.title, image.pk)
    entry = post(event, "Read this", blocks=[card], author=editor_of(event))
    page = Client().get(event.get_absolute_url()).content.decode()
    assert "Gate holds – article" in page
    assert Rendition.objects.filter(image=image).exists()
    publishing.remove(entry.pk, editor_of(event))
    assert "Gate holds – article" not in Client().get(event.get_absolute_url()).content.decode()
    assert not Rendition.objects.filter(image=image).exists()


ANSWERS = {
    "/huge": "huge",
    "/away?/article": "article",
    "/pictured?/false.jpg": "pictured",
    "/pictured?/huge.jpg": "pictured",
    "/pictured?http://127.0.0.1:9/quay.jpg": "pictured",
    "/pictured?file:///etc/passwd": "pictured",
    "/packed": "",
    "/text": "",
    "/garbage": "",
    "/round": "",
    "/nothing": "",
    "/away?http://169.254.169.254/latest/": "",
    "/away?https://127.0.0.1/": "",
    "/away?https://[::1]/": "",
    "/away?file:///etc/passwd": "",
    "/away?": "",
}
"""What the title ends with, by what the stranger does."""


def test_a_stranger_may_answer_anything(stranger, event, noor):
    now = timezone.now()
    for path in ANSWERS:
        LinkLookup.objects.create(url=stranger.url + path, user=noor, created_at=now, next_at=now)
    asyncio.run(LinkFetcher().run_to_the_end())
    titles, pictured = {}, []
    for lookup in LinkLookup.objects.all():
        path = lookup.url.removeprefix(stranger.url)
        assert lookup.next_at is None
        titles[path] = lookup.title.removeprefix("Gate holds – ")
        pictured += [path] if lookup.picture else []
    assert titles == ANSWERS
    assert pictured == ["/away?/article"]
    assert stranger.paths.count("/round") == fetch.REDIRECTS + 1


def test_a_page_that_hangs_is_given_up(stranger, look_up, monkeypatch):
    monkeypatch.setattr(fetcher, "DEADLINE", 0.5)
    assert look_up(f"{stranger.url}/slow").title == ""


def test_the_address_that_was_checked_is_called_though_the_name_changes(stranger, look_up, settings, monkeypatch):
    """The site listens on loopback, to which the name leads at some calls only."""
    host = f"news.example:{stranger.url.rpartition(':')[2]}"
    settings.LINK_INTERNAL_HOSTS = []
    names = Names(["127.0.0.1"])
    monkeypatch.setattr(socket, "getaddrinfo", names.getaddrinfo)
    assert look_up(f"https://{host}/article").title == ""
    assert (names.calls, stranger.records) == (1, [])

    LinkLookup.objects.all().delete()
    settings.LINK_INTERNAL_HOSTS = [host]
    names = Names(["127.0.0.1"], ["192.0.2.1"])  # what is not asked again cannot lead elsewhere
    monkeypatch.setattr(socket, "getaddrinfo", names.getaddrinfo)
    assert look_up(f"http://{host}/away?http://127.0.0.1:{stranger.url.rpartition(':')[2]}/article").title == ""
    assert names.calls == 1


def test_nothing_is_ordered_that_is_off_known_or_too_much(settings, event, noor):
    assert order_lookup("https://news.example/a", noor, event) is None
    settings.FETCH_LINK_TITLES = True
    assert order_lookup("https://www.youtube.com/watch?v=dQw4w9WgXcQ", noor, event) is None
    for wrong in ("news", "file:///etc/passwd", "https://127.0.0.1/"):
        with pytest.raises(ValidationError):
            order_lookup(wrong, noor, event)
    with pytest.raises(PermissionDenied):
        order_lookup("https://news.example/a", make_user("stranger"), event)
    first = order_lookup("https://news.example/a", noor, event)
    assert order_lookup("https://news.example/a", noor, event) == first
    for number in range(MOST_PER_HOUR):
        order_lookup(f"https://news.example/{number}", noor, event)
    assert LinkLookup.objects.count() == MOST_PER_HOUR
    LinkLookup.objects.update(created_at=timezone.now() - timedelta(hours=2))
    sweep_lookups()
    assert not LinkLookup.objects.exists()


def test_the_desk_asks_until_it_is_there_and_only_for_its_own(stranger, event, noor):
    desk, other = Client(), Client()
    desk.force_login(noor)
    other.force_login(make_member(event, username="ben"))
    address = reverse("admin:updates_link_lookup", args=[event.pk])
    assert desk.post(address, {"url": "nothing"}).json() == {"state": "none"}
    ordered = desk.post(address, {"url": "https://news.example/article"}).json()
    assert ordered["state"] == "waiting"
    LinkLookup.objects.update(url=f"{stranger.url}/article")
    asyncio.run(LinkFetcher().run_to_the_end())
    found = desk.get(address, {"id": ordered["id"]}).json()
    assert (found["state"], found["title"]) == ("found", "Gate holds – article")
    assert desk.get(found["picture"]["preview"]).status_code == 200
    assert other.get(address, {"id": ordered["id"]}).json() == {"state": "none"}
    assert 'data-links="' in desk.get(reverse("admin:updates_event_desk", args=[event.pk])).content.decode()


def test_what_a_killed_process_had_taken_is_tried_once_more(stranger, event, noor):
    lookup = order(f"{stranger.url}/article", noor, event)
    for tries, title in ((1, "Gate holds – article"), (2, "")):
        LinkLookup.objects.update(next_at=timezone.now(), tries=tries)
        asyncio.run(LinkFetcher().run_to_the_end())
        lookup.refresh_from_db()
        assert (lookup.next_at, lookup.title) == (None, title)
