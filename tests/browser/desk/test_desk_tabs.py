"""The desk in several tabs of one browser, and logging in again in place: each word has one home, and nobody else's."""

import re

import pytest
from playwright.sync_api import expect

from tests.admin.desk_forms import add_address
from tests.browser.desk_page import (
    RECORDS,
    change_address,
    lie,
    outbox,
    publish,
    ready,
    until_given_up,
    wait_too_long,
    write,
)
from tests.factories import post
from tests.proxy import CUT
from updates.models import Entry, UserSession

SEEN = "document.dispatchEvent(new Event('visibilitychange'))"
REFUSED = r"status of (401|403|409|422)"


@pytest.fixture
def open_tab(watched):
    """One more tab of the same browser."""

    def open_one(page, address=None):
        tab = watched.watch(page.context.new_page())
        tab.goto(address or page.url)
        return ready(tab)

    return open_one


def test_two_tabs_of_one_update_keep_each_its_own_words(open_desk, open_tab, site, event, noor):
    entry = post(event, "The gate holds", author=noor)
    one = open_desk(site.url, change_address(entry))
    expect(one.locator("[data-tabs]")).to_be_empty()
    other = open_tab(one)
    expect(other.locator("[data-tabs]")).to_contain_text("open in another tab")
    write(one, "AAA")
    write(other, "BBB")
    lie(one, "drafts", "AAA", "BBB")
    publish(other)
    expect(other).not_to_have_url(re.compile("/change/"))

    lie(one, "drafts", "AAA")
    one.reload()
    expect(ready(one).locator("[name=headline]")).to_have_value("AAA")


def test_two_tabs_that_were_lost_come_back_both(open_desk, open_tab, site, event, noor):
    entry = post(event, "The gate holds", author=noor)
    one = open_desk(site.url, change_address(entry))
    other = open_tab(one)
    write(one, "AAA")
    write(other, "BBB")
    lie(one, "drafts", "AAA", "BBB")
    one.close()
    until_given_up(other, 1)
    other.reload()

    newest = ready(other).locator("[name=headline]").input_value()  # a page that goes keeps its words once more
    older = {"AAA": "BBB", "BBB": "AAA"}[newest]
    expect(other.locator("[data-tabs]")).to_be_empty()
    other.get_by_role("button", name=older, exact=True).click()
    expect(other.locator("[name=headline]")).to_have_value(older)
    expect(other.get_by_role("button", name=newest, exact=True)).to_be_visible()
    lie(other, "drafts", "AAA", "BBB")


LEAVE_WHEN_WAITED_FOR = """async () => {
  while (!(await navigator.locks.query()).pending.length) await new Promise((next) => setTimeout(next, 5));
  location.href = "/healthz";
}"""
PATIENT = "AbortSignal.timeout = ((real) => (delay) => real(60 * delay))(AbortSignal.timeout)"
"""Lets a page wait a minute, not a second, for one that is being left: the server may be slow."""


def test_a_draft_of_a_page_that_is_just_left_is_waited_for(open_desk, open_tab, site):
    one = open_desk(site.url)
    write(one, "AAA")
    lie(one, "drafts", "AAA")
    one.context.add_init_script(PATIENT)
    one.evaluate(f"() => void ({LEAVE_WHEN_WAITED_FOR})()")
    expect(open_tab(one).locator("[name=headline]")).to_have_value("AAA")


def test_an_update_withdrawn_in_one_tab_is_not_sent_from_another(open_desk, open_tab, line, watched):
    watched.expect_messages(CUT)
    one = open_desk(line.url)
    wait_too_long(one, line, "The gate holds")
    other = open_tab(one)
    expect(outbox(other, "ask")).to_contain_text("Is it still true?")
    other.get_by_role("button", name="Save as draft").click()
    expect(other.get_by_role("button", name="The gate holds", exact=True)).to_be_visible()

    expect(outbox(one, "ask")).to_have_count(0)
    assert not Entry.objects.exists()


def test_what_another_tab_put_away_without_a_word_is_not_sent_either(open_desk, open_tab, line, watched):
    watched.expect_messages(CUT)
    one = open_desk(line.url)
    one.context.add_init_script("delete window.BroadcastChannel")
    wait_too_long(ready(one.reload() and one), line, "The gate holds")
    other = open_tab(one)
    outbox(other, "ask").get_by_role("button", name="Save as draft").click()
    expect(other.get_by_role("button", name="The gate holds", exact=True)).to_be_visible()

    one.get_by_role("button", name="Still true: send").click()
    expect(outbox(one, "ask")).to_have_count(0)
    lie(one, "outbox")
    assert not Entry.objects.exists()


def wait_in_one_of_two(one, open_tab, line):
    """An update waits in the first of two tabs when the line comes back; return the other one."""
    other = open_tab(one)
    line.cut()
    write(one, "The gate holds")
    publish(one)
    expect(outbox(one, "queued")).to_contain_text("The gate holds")
    lie(one, "outbox", "The gate holds")
    return other


