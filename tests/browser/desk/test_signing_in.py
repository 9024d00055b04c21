"""One-time links, second factors and locks, in a browser."""

import re

from django.contrib.auth import get_user_model
from django_otp.oath import totp
from django_otp.plugins.otp_totp.models import TOTPDevice
from playwright.sync_api import expect

from tests.admin.desk_forms import add_address
from tests.browser.desk_page import paste_photo, ready, write
from tests.factories import editor_of
from tests.nginx import nginx_before
from tests.servers import running_site
from updates.accounts.second_factor import new_recovery_codes, remove_second_factor
from updates.admin.one_time_link import link_address
from updates.models import UserSession
from updates.publishing.people import Newcomer, invite

REFUSED = "Failed to load resource"
PASSWORD = "barges under bridges 7"


def relogin(page, password):
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Username").fill("noor")
    dialog.get_by_label("Password").fill(password)
    page.keyboard.press("Enter")
    return dialog


def test_a_one_time_link_opens_the_desk_and_is_in_no_log(open_page, event, tmp_path):
    link = invite(event.pk, Newcomer("ines"), editor_of(event))
    with running_site(tmp_path / "site.log", LOG_LEVEL="DEBUG") as site, nginx_before(tmp_path, site.url) as url:
        page = open_page(url + link_address(link))
        expect(page.get_by_role("heading", name="Choose a password")).to_be_visible()
        assert link.token not in page.url
        page.get_by_label("New password", exact=True).fill(PASSWORD)
        page.get_by_label("New password confirmation").fill(PASSWORD)
        page.get_by_role("button", name="Save password and go to the desk").click()
        expect(page.get_by_role("link", name="Your account")).to_be_visible()
        page.goto("about:blank")

    assert get_user_model().objects.get(username="ines").check_password(PASSWORD)
    access = (tmp_path / "access.log").read_text()
    assert "POST /admin/updates/event/welcome/ " in access
    for log in tmp_path.glob("*.log"):
        assert link.token not in log.read_text(), log.name


def test_a_login_is_renewed_in_place_with_a_second_factor(open_desk, site, noor, watched):
    watched.expect_messages(REFUSED)
    page = open_desk(site.url)
    device = TOTPDevice.objects.create(user=noor, name="app")
    [recovery, *_more] = new_recovery_codes(noor)
    UserSession.objects.all().delete()
    write(page, "Written while logged out")
    paste_photo(page)

    dialog = relogin(page, "tide and gate")
    dialog.get_by_label("Code").fill("000000" if f"{totp(device.bin_key):06}" != "000000" else "000001")
    page.keyboard.press("Enter")
    expect(dialog.get_by_role("alert")).to_contain_text("This code is wrong.")
    dialog.get_by_label("Code").fill(recovery)
    page.keyboard.press("Enter")

    expect(dialog).to_have_count(0)
    expect(page.locator("[name=headline]")).to_have_value("Written while logged out")


def test_the_dialog_says_when_to_try_again(open_desk, site, noor, watched):
    watched.expect_messages(REFUSED)
    page = open_desk(site.url)
    UserSession.objects.all().delete()
    write(page, "Written while logged out")
    paste_photo(page)
    for _ in range(5):
        dialog = relogin(page, "wrong")
        expect(dialog.get_by_role("alert")).to_contain_text("correct username and password")
        expect(dialog.get_by_label("Password")).to_have_value("")
    relogin(page, "wrong")
    expect(dialog.get_by_role("alert")).to_have_text(re.compile("Too many failed attempts .* Wait 1[345] minutes"))


def test_the_dialog_leads_to_a_second_factor_that_is_needed_by_now(log_in, noor, event, watched, tmp_path):
    """It was reset while the desk was open, so the password alone does not log in again."""
    watched.expect_messages(f"{REFUSED}|WebSocket connection")  # also when the site stops before the page
    with running_site(tmp_path / "site.log", SECOND_FACTOR_FOR="everybody") as site:
        page = log_in(noor, site.url)
        page.goto(site.url + "/admin/account/second-factor/")
        turn_on(page, noor, "tide and gate")
        page.goto(site.url + add_address(event))
        ready(page)
        remove_second_factor(noor)
        write(page, "Written while logged out")
        paste_photo(page)

        dialog = relogin(page, "tide and gate")
        with page.expect_popup() as popup:
            dialog.get_by_role("link", name="Set up the second factor").click()
        turn_on(popup.value, noor, "tide and gate")
        popup.value.close()
        page.bring_to_front()
        page.evaluate("window.dispatchEvent(new Event('focus'))")  # headless windows have no focus of their own

        expect(dialog).to_have_count(0)
        expect(page.locator("[name=headline]")).to_have_value("Written while logged out")


def turn_on(page, user, password):
    expect(page.get_by_label("Code shown by the app")).to_be_visible()
    device = TOTPDevice.objects.get(user=user, confirmed=False)
    page.get_by_label("Code shown by the app").fill(f"{totp(device.bin_key):06}")
    page.get_by_label("Your password").fill(password)
    page.get_by_role("button", name="Turn on").click()
    expect(page.get_by_text("Your recovery codes").first).to_be_visible()
