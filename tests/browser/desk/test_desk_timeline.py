"""The desk in Chromium: what happens to a live blog is seen beside the form, and done there without leaving it."""

import re

from playwright.sync_api import expect

from tests.admin.desk_forms import change_address, desk_address
from tests.browser.desk_page import publish, ready, session_cookie, until_routed, write
from tests.factories import post, post_many
from updates import publishing
from updates.models import UserSession
from updates.publishing import EntryContent, EntryInput, TextContent


def titles(page):
    return page.locator("[data-rows] h3")


def row(page, entry):
    return page.locator(f"[data-row='{entry.pk}']")


def test_what_anybody_does_is_seen_at_once_in_its_place(sit, event, tomas):
    first, second = post_many(event, 2)
    page = sit(tomas)
    expect(titles(page)).to_have_text(["Update 2", "Update 1"])

    third = post(event, "Update 3")
    expect(titles(page)).to_have_text(["Update 3", "Update 2", "Update 1"])
    publishing.pin(first.pk, tomas)
    expect(titles(page)).to_have_text(["Update 1", "Update 3", "Update 2"])
    publishing.edit(second.pk, EntryContent("Update 2, changed", (TextContent("<p>x</p>"),)), tomas)
    publishing.unpin(first.pk, tomas)
    publishing.remove(third.pk, tomas)
    expect(titles(page)).to_have_text(["Update 3", "Update 2, changed", "Update 1"])
    expect(row(page, third)).to_have_class(re.compile("gone"))
    expect(page.locator("[data-top]")).to_contain_text("2 updates")


def test_of_many_drafts_ones_own_and_the_newest_are_seen_and_keys_pass_over_the_others(sit, event, noor, tomas):
    (entry,) = post_many(event, 1)
    for author, title in [(tomas, "Mine"), *((noor, f"Theirs {n}") for n in range(3))]:
        publishing.save_draft(EntryInput(event.pk, EntryContent(title)), author)
    page = sit(tomas)
    seen = page.locator("[data-waiting] h3:visible")
    expect(seen).to_have_text(["Mine", "Theirs 2", "Theirs 1"])

    write(page, "Mine, from the form")
    page.get_by_role("button", name="Save draft").click()
    expect(seen).to_have_text(["Mine, from the form", "Mine", "Theirs 2"])
    publishing.save_draft(EntryInput(event.pk, EntryContent("Theirs 3")), noor)
    expect(seen).to_have_text(["Mine, from the form", "Mine", "Theirs 3"])

    page.locator("[data-waiting] > :nth-child(3)").focus()
    page.keyboard.press("j")
    expect(row(page, entry)).to_be_focused()
    page.keyboard.press("k")
    expect(page.locator(":focus h3")).to_have_text("Theirs 3")


def test_where_the_row_with_the_focus_leaves_the_next_one_has_it(sit, event, noor, tomas):
    first, second = (
        publishing.save_draft(EntryInput(event.pk, EntryContent(f"Draft {n}")), noor).entry for n in (1, 2)
    )
    page = sit(tomas)

    row(page, second).locator("[data-action=edit]").focus()
    publishing.discard(second.pk, noor)
    expect(row(page, first)).to_be_focused()
    publishing.discard(first.pk, noor)
    expect(page.locator("desk-timeline")).to_be_focused()


def test_actions_of_a_row_take_effect_without_leaving_what_is_written(sit, event, tomas):
    (entry,) = post_many(event, 1)
    page = sit(tomas)
    write(page, "Half a sentence")

    row(page, entry).get_by_text("More", exact=True).click()
    row(page, entry).get_by_role("button", name="Pin: Update 1").click()
    expect(row(page, entry)).to_contain_text("Pinned")
    row(page, entry).get_by_role("link", name="Remove… Update 1").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Reason").fill("Wrong source")
    dialog.get_by_role("button", name="Remove update").click()
    expect(row(page, entry)).to_contain_text("removed")
    row(page, entry).get_by_role("button", name="Restore: Update 1").click()
    expect(row(page, entry)).not_to_contain_text("removed")

    expect(page.locator("[name=headline]")).to_have_value("Half a sentence")
    assert page.url.endswith(desk_address(event))
    assert [change.kind for change in entry.changes.order_by("seq")] == ["publish", "pin", "remove", "restore"]


