"""The lists beside the entries in Chromium: times and words stand apart at every width."""

import itertools
from datetime import timedelta

from playwright.sync_api import expect

from tests.factories import NOON, editor_of, make_event, post
from updates import publishing
from updates.publishing import EntryContent

BOXES = """row => [...row.querySelectorAll("time, .day, a > span:last-child")].map(each => {
    const range = document.createRange(); range.selectNodeContents(each);
    const {left, right, top, bottom} = range.getBoundingClientRect(); return [left, right, top, bottom];
})"""


def test_correction_and_key_event_of_another_day_are_legible(open_page, site, transactional_db):
    event = make_event(at=NOON)
    entry = post(event, "The harbour closes to all vessels", at=NOON, is_key=True)
    at = NOON.replace(month=9) + timedelta(days=1)
    publishing.correct(entry.pk, EntryContent("The gate", is_key=True), "it is open.", editor_of(event), at=at)
    post(event, "Another", at=at, is_key=True)
    page = open_page(f"{site.url}/{event.slug}/")
    page.evaluate("for (const box of document.querySelectorAll('details.keys')) box.open = true")

    for width in (390, 1280):
        page.set_viewport_size({"width": width, "height": 900})
        for row in page.locator(".keys li").all():
            boxes = row.evaluate(BOXES)
            assert len(boxes) > 1
            for one, other in itertools.combinations(boxes, 2):
                assert one[1] <= other[0] or one[3] <= other[2] + 2, (width, row.inner_text(), boxes)


def test_front_page_updates_itself_and_keeps_the_focus(open_page, site, transactional_db):
    event = make_event()
    post(event, "Gate holds")
    page = open_page(f"{site.url}/")
    link = page.get_by_role("link", name="Storm Maren")
    link.focus()
    page.evaluate("window.stayed = true")
    post(event, "Ferries wait", author=editor_of(event))
    expect(page.locator(".card .log")).to_contain_text("Ferries wait")
    expect(link).to_be_focused()
    assert page.evaluate("window.stayed")
