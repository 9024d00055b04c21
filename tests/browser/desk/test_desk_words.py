"""Words that are typed while others are on their way, or that two people leave in one browser: each is somewhere."""

import re

from playwright.sync_api import expect

from tests.browser.desk_page import (
    NEXT_WEEK,
    Held,
    change_address,
    describe_photo,
    is_sending,
    lie,
    outbox,
    paste_photo,
    publish,
    ready,
    session_cookie,
    stop_clock,
    until_routed,
    write,
)
from tests.factories import editor_of, post
from tests.proxy import CUT
from updates import publishing
from updates.models import Entry
from updates.publishing import EntryContent

REFUSED = r"status of (401|403|409|422)"


def test_what_is_published_while_its_draft_is_being_saved_is_published(open_desk, site):
    page = open_desk(site.url)
    held = Held(page)
    write(page, "Rope Street")
    page.get_by_role("button", name="Save draft").click()
    held.until_sent()
    write(page, "Rope Street under water")
    publish(page)
    expect(page.locator("[name=headline]")).to_have_value("")
    held.let_go()

    expect(outbox(page, "sent")).to_contain_text("Published: Rope Street under water")
    assert [(entry.headline, entry.status) for entry in Entry.objects.all()] == [
        ("Rope Street under water", "published")
    ]
    lie(page, "outbox")
    lie(page, "drafts")


def test_publish_pressed_twice_publishes_once_and_asks_nothing(open_desk, site):
    page = open_desk(site.url)
    write(page, "Rope Street")
    posts = []
    page.on("request", lambda request: posts.append(request) if is_sending(request) else None)
    page.evaluate("""() => {
      const form = document.querySelector("form.write");
      for (let press = 0; press < 2; press++) form.requestSubmit(form.querySelector("[data-send]"));
    }""")
    expect(outbox(page, "sent")).to_contain_text("Published: Rope Street")
    write(page, "The gate holds")
    publish(page)
    expect(outbox(page, "sent")).to_contain_text("Published: The gate holds")

    assert len(posts) == 2
    assert Entry.objects.count() == 2


def test_a_draft_that_is_written_on_while_it_is_saved_stays_on_the_device(open_desk, site):
    page = open_desk(site.url)
    held = Held(page)
    write(page, "Rope Street")
    page.get_by_role("button", name="Save draft").click()
    held.until_sent()
    write(page, "Rope Street under water")
    lie(page, "drafts", "Rope Street under water")
    held.let_go()
    expect(outbox(page, "sent")).to_contain_text("Draft saved: Rope Street")

    page.reload()
    expect(ready(page).locator("[name=headline]")).to_have_value("Rope Street under water")


def test_what_is_typed_while_a_change_is_saved_stays_and_is_sent_upon_it(open_desk, site, event, noor):
    entry = post(event, "The gate holds", author=noor)
    page = open_desk(site.url, change_address(entry))
    held = Held(page)
    write(page, "The gate still holds")
    page.locator("[name=correction]").fill("It was another gate")
    publish(page)
    held.until_sent()
    write(page, "The gate still holds, says the harbour")
    held.let_go()

    expect(outbox(page, "sent")).to_contain_text("Changed: The gate still holds")
    expect(page.locator("[name=headline]")).to_have_value("The gate still holds, says the harbour")
    expect(page.locator("[name=correction]")).to_have_value("")
    lie(page, "drafts", "The gate still holds, says the harbour")
    publish(page)
    expect(page).not_to_have_url(re.compile("/change/"))
    entry.refresh_from_db()
    assert entry.headline == "The gate still holds, says the harbour"
    assert [correction["note"] for correction in entry.content["corrections"]] == ["It was another gate"]


def test_a_change_that_is_sent_twice_while_the_first_is_saved_ends_as_the_second(open_desk, site, event, noor):
    entry = post(event, "The gate holds", author=noor)
    page = open_desk(site.url, change_address(entry))
    held = Held(page)
    write(page, "First")
    publish(page)
    held.until_sent()
    write(page, "Second")
    publish(page)
    publish(page)
    held.let_go()

    expect(page).not_to_have_url(re.compile("/change/"))
    entry.refresh_from_db()
    assert entry.headline == "Second"
    lie(page, "outbox")


