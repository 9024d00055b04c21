"""Nobody wonders whether it worked: one confirmation in view, the caret where it is needed, no harmful second press."""

import sys

from playwright.sync_api import expect

from tests.admin.desk_forms import desk_address
from tests.browser.desk_page import PHONE, change_address, outbox, publish, ready, stop_clock, write
from tests.factories import editor_of, post, post_many
from tests.proxy import CUT
from tests.servers import wait_until
from updates import publishing
from updates.models import Change, Entry
from updates.publishing import EntryContent, TextContent

KEYBOARD = PHONE | {"viewport": {"width": 390, "height": 450}}
LAPTOP = {"viewport": {"width": 1366, "height": 768}}
REFUSED = r"status of (409|422)"
STORES_NOTHING = """Object.defineProperty(IDBFactory.prototype, "open", {
  value() { throw new DOMException("no", "SecurityError"); },
});"""

TEXT_SHARE = """() => {
  const text = document.querySelector(".block-text:not(.empty-form) .ProseMirror").getBoundingClientRect();
  const bar = document.querySelector("[data-bar]").getBoundingClientRect();
  const height = Math.min(text.bottom, bar.top, innerHeight) - Math.max(text.top, 0);
  return height * text.width / innerHeight / innerWidth;
}"""
BUTTONS = """() => [...document.querySelectorAll("[data-bar] :is(.add, .send) :is(button, summary)")]
  .filter((each) => each.checkVisibility()).map((each) => each.getBoundingClientRect())
  .map(({top, bottom, left, right}) => ({top, bottom, left, right}))"""


def content(headline, *paragraphs):
    html = "".join(f"<p>{text}</p>" for text in paragraphs)
    return EntryContent(headline, (TextContent(html),) if html else ())


def in_view(page, part):
    expect(part).to_be_in_viewport(ratio=1)


def test_on_a_phone_the_text_is_the_screen_and_five_buttons_stand_in_one_row(sit, noor):
    for screen, least in ((PHONE, 0.45), (KEYBOARD, 0.5)):
        page = sit(noor, **screen)
        expect(page.locator(".block-text .ProseMirror")).to_be_focused()
        wait_until(lambda least=least, page=page: page.evaluate(TEXT_SHARE) >= least, "the text is the screen")
        sys.stdout.write(f"Text at {screen['viewport']}: {page.evaluate(TEXT_SHARE):.0%} of the screen\n")
        buttons = page.evaluate(BUTTONS)
        assert len(buttons) == 6  # four that add a block, Publish, and the menu with the others
        assert len({round(each["top"]) for each in buttons}) == 1
        assert all(each["left"] >= 0 and each["right"] <= 390 for each in buttons)
        assert page.evaluate("document.documentElement.scrollWidth") == 390
        page.get_by_role("button", name="More", exact=True).click()
        for name in ("Save draft", "Submit", "Preview"):
            in_view(page, page.get_by_role("button", name=name, exact=True))
        page.keyboard.press("Escape")
        expect(page.get_by_role("button", name="Save draft")).to_be_hidden()
        page.get_by_label("Headline").focus()
        page.keyboard.press("Shift+Tab")
        expect(page.get_by_role("button", name="Menu")).to_be_focused()
        in_view(page, page.get_by_role("button", name="Menu"))


def test_what_became_of_an_update_is_in_view_above_the_keyboard(open_desk, line, event, watched):
    watched.expect_messages(CUT)
    page = open_desk(line.url, desk_address(event), **KEYBOARD)
    page.locator(".block-text .ProseMirror").press_sequentially("Gate holds.")
    publish(page)
    expect(outbox(page, "sent")).to_contain_text("Published: Gate holds.")
    in_view(page, outbox(page, "sent"))
    expect(page.locator("last-action")).to_contain_text("No open page had it")
    in_view(page, page.get_by_role("link", name="Undo: Gate holds."))

    line.cut()
    page.locator(".block-text .ProseMirror").press_sequentially("Gate leaks.")
    publish(page)
    expect(outbox(page, "queued")).to_contain_text("Gate leaks.")
    in_view(page, outbox(page, "queued"))
    expect(page.locator("[data-outbox] > li")).to_have_count(1)


def test_an_action_in_a_scrolled_timeline_is_confirmed_in_view(sit, event, tomas):
    entry = post_many(event, 14)[0]
    for screen in (PHONE, LAPTOP):
        page = sit(tomas, **screen)
        row = page.locator(f"[data-row='{entry.pk}']")
        row.scroll_into_view_if_needed()
        row.locator(".more summary").click()
        row.get_by_role("button", name="Mark as key event" if screen is PHONE else "Unmark as key event").click()
        line = page.locator("[data-line]")
        expect(line).to_contain_text("Update 1")
        in_view(page, line)
        in_view(page, page.get_by_role("button", name="Undo: Update 1"))
    page.get_by_role("button", name="Undo: Update 1").click()
    expect(line).to_have_text("Marked as key event: Update 1")


def test_the_caret_is_where_the_page_asks_for_something(sit, event, tomas, watched):
    watched.expect_messages(REFUSED)
    entry = post(event, "The vote", text="<p>The vote was 321.</p>", author=tomas)
    page = sit(tomas, f"/admin/updates/entry/{entry.pk}/correct/", **LAPTOP)
    note = page.get_by_label("What readers should know")
    expect(note).to_be_focused()
    in_view(page, note)
    page.keyboard.type("The vote was 312.")
    expect(page.locator(".block-text .ProseMirror")).to_have_text("The vote was 321.")

    page.locator("[name=headline]").click()
    page.keyboard.press("Enter")
    expect(page.locator(".block-text .ProseMirror")).to_be_focused()
    expect(page.locator("[name=headline]")).to_have_value("The vote")

    page.locator("[data-add=quote]").press("Enter")
    page.locator("[name=quote-0-text]").fill("Well counted")
    page.locator("[name=headline]").click()
    publish(page)
    expect(page.locator("[name=quote-0-attribution]")).to_be_focused()
    in_view(page, page.locator("[name=quote-0-attribution]"))
    expect(page.locator("[name=quote-0-attribution]")).to_have_accessible_description("Enter who said it.")


