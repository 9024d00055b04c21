"""The panel beside the form – what we know, the title and the like – while others, and oneself, go on."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.desk_page import until_routed
from tests.factories import editor_of, post
from tests.servers import wait_until
from updates import publishing
from updates.models import UserSession
from updates.publishing import EventDetails


def panel_of(page):
    page.locator(".panel > summary").click()
    return page.locator("desk-panel")


@pytest.mark.parametrize("hears", [True, False])
def test_the_panel_takes_over_what_others_save_in_fields_that_were_not_touched_here(sit, event, tomas, watched, hears):
    """Heard of at once, or only from the refusal."""
    watched.expect_messages("status of 422|Failed to load resource")
    page = sit(tomas)
    panel = panel_of(page)
    if not hears:
        page.route("**/panel/", lambda route: route.abort() if route.request.method == "GET" else route.continue_())
    panel.get_by_label("Title").fill("Mine")
    points = ("<p>Their point</p>",)
    publishing.change_event(event.pk, EventDetails(standfirst="Theirs", key_points=points), editor_of(event))
    if hears:
        expect(panel.get_by_label("Standfirst")).to_have_value("Theirs")

    send_from(panel.get_by_label("Title"))

    expect(panel.locator("[data-feedback]")).to_have_text("Saved. Readers see it.")
    expect(panel.get_by_label("Standfirst")).to_have_value("Theirs")
    expect(panel.locator(".ProseMirror")).to_have_text("Their point")
    event.refresh_from_db()
    assert (event.title, event.standfirst, event.key_points) == ("Mine", "Theirs", ["<p>Their point</p>"])


def test_the_panel_shows_both_where_two_have_changed_one_field(sit, event, tomas, watched):
    watched.expect_messages("status of 422")
    page = sit(tomas)
    panel = panel_of(page)
    panel.get_by_label("Title").fill("Mine")
    details = EventDetails(title="Theirs", standfirst="Theirs, too")
    publishing.change_event(event.pk, details, editor_of(event))
    expect(panel.get_by_label("Standfirst")).to_have_value("Theirs, too")

    send_from(panel.get_by_label("Title"))

    expect(panel.locator("[data-other] tbody tr")).to_have_text("TitleTheirsMine")
    expect(panel.get_by_label("Title")).to_have_value("Mine")
    event.refresh_from_db()
    assert event.title == "Theirs"
    send_from(panel.get_by_label("Title"))
    expect(panel.locator("[data-feedback]")).to_have_text("Saved. Readers see it.")
    event.refresh_from_db()
    assert (event.title, event.standfirst) == ("Mine", "Theirs, too")


def send_from(field):
    field.press("Control+Enter")


def saved(event):
    event.refresh_from_db()
    return event.title


def test_what_is_typed_while_the_panel_is_saved_is_saved_next_and_is_nobody_elses(sit, event, tomas):
    page = sit(tomas)
    panel = panel_of(page)
    title, feedback = panel.get_by_label("Title"), panel.locator("[data-feedback]")
    held = []
    page.route(
        "**/panel/",
        lambda route: route.continue_() if held or route.request.method == "GET" else held.append(route),
    )
    title.fill("Mine")
    send_from(title)
    until_routed(page, lambda: held)
    title.fill("Mine, typed on")
    held[0].continue_()
    expect(feedback).to_have_text("Saved. Readers see it.")
    expect(title).to_have_value("Mine, typed on")
    assert saved(event) == "Mine"

    send_from(title)
    wait_until(lambda: saved(event) == "Mine, typed on", "it is saved")
    expect(panel.locator(".errornote")).to_have_count(0)


def test_pressed_twice_the_panel_saves_once_and_then_what_was_typed_between(sit, event, tomas):
    page = sit(tomas)
    panel = panel_of(page)
    title = panel.get_by_label("Title")
    held = []
    page.route(
        "**/panel/",
        lambda route: route.continue_() if held[1:] or route.request.method == "GET" else held.append(route),
    )
    title.fill("Mine")
    send_from(title)
    until_routed(page, lambda: held)
    send_from(title)
    title.fill("Mine, typed on")
    send_from(title)
    assert len(held) == 1
    held[0].continue_()
    until_routed(page, lambda: held[1:], "the rest is on its way")
    assert saved(event) == "Mine"
    held[1].continue_()

    wait_until(lambda: saved(event) == "Mine, typed on", "it is saved")
    expect(panel.locator("[data-feedback]")).to_have_text("Saved. Readers see it.")
    expect(panel.locator(".errornote")).to_have_count(0)


def test_nobody_leaves_what_is_typed_in_the_panel_without_being_asked(sit, event, noor, tomas):
    entry = post(event, "The gate holds", author=noor)
    page = sit(tomas)
    panel = panel_of(page)
    points = panel.locator(".ProseMirror")
    edit = page.locator(f"[data-row='{entry.pk}'] [data-action=edit]")
    points.click()
    page.keyboard.type("A point that took minutes")

    with page.expect_event("dialog") as dialog:
        page.once("dialog", lambda dialog: dialog.dismiss())
        edit.click()
    assert dialog.value.type == "beforeunload"
    expect(points).to_have_text("A point that took minutes")

    send_from(points)
    expect(panel.locator("[data-feedback]")).to_have_text("Saved. Readers see it.")
    edit.click()
    expect(page).to_have_url(re.compile("/change/"))


def test_where_the_login_has_ended_the_panel_asks_for_it_and_saves(sit, event, ben, watched):
    watched.expect_messages(r"status of (401|403)")
    page = sit(ben)
    panel = panel_of(page)
    panel.get_by_label("Title").fill("Mine")
    UserSession.objects.all().delete()
    send_from(panel.get_by_label("Title"))
    page.locator("[name=username]").fill("ben")
    page.locator("[name=password]").fill("rope and street")
    page.get_by_role("dialog").get_by_role("button", name="Log in").click()

    expect(panel.locator("[data-feedback]")).to_have_text("Saved. Readers see it.")
    assert saved(event) == "Mine"