def test_a_refused_change_that_is_edited_puts_aside_what_was_typed_since(open_desk, line, site, event, noor, watched):
    watched.expect_messages(f"{CUT}|{REFUSED}")
    entry = post(event, "The gate holds", author=noor)
    page = open_desk(line.url, change_address(entry))
    stop_clock(page)
    line.cut()
    write(page, "First")
    publish(page)
    expect(outbox(page, "queued")).to_contain_text("First")
    write(page, "Second, typed on")
    publishing.edit(entry.pk, EntryContent("Theirs"), editor_of(event))
    line.mend()
    page.get_by_role("button", name="Try now").first.click()
    page.clock.resume()
    outbox(page, "refused").get_by_role("button", name="Edit and send").click()

    expect(page.locator("[name=headline]")).to_have_value("First")
    lie(page, "drafts", "First", "Second, typed on")
    page.get_by_role("button", name="Second, typed on", exact=True).click()
    expect(page.locator("[name=headline]")).to_have_value("Second, typed on")
    lie(page, "drafts", "First", "Second, typed on")
    lie(page, "outbox")


def test_what_is_typed_on_after_scheduling_stays_and_goes_nowhere_by_itself(open_desk, site):
    page = open_desk(site.url)
    write(page, "Gate holds")
    page.get_by_text("Schedule…").click()
    page.locator("[name=when]").fill(NEXT_WEEK)
    held = Held(page)
    page.get_by_role("button", name="Schedule", exact=True).click()
    held.until_sent()
    write(page, "Gate holds until mor")
    held.let_go()

    expect(outbox(page, "sent")).to_contain_text(re.compile(r"Scheduled for .*, 18:00 UTC: Gate holds"))
    expect(page.locator("[name=headline]")).to_have_value("Gate holds until mor")
    lie(page, "drafts", "Gate holds until mor")
    page.reload()
    write(ready(page), "Gate holds until morning")
    expect(page.locator("[data-saved]")).to_have_text(re.compile("Saved here at"))
    assert Entry.objects.get().headline == "Gate holds"
    page.get_by_text("Schedule…").click()
    page.get_by_role("button", name="Schedule", exact=True).click()
    expect(page.locator("[name=headline]")).to_have_value("")
    assert Entry.objects.get().headline == "Gate holds until morning"
    assert Entry.objects.get().status == "scheduled"


def test_a_scheduled_update_whose_photo_follows_leaves_the_form(open_desk, site):
    page = open_desk(site.url)
    write(page, "Gate holds")
    held, free = [], []
    page.route("**/pictures/", lambda route: route.continue_() if free else held.append(route))
    paste_photo(page)
    expect(page.locator("[name=photo-0-alt]")).to_be_focused()
    describe_photo(page)
    until_routed(page, lambda: held, "the upload has begun")
    page.get_by_text("Schedule…").press("Enter")  # the page moves when the photo's preview comes
    page.locator("[name=when]").fill(NEXT_WEEK)
    page.get_by_role("button", name="Schedule", exact=True).press("Enter")
    expect(outbox(page, "photo")).to_contain_text("Gate holds")

    expect(page.locator("[name=headline]")).to_have_value("")
    expect(page.locator(".block-photo:not(.empty-form)")).to_have_count(0)
    free.append(True)
    held.pop().continue_()
    expect(page.locator("[data-outbox] > li:not([data-state=sent])")).to_have_count(0)
    assert Entry.objects.get().status == "scheduled"
    assert publishing.read_content(Entry.objects.get()).image_ids()


def test_what_is_typed_while_a_draft_is_published_from_its_page_is_a_change_of_it(open_desk, site, noor):
    page = open_desk(site.url)
    write(page, "Gate holds")
    page.get_by_role("button", name="Save draft").click()
    expect(outbox(page, "sent")).to_contain_text("Draft saved")
    page.goto(site.url + change_address(Entry.objects.get()))
    held = Held(ready(page))
    publish(page)
    held.until_sent()
    write(page, "Gate holds until morning")
    held.let_go()

    expect(page.get_by_role("button", name="Publish changes")).to_be_visible()
    expect(ready(page).locator("[name=headline]")).to_have_value("Gate holds until morning")
    publish(page)
    expect(page).not_to_have_url(re.compile("/change/"))
    assert Entry.objects.published().get().headline == "Gate holds until morning"


def test_changes_of_two_people_in_one_browser_both_wait(open_desk, line, site, event, noor, ben, watched):
    watched.expect_messages(f"{CUT}|409")  # what waits may be sent, and refused, before the line is cut again
    entry = post(event, "The gate holds", author=noor)
    page = open_desk(line.url, change_address(entry))
    line.cut()
    write(page, "Noor changes it")
    publish(page)
    expect(outbox(page, "queued")).to_contain_text("Noor changes it")
    page.context.add_cookies([session_cookie(ben, line.url)])
    line.mend()
    page.goto(line.url + change_address(entry))
    ready(page)
    line.cut()
    write(page, "Ben changes it")
    publish(page)
    expect(outbox(page, "queued")).to_contain_text("Ben changes it")

    lie(page, "outbox", "Ben changes it", "Noor changes it")
