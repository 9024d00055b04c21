"""A correction in the row when other rows are shown: it stays open with its caret, or is put aside with its row."""

from playwright.sync_api import expect

from tests.browser.desk.test_desk_confirmation import LAPTOP
from tests.browser.desk.test_desk_rows import correct_by_keyboard
from tests.browser.desk_page import HAS_FOCUS, lie, publish, ready
from tests.factories import editor_of, post
from tests.proxy import CUT
from updates import publishing
from updates.publishing import EntryContent, TextContent
from updates.queries.timeline import CHANGED_AT_MOST

NOTE = "It was 312."


def show(page, filter_name):
    page.locator("[data-shows]").get_by_role("link", name=filter_name).click()


def vote_and_key_event(event):
    return post(event, "The vote", text="<p>It was 321.</p>"), post(event, "The gate holds", is_key=True)


def notes(entry):
    entry.refresh_from_db()
    return [each["note"] for each in entry.content["corrections"]]


def test_it_stays_open_where_its_row_is_still_shown(sit, event, tomas):
    vote, _gate = vote_and_key_event(event)
    publishing.mark_key(vote.pk, tomas, is_key=True)
    post(event, "Not a key event")
    page = sit(tomas, **LAPTOP)
    form = correct_by_keyboard(page, vote)
    page.keyboard.type(NOTE)
    show(page, "Key events")
    expect(page.locator("[data-rows] h3")).to_have_text(["The gate holds", "The vote"])

    expect(form.locator("[name=correction]")).to_have_value(NOTE)
    form.locator(".ProseMirror").focus()
    page.keyboard.press("Control+A")
    page.keyboard.type("312 votes.")
    publish(page)
    expect(page.locator("[data-line]")).to_contain_text("Corrected: The vote")
    assert notes(vote) == [NOTE]
    assert vote.content["blocks"][0]["html"] == "<p>312 votes.</p>"


def test_it_is_put_aside_with_its_row_and_opens_with_what_was_typed(sit, event, tomas):
    vote, _gate = vote_and_key_event(event)
    page = sit(tomas, **LAPTOP)
    form = correct_by_keyboard(page, vote)
    page.keyboard.type(NOTE)
    show(page, "Key events")
    expect(page.locator("[data-rows] h3")).to_have_text(["The gate holds"])
    lie(page, "drafts", "The vote")
    show(page, "All")
    expect(page.locator("[data-rows] h3")).to_have_text(["The gate holds", "The vote"])

    correct_by_keyboard(page, vote)
    expect(form.locator("[name=correction]")).to_have_value(NOTE)
    form.locator("[name=headline]").fill("The count")
    publish(page)
    expect(page.locator("[data-line]")).to_contain_text("Corrected: The count")
    assert notes(vote) == [NOTE]


def test_it_keeps_the_caret_when_all_rows_are_drawn_anew(line, log_in, event, tomas, watched):
    watched.expect_messages(CUT)
    vote, gate = vote_and_key_event(event)
    page = log_in(tomas, line.url, **LAPTOP)
    page.goto(f"{line.url}/admin/updates/event/{event.pk}/desk/")
    ready(page).wait_for_function(HAS_FOCUS)
    form = correct_by_keyboard(page, vote)
    page.keyboard.type(NOTE)
    text = form.locator(".ProseMirror")
    text.focus()
    page.keyboard.press("Control+End")
    page.keyboard.type(" By")
    expect(text).to_have_text("It was 321. By")
    line.cut()
    change_too_much(event, gate)
    line.mend()
    expect(page.locator("[data-rows] h3").first).to_have_text("Last of many")

    expect(text).to_be_focused()
    page.keyboard.type(" noon.")
    expect(text).to_have_text("It was 321. By noon.")
    expect(form.locator("[name=correction]")).to_have_value(NOTE)


def change_too_much(event, entry):
    """Make so many changes that the desk requests the whole list."""
    editor = editor_of(event)
    for _turn in range(CHANGED_AT_MOST // 2):
        publishing.pin(entry.pk, editor)
        publishing.unpin(entry.pk, editor)
    publishing.edit(entry.pk, EntryContent("Last of many", (TextContent("<p>It held.</p>"),)), editor)
