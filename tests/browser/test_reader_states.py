"""The reader's page in every state it can be in: accessible, valid, silent, and of one piece."""

import re
from dataclasses import dataclass

import pytest
from django.contrib.auth.models import User
from playwright.sync_api import expect

from tests.browser.conftest import picture_of
from tests.browser.page_checkers import VNU, complaints_of_validator, in_scheme, installed, violations_by_axe
from tests.browser.reader_page import connected
from tests.factories import make_event, make_picture, post
from updates import publishing
from updates.choices import ChangeKind
from updates.models import Event
from updates.publishing import EmbedContent, EntryContent, EventDetails, PhotoContent, QuoteContent, TextContent

WIDTHS = {"phone": {"width": 390, "height": 844}, "desktop": {"width": 1280, "height": 900}}
POINTS = ("<p>The gate held.</p>", "<p>The ferries wait.</p>")


@pytest.fixture(scope="module")
def valid(tmp_path_factory):
    """A folder for the pages of all tests, which are given to the validator together: it starts slowly."""
    installed(VNU)
    folder = tmp_path_factory.mktemp("pages")
    yield folder
    assert list(folder.iterdir())
    assert sorted(set(complaints_of_validator(folder))) == []


@dataclass
class Storm:
    event: Event
    boss: User
    address: str


@pytest.fixture
def storm(boss, site):
    """An event with every kind of block, a key event, a pin, a correction and a line left by a removal."""
    event = make_event(title="Storm Maren", standfirst="The gate is down.", key_points=POINTS, page_size=4)
    photo = PhotoContent(make_picture(boss).pk, alt="The quay", credit="A. Person", caption="The quay at noon.")
    quote = QuoteContent("It holds.", "The harbour master")
    film = EmbedContent(
        "https://www.youtube.com/watch?v=aqz-KE-bpKQ", lead_in="Our reporter says:", title="From the quay"
    )
    first = post(event, "The first one", author=boss, is_key=True)
    publishing.pin(first.pk, boss)
    post(event, author=boss, blocks=[TextContent("<p>Water, <b>no</b> wind:</p><ul><li>quay</li><li>gate</li></ul>")])
    post(event, "A photo", author=boss, blocks=[photo])
    post(event, "Words", author=boss, blocks=[quote, film])
    corrected = post(event, "A number", author=boss)
    right = EntryContent("Another number", (TextContent("<p>It is 312.</p>"),))
    publishing.correct(corrected.pk, right, "It was 312, not 321.", boss)
    gone = post(event, "Not so", author=boss)
    publishing.remove(gone.pk, boss, reader_note="It could not be confirmed.")
    return Storm(event, boss, f"{site.url}/{event.slug}/")


def initial(page, _event, _boss):
    connected(page)


def with_button(page, event, boss):
    connected(page)
    page.locator("[data-entries] article").nth(1).evaluate("(entry) => entry.scrollIntoView()")
    post(event, "News", author=boss)
    expect(page.locator(".pill")).to_be_visible()


def paused(page, event, boss):
    connected(page)
    page.get_by_role("button", name="Pause").click()
    post(event, "News", author=boss)
    expect(page.locator("[data-part=watch-state]")).to_contain_text("1 waiting")


def offline(page, _event, _boss):
    connected(page)
    page.context.set_offline(True)
    expect(page.locator("[data-part=watch-state]")).to_contain_text("Offline")


def ended(page, event, boss):
    connected(page)
    publishing.change_state(event.pk, ChangeKind.END, boss)
    expect(page.locator("[data-part=watch-state]")).to_contain_text("Ended")


def came_back(page, event, boss):
    connected(page)
    address = page.url
    page.goto("about:blank")
    post(event, "News", author=boss)
    page.goto(address)
    expect(page.locator("[data-entries] .since")).to_be_visible()


def photo_open(page, _event, _boss):
    connected(page)
    page.locator("[data-zoom]").first.click()
    expect(page.get_by_role("dialog")).to_be_visible()


