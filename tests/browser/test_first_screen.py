"""What a reader sees first on a phone, and with letters twice as large."""

import pytest
from playwright.sync_api import expect

from tests.browser.test_live_page import connected
from tests.factories import editor_of, make_event, post
from tests.layout import LARGE_LETTERS
from updates import publishing
from updates.choices import ChangeKind
from updates.publishing import EntryContent, EventDetails, TextContent

WORDS = "<p>" + "The water stands higher than at noon, and the gate holds. " * 6 + "</p>"
POINTS = tuple(
    f"<p>Point {n}: the harbour is closed, and the ferries wait for the tide at the quay.</p>" for n in "1234"
)


@pytest.fixture
def event(transactional_db):
    event = make_event(
        title="Storm Maren: Port\u00a0Ellery waits for the tide",
        standfirst="The harbour is shut, the quays are cleared, the gate is down. The highest water is to come.",
        byline="Ines Calder, Noor Hadad and Tomas Wrede",
        key_points=POINTS,
    )
    boss = editor_of(event)
    pinned = post(event, "If you live on the lower quays: where to go", author=boss, text=WORDS, is_key=True)
    publishing.pin(pinned.pk, boss)
    wrong = post(event, "Waves break over the breakwater", author=boss, text=WORDS)
    publishing.correct(
        wrong.pk, EntryContent("Waves break over it", (TextContent(WORDS),)), "It was the north one.", boss
    )
    post(event, "Flood gate holds as the first surge passes", author=boss, text=WORDS)
    return event


def test_newest_headline_stands_on_the_first_screen_of_a_phone(open_page, site, event):
    page = open_page(f"{site.url}/{event.slug}/", viewport={"width": 390, "height": 844})
    connected(page)
    points, button = page.locator(".box ul"), page.get_by_role("button", name="Show all 4")
    expect(button).to_be_visible()
    headline = page.locator("[data-entries] h2").first.bounding_box()
    assert headline["y"] + headline["height"] <= 844
    assert page.locator(".pin .when").bounding_box()["height"] < 50  # two lines
    assert points.bounding_box()["height"] < 60
    button.click()
    expect(page.locator(".box h2")).to_be_focused()
    expect(button).to_be_hidden()
    assert points.bounding_box()["height"] > 200
    publishing.change_event(event.pk, EventDetails(key_points=POINTS[:3]), editor_of(event))
    expect(points.locator("li")).to_have_count(3)
    assert points.bounding_box()["height"] > 150

    page.set_viewport_size({"width": 1280, "height": 700})
    page.evaluate("scrollTo(0, 300)")
    side = page.locator(".side").bounding_box()
    assert 0 <= side["y"] < 100  # beside the updates there is always something
    assert side["y"] + side["height"] <= 701

    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(f"{site.url}/{event.slug}/?filter=key")
    assert page.locator("[data-entries] h2").first.bounding_box()["y"] < 400


def test_long_head_leaves_room_for_the_newest_headline(open_page, site, event):
    long = EventDetails(title=f"{event.title}, minute by minute", standfirst=event.standfirst * 5)
    publishing.change_event(event.pk, long, editor_of(event))
    page = open_page(f"{site.url}/{event.slug}/", viewport={"width": 390, "height": 844})
    connected(page)
    latest = page.locator("[data-latest]").bounding_box()
    assert latest["y"] + latest["height"] <= 844
    words = page.locator(".stand")
    assert words.bounding_box()["height"] < 80
    page.locator(".head").get_by_role("button", name="Show all").click()
    expect(page.locator("h1")).to_be_focused()
    assert words.bounding_box()["height"] > 200
    publishing.change_event(event.pk, EventDetails(title="Another title"), editor_of(event))
    expect(page.locator("h1")).to_have_text("Another title")
    assert words.bounding_box()["height"] > 200

    page = open_page(f"{site.url}/{event.slug}/", viewport={"width": 390, "height": 844}, java_script_enabled=False)
    assert page.locator(".stand").bounding_box()["height"] > 200


def test_text_twice_as_large_neither_overlaps_nor_needs_sideways_scroll(open_page, site, event):
    page = open_page("about:blank")
    for language in ("en", "ar"):
        publishing.change_event(event.pk, EventDetails(language=language), editor_of(event))
        page.set_viewport_size({"width": 320, "height": 700})
        page.goto(f"{site.url}/{event.slug}/")
        expect(page.locator(f"html[lang={language}]")).to_have_count(1)
        connected(page)
        for width in (320, 390):
            page.set_viewport_size({"width": width, "height": 700})
            assert page.evaluate(LARGE_LETTERS) == {"sideways": 0, "overlaps": 0, "torn": 0}, (language, width)


SHIFTS = """() => new Promise((resolve) => {
  const sum = (list) => resolve(list.getEntries().reduce((total, {value}) => total + value, 0));
  new PerformanceObserver(sum).observe({type: "layout-shift", buffered: true});
  requestAnimationFrame(() => requestAnimationFrame(() => resolve(0)));
})"""


def test_page_of_an_ended_event_does_not_move_while_it_loads(open_page, site, event):
    publishing.change_state(event.pk, ChangeKind.END, editor_of(event))
    page = open_page(f"{site.url}/{event.slug}/", viewport={"width": 320, "height": 700})
    connected(page)
    assert page.evaluate(SHIFTS) <= 0.02
    expect(page.get_by_role("button", name="Pause")).to_have_count(0)
