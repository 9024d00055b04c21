"""Readers choose between the time of the event and their own."""

import re
from datetime import UTC, datetime, timedelta

from playwright.sync_api import expect

from tests.browser.test_live_page import connected
from tests.factories import editor_of, make_event, post
from updates.publishing import edit, read_content


def day_of(at):
    return re.compile(rf"^{at.day} {at:%B}( {at.year})?$")  # in January the year stands beside days of December


def test_reader_elsewhere_has_their_own_time_by_one_press(open_page, site, transactional_db):
    event = make_event(time_zone="UTC")
    boss = editor_of(event)
    yesterday = (datetime.now(UTC) - timedelta(days=2)).replace(hour=20, minute=5)
    entry = post(event, "Gate holds", at=yesterday, author=boss, is_key=True)
    page = open_page(f"{site.url}/{event.slug}/", timezone_id="Asia/Tokyo")
    connected(page)
    time, day = page.locator("[data-entries] .when a > time"), page.locator("[data-entries] .when .day")
    expect(time).to_have_text("20:05")
    expect(day).to_have_text(day_of(yesterday))

    page.get_by_role("button", name="Show your local time").click()
    expect(time).to_have_text("05:05")
    there = yesterday + timedelta(hours=9)
    expect(day).to_have_text(day_of(there))
    expect(page.locator("[data-keys] .day")).to_have_text(day_of(there))

    edit(entry.pk, read_content(entry), boss)
    page.reload()
    connected(page)
    expect(time).to_have_text("05:05")
    page.get_by_role("button", name="Show UTC").click()
    expect(time).to_have_text("20:05")
    expect(day).to_have_text(day_of(yesterday))


def test_reader_at_home_is_offered_no_other_time(open_page, site, transactional_db):
    event = make_event(time_zone="UTC")
    post(event, "Gate holds")
    page = open_page(f"{site.url}/{event.slug}/", timezone_id="UTC")
    connected(page)
    expect(page.locator("[data-entries] [data-relative]").first).to_be_visible()
    expect(page.locator("[data-clocks]")).to_be_hidden()
