"""The way to the desk in Chromium: from the login to an update, on a phone, and by sharing something with the desk."""

import json
import re
import sys
from contextlib import suppress

import pytest
from playwright.sync_api import Error, expect

from tests.browser.conftest import picture_of
from tests.browser.desk.conftest import hashed
from tests.browser.desk_page import LAPTOP, PHONE, outbox, publish, ready, write
from tests.browser.page_checkers import violations_by_axe
from tests.factories import editor_of, make_editor, make_event, make_member, picture_file, post
from tests.servers import wait_until
from updates import publishing
from updates.choices import EntryStatus, Role
from updates.live.minutes import record_readers
from updates.models import Entry
from updates.publishing import EntryContent, EntryInput

PASSWORD = "tide and gate 1953"
SHARE = "/admin/updates/event/share/"

SPACE_IN_HEADER = """() => {
  const boxes = [...document.querySelectorAll("#site-name a, #user-tools > a, #logout-form button, .theme-toggle")]
    .filter((one) => one.checkVisibility()).map((one) => one.getBoundingClientRect()).sort((a, b) => a.left - b.left);
  const gaps = boxes.slice(1).map((box, place) => box.left - boxes[place].right);
  return {rows: new Set(boxes.map((box) => Math.round((box.top + box.bottom) / 2 / 20))).size,
    overlap: Math.max(0, ...gaps.map((gap) => -gap)), height: document.querySelector("#header").offsetHeight};
}"""

SMALL = """() => [...document.querySelectorAll("#header :is(a, button), #content :is(a, button, summary)")]
  .filter((one) => one.checkVisibility() && !one.closest("p, .help, .curve"))
  .filter((one) => one.getBoundingClientRect().height < 43.5)
  .map((one) => one.outerHTML.slice(0, 120))"""

SHARE_AS_A_PHONE = """async ([address, bytes, words]) => {
  const made = (tag, values) => Object.assign(document.createElement(tag), values);
  const form = made("form", {method: "post", action: address, enctype: "multipart/form-data"});
  for (const [name, value] of Object.entries(words)) form.append(made("input", {name, value}));
  const data = new DataTransfer();
  if (bytes) data.items.add(new File([new Uint8Array(bytes)], "quay.jpg", {type: "image/jpeg"}));
  const input = made("input", {type: "file", name: "photo"});
  input.files = data.files;
  form.append(input);
  document.body.append(form);
  form.submit();
}"""

HURRY = """setTimeout = ((real) => (work, delay, ...more) =>
  real(work, [6_000, 60_000].includes(delay) ? 300 : delay, ...more))(setTimeout)"""
"""Lets the desk ask for its top after 300 ms. Other waits, as for a connection, are as long as ever."""

INSTALL = """async () => {
  dispatchEvent(new Event("appinstalled"));
  const {scope, active} = await new Promise(async (done) => {
    for (;;) {
      const worker = await navigator.serviceWorker.getRegistration("/admin/updates/event/share/");
      if (worker?.active?.state === "activated") return done(worker);
      await new Promise((again) => setTimeout(again, 20));
    }
  });
  return new URL(scope).pathname;
}"""


def with_password(user):
    user.password = hashed(PASSWORD)
    user.save()
    return user


class Steps:
    """Counts the pages that a browser loads after the login, and presses besides typing."""

    def __init__(self, page):
        self.page, self.loads, self.presses = page, 0, 0

    def log_in(self, user):
        self.page.locator("[name=username]").fill(user.username)
        self.page.locator("[name=password]").fill(PASSWORD)
        self.page.on("domcontentloaded", self._loaded)
        self.page.keyboard.press("Enter")
        self.page.wait_for_url(lambda url: "login" not in url)

    def _loaded(self, _page):
        self.loads += 1

    def press(self, name):
        self.presses += 1
        self.page.get_by_role("button", name=name).or_(self.page.get_by_role("link", name=name)).first.click()

    def publish(self, headline):
        write(ready(self.page), headline)
        self.press(re.compile("^Publish"))
        expect(outbox(self.page, "sent")).to_contain_text(headline)


@pytest.mark.parametrize("live_blogs", [0, 1, 2])
def test_from_the_login_to_the_first_update_it_takes_two_presses_and_two_pages(open_page, site, event, live_blogs):
    user = with_password(make_editor() if live_blogs == 0 else make_member(event, Role.EDITOR))
    if live_blogs == 2:
        other = make_event(status="upcoming")
        publishing.assign(other.pk, user, Role.EDITOR, editor_of(other))
    page = open_page(f"{site.url}/admin/", **PHONE, timezone_id="Asia/Tokyo")
    steps = Steps(page)
    steps.log_in(user)
    if live_blogs == 0:
        expect(page.locator("[name=time_zone]")).to_have_value("Asia/Tokyo")
        page.locator("[name=title]").fill("Storm Maren")
        steps.press("Create and write")
    elif live_blogs == 2:
        steps.press(re.compile("^Write"))
    steps.publish("The gate holds")

    sys.stdout.write(f"With {live_blogs} live blogs: {steps.presses} presses and {steps.loads} pages after the login\n")
    assert steps.presses <= 2
    assert steps.loads <= 2
    entry = Entry.objects.published().get(headline="The gate holds")
    assert entry.event.time_zone == ("Asia/Tokyo" if live_blogs == 0 else event.time_zone)


