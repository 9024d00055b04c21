"""The open page of one update in Chromium: of what is removed, nothing may stay on it."""

import pytest
from playwright.sync_api import expect

from tests.factories import post
from tests.proxy import CUT
from updates import publishing
from updates.publishing import EntryContent
from updates.publishing.events import start_epoch


@pytest.fixture
def entries(event, boss):
    return [post(event, words, author=boss) for words in ("First", "Second", "Third")]


def opened(open_page, url, entry):
    page = open_page(url + entry.get_absolute_url())
    expect(page.locator("[data-part=watch-state]")).to_have_attribute("data-connected", "true")
    expect(page.locator("[data-ref]")).to_have_count(2)
    return page


def test_neighbours_are_renewed_and_go(open_page, site, entries, boss):
    first, second, third = entries
    page = opened(open_page, site.url, second)

    publishing.edit(first.pk, EntryContent("First, edited"), boss)
    expect(page.locator(f"[data-ref='{first.public_id}'] b")).to_have_text("First, edited")

    publishing.remove(third.pk, boss)
    expect(page.locator(f"[data-ref='{third.public_id}']")).to_have_count(0)
    expect(page.locator("body")).not_to_contain_text("Third")


def test_removed_neighbours_go_from_a_paused_page(open_page, site, entries, boss):
    first, second, _ = entries
    page = opened(open_page, site.url, second)
    page.get_by_role("button", name="Pause updates").click()

    publishing.remove(first.pk, boss, reader_note="Posted by mistake.")

    expect(page.locator(f"[data-ref='{first.public_id}']")).to_have_count(0)


def test_removed_update_goes_from_its_own_page_and_tab(open_page, site, event, entries, boss):
    second = entries[1]
    page = opened(open_page, site.url, second)
    expect(page).to_have_title("Second – Ellery Signal")

    publishing.edit(second.pk, EntryContent("Second, edited"), boss)
    expect(page).to_have_title("Second, edited – Ellery Signal")
    publishing.remove(second.pk, boss)

    expect(page).to_have_title(f"{event.title} – Ellery Signal")
    expect(page.locator("[data-entries]")).to_have_text("This update was removed.")


def test_page_that_is_gone_after_a_reset_says_so_and_asks_no_more(line, open_page, event, entries, boss, watched):
    watched.expect_messages(f"{CUT}|410")
    second = entries[1]
    page = opened(open_page, line.url, second)
    line.cut()
    publishing.remove(second.pk, boss)
    start_epoch(event.pk, boss)
    line.mend()

    expect(page.locator("[data-part=watch-state]")).to_contain_text("No longer updated")
    expect(page.locator("[data-ref], [data-entries] article")).to_have_count(0)
    expect(page).to_have_title(f"{event.title} – Ellery Signal")
