"""A whole evening at the desk: front door, post, photo, correct, approve, remove, end.

The gate has one by keyboard alone and one on a phone whose keyboard is open; ``EVENINGS=all`` has each engine, screen
and way.
"""

import os

import pytest

from tests.browser.desk.conftest import hashed
from tests.factories import make_event, make_member, picture_file
from tests.servers import wait_until
from updates import publishing
from updates.choices import ChangeKind, EntryStatus, Role
from updates.models import Entry
from updates.publishing import EntryContent, EntryInput

SCREENS = [(390, 844), (390, 450), (1366, 768)]
WAYS = ["keyboard", "pointer"]
EVENINGS = (
    [(engine, screen, way) for engine in ("chromium", "firefox") for screen in SCREENS for way in WAYS]
    if os.environ.get("EVENINGS") == "all"
    else [("chromium", SCREENS[2], "keyboard"), ("firefox", SCREENS[1], "pointer")]
)
PASSWORD = "tide and gate 1953"
READY = "document.querySelector('entry-safety[data-ready]') && document.activeElement.closest('.ProseMirror')"
MOST_TABS = 250
IN_VIEW = """(() => {
  const line = [...document.querySelectorAll("[data-notice] :is([data-state=sent], [data-line])")]
    .find((each) => each.textContent.includes(%r));
  const box = line?.getBoundingClientRect();
  return box && box.height > 0 && box.top >= 0 && box.top < innerHeight;
})()"""


class Evening:
    """What somebody does who has a keyboard alone, or a pointer besides."""

    def __init__(self, page, way):
        self.page, self.has_pointer = page, way == "pointer"

    def press(self, selector):
        """Press a button or follow a link; by keyboard with Tab and Enter."""
        if self.has_pointer:
            self.page.click(selector)
        else:
            self.go_to(selector)
            self.page.press("Enter")

    def go_to(self, selector):
        """Tab towards it, and turn round at each end of the page: a composer with the focus hides a phone's bar."""
        focused = f"Boolean(document.activeElement?.closest({selector!r}))"
        is_above = f"(document.querySelector({selector!r})?.compareDocumentPosition(document.activeElement) & 4) > 0"
        directions = [["Tab"], ["Shift", "Tab"]]
        if self.page.evaluate(is_above):
            directions.reverse()
        for _tab in range(MOST_TABS):
            if self.page.evaluate(focused):
                return
            self.page.press(*directions[0])
            # Not round by way of the browser's own bars, from which Firefox without a window does not return
            if self.page.evaluate("document.activeElement === document.body"):
                directions.reverse()
        raise AssertionError(f"No key leads to {selector}")

    def write(self, selector, text):
        if self.has_pointer:
            self.page.click(selector)
        else:
            self.go_to(selector)
        self.page.wait_for(f"document.activeElement.closest({selector!r})")
        self.type(text)

    def type(self, text):
        for character in text:
            self.page.press(character)

    def send(self):
        if self.has_pointer:
            self.page.click("form.write [data-send]")
        else:
            self.page.press("Control", "Enter")

    def confirmed(self, text):
        self.page.wait_for(IN_VIEW % text, f"“{text}” is confirmed in view")

    def row(self, entry, action):
        """Press an action of a row, which a menu may hold."""
        selector = f"[data-row='{entry.pk}'] [data-action={action}]"
        self.page.wait_for(f"document.querySelector({selector!r})", f"{entry} has {action}")
        if self.page.evaluate(f"Boolean(document.querySelector({selector!r}).closest('.more:not([open])'))"):
            self.press(f"[data-row='{entry.pk}'] .more summary")
        self.press(selector)


@pytest.fixture
def tomas(event):
    """A moderator of two live blogs."""
    user = make_member(event, Role.MODERATOR, "tomas", first_name="Tomas", last_name="Wrede")
    user.password = hashed(PASSWORD)
    user.save()
    other = make_event(title="Harbour festival")
    publishing.assign(other.pk, user, Role.MODERATOR, other.assignments.first().user)
    return user


