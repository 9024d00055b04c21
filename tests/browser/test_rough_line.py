"""An open page on the worst of lines: frames get lost, the socket is cut again and again, and the page ends right."""

import json
import os
import random
import re
import subprocess
import sys
from contextlib import contextmanager

import pytest

from tests.browser.reader_page import connected, shape
from tests.factories import make_event
from tests.proxy import CUT
from tests.servers import CEILING, ROOT, environment, running_site, wait_until
from updates.models import Entry

CUTS = int(os.environ.get("ROUGH_CUTS", "12"))
OPERATIONS = 10 * CUTS
"""`make prove` cuts fifty times."""

LOST = 0.3

NEWSROOM = """
import random
from django.contrib.auth.models import User
from tests.factories import post
from updates import publishing
from updates.models import Entry, Event
from updates.publishing import (EntryContent, EventDetails, TextContent)
boss = User.objects.get(username="boss")
event = Event.objects.get(pk={event})
draw = random.Random({seed})
def newest(**status):
    return draw.choice(list(Entry.objects.filter(event=event, **status).order_by("-order")[:12]))
def content(word):
    return EntryContent(f"{{word}} {{draw.random()}}", (TextContent(f"<p>Level {{draw.random()}}</p>"),))
for number in range({operations}):
    if number % {batch} == 0:
        print("ready", flush=True)
        input()
    deed = draw.choice(["post"] * 6 + "edit correct pin unpin key unkey move remove restore event".split())
    try:
        if deed == "post":
            post(event, f"Update {{number}}", author=boss)
        elif deed in ("edit", "correct"):
            entry = newest(status="published")
            if deed == "edit":
                publishing.edit(entry.pk, content("Edited"), boss)
            else:
                publishing.correct(entry.pk, content("Corrected"), "the level was wrong", boss)
        elif deed in ("key", "unkey"):
            publishing.mark_key(newest(status="published").pk, boss, is_key=deed == "key")
        elif deed == "move":
            publishing.move(newest(status="published").pk, boss, above=newest(status="published").pk)
        elif deed == "restore":
            publishing.restore(newest(status="removed").pk, boss)
        elif deed == "event":
            told = (f"<p>Point {{number}}</p>",)
            publishing.change_event(event.pk, EventDetails(title=f"Storm {{number}}", key_points=told), boss)
        else:
            getattr(publishing, deed)(newest(status="published").pk, boss)
    except (publishing.Refused, IndexError):
        pass  # nothing to restore yet, or moved above itself
print("ready", flush=True)
"""


class RoughLine:
    """Between a page and the real server: loses frames and cuts the socket, as its seed has it."""

    def __init__(self, seed):
        self.draw, self.losses = random.Random(seed), random.Random(seed)
        self.lost = self.passed = self.cuts = 0
        self.open = []

    def route(self, near):
        far = near.connect_to_server()
        self.open.append((near, far))

        def carry(message):
            if json.loads(message)["t"] == "sync":
                near.send(message)
            elif self.losses.random() < LOST:
                self.lost += 1
            else:
                self.passed += 1
                near.send(message)

        far.on_message(carry)

    def cut(self):
        if self.open:
            self.cuts += 1
            for near, far in self.open:
                far.close()
                near.close(code=1011)
            self.open.clear()


@pytest.fixture(scope="module")
def quick_site(django_db_setup, tmp_path_factory):
    """Its pages come back quickly, or fifty cuts would add up to minutes; it finds each operation by itself."""
    quick = {"BACKOFF_BASE": "0.02", "RECONCILE_EVERY": "0.02"}
    with running_site(tmp_path_factory.mktemp("quick") / "server.log", **quick) as running:
        yield running


@pytest.mark.parametrize("seed", range(1, 1 + int(os.environ.get("ROUGH_LINES", "1"))))
def test_page_ends_right_though_a_third_of_its_frames_is_lost(open_page, watched, quick_site, boss, seed):
    watched.expect_messages(CUT)
    event = make_event()
    line = RoughLine(seed)
    page = open_page("about:blank")
    page.route_web_socket("**/ws/**", line.route)
    page.goto(f"{quick_site.url}/{event.slug}/")
    connected(page)
    page.evaluate("window.stayed = true")

    with newsroom(event, seed) as desk:
        for _ in range(CUTS):
            wait_until(lambda: looks(page) and line.open, "the page has a socket")
            go_on(desk)
            page.wait_for_timeout(line.draw.randrange(200))  # lines break at any moment; this waits for nothing
            line.cut()

    fresh = open_page(page.url)
    connected(fresh)
    expected = without_links(shape(fresh))
    wait_until(lambda: down_to(expected, without_links(shape(page))) == expected, "the page is a fresh one's equal")
    wait_until(lambda: as_in_database(page, event) == [], "its older entries are right, too")
    assert line.cuts >= CUTS
    assert line.passed > OPERATIONS / 10, (line.lost, line.passed)
    assert line.lost > 0.2 * line.passed
    assert page.evaluate("window.stayed"), "the page was loaded again"


@contextmanager
def newsroom(event, seed):
    """A process of its own that does a batch of operations for each line it is sent."""
    script = NEWSROOM.format(event=event.pk, seed=seed, operations=OPERATIONS, batch=OPERATIONS // CUTS)
    command = [sys.executable, "manage.py", "shell", "--no-imports", "-c", script]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    with subprocess.Popen(command, cwd=ROOT, env=environment(), **pipes) as desk:
        assert desk.stdout.readline() == "ready\n"
        yield desk
        assert desk.wait(CEILING) == 0


def go_on(desk):
    desk.stdin.write("\n")
    desk.stdin.flush()
    assert desk.stdout.readline() == "ready\n"


def looks(page):
    """Playwright hands frames over while it is asked something."""
    return page.evaluate("true")


def down_to(expected, page_state):
    """Without the entries that a fresh page has on its older pages."""
    return page_state | {"entries": page_state["entries"][: len(expected["entries"])]}


def without_links(page_state):
    """A key event or a correction links to its entry on this page, or to the entry's own page."""
    lists = ("keys", "corrections")
    return page_state | {name: [re.sub(r'<a href="[^"]*"', "<a", row) for row in page_state[name]] for name in lists}


def as_in_database(page, event):
    """What is wrong with the whole of a page that has seen everything happen, older entries included."""
    actual = page.evaluate(
        """() => [...document.querySelectorAll("[data-entries] > article")].map(({ id, dataset }) =>
             [dataset.id, Number(dataset.seq), Number(dataset.order)])"""
    )
    ids = page.evaluate("[...document.querySelectorAll('[id]')].map((node) => node.id)")
    published = Entry.objects.filter(event=event, status="published").order_by("-order")
    wanted = [list(row) for row in published.values_list("public_id", "seq", "order")]
    return (
        [row for row in wanted if row not in actual]
        + [row for row in actual if row not in wanted]
        + ([] if actual == wanted and len(ids) == len(set(ids)) else ["order or ids"])
    )
