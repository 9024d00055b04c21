"""Folded text is found by a search on the page."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.desk_page import PHONE
from tests.browser.reader_page import page_with_a_pin
from tests.factories import make_event, post
from tests.servers import wait_until

PARAGRAPHS = "".join(f"<p>Paragraph {n} with needle{n} and words for a line or two on a phone.</p>" for n in range(12))
NEEDLE_IN_VIEW = """() => {
  const {top, bottom} = getSelection().getRangeAt(0).getBoundingClientRect();
  return bottom > top && top >= 0 && bottom <= innerHeight;
}"""


@pytest.fixture
def address(transactional_db, site):
    return page_with_a_pin(site, PARAGRAPHS)


def opened(open_page, address, **options):
    page = open_page("about:blank", **options)
    page.goto(address)
    expect(page.locator("live-event [data-connected=true]")).to_have_count(1)
    return page


def find(page, word):
    page.evaluate("getSelection().collapse(document.body, 0)")  # the search begins here
    assert page.evaluate("window.find(arguments[0])".replace("arguments[0]", repr(word)))
    wait_until(lambda: page.evaluate(NEEDLE_IN_VIEW), f"{word} is in view")


def test_search_on_the_page_unfolds_what_it_finds(open_page, address):
    page = opened(open_page, address, **PHONE)
    expect(page.get_by_role("button", name="Show all", expanded=False)).to_be_visible()
    find(page, "needle9")
    expect(page.get_by_role("button", name="Show less", expanded=True)).to_have_count(1)


@pytest.fixture
def long_address(transactional_db, site):
    event = make_event()
    post(event, "Long", text=PARAGRAPHS * 8 + "<p>At last needle99.</p>")
    return f"{site.url}/{event.slug}/"


def test_long_update_folds_but_not_for_search_and_paper(open_page, long_address):
    page = opened(open_page, long_address)
    what, button = page.locator("[data-entries] .what"), page.get_by_role("button", name="Show all,")
    expect(button).to_be_visible()
    assert what.bounding_box()["height"] < 900
    page.emulate_media(media="print")
    assert what.bounding_box()["height"] > 1500
    page.emulate_media(media="screen")
    find(page, "needle99")
    expect(button).to_be_hidden()

    page.goto("about:blank")
    page.goto(long_address)
    button.click()
    expect(page.locator("[data-entries] h2")).to_be_focused()
    assert what.bounding_box()["height"] > 1500

    page.locator("[data-entries] .when a").first.click()  # its own page
    page.wait_for_url(re.compile(r"/\w{10}/$"))
    expect(page.locator("live-event [data-connected=true]")).to_have_count(1)
    assert what.bounding_box()["height"] > 1500


def test_without_scripts_nothing_is_folded(open_page, address, long_address):
    page = open_page(long_address, **PHONE, java_script_enabled=False)
    assert page.locator("[data-entries] .what").bounding_box()["height"] > 1500
    page.goto(address)
    assert page.locator("[data-pinned] .what").bounding_box()["height"] > 500
    expect(page.locator("[data-fold]").first).to_be_hidden()