def test_opening_an_update_parks_what_was_typed_one_press_away(sit, event, tomas):
    (entry,) = post_many(event, 1)
    page = sit(tomas)
    write(page, "Half a sentence")

    row(page, entry).get_by_role("link", name="Edit Update 1").click()
    page.wait_for_url(f"**{change_address(entry)}*")
    expect(row(ready(page), entry)).to_contain_text("In the form")
    write(page, "Update 1, changed")
    publish(page)
    page.wait_for_url(f"**{desk_address(event)}*")
    expect(titles(ready(page))).to_have_text(["Update 1, changed"])
    page.get_by_role("button", name="Half a sentence", exact=True).click()
    expect(page.locator("[name=headline]")).to_have_value("Half a sentence")


def test_search_filters_and_links_work_in_place(sit, event, tomas):
    entries = post_many(event, 35)
    post(event, "Sandbags in Sluice Street")
    publishing.mark_key(entries[3].pk, tomas, is_key=True)
    page = sit(tomas)
    find = page.get_by_role("searchbox")

    page.get_by_role("link", name="Show earlier updates").click()
    expect(titles(page)).to_have_count(36)
    find.fill("street SANDBAGS")
    find.press("Enter")
    expect(titles(page)).to_have_text(["Sandbags in Sluice Street"])
    post(event, "More sandbags, same street")
    post(event, "Something else")
    expect(titles(page)).to_have_text(["More sandbags, same street", "Sandbags in Sluice Street"])
    find.fill(f"https://live.example{entries[1].get_absolute_url()}")
    find.press("Enter")
    expect(titles(page)).to_have_text(["Update 2", "Update 1"])
    page.get_by_role("link", name="Back to the newest").click()
    expect(titles(page).first).to_have_text("Something else")
    page.locator("[data-shows]").get_by_role("link", name="Key events").click()
    expect(titles(page)).to_have_text(["Update 4"])

    link = page.locator("[data-shows]").get_by_role("link", name="Key events")
    link.focus()
    publishing.remove(entries[0].pk, tomas)  # draws the filters anew
    expect(page.locator("[data-shows]").get_by_role("link", name="Removed")).to_be_visible()
    expect(link).to_be_focused()


def test_an_answer_about_rows_that_are_no_longer_shown_takes_none_away(sit, event, tomas):
    post(event, "Sandbags")
    post(event, "Gate holds", is_key=True)
    page = sit(tomas)
    shows = page.locator("[data-shows]")
    shows.get_by_role("link", name="Key events").click()
    expect(titles(page)).to_have_text(["Gate holds"])
    held = []
    page.route("**/changes/**", lambda route: route.continue_() if held else held.append(route))
    post(event, "Second")
    until_routed(page, lambda: held)
    shows.get_by_role("link", name="All").click()
    expect(titles(page)).to_have_text(["Second", "Gate holds", "Sandbags"])
    held[0].continue_()
    post(event, "Third")

    expect(titles(page)).to_have_text(["Third", "Second", "Gate holds", "Sandbags"])


def test_publishing_keeps_the_desk_and_the_caret(sit, event, tomas):
    page = sit(tomas)
    expect(page.locator(".block-text .ProseMirror")).to_be_focused()
    page.keyboard.type("The gate holds.")
    publish(page)
    expect(titles(page)).to_have_text(["The gate holds."])
    expect(page.locator(".block-text .ProseMirror")).to_be_focused()
    page.keyboard.type("Still.")
    publish(page)
    expect(titles(page)).to_have_text(["Still.", "The gate holds."])
    assert page.url.endswith(desk_address(event))


