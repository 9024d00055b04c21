"""What moderators do arrives on an open page as what it is: one step, in its old place, with no new-entry cue."""

import pytest
from playwright.sync_api import expect

from tests.browser.reader_page import assert_equals_fresh, connected, headlines, place_of
from tests.factories import make_event, post
from updates import publishing
from updates.publishing import EntryContent, TextContent

VOTES = (TextContent("<p>321 voted for it.</p>"),)
RIGHT = (TextContent("<p>312 voted for it.</p>"),)
NOTES = "[data-corrections] li a > span"


@pytest.fixture
def entries(boss):
    event = make_event()
    return [post(event, words, author=boss, blocks=VOTES) for words in ("First", "Second", "Third")]


@pytest.fixture
def reader(open_page, site, entries):
    page = open_page(site.url + entries[0].event.get_absolute_url())
    connected(page)
    expect(headlines(page)).to_have_count(3)
    page.evaluate(
        """() => {
          window.stayed = true;
          window.announced = [];
          window.pins = [];
          const voice = document.querySelector("[data-announce]");
          const listen = () => voice.textContent && announced.push(voice.textContent);
          new MutationObserver(listen).observe(voice, {childList: true});
          const slot = document.querySelector("[data-pinned]");
          const look = () => pins.push([...slot.querySelectorAll("h2")].map((each) => each.textContent).join());
          new MutationObserver(look).observe(slot, {childList: true, subtree: true, characterData: true});
        }"""
    )
    yield page
    assert page.evaluate("window.stayed"), "the page was loaded again"


def test_pins_swap_in_one_step_and_key_marks_come_and_go(reader, entries, boss, open_page):
    first, second, _third = entries
    pinned = reader.locator("[data-pinned] h2")
    publishing.pin(first.pk, boss)
    expect(pinned).to_have_text("First")
    publishing.pin(second.pk, boss)
    expect(pinned).to_have_text("Second")
    assert set(reader.evaluate("pins")) == {"First", "Second"}, "there was a moment without a pin, or with two"
    publishing.unpin(second.pk, boss)
    expect(pinned).to_have_count(0)
    publishing.pin(second.pk, boss)
    expect(pinned).to_have_text("Second")

    publishing.mark_key(first.pk, boss, is_key=True)
    expect(reader.locator("[data-keys] li span")).to_have_text(["First"])
    publishing.mark_key(first.pk, boss, is_key=False)
    expect(reader.locator("[data-keys] li")).to_have_count(0)

    assert reader.locator("article.new").count() == 0
    assert reader.evaluate("announced") == []
    assert_equals_fresh(reader, open_page)


def test_a_correction_is_told_with_another_cue_than_a_new_update(reader, entries, boss, open_page):
    first, _second, third = entries
    publishing.correct(first.pk, EntryContent("First", RIGHT), "it was 312", boss, shows_change=True)

    article = reader.locator(f"#u{first.public_id}")
    expect(article).to_have_attribute("data-fixed", "")
    expect(article.locator(".fix p > span")).to_have_text("it was 312")
    expect(reader.locator(NOTES)).to_have_text(["First it was 312"])
    announcement = reader.locator("[data-announce]")
    expect(announcement).to_contain_text("First. it was 312")
    expect(reader.locator(".pill")).to_be_hidden()
    assert reader.locator("article.new").count() == 0

    publishing.clarify(first.pk, EntryContent("First", RIGHT), "of 630 members", boss)
    publishing.correct(third.pk, EntryContent("Third", RIGHT), "312 here, too", boss)
    expect(reader.locator(NOTES)).to_have_count(3)
    article.get_by_text("Before and after").click()
    expect(article.locator(".fix del")).to_have_text("321")
    expect(article.locator(".fix ins")).to_have_text("312")
    article.get_by_text("Before and after").click()
    assert_equals_fresh(reader, open_page)

    article.scroll_into_view_if_needed()
    publishing.remove(first.pk, boss)
    expect(reader.locator(NOTES)).to_have_text(["Third 312 here, too"])
    publishing.restore(first.pk, boss)
    expect(headlines(reader)).to_have_text(["Third", "Second", "First"])
    expect(reader.locator(NOTES)).to_have_count(3)
    assert reader.locator("article.new").count() == 0
    assert_equals_fresh(reader, open_page)


def test_a_correction_of_an_update_on_an_older_page_is_listed_and_announced_until_it_is_removed(open_page, site, boss):
    event = make_event(page_size=2)
    old, *_rest = [post(event, f"Update {number}", author=boss, blocks=VOTES) for number in range(6)]
    page = open_page(site.url + event.get_absolute_url(), viewport={"width": 390, "height": 500})
    connected(page)
    read = page.locator("[data-entries] > article").nth(1)
    read.evaluate("(article) => article.scrollIntoView()")
    before = place_of(read)

    publishing.correct(old.pk, EntryContent("Update 0", RIGHT), "it was 312", boss)

    expect(page.locator("[data-corrections]")).to_be_visible()
    assert abs(place_of(read) - before) <= 1, "the list's first row moved what was being read"
    expect(page.locator("[data-corrections] li a")).to_have_attribute("href", old.get_absolute_url())
    expect(page.locator("[data-announce]")).to_contain_text("Update 0. it was 312")

    publishing.remove(old.pk, boss)
    expect(page.locator("[data-announce]")).to_be_empty()
    expect(page.locator("body")).not_to_contain_text("it was 312")


def test_places_and_times_change_on_the_open_page(reader, entries, boss, open_page):
    first, _second, third = entries
    publishing.move_up(first.pk, boss)
    expect(headlines(reader)).to_have_text(["Third", "First", "Second"])
    publishing.set_time(third.pk, first.published_at.replace(hour=0, minute=0, second=0), boss)
    expect(reader.locator(f"#u{third.public_id} .when time")).to_have_text("00:00")
    expect(headlines(reader)).to_have_text(["Third", "First", "Second"])
    assert reader.locator("article.new").count() == 0
    assert_equals_fresh(reader, open_page)
