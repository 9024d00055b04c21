"""The rows of the timeline: how many fit, and what is done to an update in its place."""

import sys

from playwright.sync_api import expect

from tests.browser.desk.test_desk_confirmation import LAPTOP, REFUSED
from tests.browser.desk.test_desk_flow import complaints_of_axe
from tests.browser.desk_page import HAS_FOCUS, PHONE, lie, publish, ready, write
from tests.factories import editor_of, post, post_many
from tests.servers import wait_until
from updates import publishing
from updates.publishing import EntryContent, QuoteContent, TextContent

ROWS_IN_VIEW = """() => [...document.querySelectorAll("[data-rows] [data-row]")]
  .map((row) => row.querySelector("h3").getBoundingClientRect())
  .filter(({top, bottom}) => top >= 0 && bottom <= innerHeight).length"""
SCRIPT_BYTES = """performance.getEntriesByType("resource").filter(({name}) => /\\.js($|\\?)/.test(name))
  .reduce((sum, {encodedBodySize}) => sum + encodedBodySize, 0)"""
SMALL_TARGETS = """() => [...document.querySelectorAll("[data-rows] :is(.do a, .do button, summary, .when a)")]
  .filter((each) => each.checkVisibility()).map((each) => each.getBoundingClientRect())
  .filter(({width, height}) => width < 24 || height < 24).length"""


def test_ten_rows_fit_on_a_laptop_and_the_scripts_are_light(sit, event, tomas):
    post_many(event, 14)
    page = sit(tomas, **LAPTOP)
    size = page.evaluate(SCRIPT_BYTES)
    sys.stdout.write(f"Scripts of the desk: {size / 1024:.0f} KB compressed\n")
    assert 100 * 1024 < size <= 145 * 1024  # of which 108 are the text editor
    assert page.evaluate(ROWS_IN_VIEW) >= 10
    assert page.evaluate(SMALL_TARGETS) == 0


def correct_by_keyboard(page, entry):
    """Go to the row and press its key; the caret is in the note."""
    page.locator(f"[data-row='{entry.pk}']").focus()
    page.keyboard.press("c")
    note = page.locator("[data-correction]").get_by_label("What readers should know")
    expect(note).to_be_focused()
    return page.locator("[data-correction]")


def test_a_correction_is_written_in_the_row_by_keyboard(sit, event, tomas, watched):
    watched.expect_messages(REFUSED)
    entry = post(event, "The vote", text="<p>It was 321.</p>", author=tomas)
    page = sit(tomas, **LAPTOP)
    write(page, "Half a headline")
    form = correct_by_keyboard(page, entry)
    page.keyboard.type("It was 312.")
    publish(page)
    expect(form.locator("[data-errors]")).to_be_visible()  # nothing was corrected

    page.keyboard.press("Escape")
    page.get_by_role("button", name="Keep writing").press("Enter")
    form.locator(".ProseMirror").focus()
    page.keyboard.press("Control+A")
    page.keyboard.type("It was 312.")
    publishing.pin(entry.pk, editor_of(event))  # draws the row anew
    expect(page.locator(f"[data-row='{entry.pk}']")).to_contain_text("Pinned")
    expect(form.locator(".ProseMirror")).to_have_text("It was 312.")
    publish(page)
    expect(page.locator("[data-line]")).to_contain_text("Corrected: The vote")
    expect(form).to_have_count(0)
    expect(page.locator(f"[data-row='{entry.pk}'] [data-action=correct]")).to_be_focused()
    entry.refresh_from_db()
    assert [block["html"] for block in entry.content["blocks"]] == ["<p>It was 312.</p>"]
    assert [each["note"] for each in entry.content["corrections"]] == ["It was 312."]
    expect(page.locator("form.write [name=headline]")).to_have_value("Half a headline")
    lie(page, "drafts", "Half a headline")


def test_a_correction_in_the_row_survives_a_conflict_and_a_reload(sit, event, tomas, watched):
    watched.expect_messages(f"{REFUSED}|Applying inline style")  # of axe
    blocks = [QuoteContent("Well counted", "A clerk"), TextContent("<p>It was 321.</p>")]
    entry = post(event, "The vote", blocks=blocks, author=tomas)
    page = sit(tomas, **LAPTOP)
    form = correct_by_keyboard(page, entry)
    expect(form.locator(".ProseMirror")).to_have_count(1)
    assert not complaints_of_axe(page)
    page.keyboard.type("A later count.")
    form.locator("[name=headline]").fill("The count")
    publishing.edit(
        entry.pk, EntryContent("The vote", (blocks[0], TextContent("<p>It was 321 at noon.</p>"))), editor_of(event)
    )
    publish(page)
    expect(form.locator("[data-other]")).to_contain_text("at noon")
    form.get_by_role("button", name="Take its changes into my text").press("Enter")
    expect(form.locator(".ProseMirror")).to_have_text("It was 321 at noon.")
    lie(page, "drafts", "The count")

    page.reload()
    ready(page).wait_for_function(HAS_FOCUS)
    form = correct_by_keyboard(page, entry)
    expect(form.locator("[name=headline]")).to_have_value("The count")
    publish(page)
    expect(page.locator("[data-line]")).to_contain_text("Corrected: The count")
    entry.refresh_from_db()
    assert [block.get("html") for block in entry.content["blocks"]] == [None, "<p>It was 321 at noon.</p>"]
    assert [each["note"] for each in entry.content["corrections"]] == ["A later count."]


def test_an_update_moves_over_many_places_at_once(sit, event, tomas):
    entries = post_many(event, 5)
    page = sit(tomas, **LAPTOP)
    titles = page.locator("[data-rows] h3")
    row = page.locator(f"[data-row='{entries[0].pk}']")
    row.focus()
    for _press in range(3):
        page.keyboard.press("Alt+Shift+ArrowUp")
    expect(page.get_by_role("status").filter(has_text="Above “Update 4”")).to_have_count(1)
    page.keyboard.press("Enter")
    expect(titles).to_have_text(["Update 5", "Update 1", "Update 4", "Update 3", "Update 2"])
    expect(page.locator("[data-line]")).to_have_text("Moved: Update 1")
    page.get_by_role("button", name="Undo: Update 1").click()
    expect(titles).to_have_text(["Update 5", "Update 4", "Update 3", "Update 2", "Update 1"])

    row.locator("[data-handle]").hover()
    page.mouse.down()
    top = page.locator(f"[data-row='{entries[4].pk}']").bounding_box()
    page.mouse.move(top["x"] + 9, top["y"] + 4, steps=3)
    page.mouse.up()
    expect(titles.first).to_have_text("Update 1")
    wait_until(lambda: event.changes.filter(kind="move").count() == 3, "each move is in the log")


def test_on_a_phone_the_place_is_chosen_from_a_list(sit, event, tomas):
    entries = post_many(event, 4)
    page = sit(tomas, **PHONE)
    row = page.locator(f"[data-row='{entries[0].pk}']")
    row.locator(".more summary").click()
    row.get_by_role("link", name="Move… Update 1", exact=True).click()
    dialog = page.get_by_role("dialog", name="Move update")
    expect(dialog).to_be_visible()
    dialog.get_by_label("New place").select_option(label="Above: 12:03 Update 3")
    dialog.get_by_role("button", name="Move", exact=True).click()
    titles = page.locator("[data-rows] h3")
    expect(titles).to_have_text(["Update 4", "Update 1", "Update 3", "Update 2"])
