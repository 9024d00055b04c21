"""A removal removes everywhere: every address of the site, open pages and the export, behind the nginx that we ship."""

import json
import re
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from hashlib import sha256
from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command
from websockets.exceptions import ConnectionClosedError
from websockets.sync.client import connect

from tests.factories import make_event, make_user, picture_file, post
from tests.nginx import nginx_before
from tests.removal.surfaces import (
    CARD,
    CROP,
    EVENT_CARD,
    MEDIA,
    READER_ROUTES,
    SOCKETS,
    all_of,
    desk_sample,
    fetch,
    files_of,
    in_base64,
    patterns,
    plain,
    samples,
    socket_patterns,
    stray_id,
    strings,
)
from tests.servers import CEILING, readiness, running_site, wait_until
from updates import publishing
from updates.content.crops import crop_name
from updates.models import Event, Image, ShareCard
from updates.publishing import EmbedContent, EntryContent, PhotoContent, QuoteContent, TextContent
from updates.publishing.pictures import add_picture

pytestmark = [pytest.mark.services, pytest.mark.once, pytest.mark.django_db(transaction=True)]

GONE_WITHIN = 5.0

WORDS = {
    "headline": "Gate «Süd» leaks & fails",
    "text": 'Pumps were "sabotaged", says <the> guard',
    "alt": "A guard's torch & the pump",
    "caption": "Pump 7 > pump 8",
    "credit": "Zed & Sons Pictures",
    "quote": "It wasn't “us”",
    "speaker": "The guard's brother",
    "title": "Film of the pump & the gate",
    "lead_in": "Our man at <gate> reports",
    "captions": "Pumps, then a loud bang",
    "note": "It's pump 7 & not 6",
    "before": "Gate «Nord» leaks",
}
"""Each awkward in HTML, in JSON or in both."""


@pytest.fixture
def boss(transactional_db):
    return make_user("boss", superuser=True)


@pytest.fixture
def site(tmp_path, transactional_db):
    """Of its own: another test's hub would remember another event. What happens here it learns by its tick, which in
    its own process, or through Redis, it need not wait for."""
    with running_site(tmp_path / "site.log", RECONCILE_EVERY="0.1") as running:
        yield running


@pytest.fixture
def front(site, tmp_path):
    with nginx_before(tmp_path, site.url) as url:
        yield url


def escaped(words):
    return words.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def picture(boss, colour):
    return add_picture(picture_file(colour=colour), boss).pk


class Story:
    """One entry that stands wherever an entry can stand, among others; one of its pictures is also another's."""

    def __init__(self, boss, event):
        self.boss, self.event = boss, event
        for number in (1, 2):
            post(event, f"Before it {number}", author=boss, is_key=True)
        shared = picture(boss, (10, 120, 40))
        photos = [
            PhotoContent(picture(boss, (90, 20, 20)), WORDS["alt"], WORDS["credit"], WORDS["caption"]),
            PhotoContent(shared, WORDS["alt"], WORDS["credit"]),
        ]
        rest = [
            TextContent(f"<p>{escaped(WORDS['text'])}</p>"),
            QuoteContent(WORDS["quote"], WORDS["speaker"]),
            EmbedContent("https://youtu.be/aqz-KE-bpKQ", WORDS["lead_in"], WORDS["title"], picture(boss, (20, 20, 90))),
            EmbedContent("https://film.example/a.m3u8", captions=f"00:01.000 --> 00:02.000\n{WORDS['captions']}"),
        ]
        first = EntryContent(WORDS["before"], (*photos, *rest), is_key=True)
        self.entry = publishing.publish(event.pk, first, boss).entry
        right = EntryContent(WORDS["headline"], first.blocks, is_key=True)
        publishing.correct(self.entry.pk, right, WORDS["note"], boss)
        publishing.pin(self.entry.pk, boss)
        self.other = post(event, "After it", author=boss, blocks=[PhotoContent(shared, "The gate", "A. Person")])
        self.entry.refresh_from_db()
        self.own_files = sorted(set(files_of(self.entry)) - set(files_of(self.other)))

    def remove(self):
        publishing.remove(self.entry.pk, self.boss, reason="A secret reason")


