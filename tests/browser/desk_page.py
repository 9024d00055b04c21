"""A correspondent at the desk, in a real browser."""

import re
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from importlib import import_module

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from playwright.sync_api import Error, Page, expect

from tests.servers import PREFIX, wait_until

PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
NEXT_WEEK = f"{datetime.now(UTC).date() + timedelta(days=7)}T18:00"
LAPTOP = {"viewport": {"width": 1280, "height": 900}}
WATCH_POLICY = """window.broken = [];
document.addEventListener("securitypolicyviolation", ({violatedDirective, blockedURI}) =>
  broken.push(`${violatedDirective} ${blockedURI}`));
"""

PASTE_PHOTO = """async ([selector, width, height, names]) => {
  const grain = Object.assign(document.createElement("canvas"), {width: width / 5, height: height / 5});
  const canvas = Object.assign(document.createElement("canvas"), {width, height});
  const noise = grain.getContext("2d").createImageData(grain.width, grain.height);
  const data = new DataTransfer();
  for (const name of names) {
    for (let place = 0; place < noise.data.length; place += 65536)
      crypto.getRandomValues(noise.data.subarray(place, place + 65536));
    for (let place = 3; place < noise.data.length; place += 4) noise.data[place] = 255;
    grain.getContext("2d").putImageData(noise, 0, 0);
    canvas.getContext("2d").drawImage(grain, 0, 0, width, height);
    const blob = await new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", .8));
    data.items.add(new File([blob], name, {type: "image/jpeg"}));
  }
  const event = new ClipboardEvent("paste", {clipboardData: data, bubbles: true, cancelable: true});
  document.querySelector(selector).dispatchEvent(event);
  return [...data.files].map((file) => file.size);
}"""

HAS_FOCUS = "() => document.activeElement !== document.body || document.querySelector('[data-restored]')?.textContent"
HAS_EDITORS = """() => [...document.querySelectorAll(".block-text:not(.empty-form)")]
  .every((block) => block.querySelector(".ProseMirror"))"""

# The records of one kind on the device; the database is made where the page has not opened it yet.
RECORDS = """(kind) => new Promise((done) => {
  const request = indexedDB.open(`desk-${kind}`);
  request.onupgradeneeded = () => request.result.createObjectStore("records");
  request.onsuccess = () => {
    request.result.transaction("records").objectStore("records").getAll().onsuccess = ({target: {result: records}}) => {
      request.result.close();
      done(records.map((record) => record.title ?? record.composition.fields.headline[0]).sort());
    };
  };
})"""


def session_cookie(user, url):
    """Return the cookie of a new session of a user, without the login form."""
    session = import_module(settings.SESSION_ENGINE).SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.save()
    return {
        "name": "liveblog_session" if PREFIX else settings.SESSION_COOKIE_NAME,
        "value": session.session_key,
        "url": url,
    }


def ready(page: Page) -> Page:
    """The form is arranged, what was left on the device is back, and each text has its editor.

    An editor loads modules and takes the focus, so before it is there a line is not to be cut and nothing to be typed.
    """
    expect(page.locator("entry-safety[data-ready]")).to_have_count(1)
    page.wait_for_function(HAS_EDITORS)
    return page


def write(page: Page, headline: str) -> None:
    page.locator("[name=headline]").fill(headline)


def paste_photo(page: Page, *names: str, width=800, height=600) -> list[int]:
    """Photos that are drawn for the occasion, each another; returns their sizes in bytes."""
    return page.evaluate(PASTE_PHOTO, ["[name=headline]", width, height, list(names or ["quay.jpg"])])


def describe_photo(page: Page, alt="A quay under water", credit="Noor Hadad", number=0) -> None:
    page.locator(f"[name=photo-{number}-alt]").fill(alt)
    page.locator(f"[name=photo-{number}-credit]").fill(credit)


def publish(page: Page) -> None:
    page.keyboard.press("Control+Enter")


def outbox(page: Page, state: str):
    return page.locator(f"[data-outbox] > li[data-state={state}]")


def wait_too_long(page, line, headline):
    """An update is sent while the line is cut, and six minutes pass: whether it is still true is a question by then."""
    page.clock.install()
    line.cut()
    write(page, headline)
    publish(page)
    expect(outbox(page, "queued")).to_contain_text(headline)
    page.clock.fast_forward("06:00")
    expect(outbox(page, "ask")).to_contain_text("Is it still true?")
    line.mend()


def stop_clock(page):
    """Let no timer of the page end, so that nothing is sent again unless somebody presses a button.

    What was typed before is to be saved by now: timers that have begun go on, and cannot be cancelled.
    """
    page.clock.install()
    page.clock.pause_at(page.evaluate("Date.now() + 60_000"))  # may not have passed by now


def change_address(entry):
    return f"/admin/updates/entry/{entry.pk}/change/"


def lie(page, shelf, *titles):
    """Until exactly these lie on the device."""
    wait_until(lambda: page.evaluate(RECORDS, shelf) == sorted(titles), f"{shelf} are {titles}")


def until_given_up(page, others=0):
    """Until forms that were left have given up their drafts, so that another one takes them; ``others`` stay open."""
    held = """() => navigator.locks.query()
      .then(({held}) => held.filter(({name}) => name.startsWith("desk-draft:")).length)"""
    wait_until(lambda: page.evaluate(held) <= others, "drafts are given up")  # wait_for_function awaits no promise


def kill(page):
    """The page's process ends at once: no event of leaving reaches it."""
    with page.expect_event("crash"), suppress(Error):
        page.goto("chrome://crash", timeout=10_000)


def is_sending(request) -> bool:
    """Not what a device keeps at the desk by itself."""
    return request.method == "POST" and "_autosave" not in (request.post_data or "")


def until_routed(page, caught, what: str = "it is on its way"):
    """Until a route of the page has caught something: playwright calls routes only while it is asked for something."""
    wait_until(lambda: caught() or page.evaluate("null"), what)


class Held:
    """Let posts of a page arrive and hold back their responses."""

    def __init__(self, page):
        self.page, self.waiting, self.free = page, [], False
        page.route(re.compile(r"/desk/$|/change/|/add/"), self.hold)

    def hold(self, route):
        if self.free or not is_sending(route.request):
            route.continue_()
        else:
            self.waiting.append(route)

    def until_sent(self):
        until_routed(self.page, lambda: self.waiting)

    def let_go(self):
        self.free = True
        for route in self.waiting:
            route.continue_()
