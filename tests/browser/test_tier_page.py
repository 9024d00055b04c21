"""A page whose socket nginx holds: a browser does not notice the difference."""

import asyncio
from concurrent.futures import ThreadPoolExecutor

import pytest
from playwright.sync_api import expect

from tests.browser.reader_page import assert_equals_fresh, connected, headlines, shape
from tests.factories import editor_of, post
from tests.servers import environment, readiness, wait_until
from updates import publishing
from updates.choices import ChangeKind
from updates.rehearsal.tier import Nginx, Relay

TOKEN = "hush"


def run(coroutine):
    """Run it in a thread of its own: playwright has a loop in this one."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, coroutine).result()


@pytest.fixture
def front(site, tmp_path):
    """The address of an nginx that holds the sockets, before the site."""
    machine = Nginx(0, tmp_path, [int(site.url.rpartition(":")[2])], TOKEN, heartbeat=1.0)
    run(machine.start())
    relay = Relay(0, tmp_path, environment(RELAY_TOKEN=TOKEN), [f"http://127.0.0.1:{machine.for_relays.target}"])
    try:
        run(relay.start())
        yield f"http://127.0.0.1:{machine.port}"
    finally:
        run(relay.end())
        run(machine.end())


def test_page_gets_updates_and_the_end_from_nginx(front, event, open_page, site, watched):
    watched.expect_messages("WebSocket connection")  # one that comes before the relay
    boss = editor_of(event)
    page = open_page(f"{front}/{event.slug}/")
    connected(page)
    page.evaluate("window.stayed = true")

    entry = post(event, "Gate leaking", author=boss)
    expect(headlines(page)).to_have_text(["Gate leaking"])
    publishing.remove(entry.pk, boss)
    expect(headlines(page)).to_have_count(0)
    post(event, "Gate holds", author=boss)
    expect(headlines(page)).to_have_text(["Gate holds"])
    assert_equals_fresh(page, lambda url: open_page(f"{url}?past-the-cache=1"))  # nginx keeps pages for three seconds

    publishing.change_state(event.pk, ChangeKind.END, boss)
    expect(page.locator("[data-part=head] time")).to_have_count(2)  # from when to when it was live
    assert page.evaluate("window.stayed")
    ended = shape(open_page(f"{page.url}?past-the-cache=2"))
    wait_until(lambda: shape(page) == ended, "the page equals one that is opened after the end")
    wait_until(lambda: readiness(site)[1]["readers"] == 0, "the site holds no socket")
