"""Writing on bad lines, over crashes and ended logins: nothing is lost, nothing is there twice."""

import os
import re

from playwright.sync_api import expect

from tests.admin.desk_forms import add_address
from tests.browser.desk_page import (
    RECORDS,
    describe_photo,
    kill,
    outbox,
    paste_photo,
    publish,
    ready,
    stop_clock,
    until_routed,
    wait_too_long,
    write,
)
from tests.factories import editor_of
from tests.proxy import CUT, line_to
from tests.servers import CEILING, wait_until
from updates import publishing
from updates.choices import ChangeKind
from updates.models import Entry, Image, UserSession

REFUSED = r"status of (401|403|409|422)"
"""What Chromium notes on its console of an answer that refuses."""


PATIENCE = 300 if "THIN_LINE" in os.environ else 2 * CEILING
"""Seconds for a photo over a thin line; ``THIN_LINE=50_000`` is the 400 kbit/s of a bad day."""


def test_a_photo_is_pasted_described_and_published(open_desk, site, event):
    page = open_desk(site.url)

    write(page, "Rope Street under water")
    paste_photo(page, "one.jpg", "two.jpg")
    expect(page.locator("[name=photo-0-alt]")).to_be_focused()
    expect(page.locator("[name=photo-0-image]")).to_have_value(re.compile("."))
    expect(page.locator("[name=photo-1-image]")).to_have_value(re.compile("."))
    describe_photo(page, number=0)
    describe_photo(page, alt="The gate", number=1)
    publish(page)

    expect(outbox(page, "sent")).to_contain_text("Published: Rope Street under water")
    expect(page.locator("[name=headline]")).to_have_value("")
    expect(page.locator(".block-photo:not(.empty-form)")).to_have_count(0)
    expect(page.locator(".block-text .ProseMirror")).to_be_focused()
    blocks = Entry.objects.get().content["blocks"]
    assert [block["alt"] for block in blocks] == ["A quay under water", "The gate"]
    assert Image.objects.count() == 2


def test_what_was_typed_is_back_after_a_reload_and_after_a_crash(open_desk, site, event, watched):
    watched.expect_messages(r"Target crashed|Page crashed")
    page = open_desk(site.url)
    write(page, "The second surge")
    page.locator(".block-text .ProseMirror").press_sequentially("Expected at 16:05")
    paste_photo(page)
    describe_photo(page)
    expect(page.locator("[data-saved]")).to_contain_text("Saved here at")
    expect(page.locator("[name=photo-0-image]")).to_have_value(re.compile("."))

    page.reload()
    expect(page.locator("[data-restored]")).to_contain_text(re.compile(r"Draft from .* restored"))
    expect(page.locator("[name=headline]")).to_have_value("The second surge")
    write(ready(page), "The second surge is here")
    wait_for_draft(page, "The second surge is here")
    kill(page)
    reopened = watched.watch(page.context.new_page())
    reopened.goto(site.url + add_address(event))
    ready(reopened)

    expect(reopened.locator("[name=headline]")).to_have_value("The second surge is here")
    expect(reopened.locator(".block-text .ProseMirror")).to_have_text("Expected at 16:05")
    expect(reopened.locator("[name=photo-0-alt]")).to_have_value("A quay under water")
    expect(reopened.locator(".block-photo [data-preview]:visible")).to_have_count(1)
    publish(reopened)
    expect(outbox(reopened, "sent")).to_contain_text("Published")
    reopened.reload()
    expect(ready(reopened).locator("[data-restored]")).to_be_empty()
    assert [block["kind"] for block in Entry.objects.get().content["blocks"]] == ["text", "photo"]


NEVER_STORED = """() => {
  const {put} = IDBObjectStore.prototype;
  IDBObjectStore.prototype.put = function (...all) {
    const goOn = () => void (this.get("").onsuccess = goOn);
    goOn();
    window.isStoring = true;
    return put.apply(this, all);
  };
}"""


def test_what_is_being_stored_when_the_page_is_left_is_back(open_desk, site):
    page = open_desk(site.url)
    page.evaluate(NEVER_STORED)
    write(page, "The second surge")
    page.wait_for_function("() => window.isStoring")
    page.reload()

    expect(ready(page).locator("[name=headline]")).to_have_value("The second surge")