@pytest.mark.parametrize("screen", [PHONE | {"color_scheme": "dark"}, LAPTOP | {"color_scheme": "light"}])
def test_pages_around_the_desk_fit_and_are_accessible(log_in, site, event, boss, screen, watched):
    watched.expect_messages("Applying inline style|Password forms")  # axe's own, and of Django's form
    post(event, "The gate holds")
    publishing.submit(EntryInput(event.pk, EntryContent("To approve")), make_member(event))
    record_readers({event.pk: 1234})
    page = log_in(boss, site.url, **screen)
    of_event = f"/admin/updates/event/{event.pk}"
    addresses = [
        "/admin/", "/admin/updates/event/new/", f"{of_event}/report/", f"{of_event}/people/", SHARE,
        "/admin/updates/entry/", "/admin/updates/change/", "/admin/password_change/", f"{of_event}/embed/",
        "/admin/login/",
    ]  # fmt: skip
    is_phone = screen["viewport"]["width"] < 400
    wrong = {}
    for address in addresses if is_phone else (addresses[0], addresses[2], addresses[5]):
        if address == "/admin/login/":
            page.context.clear_cookies()
        page.goto(site.url + address)
        header = page.evaluate(SPACE_IN_HEADER)
        axe = [(rule["id"], [node["target"] for node in rule["nodes"]][:3]) for rule in violations_by_axe(page)]
        small = page.evaluate(SMALL) if is_phone and address in addresses[:5] else []
        wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        if axe or small or wide > 0 or header["overlap"] or header["rows"] > 1 or header["height"] > 48:
            wrong[address] = {"axe": axe, "small": small, "wide": wide, "header": header}
            picture_of(page, f"around-{address.strip('/').replace('/', '-')}")
    assert not wrong, json.dumps(wrong, indent=1)


def test_a_photo_shared_by_a_phone_becomes_a_draft_once_it_is_confirmed(log_in, site, event, noor, watched):
    watched.expect_messages("ERR_INTERNET_DISCONNECTED")
    page = log_in(noor, site.url, **PHONE)
    page.goto(f"{site.url}/admin/")
    assert page.evaluate(INSTALL) == SHARE
    words = {"title": "", "text": "Look at this", "url": ""}
    page.evaluate(SHARE_AS_A_PHONE, [SHARE, list(picture_file().read()), words])

    expect(page.locator("[name=text]")).to_have_value("Look at this")
    expect(page.locator("[data-preview]")).to_be_visible()
    assert not Entry.objects.exists()
    expect(page.get_by_role("radio", name="Storm Maren")).to_be_checked()
    page.context.set_offline(True)
    with page.expect_event("requestfailed"):
        page.get_by_role("button", name="Save as draft").click()
    page.context.set_offline(False)
    page.go_back()
    expect(page.locator("[name=text]")).to_have_value("Look at this")
    expect(page.locator("[data-preview]")).to_be_visible()
    page.get_by_role("button", name="Save as draft").click()
    ready(page)
    entry = Entry.objects.get()
    assert (entry.status, entry.author) == (EntryStatus.DRAFT, noor)
    expect(page.locator(".block-photo [data-preview]")).to_be_visible()
    expect(page.locator(".block-text .ProseMirror").first).to_have_text("Look at this")
    wait_until(lambda: page.evaluate("caches.has('desk-share')") is False, "the device keeps no copy")

    page.evaluate(SHARE_AS_A_PHONE, [SHARE, None, words | {"text": "Not for others"}])
    expect(page.locator("[name=text]")).to_have_value("Not for others")
    page.get_by_role("button", name="Log out").click()
    wait_until(lambda: logged_out(page), "the page has logged out")
    assert page.evaluate("caches.has('desk-share')") is False


def logged_out(page):
    """Press on where the desk asks about drafts on this device."""
    really = page.get_by_role("button", name="Log out and delete")
    with suppress(Error):
        if really.is_visible():
            really.click(timeout=1000)
    return "logout" in page.url


def test_publishing_renews_the_top_of_the_desk(sit, event, tomas):
    page = sit(tomas, script=HURRY)
    expect(page.locator(".pulse")).to_contain_text("Reading now 0")
    record_readers({event.pk: 3112})
    write(page, "The gate holds")
    publish(page)
    expect(page.locator(".pulse")).to_contain_text("3,112")
    expect(page.locator(".pulse")).to_contain_text("Newest update")
