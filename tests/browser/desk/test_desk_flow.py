"""A shift at the desk in Chromium, on a laptop and on a phone: quick, accessible, and inside its content policy."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from tests.browser.conftest import picture_of
from tests.browser.desk_page import (
    LAPTOP,
    PHONE,
    WATCH_POLICY,
    describe_photo,
    outbox,
    paste_photo,
    publish,
    ready,
    write,
)
from tests.browser.page_checkers import in_scheme, violations_by_axe
from tests.factories import make_event, make_member, post, post_many
from tests.servers import wait_until
from updates import publishing
from updates.choices import Role
from updates.models import Entry
from updates.publishing import EntryContent, EntryInput, EventDetails

SCREENS = {
    "laptop-light": LAPTOP | {"color_scheme": "light"},
    "laptop-dark": LAPTOP | {"color_scheme": "dark"},
    "phone-light": PHONE | {"color_scheme": "light"},
    "phone-dark": PHONE | {"color_scheme": "dark"},
}

CONTROLS = "#content :is(a, button, summary, select, input:not([type=hidden], [type=checkbox]))"
SMALL = """(controls) => [...document.querySelectorAll(controls)]
  .filter((one) => one.checkVisibility())
  .filter((one) => { const box = one.getBoundingClientRect(); return box.height < 43.5 || box.width < 43.5; })
  .map((one) => one.outerHTML.slice(0, 120))"""


@pytest.fixture
def event(transactional_db):
    return make_event(title="Storm Maren", key_points=("The gate is down.", "The ferries wait."))


def titles(page):
    return page.locator("[data-row] h3")


SIZES = {"laptop": LAPTOP, "phone": PHONE}


def complaints_of_axe(page):
    return [(rule["id"], [node["target"] for node in rule["nodes"]][:3]) for rule in violations_by_axe(page)]


def complaints_in_both_schemes(page):
    """One page is light and dark in turn, because it takes longer to come up than to be looked at."""
    return [(scheme, found) for scheme in ("light", "dark") for found in complaints_of_axe(in_scheme(page, scheme))]


@pytest.mark.smoke
@pytest.mark.parametrize("size", SIZES)
def test_a_shift_at_the_desk_breaks_no_policy(sit, event, tomas, size):
    post_many(event, 3)
    page = sit(tomas, script=WATCH_POLICY, **SIZES[size])
    expect(page.locator(".block-text .ProseMirror").first).to_be_focused()  # open
    page.keyboard.type("Rope Street is under water.")
    paste_photo(page)  # one
    expect(page.locator("[name=photo-0-image]")).to_have_value(re.compile("."))
    describe_photo(page)
    publish(page)  # two
    expect(outbox(page, "sent")).to_contain_text("Published")
    expect(titles(page).first).to_have_text("Rope Street is under water.")
    expect(page.locator(".tabs [data-entry-count]")).to_have_text("4")
    expect(page.locator(".block-text .ProseMirror").first).to_be_focused()  # next
    page.keyboard.type("It is rising.")
    page.keyboard.press("Control+Shift+Enter")
    frame = page.frame_locator("dialog iframe")
    expect(frame.locator("article")).to_contain_text("It is rising.")
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(page.locator(".block-text .ProseMirror").first).to_be_focused()

    for scheme in ("light", "dark"):
        picture_of(in_scheme(page, scheme), f"desk-{size}-{scheme}")
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        if size == "phone":
            assert page.evaluate(SMALL, CONTROLS) == []
    assert page.evaluate("broken") == []
    assert Entry.objects.published().count() == 4


def test_a_finger_finds_all_that_a_quiet_desk_with_many_drafts_has_on_a_phone(sit, event, tomas):
    post(event, "Old", at=timezone.now() - timedelta(hours=30))
    for number in range(4):
        publishing.save_draft(EntryInput(event.pk, EntryContent(f"Draft {number}")), tomas)
    page = sit(tomas, **PHONE)
    expect(page.get_by_role("link", name="End the live blog?")).to_be_visible()
    expect(page.get_by_role("link", name="All drafts")).to_be_visible()

    assert page.evaluate(SMALL, CONTROLS) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    picture_of(page, "desk-phone-quiet")


@pytest.mark.parametrize("size", SIZES)
def test_the_desk_is_accessible_in_its_states(sit, event, tomas, size, watched):
    watched.expect_messages("Applying inline style")  # axe's own
    (entry,) = post_many(event, 1)
    publishing.pin(entry.pk, tomas)
    gone = post(event, "Gone", is_key=True)
    publishing.remove(gone.pk, tomas)
    publishing.save_draft(EntryInput(event.pk, EntryContent("A draft")), tomas)
    page = sit(tomas, script=WATCH_POLICY, **SIZES[size])
    page.set_viewport_size({"width": page.viewport_size["width"], "height": 3000})  # nothing sticks above anything

    assert complaints_in_both_schemes(page) == []
    if page.locator(".top-menu").is_visible():
        page.locator(".top-menu").click()
    page.locator(".panel > summary").click()
    expect(page.locator("desk-panel .ProseMirror")).to_be_visible()
    assert complaints_in_both_schemes(page) == []
    page.keyboard.press("Escape")
    page.locator(f"[data-row='{entry.pk}'] .whole summary").click()
    expect(page.locator(f"[data-row='{entry.pk}'] .entry-text")).to_contain_text("says the harbour office")
    page.locator(".find summary").click()
    page.locator(f"[data-row='{entry.pk}'] .more summary").click()
    assert complaints_in_both_schemes(page) == []
    page.keyboard.press("Escape")
    page.locator(f"[data-row='{entry.pk}'] [data-action=remove]").click()
    expect(page.get_by_role("dialog")).to_be_visible()
    assert complaints_in_both_schemes(page) == []


def test_with_a_phones_keyboard_open_the_text_and_publish_are_seen_together(sit, tomas):
    page = sit(tomas, **(PHONE | {"viewport": {"width": 390, "height": 450}}))
    text = page.locator(".block-text .ProseMirror").first
    text.click()
    page.keyboard.type("The first line")

    wait_until(lambda: all(map(is_in_window, (text.locator("p").first, page.locator("[data-send]")))), "both are seen")
    expect(page.locator("[name=headline]")).to_be_visible()
    expect(page.get_by_role("checkbox", name="Key event")).to_be_hidden()
    page.get_by_role("button", name="Byline and key event").click()
    expect(page.get_by_role("checkbox", name="Key event")).to_be_visible()


def is_in_window(part):
    box = part.bounding_box()
    return box["y"] >= 0 and box["y"] + box["height"] <= 450


def test_the_points_are_moved_by_keyboard_and_saved_beside_the_form(sit, event, tomas):
    page = sit(tomas)
    write(page, "Half a sentence")
    page.locator(".panel > summary").click()
    points = page.locator("desk-panel .ProseMirror")
    points.locator("p").nth(1).click()
    page.keyboard.press("End")
    page.keyboard.type(" Still.")
    expect(points.locator("p").nth(1)).to_have_text("The ferries wait. Still.")
    page.keyboard.press("Alt+ArrowUp")
    expect(points.locator("p").first).to_have_text("The ferries wait. Still.")
    page.keyboard.press("Control+Enter")
    expect(page.locator("desk-panel [data-feedback]")).to_have_text("Saved. Readers see it.")
    event.refresh_from_db()
    assert [re.sub("<.*?>", "", point) for point in event.key_points] == [
        "The ferries wait. Still.",
        "The gate is down.",
    ]

    publishing.change_event(event.pk, EventDetails(title="Storm Maren is here"), tomas)
    expect(page.locator("desk-panel [name=title]")).to_have_value("Storm Maren is here")
    expect(page.locator("[name=headline]")).to_have_value("Half a sentence")


def test_two_at_one_update_know_of_each_other(sit, event, tomas, watched):
    watched.expect_messages("status of 422|Applying inline style")
    entry = post(event, "The gate holds, says the harbour office")
    ines = make_member(event, Role.EDITOR, "ines")
    first, second = sit(tomas), sit(ines)
    expect(first.locator("[data-here]")).to_contain_text("2 editors here: ines, you")

    second.locator(f"[data-row='{entry.pk}'] [data-action=edit]").click()
    expect(first.locator(f"[data-row='{entry.pk}'] [data-editors]")).to_have_text("Also editing: ines")
    first.locator(f"[data-row='{entry.pk}'] [data-action=edit]").click()
    expect(first.locator("[data-also]")).to_have_text("Also editing: ines")
    write(ready(second), "Second version")
    publish(second)
    expect(titles(second)).to_have_text(["Second version"])
    write(ready(first), "First version")
    publish(first)
    expect(first.locator("[data-other]")).to_contain_text("Second version")
    expect(first.locator("[name=headline]")).to_have_value("First version")
    first.set_viewport_size({"width": 1280, "height": 3000})
    assert complaints_of_axe(first) == []


def test_single_keys_lead_everywhere_and_can_be_switched_off(sit, event, tomas):
    entries = post_many(event, 2)
    page = sit(tomas)
    expect(page.locator(".block-text .ProseMirror").first).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator(f"[data-row='{entries[1].pk}']")).to_be_focused()
    page.keyboard.press("j")
    expect(page.locator(f"[data-row='{entries[0].pk}']")).to_be_focused()
    page.keyboard.press("/")
    expect(page.get_by_role("searchbox")).to_be_focused()
    page.keyboard.type("j?n")
    expect(page.get_by_role("searchbox")).to_have_value("j?n")
    page.locator(f"[data-row='{entries[0].pk}']").focus()
    page.keyboard.press("n")
    expect(page.locator(".block-text .ProseMirror").first).to_be_focused()
    page.keyboard.press("Escape")
    page.keyboard.press("?")
    dialog = page.get_by_role("dialog", name="Keyboard shortcuts")
    dialog.get_by_role("checkbox").uncheck()
    dialog.get_by_role("button", name="Close").click()
    page.keyboard.press("/")
    expect(page.get_by_role("searchbox")).not_to_be_focused()


def test_submitted_updates_are_counted_in_the_tabs_title(sit, event, tomas):
    page = sit(tomas)
    publishing.submit(EntryInput(event.pk, EntryContent("To approve")), make_member(event))
    expect(titles(page)).to_have_text(["To approve"])
    expect(page).to_have_title(re.compile(r"^\(1\) "))
