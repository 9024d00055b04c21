"""Copied text has no words of buttons."""

import pytest
from playwright.sync_api import expect

from tests.factories import editor_of, make_event, post
from updates import publishing

PARAGRAPHS = "<p>Words for a line or two on a phone.</p>" * 12


@pytest.fixture
def address(transactional_db, site):
    event = make_event()
    boss = editor_of(event)
    publishing.pin(post(event, "Pinned", text=PARAGRAPHS, author=boss).pk, boss)
    post(event, "Gate holds", author=boss)
    return f"{site.url}/{event.slug}/"


def test_copied_entry_has_no_words_of_buttons(open_page, address):
    page = open_page(address)
    expect(page.locator("[data-entries] .tools").first).to_be_visible()
    copied = page.evaluate("""() => {
      getSelection().selectAllChildren(document.querySelector("[data-entries] article"));
      return getSelection().toString();
    }""")
    assert "Gate holds" in copied
    assert "Copy link" not in copied
