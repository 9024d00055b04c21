"""“Notify me”: explained first, turned on and off in the same place, and started under Trusted Types."""

import re

import pytest
from playwright.sync_api import expect

from tests.alerts.test_devices import browser_keys
from tests.browser.desk_page import until_routed
from tests.browser.reader_page import STAYS_CONNECTED, connected, headlines
from tests.factories import make_event, post
from tests.proxy import CUT
from tests.saved_rows import SavedRows
from tests.servers import running_site, wait_until
from updates.alerts.keys import new_private_key
from updates.choices import ChangeKind
from updates.models import PushSubscription
from updates.publishing import change_state, remove
from updates.publishing.events import start_epoch

PUSH = """(keys) => {
  let current = null;
  const endpoint = "https://fcm.googleapis.com/a";
  const made = { endpoint, toJSON: () => ({ endpoint, keys }) };
  PushManager.prototype.subscribe = async () => (current = made);
  PushManager.prototype.getSubscription = async () => current;
}"""
"""A push service that answers: Chromium's own is not on this machine."""


@pytest.fixture(scope="module")
def alerting_site(django_db_setup, tmp_path_factory):
    settings = {"VAPID_PRIVATE_KEY": new_private_key(), "VAPID_SUBJECT": "mailto:newsroom@live.example"}
    with running_site(tmp_path_factory.mktemp("alerts") / "site.log", **settings) as site:
        yield site


def test_alerts_are_turned_on_and_off_in_the_same_place(open_page, alerting_site, transactional_db):
    event = make_event()
    page = open_page(f"{alerting_site.url}/{event.slug}/", permissions=["notifications"])
    page.evaluate(PUSH, browser_keys())
    button, dialog = page.locator("[data-notify]"), page.locator("dialog.alerts")
    button.click()
    expect(dialog.get_by_text("No account is needed")).to_be_visible()
    dialog.get_by_role("button", name="Turn on alerts").click()
    expect(dialog.get_by_text("Alerts for this live blog are on.")).to_be_visible()
    assert PushSubscription.objects.get().event == event
    dialog.get_by_role("button", name="Close").click()
    expect(dialog).to_have_count(0)
    expect(button).to_be_focused()
    button.click()
    dialog.get_by_role("button", name="Turn off alerts").click()
    expect(dialog.get_by_text("No account is needed")).to_be_visible()
    assert not PushSubscription.objects.exists()


def test_iphones_are_told_about_the_home_screen(open_page, alerting_site, transactional_db):
    phone = (
        "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 Version/18.0 Mobile Safari/604.1"
    )
    page = open_page(f"{alerting_site.url}/{make_event().slug}/", user_agent=phone)
    page.evaluate("delete window.PushManager")
    page.locator("[data-notify]").click()

    expect(page.get_by_text("Add to Home Screen")).to_be_visible()
    expect(page.get_by_role("button", name="Turn on alerts")).to_be_hidden()


NOTIFICATIONS = """
    window.shown = [];
    window.withdrawn = [];
    window.Notification = class extends EventTarget {
        static get permission() { window.asked = true; return "granted"; }
        static requestPermission = async () => "granted";
        constructor(title, { body, silent }) { super(); this.body = body; if (!silent) shown.push([title, body]); }
        close() { withdrawn.push(this.body); }
    };
    let hidden = false;
    Object.defineProperty(document, "hidden", { get: () => hidden });
    document.addEventListener("liveblog:status", () => { window.tells = true; });
    window.hide = (is) => { hidden = is; document.dispatchEvent(new Event("visibilitychange", { bubbles: true })); };
"""
"""What a headless browser lacks: notifications, and a tab that is in the background."""


def telling(page):
    """Wait until an open page is connected and has loaded what tells of changes, notifications among others."""
    connected(page)
    page.wait_for_function("() => window.tells")
    return page


def until_turned_on(page):
    """Until a page has turned its notifications on by itself: it asks for permission first, as its dialog does."""
    page.wait_for_function("() => window.asked")


def test_without_a_push_service_the_open_page_itself_shows_key_events(open_page, site, event, boss):
    page = open_page("about:blank")
    page.add_init_script(NOTIFICATIONS + STAYS_CONNECTED)
    page.goto(site.url + event.get_absolute_url())
    telling(page)
    page.locator("[data-notify]").click()
    dialog = page.locator("dialog.alerts")
    dialog.get_by_role("button", name="Turn on alerts").click()
    expect(dialog.get_by_text("Notifications of key events are on")).to_be_visible()

    page.reload()
    telling(page)
    until_turned_on(page)
    post(event, "In sight", author=boss, is_key=True)
    expect(headlines(page)).to_have_text(["In sight"])
    page.evaluate("hide(true)")
    post(event, "Out of sight", author=boss, is_key=True)
    post(event, "No key event", author=boss)
    expect(page).to_have_title(re.compile(r"^\(2\)"))
    assert page.evaluate("shown") == [["Storm Maren", "Out of sight"]]

    page.evaluate("hide(false)")
    page.locator("[data-notify]").click()
    dialog.get_by_role("button", name="Turn off alerts").click()
    expect(dialog.get_by_role("button", name="Turn on alerts")).to_be_visible()
    page.evaluate("hide(true)")
    post(event, "Turned off", author=boss, is_key=True)
    expect(page).to_have_title(re.compile(r"^\(1\)"))
    assert len(page.evaluate("shown")) == 1


