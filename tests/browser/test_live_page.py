"""An open page in Chromium: everything that happens at the desk appears, in order, each once, without a reload."""

import subprocess
import sys
import time

import pytest
from playwright.sync_api import expect

from tests.browser.reader_page import ENTRIES, assert_equals_fresh, connected, headlines, place_of
from tests.factories import make_event, post
from tests.proxy import CUT
from tests.servers import ROOT, environment, running_site, wait_until
from updates import publishing
from updates.choices import ChangeKind
from updates.models import Event
from updates.publishing import EntryContent, EventDetails, TextContent
from updates.publishing.events import start_epoch


@pytest.fixture
def reader(open_page, site, event):
    page = open_page(f"{site.url}/{event.slug}/")
    connected(page)
    page.evaluate("window.stayed = true")
    yield page
    assert page.evaluate("window.stayed"), "the page was loaded again"


@pytest.mark.smoke
def test_new_update_appears_on_top(reader, event, boss, open_page):
    post(event, "First", author=boss)
    post(event, "Second", author=boss)
    expect(headlines(reader)).to_have_text(["Second", "First"])
    assert_equals_fresh(reader, open_page)


def test_everything_a_moderator_does_appears(reader, event, boss, open_page):
    first, second, third = (post(event, words, author=boss) for words in ("First", "Second", "Third"))
    expect(headlines(reader)).to_have_count(3)

    publishing.edit(first.pk, EntryContent("First, edited", (TextContent("<p>Edited.</p>"),)), boss)
    expect(headlines(reader)).to_have_text(["Third", "Second", "First, edited"])

    publishing.pin(first.pk, boss)
    expect(reader.locator("[data-pinned] h2")).to_have_text("First, edited")
    publishing.pin(second.pk, boss)
    expect(reader.locator("[data-pinned] h2")).to_have_text("Second")
    assert_equals_fresh(reader, open_page)
    publishing.unpin(second.pk, boss)
    expect(reader.locator("[data-pinned] article")).to_have_count(0)

    publishing.mark_key(first.pk, boss, is_key=True)
    expect(reader.locator("[data-keys] li")).to_have_count(1)

    publishing.correct(third.pk, EntryContent("Third, corrected"), "three, not four", boss)
    expect(reader.locator(f"{ENTRIES} .fix")).to_contain_text("three, not four")

    publishing.remove(second.pk, boss)
    expect(headlines(reader)).to_have_text(["Third, corrected", "First, edited"])
    publishing.restore(second.pk, boss)
    expect(headlines(reader)).to_have_text(["Third, corrected", "Second", "First, edited"])

    publishing.move(first.pk, boss, above=third.pk)
    expect(headlines(reader)).to_have_text(["First, edited", "Third, corrected", "Second"])
    assert_equals_fresh(reader, open_page)


def test_changes_of_the_event_itself_appear(reader, event, boss, open_page):
    publishing.change_event(
        event.pk,
        EventDetails(title="A new title", standfirst="A new standfirst.", key_points=("<p>One thing.</p>",)),
        boss,
    )
    expect(reader.locator("h1")).to_have_text("A new title")
    expect(reader.locator(".stand")).to_have_text("A new standfirst.")
    expect(reader.locator("[data-part=know]")).to_contain_text("One thing.")
    assert_equals_fresh(reader, open_page)

    publishing.change_state(event.pk, ChangeKind.END, boss)
    expect(reader.locator("[data-part=watch-state]")).to_have_attribute("data-is", "ended")


def test_upcoming_event_fills_in_by_itself(open_page, site, boss):
    event = make_event(status="upcoming")
    page = open_page(f"{site.url}/{event.slug}/")
    connected(page)

    publishing.publish(event.pk, EntryContent("It begins"), boss, go_live=True)

    expect(headlines(page)).to_have_text(["It begins"])
    expect(page.locator("[data-part=watch-state]")).to_have_attribute("data-is", "live")


def test_page_whose_browser_was_off_line_catches_up(reader, event, boss, open_page, watched):
    watched.expect_messages(CUT)
    post(event, "Before", author=boss)
    expect(headlines(reader)).to_have_text(["Before"])

    reader.context.set_offline(True)
    expect(reader.locator("[data-part=watch-state]")).to_contain_text("Offline")
    for words in ("While away 1", "While away 2"):
        post(event, words, author=boss)
    publishing.remove(event.entries.get(headline="Before").pk, boss)
    reader.context.set_offline(False)

    expect(headlines(reader)).to_have_text(["While away 2", "While away 1"])
    assert_equals_fresh(reader, open_page)


def test_page_whose_line_was_cut_catches_up(line, open_page, event, boss, watched):
    watched.expect_messages(CUT)
    gone = post(event, "Before", author=boss)
    page = open_page(f"{line.url}/{event.slug}/")
    connected(page)
    page.evaluate("window.stayed = true")

    line.cut()
    expect(page.locator("[data-part=watch-state]")).to_have_attribute("data-is", "retry")
    for words in ("While away 1", "While away 2"):
        post(event, words, author=boss)
    publishing.remove(gone.pk, boss)
    expect(headlines(page)).to_have_text(["Before"])
    line.mend()

    expect(headlines(page)).to_have_text(["While away 2", "While away 1"])
    connected(page)
    assert page.evaluate("window.stayed")
    assert_equals_fresh(page, open_page)


