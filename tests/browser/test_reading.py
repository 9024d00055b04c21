"""Reading in Chromium: orders, filters, coming back, photos, links and keys."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import expect

from tests.browser.reader_page import ENTRIES, connected, headlines
from tests.factories import make_event, make_picture, post, post_many
from tests.pages import updates
from tests.servers import wait_until
from updates import publishing
from updates.choices import ChangeKind
from updates.publishing import EventDetails, PhotoContent, TextContent


def test_oldest_first_goes_on_to_the_end_where_news_comes_in(open_page, site, boss):
    event = make_event(page_size=3)
    post_many(event, 8)
    page = connected(open_page(f"{site.url}/{event.slug}/?order=oldest"))
    expect(headlines(page)).to_have_text(updates(1, 2, 3))
    post(event, "Update 9", author=boss)
    expect(page.locator("a.pill")).to_have_text("1 new update")
    page.locator("[data-more]").click()
    expect(headlines(page)).to_have_count(6)
    page.locator("[data-more]").click()
    expect(headlines(page)).to_have_text(updates(*range(1, 10)))
    expect(page.locator("[data-more]")).to_have_count(0)

    page.evaluate("scrollTo(0, 0)")
    post(event, "Update 10", author=boss)
    pill = page.locator("button.pill")
    expect(pill).to_have_text("1 new update")
    pill.click()
    expect(headlines(page)).to_have_text(updates(*range(1, 11)))
    expect(page.locator("h2:focus")).to_have_text("Update 10")

    page.evaluate("scrollTo(0, document.body.scrollHeight)")
    post(event, "Update 11", author=boss)
    expect(headlines(page).last).to_have_text("Update 11")
    publishing.remove(event.entries.get(headline="Update 2").pk, boss)
    expect(headlines(page)).to_have_text(updates(1, *range(3, 12)))


def test_the_order_is_remembered_on_the_device(open_page, site, boss):
    event = make_event(page_size=3)
    post_many(event, 8)
    page = connected(open_page(f"{site.url}/{event.slug}/"))
    page.get_by_role("link", name="Oldest first").click()
    expect(headlines(page)).to_have_text(updates(1, 2, 3))

    page.goto(f"{site.url}/{event.slug}/")
    page.wait_for_url("**/?order=oldest&page=last")
    expect(headlines(page)).to_have_text(updates(7, 8))
    page.get_by_role("link", name="Newest first").click()
    expect(headlines(page)).to_have_text(updates(8, 7, 6, 5, 4))
    page.reload()
    expect(headlines(page)).to_have_text(updates(8, 7, 6, 5, 4))


def test_the_readers_order_wins_over_that_of_an_ended_event(open_page, site, boss):
    post_many(event := make_event(page_size=3, author=boss), 8)
    publishing.change_state(event.pk, ChangeKind.END, boss)
    page = open_page(f"{site.url}/{event.slug}/")
    page.get_by_role("link", name="Load more updates").click()
    expect(headlines(page)).to_have_text(updates(*range(1, 7)))
    page.get_by_role("link", name="Newest first").click()
    expect(headlines(page)).to_have_text(updates(8, 7, 6, 5, 4))
    page.goto(f"{site.url}/{event.slug}/?utm_source=news")
    page.wait_for_url("**/?order=newest")
    page.get_by_role("link", name="Oldest first").click()
    expect(headlines(page)).to_have_text(updates(1, 2, 3))
    page.reload()
    expect(headlines(page)).to_have_text(updates(1, 2, 3))


def test_key_events_alone_follow_their_marks(open_page, site, boss):
    event = make_event()
    first, second = post_many(event, 2)
    publishing.mark_key(first.pk, boss, is_key=True)
    page = connected(open_page(f"{site.url}/{event.slug}/"))
    page.locator("#keys").get_by_role("link", name="Key events only").click()
    connected(page)
    expect(headlines(page)).to_have_text(["Update 1"])
    post(event, "Not one", author=boss)
    post(event, "Another", author=boss, is_key=True)
    expect(headlines(page)).to_have_text(["Another", "Update 1"])
    publishing.mark_key(second.pk, boss, is_key=True)
    publishing.mark_key(first.pk, boss, is_key=False)
    expect(headlines(page)).to_have_text(["Another", "Update 2"])
    page.get_by_role("link", name="Show all updates").click()
    expect(headlines(page)).to_have_text(["Another", "Not one", "Update 2", "Update 1"])


def test_a_line_follows_the_change_of_the_day(open_page, site, boss):
    event = make_event(time_zone="UTC")
    evening = datetime(2026, 3, 13, 23, 50, tzinfo=UTC)
    post(event, "Before", author=boss, at=evening)
    page = connected(open_page(f"{site.url}/{event.slug}/"))
    expect(page.locator(".day-rule")).to_have_count(0)
    after, _later = (post(event, "After", author=boss, at=evening + timedelta(minutes=n)) for n in (20, 30))
    expect(page.locator(".day-rule")).to_have_text(re.compile("^13 March( 2026)?$"))
    expect(page.locator(".day-rule + article h2")).to_have_text("Before")
    publishing.remove(event.entries.get(headline="Before").pk, boss)
    expect(page.locator(".day-rule")).to_have_count(0)
    assert after.order


def test_who_comes_back_reads_on_where_they_left(open_page, site, boss):
    event = make_event(key_points=("<p>One.</p>", "<p>Two.</p>", "<p>Three.</p>", "<p>Four.</p>", "<p>Five.</p>"))
    for number in range(1, 5):
        post(event, f"Update {number}", author=boss)
    address = f"{site.url}/{event.slug}/"
    page = connected(open_page(address, viewport={"width": 390, "height": 844}))
    expect(page.locator(".since")).to_have_count(0)
    page.goto("about:blank")
    post(event, "Update 5", author=boss, is_key=True)
    post(event, "Update 6", author=boss)

    page.goto(address)
    connected(page)
    line = page.locator("[data-entries] .since")
    expect(line).to_contain_text("2 updates since you left")
    assert line.evaluate("(line) => line.nextElementSibling.querySelector('h2').textContent") == "Update 4"
    top = page.locator(".feed > .since")
    expect(top).to_contain_text(", 1 key event")
    assert page.locator(f"{ENTRIES}.new h2").all_text_contents() == updates(6, 5)

    post(event, "Update 7", author=boss)
    expect(line).to_contain_text("3 updates since you left")
    top.get_by_role("link").click()
    page.wait_for_url("**#u" + event.entries.get(headline="Update 5").public_id)

    box, button = page.locator(".side .box ul"), page.get_by_role("button", name="Show all 5")
    expect(button).to_be_visible()
    folded = box.bounding_box()["height"]
    button.click()
    wait_until(lambda: 2 * folded < box.bounding_box()["height"], "the box is unfolded")


def test_page_that_stays_open_all_day_lets_go_of_its_oldest_entries(open_page, site, boss):
    event = make_event(page_size=100)
    post_many(event, 195)
    page = connected(open_page(f"{site.url}/{event.slug}/"))
    expect(headlines(page)).to_have_count(195)
    for number in range(196, 203):
        post(event, f"Update {number}", author=boss)
    expect(headlines(page)).to_have_count(102)
    expect(headlines(page).last).to_have_text("Update 101")
    more = page.locator("[data-more]")
    assert more.get_attribute("href") == "?page=1"
    more.click()
    expect(headlines(page)).to_have_count(202)
    expect(headlines(page).last).to_have_text("Update 1")


def test_page_that_stays_open_oldest_first_lets_go_of_its_beginning(open_page, site, boss):
    event = make_event(page_size=100)
    post_many(event, 195)
    page = connected(open_page(f"{site.url}/{event.slug}/?order=oldest&page=last"))
    expect(headlines(page)).to_have_count(95)
    post_many(event, 106)
    pill = page.locator(".pill")
    wait_until(lambda: headlines(page).count() in (201, 101) or (pill.is_visible() and pill.click()), "all are shown")
    page.evaluate("scrollTo(0, document.body.scrollHeight)")
    post(event, "The newest", author=boss)
    expect(headlines(page).last).to_have_text("The newest")
    expect(headlines(page)).to_have_count(102)
    back = page.get_by_role("link", name="Older updates").first
    assert back.get_attribute("href") == "?order=oldest&page=2"


@pytest.fixture
def photos(boss, transactional_db):
    """An event with two photos and two updates without."""
    event = make_event()
    for name in ("Quay", "Street"):
        photo = PhotoContent(
            make_picture(boss).pk, alt=f"The {name.lower()}", caption=f"{name}, at noon.", credit="A. Person"
        )
        post(event, name, author=boss, blocks=[TextContent("<p>Water.</p>"), photo])
    post_many(event, 2)
    return event


def test_photos_open_large_and_give_the_focus_back(open_page, site, photos):
    page = connected(open_page(f"{site.url}/{photos.slug}/"))
    links = page.locator("[data-zoom]")
    links.first.focus()
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog")
    expect(dialog.locator("figcaption")).to_contain_text("Street, at noon. Credit: A. Person")
    expect(dialog.get_by_role("img", name="The street")).to_be_visible()
    expect(dialog).to_contain_text("1 / 2")
    page.keyboard.press("ArrowRight")
    expect(dialog).to_contain_text("2 / 2")
    expect(dialog.get_by_role("button", name="Next photo")).to_be_disabled()
    dialog.get_by_role("button", name="Previous photo").click()
    dialog.get_by_role("button", name="Next photo").click()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowRight")
    expect(dialog).to_contain_text("2 / 2")
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    expect(links.last).to_be_focused()


def test_photo_that_is_replaced_or_removed_is_gone_also_where_it_is_open_large(open_page, site, boss, photos):
    """The focus goes to an update also where the last one is removed and the others are above the window."""
    page = connected(open_page(f"{site.url}/{photos.slug}/"))
    dialog = page.get_by_role("dialog")
    page.get_by_role("link", name="The street").click()
    expect(dialog.get_by_role("img", name="The street")).to_be_visible()
    other = PhotoContent(make_picture(boss).pk, alt="The gate", credit="A. Person")
    publishing.edit(photos.entries.get(headline="Street").pk, publishing.EntryContent("Street", (other,)), boss)
    expect(dialog).to_have_count(0)
    expect(page.locator("img[alt='The gate']")).to_have_count(1)

    page.get_by_role("link", name="The quay").click()
    expect(dialog.get_by_role("img", name="The quay")).to_be_visible()
    publishing.remove(photos.entries.get(headline="Quay").pk, boss)
    expect(dialog).to_have_count(0)
    expect(page.locator("img[alt='The quay']")).to_have_count(0)
    expect(page.locator("h2:focus")).to_have_count(1)


def test_link_of_an_entry_and_of_the_page_is_copied_and_said(open_page, site, boss, photos):
    page = connected(open_page(f"{site.url}/{photos.slug}/", permissions=["clipboard-read", "clipboard-write"]))
    newest = photos.entries.get(headline="Update 2")
    announcement = page.locator("[data-announce]")
    page.locator(ENTRIES).first.get_by_role("button", name="Copy link, 12:02").click()
    expect(announcement).to_have_text("Link copied")
    assert page.evaluate("navigator.clipboard.readText()") == site.url + newest.get_absolute_url()

    once = announcement.text_content()
    page.locator(".head").get_by_role("button", name="Copy link").click()
    wait_until(lambda: announcement.text_content() != once, "said a second time")
    assert page.evaluate("navigator.clipboard.readText()") == site.url + photos.get_absolute_url()
    publishing.change_event(photos.pk, EventDetails(title="Another title"), boss)
    expect(page.locator("h1")).to_have_text("Another title")
    expect(page.locator(".head [data-share=copy]")).to_be_visible()


def test_sharing_is_offered_where_the_system_can(open_page, site, photos):
    """With an address and a title; Chromium here has nothing to share with, so the browser’s own call is put in."""
    page = open_page("about:blank")
    page.add_init_script("navigator.share = async (what) => void (window.shared = what)")
    page.goto(f"{site.url}/{photos.slug}/")
    connected(page)
    page.locator(ENTRIES).first.get_by_role("button", name="Share, 12:02").click()
    newest = photos.entries.get(headline="Update 2")
    wanted = {"title": "Update 2", "url": site.url + newest.get_absolute_url()}
    wait_until(lambda: page.evaluate("window.shared") == wanted, "the system was asked")

    page.locator(".head").get_by_role("button", name="Share").click()
    wanted = {"title": "Storm Maren", "url": site.url + photos.get_absolute_url()}
    wait_until(lambda: page.evaluate("window.shared") == wanted, "the system was asked")


def test_keys_lead_from_entry_to_entry_until_they_are_switched_off(open_page, site, photos):
    page = connected(open_page(f"{site.url}/{photos.slug}/"))
    focused = page.locator("h2:focus")
    for key, headline in [
        ("j", "Update 2"),
        ("j", "Update 1"),
        ("k", "Update 2"),
        ("j", "Update 1"),
        ("n", "Update 2"),
    ]:
        page.keyboard.press(key)
        expect(focused).to_have_text(headline)
    for key in ("Control+j", "Alt+j", "Shift+J", "?", "Home"):  # Home belongs to the browser
        page.keyboard.press(key)
    wait_until(lambda: page.evaluate("scrollY") == 0, "Home leads to the top")
    page.keyboard.press("h")
    shortcuts = page.get_by_role("dialog", name="Keyboard shortcuts")
    expect(shortcuts).to_be_visible()
    page.keyboard.press("j")
    page.get_by_role("checkbox", name="Use these keys").uncheck()
    page.get_by_role("button", name="Close").click()
    expect(focused).to_have_text("Update 2")

    for key in ("j", "h"):
        page.keyboard.press(key)
    button = page.get_by_role("button", name="Keyboard shortcuts")
    button.click()
    expect(shortcuts).to_have_count(1)
    expect(page.get_by_role("checkbox", name="Use these keys")).not_to_be_checked()
    page.get_by_role("checkbox", name="Use these keys").check()
    page.keyboard.press("Escape")
    expect(button).to_be_focused()
    page.evaluate(
        "document.body.dispatchEvent(new KeyboardEvent('keydown', { key: 'л', code: 'KeyK', bubbles: true }))"
    )
    expect(focused).to_have_count(1)
