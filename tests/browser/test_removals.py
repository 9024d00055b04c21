"""What is removed goes from an open page in whatever state it is, and what is undone comes back without a fuss."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from tests.browser.desk_page import session_cookie
from tests.browser.reader_page import ENTRIES, connected, headlines, place_of
from tests.factories import make_event, make_picture, post
from tests.proxy import CUT
from updates import publishing
from updates.choices import ChangeKind
from updates.models import Event
from updates.publishing import PhotoContent, TextContent
from updates.queries.receipts import receipts_of


@pytest.fixture
def event(boss):
    event = make_event(author=boss, page_size=4)
    for number in range(1, 9):
        post(event, f"Update {number}", author=boss, is_key=number == 2)
    return event


def entry(event, number):
    return event.entries.get(headline=f"Update {number}")


def opened(open_page, url, event, query=""):
    page = open_page(f"{url}/{event.slug}/{query}")
    connected(page)
    return page


def hide(page, hidden):
    """As a browser does to a tab behind another one."""
    page.evaluate(
        """(hidden) => {
          const state = { hidden, visibilityState: hidden ? "hidden" : "visible" };
          for (const [name, value] of Object.entries(state)) {
            Object.defineProperty(document, name, { value, configurable: true });
          }
          document.dispatchEvent(new Event("visibilitychange"));
        }""",
        hidden,
    )


@pytest.mark.parametrize("query", ["", "?page=1", "?order=oldest", "?filter=key"])
def test_removed_while_the_line_is_cut_it_is_gone_on_return(line, open_page, event, boss, watched, query):
    watched.expect_messages(CUT)
    page = opened(open_page, line.url, event, query)
    gone = entry(event, 2 if query else 8)
    expect(page.locator(ENTRIES, has_text=gone.title)).to_have_count(1)
    line.cut()
    publishing.remove(gone.pk, boss)
    publishing.edit(entry(event, 7).pk, publishing.EntryContent("Update 7, edited"), boss)
    line.mend()
    expect(page.locator("body")).not_to_contain_text(gone.title)


def test_removed_while_the_tab_is_hidden_it_is_gone_on_return(open_page, site, event, boss):
    page = opened(open_page, site.url, event)
    page.locator("live-event").evaluate("(event) => { window.stayed = true; }")
    hide(page, hidden=True)
    publishing.remove(entry(event, 8).pk, boss)
    publishing.remove(entry(event, 6).pk, boss)
    hide(page, hidden=False)
    expect(headlines(page)).to_have_text(["Update 7", "Update 5"])
    assert page.evaluate("window.stayed")


def test_removed_while_paused_it_is_gone_at_once(open_page, site, event, boss):
    page = opened(open_page, site.url, event)
    page.get_by_role("button", name="Pause").click()
    post(event, "Update 9", author=boss)
    expect(page.locator("[data-part=watch-state]")).to_contain_text("1 waiting")
    publishing.remove(entry(event, 9).pk, boss)
    publishing.remove(entry(event, 8).pk, boss)
    expect(headlines(page).first).to_have_text("Update 7")
    expect(page.locator("[data-part=watch-state]")).to_contain_text("0 waiting")


def test_removed_from_an_ended_event_it_is_gone_from_pages_that_stayed_open(open_page, site, event, boss):
    page = opened(open_page, site.url, event)
    publishing.change_state(event.pk, ChangeKind.END, boss)
    expect(page.locator("[data-part=watch-state]")).to_contain_text("Ended")
    publishing.remove(entry(event, 8).pk, boss)
    page.evaluate("dispatchEvent(new Event('online'))")
    hide(page, hidden=True)
    hide(page, hidden=False)
    expect(headlines(page).first).to_have_text("Update 7")


def test_removed_while_catch_up_is_under_way_it_does_not_come_back(open_page, site, event, boss, watched):
    watched.expect_messages("WebSocket")
    answers, later = [], []

    def hold(route):
        """The first answer that names it is on its way when it is removed; the next ones wait until it was seen."""
        if answers and later is not None:
            later.append(route)
            return
        answer = route.fetch()
        if not answers and "Update 9" in answer.text():
            publishing.remove(entry(event, 9).pk, boss)
            answers.append(answer)
        route.fulfill(response=answer)

    page = open_page("about:blank")
    page.route_web_socket("**/ws/**", lambda socket: socket.close(code=4013, reason="full"))
    page.route("**/changes?*", hold)
    page.goto(f"{site.url}/{event.slug}/")
    expect(headlines(page).first).to_have_text("Update 8")
    post(event, "Update 9", author=boss)
    expect(headlines(page).first).to_have_text("Update 9")
    assert answers
    held, later = later, None
    for route in held:
        route.continue_()
    expect(headlines(page).first).to_have_text("Update 8")
    expect(page.locator("body")).not_to_contain_text("Update 9")
    page.unroute_all(behavior="wait")  # what is under way when the page closes fails in the next test


@pytest.mark.parametrize("scrolled", [False, True])
def test_what_is_undone_comes_back_in_its_old_place_without_a_cue(open_page, site, boss, scrolled):
    event = make_event(author=boss, page_size=20)
    for number in range(1, 13):
        post(event, f"Update {number}", author=boss)
    page = opened(open_page, site.url, event)
    article = page.locator(ENTRIES, has=page.get_by_role("heading", name="Update 3"))
    if scrolled:
        article.evaluate("(article) => article.scrollIntoView()")
    title, place = page.title(), entry(event, 11)
    publishing.remove(place.pk, boss)
    expect(headlines(page)).to_have_count(11)
    before = place_of(article)

    publishing.restore(place.pk, boss)

    expect(headlines(page)).to_have_text([f"Update {number}" for number in range(12, 0, -1)])
    expect(page.locator(".pill")).to_be_hidden()
    assert (page.title(), page.locator("[data-announce]").text_content()) == (title, "")
    assert page.locator(f"{ENTRIES}.new").count() == 0
    if scrolled:
        assert abs(place_of(article) - before) <= 1


def test_the_desk_sees_pages_drop_it_and_takes_it_back(open_page, site, event, boss):
    readers = [opened(open_page, site.url, event) for _ in range(2)]
    desk = open_page("about:blank")
    desk.context.add_cookies([session_cookie(boss, site.url)])
    desk.goto(f"{site.url}/admin/updates/entry/?event__id__exact={event.pk}")
    desk.get_by_role("link", name="Remove… Update 8").click()
    desk.get_by_role("button", name="Remove update").click()

    expect(desk.locator("last-action")).to_contain_text("Sent to 2 open pages in")
    expect(desk.locator("last-action")).to_contain_text("100 % confirmed")
    seq = Event.objects.get(pk=event.pk).head
    receipts = receipts_of(event.pk, seq)
    assert (receipts.sent, receipts.requested, receipts.confirmed) == (2, 2, 2)

    desk.get_by_role("button", name="Undo: Update 8").click()
    for reader in readers:
        expect(headlines(reader).first).to_have_text("Update 8")
        expect(reader.locator(f"{ENTRIES}.new")).to_have_count(0)


def test_a_photo_goes_from_open_pages_at_its_time(open_page, site, event, boss):
    picture = make_picture(boss)
    photo = PhotoContent(picture.pk, alt="The quay", credit="Wire", caption="Noon at the quay.")
    entry = post(event, "With a photo", author=boss, blocks=[photo, TextContent("<p>The gate holds.</p>")])
    page = opened(open_page, site.url, event)
    article = page.locator(f"{ENTRIES}[data-id='{entry.public_id}']")
    expect(article.locator("img")).to_have_count(1)

    now = timezone.now()
    publishing.show_until(event.pk, picture.pk, now + timedelta(seconds=2), boss, at=now)
    expect(article.locator("img, figure, figcaption")).to_have_count(0)
    expect(article).to_contain_text("The gate holds.")
    expect(page.locator("body")).not_to_contain_text("Noon at the quay.")
    expect(page.locator(".pill")).to_be_hidden()
