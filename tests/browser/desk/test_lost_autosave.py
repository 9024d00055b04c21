"""An autosave whose response is lost: its writer goes on, and is not told that somebody else has saved."""

import pytest
from playwright.sync_api import expect

from tests.browser.desk_page import change_address, is_sending, outbox, until_routed, write
from tests.proxy import CUT
from updates import publishing
from updates.models import Entry
from updates.publishing import EntryContent, EntryInput, TextContent


@pytest.fixture
def draft_of_noor(open_desk, site, event, noor, watched):
    """A draft at its own address whose first autosave arrives, while its response is lost; the line may then be cut."""
    watched.expect_messages(f"{CUT}|ERR_(ABORTED|FAILED)")
    draft = publishing.save_draft(EntryInput(event.pk, EntryContent("Gate", (TextContent("<p>It holds.</p>"),))), noor)
    page = open_desk(site.url, change_address(draft.entry))
    lost = []

    def lose(route):
        if route.request.method == "POST" and not lost:
            lost.append(route.fetch().status)
            route.abort("connectionreset")
        else:
            route.continue_()

    page.route("**/change/**", lose)
    write(page, "Gate holds")
    until_routed(page, lambda: lost, "the response is lost")
    assert headline() == "Gate holds"
    return page


def headline():
    return Entry.objects.get().headline


def test_who_types_on_after_a_lost_response_is_no_second_writer(draft_of_noor):
    write(draft_of_noor, "Gate holds firm")
    until_routed(draft_of_noor, lambda: headline() == "Gate holds firm", "the next copy is at the desk")
    expect(draft_of_noor.locator("[data-saved]")).to_contain_text("and at the desk")


def is_saved(response):
    return response.request.method == "POST" and is_sending(response.request) and response.ok


def test_who_saves_after_a_lost_response_is_no_second_writer(draft_of_noor):
    write(draft_of_noor, "Gate holds firm")
    with draft_of_noor.expect_response(is_saved):
        draft_of_noor.get_by_role("button", name="Save draft").click()
    assert headline() == "Gate holds firm"


def test_nor_is_who_saves_without_a_line_after_it(draft_of_noor):
    page = draft_of_noor
    write(page, "Gate holds firm")
    page.route("**/change/**", lambda route: route.abort("connectionreset"))
    page.get_by_role("button", name="Save draft").click()
    expect(outbox(page, "queued")).to_contain_text("Gate holds firm")
    with page.expect_response(is_saved):
        page.unroute_all()
        page.evaluate("window.dispatchEvent(new Event('online'))")
    assert headline() == "Gate holds firm"