def test_a_timeline_that_left_the_page_listens_no_more(sit, tomas):
    page = sit(tomas)

    answered = page.evaluate("""() => {
      const line = document.createElement("last-action");
      const form = line.appendChild(document.createElement("form"));
      document.body.append(line);
      document.querySelector("desk-timeline").remove();
      const undo = new SubmitEvent("submit", {bubbles: true, cancelable: true}); // of a script: it sends nothing
      form.dispatchEvent(undo);
      return undo.defaultPrevented;
    }""")

    assert answered is False


def test_without_scripts_everything_works_by_reloading(open_page, site, event, tomas):
    (entry,) = post_many(event, 1)
    page = open_page("about:blank", java_script_enabled=False)
    page.context.add_cookies([session_cookie(tomas, site.url)])
    page.goto(site.url + desk_address(event))

    page.locator("[name=headline]").fill("By hand")
    page.get_by_role("button", name="Publish").click()
    expect(titles(page)).to_have_text(["By hand", "Update 1"])
    row(page, entry).get_by_text("More", exact=True).click()
    row(page, entry).get_by_role("button", name="Pin: Update 1").click()
    expect(titles(page)).to_have_text(["Update 1", "By hand"])
    assert page.url.endswith(desk_address(event))
    page.get_by_role("searchbox").fill("hand")
    page.get_by_role("button", name="Find").click()
    expect(titles(page)).to_have_text(["By hand"])


def test_a_logout_elsewhere_is_said_and_the_line_comes_back_with_the_login(sit, event, tomas, watched):
    watched.expect_messages(r"status of (401|403)")
    tomas.set_password("tide and gate")
    tomas.save()
    page = sit(tomas)
    page.context.clear_cookies()
    tomas.set_password("tide and gate")  # ends all logins
    tomas.save()
    line = page.locator("[data-line]")
    expect(line).to_contain_text("You have been logged out")
    line.get_by_role("button", name="Log in").click()
    page.locator("[name=username]").fill("tomas")
    page.locator("[name=password]").fill("tide and gate")
    page.get_by_role("dialog").get_by_role("button", name="Log in").click()
    expect(page.locator("desk-timeline[data-connected=true]")).to_have_count(1)
    post(event, "Back again")
    expect(titles(page)).to_have_text(["Back again"])
    expect(line).to_have_text("")


def test_the_line_comes_back_with_a_login_that_something_else_has_asked_for(sit, event, noor, watched):
    watched.expect_messages(r"status of (401|403)|WebSocket")
    page = sit(noor)
    UserSession.objects.all().delete()
    line = page.locator("[data-line]")
    expect(line).to_contain_text("You have been logged out")

    write(page, "Words")
    publish(page)
    page.locator("[name=username]").fill("noor")
    page.locator("[name=password]").fill("tide and gate")
    page.get_by_role("dialog").get_by_role("button", name="Log in").click()
    expect(titles(page)).to_have_text(["Words"])
    expect(page.locator("desk-timeline[data-connected=true]")).to_have_count(1)
    expect(line).to_have_text("")


def test_where_the_timeline_cannot_be_had_anew_its_rows_are_asked_for_again(sit, event, tomas, watched):
    watched.expect_messages("Failed to load resource")
    page = sit(tomas)
    missed, failed = [True], []

    def too_much(route):
        answer = route.fetch()
        route.fulfill(response=answer, json=answer.json() | ({"rows": [], "again": True} if missed else {}))

    page.route("**/changes/**", too_much)
    page.route("**/timeline/**", lambda route: route.continue_() if failed else (failed.append(route), route.abort()))
    post(event, "First")
    expect(page.locator("[data-line].errornote")).to_have_count(1)
    missed.clear()

    post(event, "Second")

    expect(titles(page)).to_have_text(["Second", "First"])
    page.unroute_all(behavior="wait")  # what is under way when the page closes fails in the next test
