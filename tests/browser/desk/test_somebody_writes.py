"""Readers see show when somebody is writing, where the event shows it, and never of what is to go out later."""

import pytest
from playwright.sync_api import expect

from tests.browser.desk_page import publish
from tests.browser.reader_page import connected
from tests.factories import make_event, post_many


@pytest.fixture
def event(transactional_db):
    event = make_event(title="Storm Maren", shows_writing=True)
    post_many(event, 3)
    return event


@pytest.fixture
def read(open_page, site):
    def open_event(event):
        page = open_page(f"{site.url}/{event.slug}/", viewport={"width": 390, "height": 844})
        connected(page)
        return page

    return open_event


@pytest.fixture
def desk(sit, tomas):
    page = sit(tomas)
    expect(page.locator(".block-text .ProseMirror")).to_be_focused()
    return page


def test_the_line_comes_and_goes_also_with_a_time_to_publish_and_moves_nothing(read, event, desk):
    reader = read(event)
    line = reader.locator("[data-writing]")
    newest = reader.locator("[data-entries] > article").first
    expect(line).to_be_empty()
    before = newest.bounding_box()

    desk.keyboard.type("Rope Street is under water.")
    expect(line).to_have_text("Somebody is writing …")
    assert newest.bounding_box() == before
    assert "Rope Street" not in reader.content()
    publish(desk)
    expect(reader.locator("[data-entries] h2, [data-entries] p").first).to_contain_text("Rope Street")
    expect(line).to_be_empty()

    expect(desk.locator(".block-text .ProseMirror")).to_be_focused()
    desk.keyboard.type("Embargoed until noon.")
    expect(line).to_have_text("Somebody is writing …")
    desk.get_by_text("Schedule…").click()
    desk.locator("[name=when]").fill("2031-03-13T12:00")
    expect(line).to_be_empty()


def test_an_event_that_does_not_show_it_has_no_place_for_it(read, transactional_db):
    event = make_event()
    post_many(event, 1)
    expect(read(event).locator("[data-writing]")).to_have_count(0)
