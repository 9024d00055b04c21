"""Copied text has no words of buttons."""

import pytest
from playwright.sync_api import expect

from tests.browser.reader_page import page_with_a_pin

PARAGRAPHS = "<p>Words for a line or two on a phone.</p>" * 12


@pytest.fixture
def address(transactional_db, site):
    return page_with_a_pin(site, PARAGRAPHS)


def test_copied_entry_has_no_words_of_buttons(open_page, address):
    page = open_page(address)
    expect(page.locator("[data-entries] .tools").first).to_be_visible()
    copied = page.evaluate("""() => {
      getSelection().selectAllChildren(document.querySelector("[data-entries] article"));
      return getSelection().toString();
    }""")
    assert "Gate holds" in copied
    assert "Copy link" not in copied
