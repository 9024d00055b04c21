"""What is beside the text: how many are reading, advertisements, players, and what grave news does to them."""

from datetime import timedelta

from django.utils import timezone
from playwright.sync_api import expect

from tests.browser.reader_page import connected, place_of
from tests.factories import make_event, post, post_many
from updates import publishing
from updates.models import ReaderCount
from updates.publishing import EventDetails


def change(event, boss, **details):
    publishing.change_event(event.pk, EventDetails(**details), boss)


def moving(page):
    """Animations of the style sheet that something on the page would run."""
    return page.evaluate(
        "[...document.querySelectorAll('.new, .pill, [data-is=live]')]"
        ".flatMap((node) => [getComputedStyle(node), getComputedStyle(node, '::before')])"
        ".map(({ animationName }) => animationName).filter((name) => name !== 'none')"
    )


def test_sensitive_switch_hides_readers_advertisements_and_motion_at_once(open_page, site, boss):
    event = make_event(shows_reader_count=True)
    post_many(event, 8)
    hour = timezone.now() + timedelta(hours=1)
    ReaderCount.objects.create(event=event, process="elsewhere", readers=1234, until=hour)
    page = connected(open_page(f"{site.url}/{event.slug}/", viewport={"width": 390, "height": 844}))
    count = page.locator("[data-readers]")
    head = page.locator(".head").bounding_box()
    expect(count).to_have_text("about 1,200 reading")
    assert page.locator(".head").bounding_box() == head
    expect(page.locator(".ad:visible")).to_have_count(2)
    assert moving(page) != []

    page.locator("[data-entries] h2", has_text="Update 4").evaluate("(h) => h.scrollIntoView({ block: 'center' })")
    fifth = page.locator("[data-entries] h2").nth(4)
    before = place_of(fifth)
    change(event, boss, sensitive=True)
    expect(page.locator(".ad:visible")).to_have_count(0)
    assert abs(place_of(fifth) - before) <= 1
    expect(count).to_have_count(0)
    assert moving(page) == []

    page.evaluate("scrollTo(0, 0)")
    post(event, "Grave news", author=boss)
    expect(page.locator(".pill")).to_have_text("1 new update")

    change(event, boss, sensitive=False)
    expect(page.locator(".ad:visible")).to_have_count(2)
    expect(count).to_have_text("about 1,200 reading")
