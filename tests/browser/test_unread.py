"""What is new is marked as long as it is unread, and where it ends."""

import re

from playwright.sync_api import expect

from tests.browser.reader_page import STAYS_CONNECTED
from tests.browser.test_line_life import HIDE
from tests.factories import make_event, post, post_many

ENTRIES = "[data-entries] > article"
NEW = f"{ENTRIES}.new h2"


def opened(open_page, site, event):
    page = open_page("about:blank")
    page.add_init_script(HIDE + STAYS_CONNECTED)
    page.goto(f"{site.url}/{event.slug}/")
    expect(page.locator("live-event [data-connected=true]")).to_have_count(1)
    return page


def test_press_leads_to_the_newest_and_a_line_stands_where_the_unread_end(open_page, site, transactional_db):
    event = make_event()
    post_many(event, 12)
    page = opened(open_page, site, event)
    page.locator(ENTRIES).nth(8).scroll_into_view_if_needed()
    page.mouse.wheel(0, 600)
    for number in range(3):
        post(event, f"Later {number}")
    expect(page.locator(".pill span")).to_have_text("3 new updates")
    page.locator(".pill").click()
    expect(page.locator(NEW)).to_have_text(["Later 2", "Later 1", "Later 0"])
    expect(page.locator(f"{ENTRIES} h2").first).to_be_focused()
    expect(page.locator(f"{ENTRIES} h2").first).to_be_in_viewport()
    line = page.locator("[data-entries] > .since")
    expect(line).to_contain_text(re.compile(r"New since \d\d:\d\d"))
    expect(page.locator(f"{ENTRIES} h2").first).to_be_in_viewport()
    assert line.evaluate("(line) => line.previousElementSibling.querySelector('h2').textContent.trim()") == "Later 0"


def test_only_what_came_while_the_reader_was_away_is_new(open_page, site, transactional_db):
    event = make_event()
    post_many(event, 3)
    page = opened(open_page, site, event)
    post(event, "Seen at the top")
    expect(page.locator(NEW)).to_have_text(["Seen at the top"])
    page.evaluate("hide(true)")
    post(event, "While hidden")
    expect(page).to_have_title(re.compile(r"^\(1\)"))
    page.evaluate("hide(false)")
    expect(page.locator(NEW)).to_have_text(["While hidden"])
    page.evaluate("hide(true)")
    page.evaluate("hide(false)")
    expect(page.locator(NEW)).to_have_count(0)
    expect(page.locator(".since")).to_have_count(0)