def wait_for_draft(page, title):
    """Until it lies on the device."""
    wait_until(lambda: title in page.evaluate(RECORDS, "drafts"), f"“{title}” is kept")


def test_a_discarded_draft_and_a_parked_one(open_desk, site, event):
    page = open_desk(site.url)
    write(page, "Put aside")
    page.locator("form.write").dispatch_event("composer:park")
    expect(page.locator("[name=headline]")).to_have_value("")
    write(page, "Thrown away")
    wait_for_draft(page, "Thrown away")
    write(page, "Thrown away soon")
    page.reload()  # what was typed in the last moment is there, too
    ready(page)
    expect(page.locator("[name=headline]")).to_have_value("Thrown away soon")
    page.locator("[data-restored] button").click()
    expect(page.locator("[name=headline]")).to_have_value("")
    page.get_by_role("button", name="Put aside", exact=True).click()
    expect(page.locator("[name=headline]")).to_have_value("Put aside")
    publish(page)
    expect(outbox(page, "sent")).to_contain_text("Put aside")
    assert list(Entry.objects.published().values_list("headline", flat=True)) == ["Put aside"]


def test_a_line_cut_while_publishing_makes_exactly_one_entry(open_desk, line, site, event, watched):
    watched.expect_messages(f"{CUT}|net::ERR_FAILED")
    page = open_desk(line.url)
    lost = []

    def lose_the_answer(route):
        lost.append(route.fetch().status)
        route.abort()

    page.route("**/desk/", lambda route: lose_the_answer(route) if not lost else route.fallback())
    stop_clock(page)
    write(page, "Sent twice")
    publish(page)
    expect(outbox(page, "queued")).to_contain_text("Sent twice")
    line.cut()
    write(page, "Sent late")
    publish(page)
    expect(outbox(page, "queued").filter(has_text="Sent late")).to_have_count(1)
    expect(page.locator("[name=headline]")).to_have_value("")
    line.mend()
    page.get_by_role("button", name="Try now").first.click()
    page.clock.resume()
    expect(page.locator("[data-outbox] > li:not([data-state=sent])")).to_have_count(0)

    assert lost == [200]
    assert list(Entry.objects.published().order_by("order").values_list("headline", flat=True)) == [
        "Sent twice",
        "Sent late",
    ]


def test_what_waited_for_long_asks_whether_it_is_still_true(open_desk, line, site, event, watched):
    watched.expect_messages(CUT)
    page = open_desk(line.url)
    wait_too_long(page, line, "The gate holds")
    assert not Entry.objects.published().exists()
    page.get_by_role("button", name="Still true: send").click()
    expect(outbox(page, "sent")).to_contain_text("The gate holds")


def refuse_two(page, line, event):
    stop_clock(page)
    line.cut()
    for headline in ("First", "Second"):
        write(page, headline)
        publish(page)
        expect(outbox(page, "queued").filter(has_text=headline)).to_have_count(1)
    publishing.change_state(event.pk, ChangeKind.END, editor_of(event))
    line.mend()
    page.get_by_role("button", name="Try now").first.click()
    page.clock.resume()
    says(page, "Ended")
    refused = outbox(page, "refused")
    expect(refused).to_have_count(2)
    expect(refused.first.locator(".reason")).to_contain_text("This live blog has ended.")
    return refused


def says(page, state):
    """Await the event's state, with which notes come and go, and what is below them moves."""
    expect(page.locator("[data-top] [data-state]")).to_have_text(state)