@pytest.mark.parametrize(
    ("engine", "screen", "way"), EVENINGS, indirect=["engine"], ids=lambda value: str(value).replace(", ", "x")
)
def test_a_whole_evening(page, site, event, tomas, tmp_path, screen, way):
    noor = make_member(event, username="noor", first_name="Noor", last_name="Hadad")
    page.resize(*screen)
    page.open(f"{site.url}/admin/")
    evening = Evening(page, way)
    log_in(evening)
    post(evening, event)
    post_photo(evening, event, tmp_path)
    correct(evening, event)
    approve(evening, event, noor)
    remove(evening, event)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    end(evening, event)


def log_in(evening):
    evening.write("[name=username]", "tomas")
    evening.write("[name=password]", PASSWORD)
    evening.page.press("Enter")
    evening.page.wait_for("document.querySelector('a.btn.go')", "the front door lists the live blogs")


def post(evening, event):
    evening.press(f"a.go[href*='/event/{event.pk}/desk/']")
    evening.page.wait_for(READY, "the caret is in the text")
    evening.type("The gate hlds.")
    evening.send()
    wait_until(Entry.objects.published().filter(words__contains="hlds").exists, "the update is out")
    evening.confirmed("The gate hlds.")


def post_photo(evening, event, folder):
    file = folder / "quay.jpg"
    file.write_bytes(picture_file().read())
    page = evening.page
    page.wait_for("document.querySelector('.block-text .ProseMirror').textContent === ''", "the form is empty")
    evening.press("button[data-add=photo]")
    page.wait_for("document.querySelector('[name=photo-0-alt]')")
    page.choose_files("[name=photo-0-image-file]", file)  # the window that chooses files is the system's own
    page.wait_for("document.querySelector('[name=photo-0-image]').value", "the photo is uploaded")
    evening.write("[name=photo-0-alt]", "A quay")
    evening.write("[name=photo-0-credit]", "Noor")
    evening.send()
    photos = Entry.objects.published().filter(content__blocks__0__kind="photo")
    wait_until(photos.exists, "the photo is out")


def correct(evening, event):
    entry = Entry.objects.get(words__contains="hlds")
    page, form = evening.page, "[data-correction]"
    evening.row(entry, "correct")
    page.wait_for(f"document.activeElement.matches('{form} [name=correction]')", "the caret is in the note")
    evening.type("It holds.")
    evening.write(f"{form} .ProseMirror", " It holds.")
    evening.press(f"{form} [data-send]")
    wait_until(lambda: Entry.objects.get(pk=entry.pk).content["corrections"], "the correction is out")
    page.wait_for(f"!document.querySelector('{form}')")
    evening.confirmed("Corrected")


def approve(evening, event, noor):
    waiting = publishing.submit(EntryInput(event.pk, EntryContent("From the quay")), noor).entry
    evening.row(waiting, "approve")
    wait_until(lambda: Entry.objects.get(pk=waiting.pk).status == EntryStatus.PUBLISHED, "it is approved")
    evening.confirmed("From the quay")


def remove(evening, event):
    entry = Entry.objects.get(headline="From the quay")
    evening.row(entry, "remove")
    evening.page.wait_for("document.querySelector('dialog[open] .go')", "it asks")
    evening.press("dialog[open] .go")
    wait_until(lambda: Entry.objects.get(pk=entry.pk).is_removed, "it is removed")
    evening.confirmed("Removed: ")


def end(evening, event):
    page = evening.page
    link = f".page-links a[href*='/event/{event.pk}/state/end/']"
    if page.evaluate("matchMedia('(max-width: 48rem)').matches"):  # a composer with the focus may hide it just now
        evening.press(".top-menu")
    evening.press(link)
    page.wait_for("document.querySelector('.narrow form.stack .go')", "it asks")
    evening.press(".narrow form.stack .go")
    wait_until(event.changes.filter(kind=ChangeKind.END).exists, "the live blog has ended")
