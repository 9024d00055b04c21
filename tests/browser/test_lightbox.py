"""The lightbox fits photo, caption and buttons into every window."""

from dataclasses import replace

import pytest
from playwright.sync_api import expect

from tests.browser.reader_page import connected
from tests.factories import editor_of, make_event, make_picture, post
from updates import publishing
from updates.publishing import PhotoContent

SHAPES = {"landscape": (1600, 1000), "portrait": (1000, 1600), "panorama": (1600, 500), "square": (1200, 1200)}
WINDOWS = [(1280, 720), (1920, 1080), (844, 390), (390, 844), (320, 480)]
CAPTION = "The caption of the photo, which is a sentence or two long and wraps on a phone. " * 3
BOXES = """() => {
  const box = (element) => {
    const {left, top, right, bottom} = element.getBoundingClientRect();
    return [left, top, right, bottom].map(Math.round);
  };
  const dialog = document.querySelector("dialog.lightbox");
  const buttons = [...dialog.querySelectorAll("button")].filter((button) => button.checkVisibility());
  return {
    photo: box(dialog.querySelector("img")), caption: box(dialog.querySelector("figcaption")),
    buttons: buttons.map(box),
    overflow: dialog.scrollHeight - dialog.clientHeight, window: [innerWidth, innerHeight],
  };
}"""

LOADED = """() => {
  const images = [...document.querySelectorAll("img[alt=landscape]")];
  return images.length === 2 && images.every((image) => image.complete && image.naturalWidth);
}"""


@pytest.fixture
def event(transactional_db):
    event = make_event(title="Storm Maren")
    boss = editor_of(event)
    for name, size in SHAPES.items():
        picture = make_picture(boss, size=size)
        post(event, name, author=boss, blocks=(PhotoContent(picture.pk, alt=name, caption=CAPTION, credit="Reuters"),))
    return event


def is_inside(box, window):
    left, top, right, bottom = box
    return 0 <= left < right <= window[0] and 0 <= top < bottom <= window[1]


def test_photo_caption_and_buttons_are_in_view(open_page, site, event):
    page = open_page("about:blank")
    for width, height in WINDOWS:
        page.set_viewport_size({"width": width, "height": height})
        page.goto(f"{site.url}/{event.slug}/")
        connected(page).locator("[data-entries] [data-zoom]").first.click()
        for _ in SHAPES:
            fits(page)
            page.keyboard.press("ArrowRight")


def fits(page):
    """The photo that is open, its caption and the buttons lie in the window, one below the other."""
    name = page.locator("dialog.lightbox").get_attribute("aria-label")
    boxes = page.evaluate(BOXES)
    width, height = boxes["window"]
    about = (name, boxes)
    assert boxes["overflow"] == 0, about
    for box in (boxes["photo"], boxes["caption"], *boxes["buttons"]):
        assert is_inside(box, (width, height)), about
    assert boxes["photo"][3] <= boxes["caption"][1], about
    assert boxes["photo"][3] - boxes["photo"][1] >= height / 4, about
    assert boxes["caption"][3] <= min(top for _, top, _, _ in boxes["buttons"]), about


def test_focus_goes_to_the_last_update_where_all_are_above_the_window(open_page, site, event):
    """Below the updates a low window shows the end of the page only, while the photo that is open goes."""
    page = connected(open_page(f"{site.url}/{event.slug}/", viewport={"width": 1280, "height": 100}))
    page.locator("[data-entries] [data-zoom]").last.click()
    page.wait_for_function(LOADED)
    page.evaluate("scrollTo(0, document.documentElement.scrollHeight)")
    publishing.remove(event.entries.get(headline="landscape").pk, editor_of(event))
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(page.locator("h2:focus")).to_have_text("portrait")


def test_photo_that_is_open_has_its_present_words_and_the_next_one_is_announced(open_page, site, event):
    page = connected(open_page(f"{site.url}/{event.slug}/"))
    page.locator("[data-entries] [data-zoom]").first.click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_role("img", name="square")).to_be_visible()
    entry = event.entries.get(headline="square")
    for change in ({"caption": "The right caption."}, {"alt": "the gate"}):
        content = publishing.read_content(entry)
        photo = replace(content.blocks[0], **change)
        entry = publishing.edit(entry.pk, replace(content, blocks=(photo,)), editor_of(event))
    expect(dialog.locator("figcaption")).to_contain_text("The right caption.")
    expect(dialog.get_by_role("img", name="the gate")).to_be_visible()
    page.keyboard.press("ArrowRight")
    expect(dialog.get_by_role("status")).to_have_text("2 / 4 panorama")
