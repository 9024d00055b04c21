"""Nothing that goes wrong in the view ends the delivery of updates."""

import re

import pytest
from playwright.sync_api import expect

from tests.factories import make_event, post
from updates.models import Event
from updates.models.guard import writing

CONNECTED = "live-event [data-connected=true]"
UNKNOWN = "Mars/Olympus"
WITHOUT_SOCKETS = "delete window.WebSocket"


@pytest.fixture
def event(transactional_db):
    event = make_event(title="Storm Maren")
    with writing():
        Event.objects.update(time_zone=UNKNOWN)  # a name that this host and this browser do not have
    return event


@pytest.mark.parametrize("script", ["", WITHOUT_SOCKETS], ids=["socket", "polling"])
def test_zone_that_the_browser_does_not_know_ends_nothing(open_page, site, event, script):
    page = open_page("about:blank")
    page.context.add_init_script(script)
    page.goto(f"{site.url}/{event.slug}/")
    expect(page.locator(CONNECTED)).to_have_count(1)
    for headline in ("Gate holds", "Ferries wait"):
        post(event, headline)
        expect(page.get_by_role("heading", name=headline)).to_be_visible()


def test_times_of_an_unknown_zone_follow_the_clock_of_the_server(open_page, watched, site, line, event, settings):
    watched.expect_messages("ERR_|WebSocket")
    page = open_page(f"{line.url}/{event.slug}/")
    expect(page.locator(CONNECTED)).to_have_count(1)
    page.context.set_offline(True)
    expect(page.locator("[data-part=watch-state] time")).to_have_text(re.compile(r"^\d\d:\d\d$"))
    now = page.locator("live-event").get_attribute("data-now")
    assert re.search(r"T\d\d:\d\d:\d\d.*([+-]\d\d:\d\d|Z)$", now)


def test_update_that_cannot_be_drawn_holds_up_no_other(open_page, watched, site, event):
    watched.expect_messages("cannot be drawn")
    page = open_page(f"{site.url}/{event.slug}/")
    expect(page.locator(CONNECTED)).to_have_count(1)
    page.evaluate(
        """() => {
      const find = DocumentFragment.prototype.querySelector;
      DocumentFragment.prototype.querySelector = function (selector) {
        if (this.textContent.includes("Broken")) throw new Error("cannot be drawn");
        return find.call(this, selector);
      };
    }"""
    )
    post(event, "Broken")
    post(event, "Ferries wait")
    expect(page.get_by_role("heading", name="Ferries wait")).to_be_visible()
    post(event, "Gate holds")
    expect(page.get_by_role("heading", name="Gate holds")).to_be_visible()
