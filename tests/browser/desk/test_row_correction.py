"""A correction in the row: quotes and photos too, and nothing typed is lost whatever happens when it is sent."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import picture_of
from tests.browser.desk.test_desk_confirmation import LAPTOP, REFUSED
from tests.browser.desk.test_desk_flow import complaints_of_axe
from tests.browser.desk.test_desk_rows import correct_by_keyboard
from tests.browser.desk_page import HAS_FOCUS, PHONE, lie, outbox, publish, ready, stop_clock
from tests.browser.page_checkers import in_scheme
from tests.factories import editor_of, make_picture, post
from tests.proxy import CUT
from updates import publishing
from updates.choices import Role
from updates.models import UserSession
from updates.publishing import EntryContent, PhotoContent, QuoteContent, TextContent

NOTE = "It was 312."


@pytest.fixture
def vote(transactional_db, event, tomas):
    """An update with a block of each kind that can be corrected in its row, the photo first."""
    photo = PhotoContent(make_picture(tomas).pk, "A hall", "Nor", "The count")
    blocks = [photo, TextContent("<p>321 votes.</p>"), QuoteContent("321", "A clerk")]
    return post(event, "The vote", blocks=blocks, author=tomas)


def notes(entry):
    entry.refresh_from_db()
    return [each["note"] for each in entry.content["corrections"]]


def desk_behind(line, log_in, ben, event):
    page = log_in(ben, line.url, **LAPTOP)
    page.goto(f"{line.url}/admin/updates/event/{event.pk}/desk/")
    ready(page).wait_for_function(HAS_FOCUS)
    return page


def note_behind(line, log_in, ben, event, entry):
    """Begin a correction behind a line that can be cut; return the page and the form."""
    page = desk_behind(line, log_in, ben, event)
    form = correct_by_keyboard(page, entry)
    page.keyboard.type(NOTE)
    return page, form


def test_quote_and_photo_are_corrected_in_the_row(sit, vote, tomas, watched):
    watched.expect_messages("Applying inline style")  # of axe
    page = sit(tomas, **PHONE)
    form = correct_by_keyboard(page, vote)
    page.keyboard.type(NOTE)
    expect(form.locator(".block img")).to_be_visible()
    form.locator("[name=photo-0-credit]").fill("Noor Hadad")
    form.locator("[name=photo-0-alt]").fill("A hall with 312 people")
    form.locator("[name=photo-0-caption]").fill("The second count")
    form.locator("[name=quote-0-text]").fill("312")
    form.locator("[name=quote-0-attribution]").fill("The clerk")
    for screen, scheme in [(PHONE, "light"), (LAPTOP, "dark")]:
        page.set_viewport_size(screen["viewport"])
        assert not complaints_of_axe(in_scheme(page, scheme))
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        picture_of(page, f"row-correction-{scheme}")
    publish(page)
    expect(form).to_have_count(0)
    assert notes(vote) == [NOTE]
    photo, text, quote = vote.content["blocks"]
    assert (photo["alt"], photo["credit"], photo["caption"]) == (
        "A hall with 312 people",
        "Noor Hadad",
        "The second count",
    )
    assert text["html"] == "<p>321 votes.</p>"
    assert (quote["text"], quote["attribution"]) == ("312", "The clerk")


def test_without_a_line_it_waits_and_survives_reload_and_conflict(line, log_in, ben, event, vote, watched):
    watched.expect_messages(f"{CUT}|{REFUSED}")
    page, form = note_behind(line, log_in, ben, event, vote)
    form.locator("[name=quote-0-attribution]").fill("The clerk")
    line.cut()
    publish(page)
    expect(outbox(page, "queued")).to_contain_text("The vote")
    expect(form).to_have_count(0)
    lie(page, "outbox", "The vote")
    quote = QuoteContent("about 321", "A clerk")
    publishing.edit(vote.pk, EntryContent("The vote", (quote,)), editor_of(event))
    line.mend()
    page.reload()

    refused = outbox(page, "refused")
    expect(refused).to_contain_text("The vote")
    lie(page, "outbox", "The vote")
    assert notes(vote) == []
    refused.get_by_role("button", name="Edit and send").click()
    ready(page)  # on the page of the correction: the update has other blocks by now
    expect(page.locator("[name=correction]")).to_have_value(NOTE)
    expect(page.locator("form.write [name=quote-0-attribution]")).to_have_value("The clerk")
    expect(page.locator("[data-other]")).to_contain_text("about 321")


def test_what_waited_and_was_refused_opens_in_its_row(line, log_in, ben, event, vote, watched):
    watched.expect_messages(f"{CUT}|{REFUSED}")
    page = desk_behind(line, log_in, ben, event)
    stop_clock(page)
    form = correct_by_keyboard(page, vote)
    page.keyboard.type(NOTE)
    form.locator("[name=headline]").fill("The count")
    line.cut()
    publish(page)
    expect(outbox(page, "queued")).to_contain_text("The count")
    photo, text, _quote = publishing.read_content(vote).blocks
    theirs = EntryContent("The vote", (photo, text, QuoteContent("about 321", "A clerk")))
    publishing.edit(vote.pk, theirs, editor_of(event))
    line.mend()
    page.get_by_role("button", name="Try now").click()
    page.clock.resume()
    outbox(page, "refused").get_by_role("button", name="Edit and send").click()
    expect(form.locator("[name=correction]")).to_have_value(NOTE)
    expect(form.locator("[data-other]")).to_contain_text("about 321")
    form.get_by_role("button", name="Take its changes into my text").click()
    expect(form.locator("[name=quote-0-text]")).to_have_value("about 321")
    expect(form.locator(".ProseMirror")).to_be_focused()
    publish(page)
    expect(form).to_have_count(0)
    assert notes(vote) == [NOTE]


def test_an_ended_login_and_a_lost_right_keep_what_was_typed(sit, event, ben, vote, watched):
    watched.expect_messages("status of (401|403|404|409|422)|WebSocket")
    page = sit(ben, **LAPTOP)
    form = correct_by_keyboard(page, vote)
    page.keyboard.type(NOTE)
    form.locator("[name=headline]").fill("The count")
    UserSession.objects.all().delete()
    publish(page)
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Username").fill("ben")
    dialog.get_by_label("Password").fill("rope and street")
    page.keyboard.press("Enter")
    expect(outbox(page, "sent")).to_contain_text("The count")
    assert notes(vote) == [NOTE]

    expect(form).to_have_count(0)
    correct_by_keyboard(page, vote)
    page.keyboard.type("A second note.")
    form.locator("[name=headline]").fill("The count again")
    publishing.assign(event.pk, ben, Role.CORRESPONDENT, editor_of(event))
    publish(page)
    expect(form.locator("[data-errors]")).to_be_visible()
    expect(form.locator("[name=correction]")).to_have_value("A second note.")
    lie(page, "drafts", "The count again")
    lie(page, "outbox")
    assert notes(vote) == [NOTE]
