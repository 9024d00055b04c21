"""The lightbox fits photo, caption and buttons into every window."""

import pytest
from playwright.sync_api import expect

from tests.factories import editor_of, make_event, make_picture, post
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


@pytest.mark.parametrize("window", WINDOWS, ids=lambda size: "x".join(map(str, size)))
def test_photo_caption_and_buttons_are_in_view(open_page, site, event, window):
    page = open_page(f"{site.url}/{event.slug}/", viewport={"width": window[0], "height": window[1]})
    expect(page.locator("live-event [data-connected=true]")).to_have_count(1)
    links = page.locator("[data-entries] [data-zoom]")
    links.first.click()
    for _ in SHAPES:
        name = page.locator("dialog.lightbox").get_attribute("aria-label")
        boxes = page.evaluate(BOXES)
        assert boxes["overflow"] == 0, (name, boxes)
        for box in (boxes["photo"], boxes["caption"], *boxes["buttons"]):
            assert is_inside(box, boxes["window"]), (name, boxes)
        assert boxes["photo"][3] <= boxes["caption"][1], (name, boxes)
        assert boxes["photo"][3] - boxes["photo"][1] >= window[1] / 4, (name, boxes)
        assert boxes["caption"][3] <= min(top for _, top, _, _ in boxes["buttons"]), (name, boxes)
        page.keyboard.press("ArrowRight")
