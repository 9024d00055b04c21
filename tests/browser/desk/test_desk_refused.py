"""What was refused, thrown away or cut off: its words are in one place, and the next update is another one."""

import re

import pytest
from playwright.sync_api import expect

from tests.admin.desk_forms import add_address, desk_address
from tests.browser.desk_page import change_address, kill, lie, outbox, publish, ready, stop_clock, until_routed, write
from tests.factories import make_user, post
from updates.models import Entry, UserSession
from updates.publishing.erasure import erase_entry

REFUSED = r"status of (401|403|409|422)"


def test_after_a_discarded_draft_the_next_update_is_another_one(open_desk, site):
    page = open_desk(site.url)
    write(page, "Put aside")
    page.locator("form.write").dispatch_event("composer:park")
    expect(page.locator("[name=headline]")).to_have_value("")
    ready(page.reload() and page)
    write(page, "First")
    publish(page)
    expect(outbox(page, "sent")).to_contain_text("Published: First")
    page.get_by_role("button", name="Put aside", exact=True).click()
    expect(page.locator("[name=headline]")).to_have_value("Put aside")
    page.locator("[data-restored]").get_by_role("button", name="Discard").click()
    expect(page.locator("[name=headline]")).to_have_value("")
    write(page, "Second")
    publish(page)

    expect(outbox(page, "sent")).to_contain_text("Published: Second")
    assert Entry.objects.published().count() == 2


def test_a_schedule_that_is_refused_is_shown_in_the_form(open_desk, site, watched):
    watched.expect_messages(REFUSED)
    page = open_desk(site.url)
    write(page, "Gate holds")
    page.get_by_text("Schedule…").click()
    page.locator("[name=when]").fill("2020-05-01T18:00")
    page.get_by_role("button", name="Schedule", exact=True).click()

    expect(page.locator("form.write [data-errors]")).to_be_focused()
    expect(page.locator("[name=headline]")).to_have_value("Gate holds")
    expect(outbox(page, "refused")).to_have_count(0)
    lie(page, "drafts", "Gate holds")


def test_words_of_a_draft_that_was_erased_stay_on_the_device(open_desk, site, watched):
    watched.expect_messages(REFUSED)
    page = open_desk(site.url)
    write(page, "Gate holds")
    expect(page.locator("[data-saved]")).to_contain_text("and at the desk")
    erase_entry(Entry.objects.get().pk, make_user("root", superuser=True), reason="Court order")
    publish(page)

    expect(page.locator("form.write [data-errors]")).to_contain_text("This update was discarded. root erased it at")
    expect(page.locator("[name=headline]")).to_have_value("Gate holds")
    lie(page, "drafts", "Gate holds")
    assert Entry.objects.get().status == "discarded"


def test_words_sent_while_their_copy_is_on_its_way_lie_in_the_outbox_at_once(open_desk, site, event, watched):
    watched.expect_messages(r"Target crashed|Page crashed")
    page = open_desk(site.url)
    stuck = []
    page.route(
        re.compile(r"/desk/$|/add/"),
        lambda route: stuck.append(route) if route.request.method == "POST" else route.continue_(),
    )
    write(page, "Gate holds")
    until_routed(page, lambda: stuck, "the copy is on its way")
    lie(page, "drafts", "Gate holds")
    write(page, "Gate broke; run")
    publish(page)
    lie(page, "outbox", "Gate broke; run")
    lie(page, "drafts")
    kill(page)

    reopened = watched.watch(page.context.new_page())
    reopened.goto(site.url + add_address(event))
    expect(outbox(ready(reopened), "sent")).to_contain_text("Published: Gate broke; run")
    expect(reopened.locator("[name=headline]")).to_have_value("")
    assert Entry.objects.published().get().headline == "Gate broke; run"


