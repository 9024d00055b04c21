"""“Notify me”: explained first, turned on and off in the same place, and started under Trusted Types."""

import pytest
from playwright.sync_api import expect

from tests.alerts.test_devices import browser_keys
from tests.factories import make_event
from tests.servers import running_site
from updates.alerts.keys import new_private_key
from updates.models import PushSubscription

PUSH = """(keys) => {
  let current = null;
  const endpoint = "https://fcm.googleapis.com/a";
  const made = { endpoint, toJSON: () => ({ endpoint, keys }) };
  PushManager.prototype.subscribe = async () => (current = made);
  PushManager.prototype.getSubscription = async () => current;
}"""
"""A push service that answers: Chromium's own is not on this machine."""


@pytest.fixture(scope="module")
def alerting_site(django_db_setup, tmp_path_factory):
    settings = {"VAPID_PRIVATE_KEY": new_private_key(), "VAPID_SUBJECT": "mailto:newsroom@live.example"}
    with running_site(tmp_path_factory.mktemp("alerts") / "site.log", **settings) as site:
        yield site


def test_alerts_are_turned_on_and_off_in_the_same_place(open_page, alerting_site, transactional_db):
    event = make_event()
    page = open_page(f"{alerting_site.url}/{event.slug}/", permissions=["notifications"])
    page.evaluate(PUSH, browser_keys())
    button, dialog = page.locator("[data-notify]"), page.locator("dialog.alerts")
    button.click()
    expect(dialog.get_by_text("No account is needed")).to_be_visible()
    dialog.get_by_role("button", name="Turn on alerts").click()
    expect(dialog.get_by_text("Alerts for this live blog are on.")).to_be_visible()
    assert PushSubscription.objects.get().event == event
    dialog.get_by_role("button", name="Close").click()
    expect(dialog).to_have_count(0)
    expect(button).to_be_focused()
    button.click()
    dialog.get_by_role("button", name="Turn off alerts").click()
    expect(dialog.get_by_text("No account is needed")).to_be_visible()
    assert not PushSubscription.objects.exists()


def test_iphones_are_told_about_the_home_screen(open_page, alerting_site, transactional_db):
    phone = (
        "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 Version/18.0 Mobile Safari/604.1"
    )
    page = open_page(f"{alerting_site.url}/{make_event().slug}/", user_agent=phone)
    page.evaluate("delete window.PushManager")
    page.locator("[data-notify]").click()

    expect(page.get_by_text("Add to Home Screen")).to_be_visible()
    expect(page.get_by_role("button", name="Turn on alerts")).to_be_hidden()
