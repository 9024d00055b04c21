"""Text that is too long for its field: kept whole, the excess shown, and not sent until it is shortened."""

import pytest
from playwright.sync_api import expect

from tests.browser.desk_page import LAPTOP, lie, outbox, publish, ready
from updates import publishing
from updates.models import Entry
from updates.publishing import EntryContent, EntryInput, TextContent

FAMILY = "👨‍👩‍👧‍👦"
NOT_YET = "x" * 190 + " it has NOT been given yet"
INSERT = "(text) => document.execCommand('insertText', false, text)"
"""As a paste does it: a browser cuts this by ``maxlength``."""


@pytest.fixture
def desk(sit, tomas):
    return sit(tomas, **LAPTOP)


def insert(page, name, text):
    page.locator(f"[name={name}]").click()
    page.evaluate(INSERT, text)


def test_a_headline_that_is_too_long_is_kept_whole_also_as_a_draft_and_refused(desk):
    insert(desk, "headline", NOT_YET)
    expect(desk.locator("[name=headline]")).to_have_value(NOT_YET)
    expect(desk.locator(".excess")).to_contain_text("16 characters too long; the limit is 200")
    expect(desk.locator(".excess")).to_contain_text(NOT_YET[200:])

    publish(desk)
    expect(desk.locator("[name=headline]")).to_be_focused()
    assert desk.locator("[data-outbox] > li").count() == 0
    lie(desk, "drafts", NOT_YET[:80] + "…")

    desk.reload()  # its draft says so when it comes back
    expect(ready(desk).locator("[name=headline]")).to_have_value(NOT_YET)
    expect(desk.locator(".excess")).to_contain_text("16 characters too long")

    desk.locator("[name=headline]").fill("The gate holds")
    expect(desk.locator(".excess")).to_have_count(0)
    publish(desk)
    expect(outbox(desk, "sent")).to_contain_text("The gate holds")
    assert Entry.objects.get().headline == "The gate holds"


def test_characters_are_counted_as_the_server_counts_them_and_an_excess_begins_between_two(desk):
    insert(desk, "headline", "x" * 196 + FAMILY)
    expect(desk.locator("[name=headline]")).to_have_value("x" * 196 + FAMILY)
    expect(desk.locator(".excess")).to_contain_text(f"“{FAMILY}”")

    desk.locator("[name=headline]").fill("")
    insert(desk, "headline", "🚨" * 200)  # 400 for a browser
    publish(desk)
    expect(outbox(desk, "sent")).to_contain_text("Published")
    assert Entry.objects.get().headline == "🚨" * 200


FIELDS = {
    "photo": {"alt": 500, "caption": 1000, "credit": 200},
    "quote": {"attribution": 200},
    "embed": {"lead_in": 200},
}


def test_fields_of_blocks_are_kept_whole(desk):
    for kind, limits in FIELDS.items():
        desk.locator(f"button[data-add={kind}]").press("Enter")  # the page moves when the last excess goes
        for name, limit in limits.items():
            field = desk.locator(f"[name={kind}-0-{name}]")
            insert(desk, f"{kind}-0-{name}", "y" * limit + " not")
            expect(field).to_have_value("y" * limit + " not")
            expect(desk.locator(".excess")).to_contain_text("4 characters too long")
            publish(desk)
            expect(field).to_be_focused()
            assert desk.locator("[data-outbox] > li").count() == 0
            field.fill("")
            expect(desk.locator(".excess")).to_have_count(0)


def test_words_in_a_dialog_are_kept_whole_and_refused(sit, event, noor, tomas):
    entry = publishing.submit(EntryInput(event.pk, EntryContent("To approve", (TextContent("<p>x</p>"),))), noor).entry
    page = sit(tomas)
    page.locator(f"[data-row='{entry.pk}'] [data-action=send_back]").click()
    words = page.get_by_label("What needs to change?")
    words.click()
    page.evaluate(INSERT, "z" * 1001)
    expect(words).to_have_value("z" * 1001)
    publish(page)
    expect(page.locator("dialog .excess")).to_contain_text("the limit is 1000")
    assert Entry.objects.get().status == "submitted"