def test_not_now_keeps_its_place_while_the_form_is_on_its_way(open_desk, site, watched):
    watched.expect_messages(REFUSED)
    page = open_desk(site.url)
    held = []

    def hold(route):  # playwright asks for a function of Python's
        held.append(route)

    page.route("**/admin/login/*", hold)
    UserSession.objects.all().delete()
    write(page, "Written while logged out")
    publish(page)
    later = page.get_by_role("dialog").get_by_role("button", name="Not now")
    until_routed(page, lambda: held, "the form is on its way")
    before = later.bounding_box()["y"]
    for route in held:
        route.continue_()
    expect(page.get_by_label("Username")).to_be_focused()
    assert later.bounding_box()["y"] == pytest.approx(before, abs=5)


def test_who_does_not_log_in_now_is_left_alone_until_they_wish_to(open_desk, site, noor, watched):
    watched.expect_messages(REFUSED)
    page = open_desk(site.url)
    UserSession.objects.all().delete()
    write(page, "Written while logged out")
    publish(page)
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_label("Username")).to_be_focused()
    dialog.get_by_role("button", name="Not now").click()
    expect(dialog).to_have_count(0)
    page.locator("[name=headline]").focus()
    for _ in range(2):  # it asks by itself whether they are back
        with page.expect_response("**/session/"):
            page.evaluate("window.dispatchEvent(new Event('online'))")
    expect(page.locator("[name=headline]")).to_be_focused()
    expect(dialog).to_have_count(0)
    outbox(page, "login").get_by_role("button", name="Log in").click()
    dialog.get_by_label("Username").fill("noor")
    dialog.get_by_label("Password").fill("tide and gate")
    page.keyboard.press("Enter")

    expect(outbox(page, "sent")).to_contain_text("Published: Written while logged out")
    lie(page, "outbox")


def came_back(log_in, site, event, noor):
    """A form that was sent without scripts, and refused."""
    page = log_in(noor, site.url)
    page.route(re.compile(r"bundles/admin/desk"), lambda route: route.abort())
    page.goto(site.url + desk_address(event))
    page.locator("[name=headline]").fill("Gate holds")
    page.get_by_text("Schedule…").click()
    page.locator("[name=when]").fill("2020-05-01T18:00")
    page.unroute_all()
    page.get_by_role("button", name="Schedule", exact=True).click()
    expect(ready(page).locator("[name=headline]")).to_have_value("Gate holds")
    return page


def test_what_came_back_refused_without_scripts_is_kept_and_leaves_the_form_once_it_is_out(
    log_in, site, event, noor, watched
):
    watched.expect_messages(f"{REFUSED}|ERR_FAILED")
    page = came_back(log_in, site, event, noor)
    lie(page, "drafts", "Gate holds")
    page.locator("[name=headline]").focus()
    publish(page)
    expect(outbox(page, "sent")).to_contain_text("Published: Gate holds")

    expect(page.locator("[name=headline]")).to_have_value("")
    expect(page.locator("[name=when]")).to_have_value("")
    expect(page.locator(".block-text .ProseMirror")).to_be_focused()
    lie(page, "drafts")


def test_who_logs_out_while_typing_is_asked_first(open_desk, site):
    page = open_desk(site.url)
    stop_clock(page)
    write(page, "Typed in this moment")
    page.get_by_role("button", name="Log out").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("1")
    dialog.get_by_role("button").first.click()
    expect(page.locator("[name=headline]")).to_have_value("Typed in this moment")
    lie(page, "drafts", "Typed in this moment")


SLOW = """const query = LockManager.prototype.query; LockManager.prototype.query = async function () {
  while (!window.goOn) await new Promise((done) => setTimeout(done, 20));
  return query.call(this);
};"""


def test_what_is_typed_before_a_draft_is_back_takes_nothing_of_it(open_desk, site, event, noor):
    entry = post(event, "The gate holds", author=noor)
    page = open_desk(site.url, change_address(entry))
    write(page, "A long change")
    lie(page, "drafts", "A long change")
    page.context.add_init_script(SLOW)
    page.reload()
    expect(page.locator(".block-text .ProseMirror")).to_have_count(1)
    write(page, "Quick")
    page.evaluate("window.goOn = true")
    ready(page)

    lie(page, "drafts", "A long change", "Quick")
    page.get_by_role("button", name="A long change", exact=True).click()
    expect(page.locator("[name=headline]")).to_have_value("A long change")
