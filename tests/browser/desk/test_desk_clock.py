"""The device's clock is put back by an hour while somebody writes."""

from playwright.sync_api import expect

from tests.browser.desk_page import ready, until_given_up, write
from tests.servers import wait_until
from updates.models import Entry

PUT_BACK = """
const real = Date.now.bind(Date);
Date.now = () => real() + Number(localStorage.getItem("skew") ?? 0);
"""
HOUR_BACK = "localStorage.setItem('skew', -3600000)"


def test_drafts_reach_the_desk_and_the_last_words_come_back(open_desk, site):
    page = open_desk(site.url)
    page.clock.install()
    page.context.add_init_script(PUT_BACK)
    page.reload()
    ready(page)
    write(page, "Rope Street")
    wait_until(
        lambda: page.evaluate("null") or Entry.objects.filter(headline="Rope Street").exists(), "the desk has it"
    )

    page.evaluate(HOUR_BACK)
    write(page, "Rope Street under water")
    page.clock.fast_forward(10_000)  # between two copies to the desk
    wait_until(
        lambda: page.evaluate("null") or Entry.objects.filter(headline="Rope Street under water").exists(),
        "the desk has it, too",
    )
    page.locator("[name=headline]").press_sequentially(" to the sill")
    page.goto(f"{site.url}/healthz")
    until_given_up(page)
    page.go_back()
    expect(ready(page).locator("[name=headline]")).to_have_value("Rope Street under water to the sill")