def test_what_is_refused_later_stays_with_its_reason(open_desk, line, site, event, watched):
    watched.expect_messages(f"{CUT}|{REFUSED}")
    page = open_desk(line.url)
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    refused = refuse_two(page, line, event)
    first = refused.filter(has_text="First")
    first.get_by_role("button", name="Copy text").click()
    expect(first.get_by_role("button", name="Copied")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == "First"
    first.get_by_role("button", name="Save as draft").click()
    expect(page.get_by_role("button", name="First", exact=True)).to_be_visible()
    publishing.change_state(event.pk, ChangeKind.REOPEN, editor_of(event))
    says(page, "Live")
    write(page, "Third")
    refused.get_by_role("button", name="Edit and send").click()
    expect(page.get_by_role("button", name="Third", exact=True)).to_be_visible()
    expect(page.locator(".errornote")).to_contain_text("This live blog has ended")
    expect(page.locator("[name=headline]")).to_have_value("Second")
    publish(page)
    expect(outbox(page, "sent")).to_contain_text("Second")
    assert Entry.objects.published().get().headline == "Second"


def test_a_login_that_ended_is_renewed_in_place(open_desk, site, event, noor, watched):
    watched.expect_messages(REFUSED)
    page = open_desk(site.url)
    UserSession.objects.all().delete()
    write(page, "Written while logged out")
    paste_photo(page)
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Username").fill("noor")
    dialog.get_by_label("Password").fill("wrong")
    page.keyboard.press("Enter")
    expect(dialog.get_by_role("alert")).to_contain_text("correct username and password")
    dialog.get_by_label("Username").fill("noor")
    dialog.get_by_label("Password").fill("tide and gate")
    page.keyboard.press("Enter")
    expect(dialog).to_have_count(0)
    expect(page.locator("[name=photo-0-image]")).to_have_value(re.compile("."))
    describe_photo(page)
    publish(page)

    expect(outbox(page, "sent")).to_contain_text("Written while logged out")
    assert [block["kind"] for block in Entry.objects.get().content["blocks"]] == ["photo"]


def test_a_refused_file_says_why_and_words_go_out_before_their_photo(open_desk, site, event, watched):
    watched.expect_messages(REFUSED)
    page = open_desk(site.url)
    write(page, "Words first")
    page.get_by_role("button", name="Photo", exact=True).click()
    choose = page.locator("input[type=file][name=photo-0-image-file]")
    choose.set_input_files([{"name": "notes.jpg", "mimeType": "image/jpeg", "buffer": b"no picture"}])
    page.locator("[name=photo-0-caption]").fill("Kept")
    expect(page.locator(".upload-problem")).to_contain_text("This file cannot be used as a picture.")
    expect(page.locator("[name=headline]")).to_have_value("Words first")
    expect(page.locator("[name=photo-0-caption]")).to_have_value("Kept")

    held, released = [], []
    page.route("**/pictures/", lambda route: route.continue_() if released else held.append(route))
    paste_photo(page)
    page.get_by_role("button", name="Delete block").nth(1).click()
    describe_photo(page, number=1)
    until_routed(page, lambda: held, "the upload has begun")
    publish(page)
    expect(outbox(page, "photo")).to_contain_text("Waiting for its photo")
    expect(outbox(page, "sent")).to_contain_text("Published: Words first")
    assert Entry.objects.get().content["blocks"] == []
    released.append(True)
    held.pop().continue_()
    expect(outbox(page, "sent")).to_contain_text("Changed: Words first")

    entry = Entry.objects.get()
    assert [block["alt"] for block in entry.content["blocks"]] == ["A quay under water"]
    assert [change.kind for change in entry.changes.filter(seq__isnull=False).order_by("seq")] == ["publish", "edit"]


def test_a_large_photo_on_a_thin_line_that_is_cut_twice_ends_as_one_photo(open_desk, site, event, watched):
    watched.expect_messages(CUT)
    with line_to(site.url, rate=float(os.environ.get("THIN_LINE", "600_000"))) as line:
        page = open_desk(line.url)
        paste_photo(page, width=4000, height=3000)
        describe_photo(page)
        bar = page.locator(".upload progress")
        for share in (0.2, 0.6):
            wait_until(lambda share=share: bar.evaluate("(bar) => bar.value") > share, "it is on its way", PATIENCE)
            line.cut()
            expect(page.locator(".upload")).to_contain_text("The upload continues when you are back online")
            line.mend()
        expect(page.locator("[name=photo-0-image]")).to_have_value(re.compile("."), timeout=1000 * PATIENCE)
        publish(page)
        expect(outbox(page, "sent")).to_contain_text("Published")

    image = Image.objects.get()
    assert (image.width, image.height) == (3200, 2400)
    assert [block["image"]["id"] for block in Entry.objects.get().content["blocks"]] == [image.public_id]