def alerting_page(open_page, address, *scripts):
    page = open_page("about:blank")
    for script in (NOTIFICATIONS, STAYS_CONNECTED, *scripts):
        page.add_init_script(script)
    page.goto(address)
    return telling(page)


def test_a_key_event_is_shown_though_what_tells_of_changes_loads_late(open_page, site, event, boss):
    page = open_page("about:blank")
    page.add_init_script(NOTIFICATIONS + STAYS_CONNECTED)
    held = []

    def hold(route):
        held.append(route)

    page.route("**/site_events.*.js", hold)
    page.goto(site.url + event.get_absolute_url())
    turn(connected(page), "on")
    page.evaluate("hide(true)")
    post(event, "Out of sight", author=boss, is_key=True)
    expect(page).to_have_title(re.compile(r"^\(1\)"))
    until_routed(page, lambda: held)
    held[0].continue_()
    page.wait_for_function("() => shown.length")


def turn(page, action):
    page.locator("[data-notify]").click()
    page.get_by_role("button", name=f"Turn {action} alerts").click()
    expect(page.get_by_role("button", name=f"Turn {'off' if action == 'on' else 'on'} alerts")).to_be_visible()
    page.keyboard.press("Escape")


def test_notifications_are_of_what_comes_and_go_with_it(open_page, site, event, boss):
    page = alerting_page(open_page, site.url + event.get_absolute_url())
    post(event, "Read before", author=boss, is_key=True)
    expect(headlines(page)).to_have_text(["Read before"])
    turn(page, "on")
    page.evaluate("hide(true)")
    entry = post(event, "Out of sight", author=boss, is_key=True)
    expect(page).to_have_title(re.compile(r"^\(1\)"))
    assert page.evaluate("shown") == [["Storm Maren", "Out of sight"]]

    remove(entry.pk, boss)
    expect(page).not_to_have_title(re.compile(r"^\(1\)"))
    assert "Out of sight" in page.evaluate("withdrawn")

    change_state(event.pk, ChangeKind.END, boss)
    expect(page.locator("live-event")).to_have_attribute("data-status", "ended")
    change_state(event.pk, ChangeKind.REOPEN, boss)
    page.evaluate("hide(false)")  # a hidden page of an ended live blog may be asleep by now
    expect(page.locator("live-event")).to_have_attribute("data-status", "live")
    page.locator("[data-notify]").click()
    expect(page.get_by_role("button", name="Turn off alerts")).to_be_visible()


def test_notifications_are_turned_on_and_off_in_all_tabs(open_page, site, event, boss):
    one = alerting_page(open_page, site.url + event.get_absolute_url())
    other = one.context.new_page()
    other.add_init_script(NOTIFICATIONS)
    other.goto(one.url)
    telling(other)
    turn(one, "on")
    until_turned_on(other)
    one.evaluate("addEventListener('storage', () => { window.heard = true; })")
    turn(other, "off")
    one.wait_for_function("() => window.heard")
    one.evaluate("hide(true)")
    post(event, "Turned off", author=boss, is_key=True)
    expect(one).to_have_title(re.compile(r"^\(1\)"))
    assert one.evaluate("shown") == []


def test_notifications_are_turned_off_where_storage_is_blocked(open_page, site, event):
    blocked = 'Object.defineProperty(window, "localStorage", { get() { throw new DOMException("no"); } });'
    page = alerting_page(open_page, site.url + event.get_absolute_url(), blocked)
    turn(page, "on")
    turn(page, "off")


def test_notifications_follow_what_happened_while_the_line_was_cut(open_page, site, line, event, boss, watched):
    """As many updates wait afterwards as before, and none of the entries on the page has changed."""
    watched.expect_messages(CUT)
    page = alerting_page(open_page, line.url + event.get_absolute_url())
    turn(page, "on")
    page.evaluate("hide(true)")
    first = post(event, "First", author=boss, is_key=True)
    expect(page).to_have_title(re.compile(r"^\(1\)"))
    line.cut()
    expect(page.locator("[data-part=watch-state]")).to_have_attribute("data-connected", "false")
    remove(first.pk, boss)
    post(event, "Second", author=boss, is_key=True)
    wait_until(lambda: "Second" in site.get(event.get_absolute_url()), "the server knows")
    line.mend()
    wait_until(lambda: page.evaluate("shown.map(([, body]) => body)") == ["First", "Second"], "both were shown")
    assert "First" in page.evaluate("withdrawn")


def test_notifications_go_on_after_a_restore_from_a_backup(open_page, site, event, boss):
    """It takes what came after it, and numbers begin at a lower one."""
    backup = SavedRows()
    page = alerting_page(open_page, site.url + event.get_absolute_url())
    turn(page, "on")
    page.evaluate("hide(true)")
    for number in range(3):
        post(event, f"Lost {number}", author=boss, is_key=True)
    expect(page).to_have_title(re.compile(r"^\(3\)"))
    backup.restore()
    epoch = start_epoch(event.pk).epoch
    expect(page.locator("live-event")).to_have_attribute("data-epoch", epoch)
    connected(page)
    post(event, "After it", author=boss, is_key=True)
    wait_until(lambda: "After it" in page.evaluate("shown.map(([, body]) => body)"), "it was shown")
    assert {"Lost 0", "Lost 1", "Lost 2"} <= set(page.evaluate("withdrawn"))