def test_a_second_press_replaces_nobody_and_both_changes_can_be_had(sit, event, noor, tomas, watched):
    watched.expect_messages(REFUSED)
    entry = publishing.publish(event.pk, content("The vote", "It was 321.", "It is late."), noor).entry
    page = sit(tomas, change_address(entry))
    boss = editor_of(event)
    publishing.edit(entry.pk, content("The vote", "It was 321.", "It is late. IMPORTANT LEGAL EDIT."), boss)
    text = page.locator(".block-text .ProseMirror")
    expect(text).to_be_focused()
    page.keyboard.press("Control+Home")
    page.keyboard.type("Counted: ")
    publish(page)
    replace = page.get_by_role("button", name=f"Replace {boss.username}’s version")
    expect(replace).to_be_visible()
    expect(page.get_by_role("button", name="Publish changes")).to_have_count(0)
    publish(page)
    publish(page)

    page.get_by_role("button", name="Take its changes into my text").click()
    expect(text).to_have_text("Counted: It was 321.It is late. IMPORTANT LEGAL EDIT.")
    expect(page.locator("[data-other]")).to_be_visible()
    expect(text).to_be_focused()
    page.get_by_role("button", name="Publish changes").press("Enter")  # the page moves for the other text
    expect(page.locator("[data-line]")).to_contain_text("Changed: The vote")
    html = Entry.objects.get().content["blocks"][0]["html"]
    assert html == "<p>Counted: It was 321.</p><p>It is late. IMPORTANT LEGAL EDIT.</p>"
    writers = Change.objects.filter(entry=entry).order_by("desk_seq").values_list("actor", flat=True)
    assert list(writers) == [noor.pk, boss.pk, tomas.pk], "a press before the choice has published"


def test_who_is_sent_back_a_text_is_told_at_once(sit, event, noor, tomas):
    page = sit(noor, **KEYBOARD)
    write(page, "To approve")
    page.get_by_role("button", name="More", exact=True).click()
    page.get_by_role("button", name="Submit", exact=True).click()
    expect(outbox(page, "sent")).to_contain_text("Submitted: To approve")
    publishing.send_back(Entry.objects.get().pk, "Who says so?", tomas)
    line = page.locator("[data-line]")
    expect(line).to_contain_text("Sent back by tomas: To approve")
    expect(line).to_contain_text("Who says so?")
    in_view(page, line)
    expect(outbox(page, "sent")).to_have_count(0)


def test_where_nothing_is_stored_nothing_is_promised_and_leaving_asks(log_in, line, noor, event, watched):
    watched.expect_messages(f"{CUT}|SecurityError")
    page = log_in(noor, line.url)
    page.context.add_init_script(STORES_NOTHING)
    page.goto(line.url + desk_address(event))
    write(ready(page), "Gate holds")
    expect(page.locator("[data-saved]")).to_contain_text("Saved at the desk at")
    stop_clock(page)
    line.cut()
    publish(page)
    expect(outbox(page, "queued")).to_contain_text("Keep this page open until the update is sent.")
    dialogs = []
    page.on("dialog", lambda dialog: (dialogs.append(dialog.type), dialog.dismiss()))
    page.evaluate("location.reload()")
    wait_until(lambda: dialogs or page.evaluate("null"), "leaving asks")
    assert dialogs == ["beforeunload"]
    line.mend()
    page.get_by_role("button", name="Try now").click()
    expect(outbox(page, "sent")).to_contain_text("Published: Gate holds")


def test_a_menu_closes_by_escape_and_by_a_press_outside_that_does_nothing_else(sit, event, tomas):
    second, first = post_many(event, 2)
    page = sit(tomas, **LAPTOP)
    more = page.locator(f"[data-row='{first.pk}'] .more")
    more.locator("summary").click()
    page.keyboard.press("Escape")
    expect(more).not_to_have_attribute("open", "")
    expect(more.locator("summary")).to_be_focused()

    more.locator("summary").click()
    page.locator(f"[data-row='{second.pk}'] [data-action=remove]").click()
    expect(more).not_to_have_attribute("open", "")
    expect(page.get_by_role("dialog")).to_have_count(0)
    page.locator(f"[data-row='{second.pk}'] [data-action=remove]").click()
    expect(page.get_by_role("dialog")).to_be_visible()


def test_a_schedule_asks_about_a_year_that_is_far_away(sit, event, tomas, watched):
    watched.expect_messages(REFUSED)
    page = sit(tomas, **LAPTOP)
    write(page, "Tide tables")
    page.get_by_text("Schedule…").click()
    page.locator("[name=when]").fill("2072-11-29T18:00")
    page.get_by_role("button", name="Schedule", exact=True).click()
    confirm = page.get_by_label("Yes, on Tuesday 29 November 2072, 18:00 UTC")
    expect(confirm).to_be_visible()
    assert not Entry.objects.filter(status="scheduled").exists()  # a draft of it may have been saved
    confirm.check()
    page.get_by_role("button", name="Schedule", exact=True).click()
    expect(outbox(page, "sent")).to_contain_text("Scheduled for 29 Nov 2072, 18:00 UTC: Tide tables")
    expect(page.get_by_label("Yes, on")).to_have_count(0)