def addresses_of(story):
    """By route; every route has some, and none that this file knows of is missing."""
    head = Event.objects.get(pk=story.event.pk).head
    known = samples(story.event, story.entry, head)
    routes = [route for route in patterns() if not route.startswith("admin/r/")]  # the site answers 404 to all of them
    desk = {route: [desk_sample(route, story.event, story.entry)] for route in routes if route.startswith("admin/")}
    addresses = known | desk
    assert set(routes) == set(addresses), "Declare sample addresses in tests/removal/surfaces.py"
    assert set(socket_patterns()) == set(SOCKETS), "Declare how the new socket is listened to"
    return addresses


class Walk:
    """Asks for every address, several at a time, and says what of an entry is in the answers."""

    def __init__(self, story, base, marks):
        self.story, self.base, self.marks = story, base, marks
        self.hits = 0

    def dirty(self, addresses):
        """Addresses whose answer has something of the entry, with what it is and when it was asked for."""
        with ThreadPoolExecutor(6) as several:
            return {address: hit for address, hit in several.map(self._look, addresses) if hit[0]}

    def _look(self, address):
        requested_at = time.time()
        answer = fetch(self.base + address)
        assert answer.status < 500, f"{address}: {answer.status}"
        self.hits += answer.headers.get("X-Cache") == "HIT"
        if answer.status == 200 and address == f"{self.story.entry.get_absolute_url()}card.jpg":
            return address, (["card"], requested_at)
        if answer.headers.get("Content-Type", "").startswith("image/"):
            own = sha256(answer.body).hexdigest() in self.marks.pictures or address in self.marks.crops
            return address, (["picture"] if own else [], requested_at)
        return address, (
            self.marks.traces_in(answer.text) + stray_id(address, answer, self.story.entry.public_id),
            requested_at,
        )


class Marks:
    def __init__(self, story):
        self.words = set(WORDS.values()) | {"A secret reason"}
        self.names = {Path(name).name for name in story.own_files}
        photo = Image.objects.get(public_id=story.entry.content["blocks"][0]["image"]["id"])
        self.master = in_base64(Path(photo.master.path).read_bytes())
        self.pictures = {sha256(Path(settings.MEDIA_ROOT, name).read_bytes()).hexdigest() for name in story.own_files}

        self.crops = {f"/media/{crop_name(name, '4x3')}" for name in story.own_files if name.endswith(".jpg")}

    def traces_in(self, text):
        return sorted(word for word in self.words | self.names if word in text)


def listen(url, until):
    """An open page: what it hears, and when."""
    heard = []
    with connect(url, max_size=2**20, open_timeout=CEILING) as socket:
        while not until(heard):
            heard.append((json.loads(socket.recv(timeout=CEILING)), time.time()))
    return heard


def socket_url(front, event, since):
    return f"{front.replace('http', 'ws')}/ws/events/{event.slug}/?v=1&epoch={event.epoch}&since={since}"


def has_gone(entry):
    def gone(heard):
        items = [item for frame, _ in heard for item in frame.get("items", ())]
        return any(item["id"] == entry.public_id and item["op"] == "del" for item in items)

    return gone


def exported(event):
    output = StringIO()
    call_command("export_event", event.slug, stdout=output)
    return plain("\n".join(strings(json.loads(output.getvalue()))))


