"""A draft is at the desk, too: begun on a phone, it is finished on a laptop, and neither writes over the other."""

import re

from playwright.sync_api import expect

from tests.browser.desk_page import NEXT_WEEK, is_sending, lie, outbox, paste_photo, publish, ready, until_routed, write
from tests.factories import editor_of
from tests.servers import wait_until
from updates import publishing
from updates.models import Entry
from updates.publishing import EventDetails, PhotoContent

REFUSED = r"status of 422"


PHONE = {"viewport": {"width": 390, "height": 844}, "is_mobile": True, "has_touch": True}


OLD_DATABASE = """
const request = indexedDB.open("desk", 1);
request.onupgradeneeded = () => {
  for (const kind of ["drafts", "outbox", "files"]) request.result.createObjectStore(kind, { keyPath: "id" });
  request.transaction.objectStore("drafts").put({
    id: "USER:EVENT:old-key:apart", user: "USER", event: "EVENT", entry: "", apart: "apart", at: Date.now(),
    title: "Gate holds", parked: false, composition: {
      fields: { headline: ["Gate holds"], key: ["old-key"] }, kinds: ["text", "photo", "quote", "embed"],
      blocks: [{ kind: "text", values: { html: ["<p>Since noon</p>"] } }],
    },
  });
};
request.onsuccess = () => request.result.close();
"""
"""What version 0.1 kept on a device."""


def test_a_draft_that_version_0_1_kept_on_the_device_is_back(sit, event, noor):
    script = OLD_DATABASE.replace("USER", str(noor.pk)).replace("EVENT", str(event.pk))
    page = sit(noor, script=script)
    expect(page.locator("[name=headline]")).to_have_value("Gate holds")
    lie(page, "drafts", "Gate holds")

    page.get_by_role("button", name="Discard").first.click()
    expect(page.locator("[name=headline]")).to_have_value("")
    lie(page, "drafts")


def test_what_a_phone_began_opens_on_a_laptop_and_is_published_once(open_desk, site, watched):
    watched.expect_messages(REFUSED)
    phone = open_desk(site.url, **PHONE)
    write(phone, "Rope Street under water")
    paste_photo(phone)
    expect(phone.locator("[name=photo-0-image]")).to_have_value(re.compile("."))
    phone.locator("[name=photo-0-alt]").fill("A quay")
    expect(phone.locator("[data-saved]")).to_contain_text("and at the desk")
    wait_until(lambda: alt_texts(phone) == ["A quay"], "the photo and its words are at the desk")

    laptop = open_desk(site.url)
    laptop.get_by_role("link", name="Edit Rope Street under water").click()
    laptop.wait_for_url("**/change/**")
    ready(laptop)
    expect(laptop.locator("[name=photo-0-alt]")).to_have_value("A quay")
    laptop.locator("[name=photo-0-credit]").fill("Noor Hadad")
    laptop.locator("[name=headline]").fill("Rope Street is dry again")
    expect(laptop.locator("[data-saved]")).to_contain_text("and at the desk")
    wait_until(lambda: Entry.objects.get().headline == "Rope Street is dry again", "with its last words")

    write(phone, "Rope Street, from the phone")
    phone.locator("[name=photo-0-credit]").fill("Noor")
    publish(phone)
    expect(phone.locator("[data-other]")).to_contain_text("Rope Street is dry again")
    expect(phone.locator("[name=headline]")).to_have_value("Rope Street, from the phone")

    publish(laptop)
    expect(laptop).not_to_have_url(re.compile("/change/"))
    assert Entry.objects.get().headline == "Rope Street is dry again"
    laptop.goto(phone.url.split("#")[0])
    expect(ready(laptop).locator(".my-drafts")).to_have_count(0)


def alt_texts(phone):
    """Of photos at the desk. Leaving the page for another one hurries the copy."""
    phone.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    blocks = publishing.read_content(Entry.objects.get()).blocks
    return [block.alt for block in blocks if isinstance(block, PhotoContent) and block.image_id]


def test_discarding_on_the_device_discards_the_copy_at_the_desk(open_desk, site):
    page = open_desk(site.url, **PHONE)
    write(page, "Wrong street")
    expect(page.locator("[data-saved]")).to_contain_text("and at the desk")
    ready(page.reload() and page)
    expect(page.locator("[name=headline]")).to_have_value("Wrong street")
    page.locator("[data-restored]").get_by_role("button", name="Discard").click()

    expect(page.locator("[name=headline]")).to_have_value("")
    wait_until(lambda: Entry.objects.get().status == "discarded", "the copy is discarded")
    expect(page.locator("[data-waiting] > li")).to_have_count(0)
    expect(page.locator(".my-drafts")).to_be_hidden()


def test_an_autosave_that_hangs_is_given_up_and_comes_too_late(open_desk, site, watched):
    watched.expect_messages("ERR_ABORTED|ERR_FAILED")
    page = open_desk(site.url)
    held = []
    page.route("**/desk/", lambda route: route.continue_() if is_sending(route.request) else held.append(route))
    write(page, "Gate")
    until_routed(page, lambda: held, "the copy hangs")
    with page.expect_event("requestfailed", lambda request: request == held[0].request):
        write(page, "Gate holds")
        page.get_by_role("button", name="Save draft").click()
    expect(outbox(page, "sent")).to_contain_text("Draft saved: Gate holds")

    arrives = page.request.post(
        held[0].request.url,
        headers=held[0].request.all_headers() | {"Accept": "application/json"},
        data=held[0].request.post_data_buffer,
    )
    assert arrives.json()["state"] == "sent"
    assert Entry.objects.get().headline == "Gate holds"


def test_without_direct_publishing_the_keyboard_submits(open_desk, site, event):
    publishing.change_event(event.pk, EventDetails(direct_publishing=False), editor_of(event))
    page = open_desk(site.url)

    write(page, "Gate holds")
    publish(page)

    expect(outbox(page, "sent")).to_contain_text("Submitted: Gate holds")
    expect(page.locator("[name=headline]")).to_have_value("")
    assert Entry.objects.get().status == "submitted"


def test_a_saved_draft_stays_in_the_form_and_a_scheduled_update_leaves_it(open_desk, site):
    page = open_desk(site.url)
    write(page, "Gate holds")
    page.get_by_role("button", name="Save draft").click()
    expect(outbox(page, "sent")).to_contain_text("Draft saved: Gate holds")
    expect(page.locator("[name=headline]")).to_have_value("Gate holds")

    page.get_by_text("Schedule…").click()
    page.locator("[name=when]").fill(NEXT_WEEK)
    page.get_by_role("button", name="Schedule", exact=True).click()

    expect(outbox(page, "sent")).to_contain_text(re.compile(r"Scheduled for .*, 18:00 UTC: Gate holds"))
    expect(page.locator("[name=headline]")).to_have_value("")
    assert Entry.objects.get().status == "scheduled"
