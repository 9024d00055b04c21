"""What single readers need: a narrow screen, paper, another time zone, no motion, high contrast, an end."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from tests.browser.reader_page import connected, headlines
from tests.factories import make_event, post, post_many
from tests.pages import updates
from tests.servers import wait_until
from updates import publishing
from updates.choices import ChangeKind
from updates.publishing import EmbedContent, EntryContent, EventDetails

LONG = "<p>" + "The water stands higher than at noon, and the gate holds. " * 8 + "</p>"
SPACED = """
const sheet = new CSSStyleSheet();
sheet.insertRule("* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important }");
sheet.insertRule("p { margin-block-end: 2em !important }");
document.adoptedStyleSheets = [sheet];
"""
IN_TOKYO = re.compile(r"12:04 UTC · \d+ \w+ \d{4}, 21:04 where you are$")
VOICES = "all => all.map((each) => Object.keys(each.closest('[data-is], [data-announce]').dataset)[0])"
SIDEWAYS = "document.documentElement.scrollWidth - innerWidth"


@pytest.fixture
def event(boss):
    event = make_event(key_points=("<p>The gate held.</p>", "<p>The ferries wait.</p>"), time_zone="UTC")
    first = post(event, "What to know", author=boss, text=LONG, is_key=True)
    post_many(event, 4)
    publishing.pin(first.pk, boss)
    return event


def opened(open_page, site, event, query="", **options):
    page = open_page(f"{site.url}/{event.slug}/{query}", **options)
    connected(page)
    return page


def test_pinned_update_folds_and_is_linked_both_ways(open_page, site, event, boss):
    page = opened(open_page, site, event)
    copy, button = page.locator("[data-pinned] article"), page.get_by_role("button", name="Show less")
    whole = copy.bounding_box()["height"]
    for width, name in ((390, "Show all"), (1280, "Show less")):  # as when a tablet is turned
        page.set_viewport_size({"width": width, "height": 844})
        expect(page.locator("[data-fold=pin]")).to_have_text(name)
    button.click()
    folded = page.get_by_role("button", name="Show all", expanded=False)
    expect(folded).to_be_focused()
    assert copy.bounding_box()["height"] < whole
    publishing.mark_key(event.entries.get(headline="What to know").pk, boss, is_key=False)
    expect(copy.get_by_text("Key event")).to_have_count(0)
    expect(folded).to_be_visible()
    folded.click()
    expect(button).to_be_visible()
    assert copy.bounding_box()["height"] > whole / 2

    page.locator("[data-entries]").get_by_role("link", name="Pinned").click()
    page.wait_for_url(f"{site.url}/{event.slug}/#pinned")
    copy.get_by_role("link", name="Pinned").click()
    page.wait_for_url("**" + event.entries.get(headline="What to know").get_absolute_url())
    publishing.unpin(event.entries.get(headline="What to know").pk, boss)
    page.go_back()
    connected(page)
    expect(page.locator("[data-fold=pin]")).to_be_hidden()


def test_an_update_that_was_asked_for_has_the_focus_and_stands_free(open_page, site, event):
    entry = event.entries.get(headline="Update 2")
    page = open_page(site.url + entry.get_absolute_url())
    expect(page.locator("h2:focus")).to_have_text("Update 2")
    page = opened(open_page, site, event, f"#u{entry.public_id}", viewport={"width": 390, "height": 844})
    expect(page.locator("h2:focus")).to_have_text("Update 2")
    wait_until(lambda: stands_free(page), "it is below the bar")


def stands_free(page):
    bar = page.locator(".watch").bounding_box()
    return page.locator("h2:focus").bounding_box()["y"] > bar["y"] + bar["height"]


def test_times_are_also_told_in_the_zone_of_the_reader(open_page, site, event):
    there = opened(open_page, site, event, timezone_id="Asia/Tokyo")
    expect(there.locator("[data-entries] .when time").first).to_have_attribute("title", IN_TOKYO)
    here = opened(open_page, site, event, timezone_id="UTC")
    expect(here.locator("[data-entries] [data-relative]").first).to_be_visible()
    assert "where you are" not in here.locator("[data-entries] .when time").first.get_attribute("title")


def test_above_all_stands_how_long_ago_the_newest_came(open_page, site, transactional_db):
    event = make_event()
    post(event, "Old news", at=timezone.now() - timedelta(hours=6, minutes=5))
    page = opened(open_page, site, event)
    latest = page.locator("[data-latest]")
    expect(latest.locator("[data-relative]")).to_have_text("· 6 hr ago")
    post(event, "News")
    expect(latest).to_contain_text("News")
    expect(latest.locator("[data-relative]")).to_have_text("· just now")


def test_with_reduced_motion_nothing_goes_in_by_itself(open_page, site, event, boss):
    page = opened(open_page, site, event, reduced_motion="reduce")
    post(event, "News", author=boss)
    expect(page.locator(".pill")).to_have_text("1 new update")
    expect(headlines(page).first).to_have_text("Update 4")
    assert page.evaluate("document.getAnimations().filter((motion) => !motion.timeline?.axis).length") == 0
    page.locator(".pill").click()
    expect(page.locator("h2:focus")).to_have_text("News")


def test_nothing_goes_in_while_text_is_marked(open_page, site, event, boss):
    page = opened(open_page, site, event)
    page.locator("[data-entries] h2").nth(1).evaluate("(heading) => getSelection().selectAllChildren(heading)")
    post(event, "News", author=boss)
    expect(page.locator(".pill")).to_have_text("1 new update")
    assert page.evaluate("String(getSelection())") == "Update 3"


def test_focus_outlives_edits_and_goes_on_after_a_removal(open_page, site, event, boss):
    page = opened(open_page, site, event)
    entry = event.entries.get(headline="Update 3")
    link = page.locator(f"#u{entry.public_id} .when a").first
    link.focus()
    publishing.mark_key(entry.pk, boss, is_key=True)
    expect(page.locator(f"#u{entry.public_id}").get_by_text("Key event")).to_be_visible()
    expect(link).to_be_focused()
    publishing.remove(entry.pk, boss)
    expect(page.locator("h2:focus")).to_have_text("Update 2")
    for headline, neighbour in [("Update 2", "Update 1"), ("Update 1", "What to know"), ("What to know", "Update 4")]:
        publishing.remove(event.entries.get(headline=headline).pk, boss)
        expect(page.locator("h2:focus")).to_have_text(neighbour)


def test_pause_is_remembered_and_holds_all_but_removals(open_page, site, event, boss):
    page = opened(open_page, site, event)
    page.get_by_role("button", name="Pause updates", exact=True).click()
    page.reload()
    connected(page)
    resume = page.get_by_role("button", name="Resume updates", exact=True)
    assert resume.get_attribute("aria-pressed") is None  # the name says it all: “Resume, pressed” would be the opposite
    post(event, "News", author=boss)
    expect(page.locator("[data-part=watch-state]")).to_contain_text("1 waiting")
    expect(page.locator("[data-part=watch-state] [role=status]")).to_have_text("Paused")  # numbers are not spoken
    publishing.remove(event.entries.get(headline="Update 3").pk, boss)
    expect(headlines(page)).to_have_text([*updates(4, 2, 1), "What to know"])
    resume.click()
    expect(headlines(page)).to_have_text(["News", *updates(4, 2, 1), "What to know"])


def test_ended_page_holds_no_socket_learns_of_removals_and_comes_alive_again(open_page, site, event, boss):
    publishing.change_event(event.pk, EventDetails(ended_oldest_first=False), boss)
    publishing.change_state(event.pk, ChangeKind.END, boss)
    page = open_page("about:blank")
    sockets = []
    page.on("websocket", lambda socket: sockets.append(socket.url))
    page.goto(f"{site.url}/{event.slug}/?order=newest")
    connected(page)
    expect(page.locator("[data-part=watch-state]")).to_contain_text("Ended")
    assert sockets == []
    publishing.remove(event.entries.get(headline="Update 3").pk, boss)
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    expect(headlines(page)).to_have_text([*updates(4, 2, 1), "What to know"])
    publishing.change_state(event.pk, ChangeKind.REOPEN, boss)
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    expect(page.locator("[data-part=watch-state]")).to_contain_text("Live")
    post(event, "Again", author=boss)
    expect(headlines(page).first).to_have_text("Again")


@pytest.mark.parametrize("language", ["en", "ar"])
def test_narrow_screen_loses_nothing_and_needs_no_sideways_scroll(open_page, site, event, boss, language):
    publishing.change_event(event.pk, EventDetails(language=language), boss)
    page = opened(open_page, site, event, viewport={"width": 320, "height": 640})
    post(event, "Lots_of_letters_that_no_space_breaks_" * 3, author=boss)
    expect(headlines(page)).to_have_count(6)
    assert page.evaluate(SIDEWAYS) <= 0
    assert page.locator(".watch").bounding_box()["height"] <= 128  # a fifth of the window
    page.evaluate(SPACED)
    assert page.evaluate(SIDEWAYS) <= 0
    assert page.locator("html").get_attribute("dir") == ("ltr" if language == "en" else "rtl")


def test_on_paper_the_page_is_whole_and_has_no_controls(open_page, site, event):
    page = opened(open_page, site, event, color_scheme="dark")
    page.get_by_role("button", name="Show less").click()
    page.emulate_media(media="print")
    for place in (".keys li", ".paper", "[data-pinned] .text", "[data-entries] h2"):
        expect(page.locator(place).first).to_be_visible()
    for hidden in (".watch", ".ad", ".tools", ".fold", ".mast nav", ".help-row", ".foot"):
        expect(page.locator(hidden).first).to_be_hidden()
    text = page.locator("[data-pinned] .what")
    assert text.evaluate("(box) => box.scrollHeight <= box.clientHeight + 1")
    page.set_viewport_size({"width": 660, "height": 900})  # a sheet is as narrow as a phone's layout
    assert page.locator("[data-pinned] .when").bounding_box()["width"] > 60
    colours = "getComputedStyle(document.body).color + getComputedStyle(document.documentElement).backgroundColor"
    assert page.evaluate(colours) == "rgb(0, 0, 0)rgb(255, 255, 255)"
    entry = page.locator("[data-entries] article").first
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    address = site.url + entry.locator(".when a").first.get_attribute("href")
    assert address in entry.evaluate("(box) => getComputedStyle(box, '::after').content")
    second = page.locator("[data-entries] article").nth(1)  # the first fills the rest of its sheet
    assert second.evaluate("(box) => getComputedStyle(box).breakInside") == "avoid"


def test_high_contrast_keeps_the_edges_of_buttons(open_page, site, event, boss):
    page = opened(open_page, site, event, forced_colors="active", viewport={"width": 390, "height": 600})
    page.evaluate("scrollTo(0, document.body.scrollHeight)")
    post(event, "News", author=boss)
    for name in ("1 new update", "Pause"):
        button = page.get_by_role("button", name=name)
        expect(button).to_be_visible()
        assert button.evaluate("(button) => getComputedStyle(button).borderTopColor") != "rgba(0, 0, 0, 0)"


def test_player_loads_on_a_press_in_a_sandbox(open_page, watched, site, event, boss):
    watched.expect_requests_to("https://www.youtube-nocookie.com/")
    film = EmbedContent("https://www.youtube.com/watch?v=aqz-KE-bpKQ", title="From the quay")
    post(event, "A film", author=boss, blocks=[film])
    page = opened(open_page, site, event)
    page.route("https://www.youtube-nocookie.com/**", lambda route: route.fulfill(body="<p>A player</p>"))
    page.get_by_role("link", name="Play video").click()
    frame = page.locator("iframe[title='From the quay']")
    expect(frame).to_be_focused()
    assert "allow-top-navigation" not in frame.get_attribute("sandbox")
    publishing.edit(event.entries.get(headline="A film").pk, EntryContent("The film", (film,)), boss)
    expect(headlines(page).first).to_have_text("The film")
    expect(frame).to_be_visible()


def test_the_page_claims_no_feed_and_speaks_with_two_voices_only(open_page, site, event):
    """What is new, and the state of the line; both are there, and the first is empty, before anything is said."""
    page = opened(open_page, site, event)
    assert page.locator("[role=feed]").count() == 0
    voices = page.locator("[aria-live], [role=status], [role=alert], [role=log]")
    assert voices.evaluate_all(VOICES) == ["is", "announce"]
    assert page.locator("[data-announce]").text_content() == ""
    assert page.locator("article [aria-live], article [role=status]").count() == 0