@pytest.mark.parametrize("sign", ["window.dispatchEvent(new Event('online'))", SEEN])
def test_what_waits_in_a_closed_tab_is_sent_by_one_that_is_open(open_desk, open_tab, line, watched, sign):
    watched.expect_messages(CUT)
    one = open_desk(line.url)
    other = wait_in_one_of_two(one, open_tab, line)
    one.close()
    line.mend()
    other.evaluate(sign)

    expect(outbox(other, "sent")).to_contain_text("Published: The gate holds")
    lie(other, "outbox")
    assert Entry.objects.get().headline == "The gate holds"


def test_what_waits_in_an_open_tab_is_sent_by_that_tab(open_desk, open_tab, line, watched):
    watched.expect_messages(CUT)
    one = open_desk(line.url)
    other = wait_in_one_of_two(one, open_tab, line)
    line.mend()
    other.evaluate("window.dispatchEvent(new Event('online'))")
    write(other, "A second update")
    publish(other)
    expect(outbox(other, "sent")).to_contain_text("Published: A second update")
    one.evaluate("window.dispatchEvent(new Event('online'))")

    expect(outbox(one, "sent")).to_contain_text("Published: The gate holds")
    lie(one, "outbox")
    assert sorted(Entry.objects.values_list("headline", flat=True)) == ["A second update", "The gate holds"]


def test_who_logs_out_in_one_tab_leaves_nothing_by_another(open_desk, open_tab, site, noor, watched):
    watched.expect_messages(REFUSED)
    one = open_desk(site.url)
    write(one, "The gate")
    lie(one, "drafts", "The gate")
    other = open_tab(one, f"{site.url}{add_address(noor.assignments.get().event)}")
    other.get_by_role("button", name="Log out").click()
    other.get_by_role("button", name="Log out and delete").click()
    expect(other).to_have_url(re.compile("/logout/|/login/"))
    expect(one.locator("[data-tabs]")).to_contain_text("You logged out in another tab")
    write(one, "The gate holds")
    one.locator("[name=headline]").press("End")
    one.evaluate("window.dispatchEvent(new Event('pagehide'))")
    one.evaluate("document.querySelector('[name=headline]').dispatchEvent(new Event('input', {bubbles: true}))")
    expect(one.locator("[data-saved]")).to_be_empty()
    assert one.evaluate(RECORDS, "drafts") == []
    assert one.evaluate("Object.keys(localStorage).filter((name) => name.startsWith('desk-last')).length") == 0

    one.locator("[data-tabs]").get_by_role("button", name="Log in").click()
    log_in(one, "noor", "tide and gate")
    expect(one.locator("[data-tabs]")).to_be_empty()
    lie(one, "drafts", "The gate holds")
    publish(one)
    expect(outbox(one, "sent")).to_contain_text("Published: The gate holds")


def log_in(page, name, password):
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Username").fill(name)
    dialog.get_by_label("Password").fill(password)
    page.keyboard.press("Enter")
    return dialog


def test_a_parked_draft_opens_from_the_form_of_a_change(open_desk, site, event, noor):
    entry = post(event, "The gate holds", author=noor)
    page = open_desk(site.url)
    write(page, "Put aside")
    page.locator(f"[data-row='{entry.pk}'] [data-action=edit]").click()
    expect(page).to_have_url(re.compile("/change/"))
    ready(page).get_by_role("button", name="Put aside", exact=True).click()

    expect(page).to_have_url(re.compile("/add/|/desk/"))
    expect(ready(page).locator("[name=headline]")).to_have_value("Put aside")


def test_who_logs_in_again_in_place_has_it_sent_once(open_desk, site, watched):
    watched.expect_messages(REFUSED)
    page = open_desk(site.url)
    write(page, "Written while logged out")
    UserSession.objects.all().delete()
    publish(page)
    dialog = log_in(page, "noor", "tide and gate")

    expect(dialog).to_have_count(0)
    expect(outbox(page, "sent")).to_contain_text("Published: Written while logged out")
    assert Entry.objects.get().headline == "Written while logged out"
    lie(page, "outbox")


def test_it_waits_for_its_writer_where_somebody_else_logs_in(open_desk, site, ben, watched):
    watched.expect_messages(REFUSED)
    page = open_desk(site.url)
    write(page, "Written by Noor")
    UserSession.objects.all().delete()
    publish(page)
    dialog = log_in(page, "ben", "rope and street")
    expect(dialog.get_by_role("alert")).to_contain_text("Somebody else is now logged in here")
    with page.expect_response(lambda answer: answer.status == 409):
        page.evaluate("window.dispatchEvent(new Event('online'))")
    expect(outbox(page, "login")).to_contain_text("Written by Noor")
    log_in(page, "noor", "tide and gate")

    expect(dialog).to_have_count(0)
    expect(outbox(page, "sent")).to_contain_text("Published: Written by Noor")
    assert Entry.objects.get().author.username == "noor"
