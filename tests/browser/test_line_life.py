"""When an open page holds a socket, when it lets go of it, and what it does without one."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.reader_page import assert_equals_fresh, connected, headlines
from tests.factories import post
from tests.proxy import CUT
from tests.servers import CEILING, readiness, wait_until
from updates import publishing

HIDE = """
    let hidden = false;
    Object.defineProperty(document, "hidden", { get: () => hidden });
    window.hide = (is) => { hidden = is; document.dispatchEvent(new Event("visibilitychange", { bubbles: true })); };
"""
REFUSING = 'window.WebSocket = class { constructor() { throw new DOMException("not here", "SecurityError"); } };'
SAVE_DATA = 'Object.defineProperty(navigator, "connection", { value: { saveData: true } });'


@pytest.fixture
def open_with(open_page):
    """A page with a script of its own before all others; the sockets it opens are counted."""

    def open_one(url, script="", route=None):
        page = open_page("about:blank")
        page.sockets = []
        page.on("websocket", lambda socket: page.sockets.append(socket.url))
        page.add_init_script(script)
        if route:
            page.route_web_socket("**/ws/**", route)
        page.goto(url)
        connected(page)
        page.evaluate("window.stayed = true")
        return page

    return open_one


def without_heartbeats(near):
    """Lead to the server, and let the page miss no heartbeat, whatever stops the server for a while."""
    far = near.connect_to_server()
    far.on_message(lambda message: near.send(re.sub(r'"hb": ?[\d.]+', '"hb":3600', message)))


def sockets_of(site):
    return readiness(site)[1]["readers"]


def nobody_reads(site):
    """Sockets of pages that an earlier test has closed may take a moment."""
    wait_until(lambda: sockets_of(site) == 0, "no socket is open")


def test_page_polls_where_the_browser_refuses_to_open_a_socket(open_with, site, event, boss):
    page = open_with(f"{site.url}/{event.slug}/", REFUSING)
    post(event, "Without a socket", author=boss)
    expect(headlines(page)).to_have_text(["Without a socket"])
    assert page.sockets == []


def test_hidden_tab_lets_go_of_its_socket_and_catches_up_when_it_is_seen(open_with, open_page, site, event, boss):
    nobody_reads(site)
    page = open_with(f"{site.url}/{event.slug}/", HIDE)
    wait_until(lambda: sockets_of(site) == 1, "its socket is open")

    page.evaluate("hide(true)")
    nobody_reads(site)
    post(event, "While hidden", author=boss)
    page.evaluate("hide(false)")

    expect(headlines(page)).to_have_text(["While hidden"])
    connected(page)
    wait_until(lambda: sockets_of(site) == 1, "its socket is open again")
    assert page.evaluate("window.stayed")
    assert_equals_fresh(page, open_page)


def test_tab_that_is_hidden_for_a_blink_keeps_its_socket(open_with, site, event, boss):
    page = open_with(f"{site.url}/{event.slug}/", HIDE, route=without_heartbeats)
    page.evaluate("hide(true); hide(false)")
    post(event, "Seen", author=boss)
    expect(headlines(page)).to_have_text(["Seen"])
    assert len(page.sockets) == 1


def test_page_without_sockets_polls_and_loses_nothing(open_with, open_page, site, event, boss, watched):
    watched.expect_messages(CUT)
    page = open_with(f"{site.url}/{event.slug}/", route=lambda near: near.close(code=1011))
    first = post(event, "One", author=boss)
    post(event, "Two", author=boss)
    expect(headlines(page)).to_have_text(["Two", "One"])
    publishing.remove(first.pk, boss)
    expect(headlines(page)).to_have_text(["Two"])
    assert page.evaluate("window.stayed")
    assert_equals_fresh(page, open_page)


def test_page_that_is_to_save_data_opens_no_socket(open_with, site, event, boss):
    page = open_with(f"{site.url}/{event.slug}/", SAVE_DATA)
    post(event, "Polled", author=boss)
    expect(headlines(page)).to_have_text(["Polled"])
    assert page.sockets == []


def test_line_that_is_open_and_dead_is_noticed(open_with, open_page, line, event, boss, watched):
    """Two and a half heartbeats of silence, then another socket; the half-open one never says that it is closed."""
    watched.expect_messages(CUT)
    page = open_with(f"{line.url}/{event.slug}/")
    line.freeze()
    post(event, "While it is dead", author=boss)
    wait_until(lambda: page.evaluate("true") and len(page.sockets) > 1, "another socket is tried")
    line.cut_and_thaw()
    expect(headlines(page)).to_have_text(["While it is dead"])
    connected(page)
    assert_equals_fresh(page, open_page)


def test_page_that_the_back_button_brings_back_goes_on(site, event, boss, whole_chromium):
    """It lets go of its socket when it is left, else no browser would keep it."""
    nobody_reads(site)
    page = whole_chromium.new_page()
    try:
        page.set_default_timeout(1000 * CEILING)
        page.goto(f"{site.url}/{event.slug}/")
        connected(page)
        page.evaluate("window.stayed = true")
        page.goto(f"{site.url}/")
        nobody_reads(site)
        post(event, "While away", author=boss)
        page.go_back(wait_until="commit")
        expect(headlines(page)).to_have_text(["While away"])
        connected(page)
        assert page.evaluate("window.stayed"), "the browser did not keep the page"
    finally:
        page.close()