def test_removal_on_every_surface(front, site, boss):
    event = make_event(author=boss, slug="storm", page_size=2)
    event.refresh_from_db()
    start = event.head
    with ThreadPoolExecutor() as pages:
        early = pages.submit(listen, socket_url(front, event, start), lambda heard: len(heard) > 1)
        story = Story(boss, event)
        early.result()  # so the hub has seen it all; what it remembers is looked into below
        event.refresh_from_db()
        walk, addresses = Walk(story, front, Marks(story)), addresses_of(story)
        everywhere(walk, addresses)
        page = pages.submit(listen, socket_url(front, event, event.head), has_gone(story.entry))
        wait_until(lambda: readiness(site)[1]["readers"] == 1, "the page is open")
        story.remove()
        removed_at = time.time()
        frame, heard_at = page.result()[-1]
    assert heard_at - removed_at < GONE_WITHIN
    assert walk.marks.traces_in("\n".join(strings(frame))) == []
    nowhere(walk, addresses, removed_at)
    only_its_own_pictures_went(walk, addresses)
    assert Walk(story, site.url, walk.marks).dirty(all_of(addresses)) == {}
    the_hub_has_forgotten(walk, front, start)
    other_sockets_say_nothing(walk, front)


def everywhere(walk, addresses):
    """It stands wherever it can stand, and nginx has kept what it may keep."""
    for card in (*addresses[CARD], *addresses[EVENT_CARD]):  # few may wait until one is drawn, so not all at once
        fetch(walk.base + card)
    walk.marks.card = Path(ShareCard.objects.get(entry=walk.story.entry).file.path)
    assert walk.marks.card.is_file()
    hits = walk.dirty(all_of(addresses))
    assert {route for route, some in addresses.items() if hits.keys() & set(some)} == READER_ROUTES
    assert {word for words, _ in hits.values() for word in words} >= set(WORDS.values()) - {WORDS["before"]}
    assert set(hits) >= {f"/media/{name}" for name in walk.story.own_files}
    text = exported(walk.story.event)
    assert walk.marks.traces_in(text)
    assert walk.marks.master in text
    walk.dirty(all_of(addresses))
    assert walk.hits
    script = fetch(walk.base + re.search(r'src="(/static/[^"]+\.js)"', fetch(f"{walk.base}/storm/").text)[1])
    assert (script.status, script.headers["Cache-Control"]) == (200, "public, max-age=315360000, immutable")


def nowhere(walk, addresses, removed_at):
    """No address that is asked later than five seconds after has anything of it, nor has the export."""
    left = all_of(addresses)
    while left:
        left = walk.dirty(left)
        assert {address: words for address, (words, at) in left.items() if at - removed_at > GONE_WITHIN} == {}
    assert walk.dirty(all_of(addresses)) == {}
    text = exported(walk.story.event)
    assert walk.marks.traces_in(text) == []
    assert walk.marks.master not in text
    assert walk.story.entry.public_id not in text


def only_its_own_pictures_went(walk, addresses):
    jpegs = [name for name in files_of(walk.story.other) if name.endswith(".jpg")]
    present = {f"/media/{name}" for name in (*files_of(walk.story.other), *(crop_name(name, "4x3") for name in jpegs))}
    for address in (*addresses[MEDIA], *addresses[CROP]):
        assert fetch(walk.base + address).status == (200 if address in present else 404)
    assert fetch(walk.base + walk.story.entry.get_absolute_url()).status == 410
    assert not walk.marks.card.exists()
    files = [path for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file()]
    assert [path for path in files if sha256(path.read_bytes()).hexdigest() in walk.marks.pictures] == []


def the_hub_has_forgotten(walk, front, start):
    """Pages that were cut off come back to what their hub remembers, or are sent on to catch-up, which was asked."""
    event, gone = walk.story.event, has_gone(walk.story.entry)
    for since in range(start, event.head + 1):
        heard = listen(socket_url(front, event, since), lambda heard: gone(heard) or is_sent_on(heard))
        assert walk.marks.traces_in(plain("\n".join(strings([frame for frame, _ in heard])))) == []


def other_sockets_say_nothing(walk, front):
    for sample in filter(None, SOCKETS.values()):
        heard = []
        url = f"{front.replace('http', 'ws')}/{sample.format(event=walk.story.event)}"
        with suppress(ConnectionClosedError), connect(url, origin=front, open_timeout=CEILING) as socket:
            heard.extend(json.loads(message)["t"] for message in socket)  # until it is closed
        assert heard == ["bye"]


def is_sent_on(heard):
    return any(frame.get("more") for frame, _ in heard)
