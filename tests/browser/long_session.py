"""An hour of a busy event in a minute, on a page that is read meanwhile: run by ``make prove``, not by the gate."""

import random

import pytest

from tests.browser import test_scroll_anchor
from tests.browser.test_scroll_anchor import FRAMES, LOREM, WATCH, act, connected
from tests.factories import make_event, make_picture, post
from tests.servers import wait_until
from updates.publishing import PhotoContent, TextContent

MOST = 0.02
"""Layout shift of a whole session."""

boss = test_scroll_anchor.boss


@pytest.mark.parametrize("width", [390, 1280])
def test_session_of_sixty_updates_shifts_nothing(open_page, site, boss, width):
    roll = random.Random(width)
    event = make_event(key_points=("<p>The gate is down.</p>",))
    photo = PhotoContent(make_picture(boss).pk, alt="The quay", credit="A. Person")
    for number in range(16):
        blocks = [TextContent(LOREM)] + [photo] * (number % 4 == 0)
        post(event, f"Before {number}", author=boss, blocks=blocks)
    page = open_page(f"{site.url}/{event.slug}/", viewport={"width": width, "height": 844})
    page.evaluate(WATCH)
    connected(page)
    for number in range(60):
        act(event, boss, roll, number)
        if number % 4 == 0:
            page.mouse.wheel(0, roll.choice([-4000, 300, 900]))
        page.evaluate(FRAMES, 8)
    post(event, "The last one", author=boss)
    page.evaluate("scrollTo(0, document.body.scrollHeight)")
    post(event, "The very last one", author=boss)
    newest, pill = page.locator("[data-entries] article h2").first, page.locator(".pill")
    wait_until(
        lambda: newest.text_content() == "The very last one" or (pill.is_visible() and pill.click()),
        "the last update is on the page",
    )
    page.evaluate(FRAMES, 30)
    shifts = page.evaluate("shifts")
    assert sum(value for value, _ in shifts) <= MOST, shifts
