"""Folded text is found by a search on the page."""

import pytest
from playwright.sync_api import expect

from tests.browser.desk_page import PHONE
from tests.factories import editor_of, make_event, post
from updates import publishing

PARAGRAPHS = "".join(f"<p>Paragraph {n} with needle{n} and words for a line or two on a phone.</p>" for n in range(12))
NEEDLE_IN_VIEW = """() => {
  const {top, bottom} = getSelection().getRangeAt(0).getBoundingClientRect();
  return bottom > top && top >= 0 && bottom <= innerHeight;
}"""


@pytest.fixture
def address(transactional_db, site):
    event = make_event()
    boss = editor_of(event)
    publishing.pin(post(event, "Pinned", text=PARAGRAPHS, author=boss).pk, boss)
    post(event, "Gate holds", author=boss)
    return f"{site.url}/{event.slug}/"


def test_search_on_the_page_unfolds_what_it_finds(open_page, address):
    page = open_page("about:blank", **PHONE)
    page.goto(address)
    expect(page.locator("live-event [data-connected=true]")).to_have_count(1)
    page.locator("[data-fold]").click()
    expect(page.locator("[data-pinned]")).to_have_class("folded")
    page.evaluate("getSelection().collapse(document.body, 0)")  # the search begins here
    assert page.evaluate("window.find('needle9')")
    expect(page.locator("[data-pinned]")).not_to_have_class("folded")
    page.wait_for_function(NEEDLE_IN_VIEW)
