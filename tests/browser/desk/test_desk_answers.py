"""What the desk answers to a step: in the dialog that asked, and on the line above the timeline."""

import re

from playwright.sync_api import expect

from tests.browser.desk_page import outbox, publish, write
from tests.factories import editor_of, post
from updates import publishing
from updates.choices import Role
from updates.models import Entry
from updates.publishing import EntryContent, EntryInput, EventDetails, TextContent


def row(page, entry):
    return page.locator(f"[data-row='{entry.pk}']")


def ask(page, entry, action):
    """Press the link, also where it stands under “More”."""
    link = row(page, entry).locator(f"[data-action={action}]")
    if not link.is_visible():
        row(page, entry).get_by_text("More", exact=True).click()
    link.click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_be_visible()
    return dialog


def send(page):
    page.keyboard.press("Control+Enter")


def test_sending_back_says_in_its_dialog_what_is_missing_and_goes_when_it_is_done(sit, event, noor, tomas, watched):
    watched.expect_messages("status of 422")
    entry = publishing.submit(EntryInput(event.pk, EntryContent("To approve", (TextContent("<p>x</p>"),))), noor).entry
    page = sit(tomas)

    dialog = ask(page, entry, "send_back")
    send(page)
    expect(dialog.get_by_role("alert")).to_have_text("This field is required.")
    dialog.get_by_label("What needs to change?").fill("Who says so?")
    send(page)

    expect(dialog).to_have_count(0)
    expect(page.locator("[data-line]")).to_have_text("Sent back: To approve")
    expect(row(page, entry)).to_contain_text("Who says so?")
    assert Entry.objects.get().status == "draft"


def test_setting_a_time_says_in_its_dialog_what_is_wrong_and_goes_when_it_is_done(sit, event, tomas, watched):
    watched.expect_messages("status of 422")
    entry = post(event, "Gate holds")
    page = sit(tomas)

    dialog = ask(page, entry, "time")
    dialog.get_by_label("Time shown to readers").fill("2099-01-01T10:00")
    send(page)
    expect(dialog.get_by_role("alert")).to_contain_text("This time is in the future.")
    dialog.get_by_label("Time shown to readers").fill("2026-01-01T10:00")
    send(page)

    expect(dialog).to_have_count(0)
    expect(page.locator("[data-line]")).to_have_text("Time set: Gate holds")
    assert Entry.objects.get().published_at.year == 2026


def test_removing_says_in_its_dialog_who_may_not_and_goes_when_it_is_done(sit, event, tomas, watched):
    watched.expect_messages("status of 403")
    entry = post(event, "Gate holds")
    page = sit(tomas)

    dialog = ask(page, entry, "remove")
    publishing.assign(event.pk, tomas, Role.CORRESPONDENT, editor_of(event))
    send(page)
    expect(dialog.get_by_role("alert")).to_have_text(
        "Only the author, a moderator or an editor can remove this update."
    )
    publishing.assign(event.pk, tomas, Role.MODERATOR, editor_of(event))
    dialog.get_by_label("Reason").fill("Wrong source")
    send(page)

    expect(dialog).to_have_count(0)
    expect(page.locator("[data-line]")).to_have_text("Removed: Gate holds")
    assert Entry.objects.get().status == "removed"


def test_what_went_wrong_stays_and_looks_it_whoever_comes_and_goes(sit, event, noor, tomas, watched):
    watched.expect_messages("status of 403")
    entry = post(event, "Gate holds")
    page = sit(tomas)
    publishing.assign(event.pk, tomas, Role.CORRESPONDENT, editor_of(event))
    row(page, entry).get_by_text("More", exact=True).click()
    row(page, entry).locator("[data-action=pin]").click()
    line = page.locator("[data-line]")
    expect(line).to_have_text("Only a moderator or an editor of this live blog can do that.")

    sit(noor)
    post(event, "Another one")

    expect(page.locator("[data-here]")).to_contain_text("2 editors here")
    expect(page.locator("[data-rows] h3").first).to_have_text("Another one")
    expect(line).to_have_text("Only a moderator or an editor of this live blog can do that.")
    expect(line).to_have_class("errornote")


def test_the_form_offers_what_is_possible_once_direct_publishing_is_withdrawn(sit, event, noor, watched):
    watched.expect_messages("status of 403")
    page = sit(noor)
    filled = page.locator("form.write [data-send]")
    expect(filled).to_contain_text("Publish")
    publishing.change_event(event.pk, EventDetails(direct_publishing=False), editor_of(event))
    write(page, "Gate holds")
    publish(page)
    expect(page.locator("form.write [data-errors]")).to_contain_text("You cannot publish directly")
    expect(filled).to_contain_text("Submit")
    expect(page.locator("form.write [name=_publish]")).to_have_count(0)

    write(page, "Gate holds still")
    publish(page)

    expect(outbox(page, "sent")).to_contain_text("Submitted: Gate holds still")
    expect(page.locator("form.write [name=headline]")).to_have_value("")
    expect(page.locator("[data-row] h3")).to_have_text(["Gate holds still"])
    assert [(entry.status, entry.headline) for entry in Entry.objects.all()] == [("submitted", "Gate holds still")]


def test_the_tab_counts_what_waits_from_the_start_and_has_the_present_title(sit, event, noor, tomas):
    publishing.submit(EntryInput(event.pk, EntryContent("To approve", (TextContent("<p>x</p>"),))), noor)
    page, theirs = sit(tomas), sit(noor)
    expect(page).to_have_title(re.compile(r"^\(1\) Storm Maren \| "))
    expect(theirs).to_have_title(re.compile(r"^Storm Maren \| "))

    publishing.change_event(event.pk, EventDetails(title="Storm Maren: the day after"), tomas)

    expect(page.locator("h1")).to_have_text("Storm Maren: the day after")
    expect(page).to_have_title(re.compile(r"^\(1\) Storm Maren: the day after \| "))
    expect(page.locator(".breadcrumbs")).to_contain_text("Storm Maren: the day after")