STATES = {
    "initial": (initial, "", ["light"]),
    "button": (with_button, "", ["light", "dark"]),
    "paused": (paused, "", ["light"]),
    "offline": (offline, "", ["light"]),
    "key-filter": (initial, "?filter=key", ["light"]),
    "oldest-first": (initial, "?order=oldest", ["light"]),
    "ended": (ended, "", ["light"]),
    "rtl": (initial, "", ["light"]),
    "came-back": (came_back, "", ["light"]),
    "photo": (photo_open, "?page=1", ["light"]),
}
SHOWN = {"button": ".pill", "came-back": "[data-entries] .since", "photo": "dialog"}
"""What is to be seen at each width, where a wider window might end the state."""


@pytest.mark.parametrize("state", STATES)
def test_page_is_sound_in_every_state(open_page, watched, storm, valid, state):
    """The state is reached on a phone; then the window grows. One of them is looked at in dark, too."""
    reach, query, schemes = STATES[state]
    if state == "rtl":
        publishing.change_event(storm.event.pk, EventDetails(language="ar"), storm.boss)
    if state == "offline":
        watched.expect_messages("ERR_INTERNET_DISCONNECTED|WebSocket")
    page = open_page(storm.address + query, viewport=WIDTHS["phone"])
    reach(page, storm.event, storm.boss)
    for width, size in WIDTHS.items():
        page.set_viewport_size(size)
        expect(page.locator(SHOWN.get(state, "h1"))).to_be_visible()
        for scheme in schemes:
            assert_is_sound(in_scheme(page, scheme), valid, f"{state}-{width}-{scheme}")


def assert_is_sound(page, valid, name):
    picture_of(page, f"state-{name}")
    html = page.locator("html").evaluate("(html) => html.outerHTML")
    (valid / f"{name}.html").write_text(f"<!doctype html>{html}")
    assert complaints_of_axe(page) == []
    ids = page.evaluate("[...document.querySelectorAll('[id]')].map((node) => node.id)")
    assert len(ids) == len(set(ids))
    assert page.evaluate("document.documentElement.scrollWidth") <= page.viewport_size["width"]


def test_every_page_is_valid_as_it_is_served(client, storm, valid, boss):
    entry = storm.event.entries.get(headline="A photo")
    others = {
        "empty": make_event(title="Nothing yet"),
        "upcoming": make_event(status="upcoming", title="Tomorrow"),
        "over": make_event(status="ended", title="Yesterday"),
    }
    gone = post(storm.event, "Gone", author=boss)
    publishing.remove(gone.pk, boss)
    pages = {name: event.get_absolute_url() for name, event in others.items()} | {
        "first": f"/{storm.event.slug}/",
        "archive": f"/{storm.event.slug}/?page=1",
        "permalink": entry.get_absolute_url(),
        "embedded": f"/{storm.event.slug}/embed/",
        "embedded-headlines": f"/{storm.event.slug}/embed/?view=latest",
        "front": "/",
        "ended-events": "/archive/",
        "not-found": "/nothing/",
        "gone": gone.get_absolute_url(),
    }
    for name, address in pages.items():
        response = client.get(address)
        assert response.status_code == {"not-found": 404, "gone": 410}.get(name, 200)
        (valid / f"served-{name}.html").write_bytes(response.content)


def test_without_scripts_everything_is_within_reach(open_page, site, storm):
    page = open_page(storm.address, java_script_enabled=False)
    ids = []
    while True:
        assert [button for button in page.get_by_role("button").all() if button.is_visible()] == []
        ids += page.locator("[data-entries] article").evaluate_all("all => all.map(({ dataset }) => dataset.id)")
        for address in page.locator("[data-entries] a[data-zoom]").evaluate_all("all => all.map(({ href }) => href)"):
            assert page.request.get(address).headers["content-type"] == "image/jpeg"
        if not (more := page.locator("[data-more]")).count():
            break
        with page.expect_navigation():
            more.click()
    entries = storm.event.entries.for_readers().newest_first()
    assert ids == [entry.public_id for entry in entries]
    for entry in entries.published():
        page.goto(site.url + entry.get_absolute_url())
        assert page.locator("h2").first.is_visible()
    page.goto(storm.address)
    assert page.get_by_role("link", name="Refresh for latest updates").is_visible()
    page.get_by_role("link", name="Oldest first").click()
    expect(page.locator("[data-entries] h2").first).to_have_text(re.compile("The first one$"))


def complaints_of_axe(page):
    return [
        f"{rule['id']}: {node['target']} {node['failureSummary']}"
        for rule in violations_by_axe(page)
        for node in rule["nodes"]
    ]