def test_page_renews_itself_in_place_when_its_numbers_become_void(open_page, site, boss):
    event = make_event(page_size=3)
    for number in range(8):
        post(event, f"Update {number}", author=boss)
    page = open_page(f"{site.url}/{event.slug}/")
    connected(page)
    page.evaluate("window.stayed = true")
    page.get_by_role("link", name="Load more updates").click()
    expect(headlines(page)).to_have_count(8)

    renewed = start_epoch(event.pk, boss)
    expect(page.locator("live-event")).to_have_attribute("data-epoch", renewed.epoch)
    expect(headlines(page)).to_have_text([f"Update {number}" for number in range(7, -1, -1)])
    page.evaluate("scrollTo(0, 0)")
    post(event, "Update 8", author=boss)
    expect(headlines(page).first).to_have_text("Update 8")
    connected(page)
    assert page.evaluate("window.stayed")
    assert_equals_fresh(page, open_page)


def test_page_survives_a_restart_of_the_server(line, open_page, site, tmp_path, boss, watched):
    """Readers reach both servers by one line, as through a proxy: one that ends, then that of the other tests."""
    watched.expect_messages(CUT)
    event = make_event()
    with running_site(tmp_path / "first.log") as first:
        line.lead_to(first.url)
        page = open_page(f"{line.url}/{event.slug}/")
        connected(page)
    post(event, "While down", author=boss)
    line.lead_to(site.url)
    expect(headlines(page)).to_have_text(["While down"])


TRIES = 5


def test_post_of_another_process_arrives_within_three_seconds(reader, event):
    """At least one of some: a processor that has other work may stop a page, or the server, for as long."""
    script = (
        "from tests.factories import post; from updates.models import Event;"
        f"event = Event.objects.get(pk={event.pk});"
        f"[post(event, input()) for _ in range({TRIES})]"
    )
    command = [sys.executable, "manage.py", "shell", "-c", script]
    with subprocess.Popen(command, cwd=ROOT, env=environment(), stdin=subprocess.PIPE, text=True) as elsewhere:
        waits = []
        for number in range(TRIES):
            elsewhere.stdin.write(f"Number {number}\n")
            elsewhere.stdin.flush()
            wait_until(event.entries.filter(headline=f"Number {number}").exists, "it is published")
            start = time.monotonic()
            expect(headlines(reader).first).to_have_text(f"Number {number}")
            waits.append(time.monotonic() - start)
            if waits[-1] < 3:
                break
        elsewhere.kill()
    assert min(waits) < 3


def test_scrolled_reader_is_not_moved_and_gets_a_button(open_page, site, boss):
    event = make_event()
    for number in range(10):
        post(event, f"Update {number}", author=boss)
    page = open_page(f"{site.url}/{event.slug}/")
    connected(page)
    target = page.locator(ENTRIES).nth(5)
    target.scroll_into_view_if_needed()
    before = place_of(target)

    for number in range(3):
        post(event, f"New {number}", author=boss)
    pill = page.locator(".pill")
    expect(pill).to_have_text("3 new updates")
    expect(page.locator("[role=status]").filter(has_text="new update")).to_have_count(1)
    expect(page).to_have_title("(3) " + Event.objects.get(pk=event.pk).title + " – Ellery Signal")
    assert abs(place_of(target) - before) <= 1

    pill.click()
    expect(headlines(page).first).to_have_text("New 2")
    expect(pill).to_be_hidden()


def test_removal_reaches_updates_behind_the_button(open_page, site, boss):
    event = make_event()
    for number in range(10):
        post(event, f"Update {number}", author=boss)
    page = open_page(f"{site.url}/{event.slug}/")
    connected(page)
    page.locator(ENTRIES).nth(5).scroll_into_view_if_needed()
    waiting = [post(event, f"New {number}", author=boss) for number in range(2)]
    expect(page.locator(".pill")).to_have_text("2 new updates")

    publishing.remove(waiting[0].pk, boss)

    expect(page.locator(".pill")).to_have_text("1 new update")


def test_load_more_appends_in_place(open_page, site, boss):
    event = make_event(page_size=3)
    for number in range(8):
        post(event, f"Update {number}", author=boss)
    page = open_page(f"{site.url}/{event.slug}/")
    connected(page)
    expect(headlines(page)).to_have_text([f"Update {number}" for number in range(7, 2, -1)])

    page.get_by_role("link", name="Load more updates").click()

    expect(headlines(page)).to_have_text([f"Update {number}" for number in range(7, -1, -1)])
    expect(page.locator("[data-more]")).to_have_count(0)
    publishing.remove(event.entries.get(headline="Update 0").pk, boss)
    expect(headlines(page)).to_have_text([f"Update {number}" for number in range(7, 0, -1)])


def test_without_javascript_everything_is_reachable(open_page, site, boss):
    event = make_event(page_size=3)
    for number in range(8):
        post(event, f"Update {number}", author=boss)
    page = open_page(f"{site.url}/{event.slug}/", java_script_enabled=False)
    expect(headlines(page)).to_have_count(5)
    expect(page.locator("button:visible")).to_have_count(0)

    page.get_by_role("link", name="Load more updates").click()
    expect(headlines(page)).to_have_text(["Update 2", "Update 1", "Update 0"])

    page.locator(f"{ENTRIES} .when a").first.click()
    expect(page.locator("article h1, article h2")).to_have_text(["Update 2"])
