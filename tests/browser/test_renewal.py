"""An open page whose epoch becomes void renews itself in place, and goes on as a page that was just loaded."""

from playwright.sync_api import expect

from tests.browser.reader_page import assert_equals_fresh, connected, headlines
from tests.factories import make_event, post, post_many
from tests.pages import updates
from tests.proxy import CUT
from updates import publishing
from updates.publishing import EntryContent, TextContent
from updates.publishing.events import start_epoch


def opened(open_page, url, event, query=""):
    page = connected(open_page(f"{url}/{event.slug}/{query}"))
    page.evaluate("window.stayed = true")
    return page


def renew(page, event, boss):
    renewed = start_epoch(event.pk, boss)
    expect(page.locator("live-event")).to_have_attribute("data-epoch", renewed.epoch)
    connected(page)


def edit(event, headline, boss):
    publishing.edit(event.entries.get(headline=headline).pk, EntryContent(f"{headline}, edited"), boss)


def test_oldest_of_the_loaded_entries_stays_when_it_is_edited(open_page, site, boss):
    event = make_event(page_size=3)
    post_many(event, 8)
    page = opened(open_page, site.url, event)
    page.get_by_role("link", name="Load more updates").click()
    expect(headlines(page)).to_have_count(8)
    renew(page, event, boss)

    edit(event, "Update 1", boss)

    expect(headlines(page)).to_have_text([*updates(*range(8, 1, -1)), "Update 1, edited"])
    assert page.evaluate("window.stayed")
    assert_equals_fresh(page, open_page)


def test_what_is_on_older_pages_by_now_is_no_news_and_can_be_loaded(open_page, line, boss, watched):
    watched.expect_messages(CUT)
    event = make_event(page_size=3)
    post_many(event, 2)
    page = opened(open_page, line.url, event)
    line.cut()
    for number in range(3, 13):
        post(event, f"Update {number}", author=boss)
    start_epoch(event.pk, boss)
    line.mend()
    newest = updates(12, 11, 10)
    expect(headlines(page)).to_have_text(newest)
    connected(page)

    edit(event, "Update 1", boss)
    post(event, "Update 13", author=boss)

    expect(headlines(page)).to_have_text(["Update 13", *newest])
    more = page.get_by_role("link", name="Load more updates")
    for count in (7, 10, 13):
        more.click()
        expect(headlines(page)).to_have_count(count)
    expect(more).to_have_count(0)
    for number in range(14, 18):
        post(event, f"Update {number}", author=boss)
    renew(page, event, boss)
    more.click()
    expect(headlines(page).last).to_have_text("Update 1, edited")
    assert page.evaluate("window.stayed")


def test_oldest_first_the_page_goes_on_to_the_end(open_page, line, boss, watched):
    watched.expect_messages(CUT)
    event = make_event(page_size=3)
    post_many(event, 2)
    page = opened(open_page, line.url, event, "?order=oldest")
    expect(headlines(page)).to_have_text(updates(1, 2))
    line.cut()
    for number in range(3, 13):
        post(event, f"Update {number}", author=boss)
    start_epoch(event.pk, boss)
    line.mend()
    expect(headlines(page)).to_have_text(updates(*range(1, 13)))
    connected(page)

    edit(event, "Update 1", boss)

    expect(headlines(page)).to_have_text(["Update 1, edited", *updates(*range(2, 13))])
    assert page.evaluate("window.stayed")


def test_details_stay_open_and_a_pinned_copy_keeps_its_buttons(open_page, site, event, boss):
    entry = post(event, "The level", text="<p>It is 321.</p>", author=boss)
    publishing.pin(entry.pk, boss)
    correct(entry, "<p>It is 312.</p>", boss)
    page = opened(open_page, site.url, event)
    copy = page.locator("[data-pinned] article")
    details = page.locator(".fix details")
    for number in range(2):
        details.nth(number).locator("summary").click()

    def is_as_before():
        for article in (copy, page.locator("[data-entries] > article")):
            expect(article.locator("details[open]")).to_have_count(1)
            expect(article.locator("details[open] del")).to_have_text("321")
        expect(copy.get_by_role("button", name="Copy link")).to_be_visible()

    correct(entry, "<p>It is 313.</p>", boss)
    expect(details).to_have_count(4)
    is_as_before()
    renew(page, event, boss)
    is_as_before()


def correct(entry, text, boss):
    content = EntryContent(entry.headline, (TextContent(text),))
    publishing.correct(entry.pk, content, "The level was wrong.", boss, shows_change=True)
