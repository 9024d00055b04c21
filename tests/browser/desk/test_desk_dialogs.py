"""Every dialog of the desk is accessible and closes by Esc, on a laptop and on a phone, light and dark."""

from contextlib import nullcontext

import pytest
from django_otp.plugins.otp_totp.models import TOTPDevice
from playwright.sync_api import expect

from tests.browser.desk.conftest import hashed
from tests.browser.desk.test_desk_flow import SCREENS, complaints_of_axe
from tests.browser.desk.test_walk_of_axe import STEP
from tests.factories import make_member, post
from updates import publishing
from updates.models import UserSession
from updates.publishing import EntryContent, EntryInput

PASSWORD = "tide and gate 1953"
CHOSEN = SCREENS if STEP == 1 else ["laptop-light", "phone-dark"]


@pytest.mark.parametrize("screen", CHOSEN)
def test_every_dialog_is_accessible(sit, event, tomas, watched, screen):
    watched.expect_messages("Applying inline style|status of (401|403)|WebSocket")
    entry = post(event, "Gate holds")
    if STEP == 1:
        publishing.submit(EntryInput(event.pk, EntryContent("To approve")), make_member(event))
        TOTPDevice.objects.create(user=tomas, name="app")
        tomas.password = hashed(PASSWORD)
        tomas.save()
    page = sit(tomas, **SCREENS[screen])
    dialogs = Dialogs(page, page.locator(f"[data-row='{entry.pk}']"))
    openers = [dialogs.remove, dialogs.set_time, dialogs.move, dialogs.link, dialogs.preview, dialogs.log_in]
    if screen.startswith("laptop"):
        openers.insert(0, dialogs.keys)
    if STEP == 1:
        openers[-3:-3] = [dialogs.send_back, dialogs.leave_correction]
        openers[-1:-1] = [dialogs.pictures, dialogs.log_out]
        openers[-1] = dialogs.second_factor
    for opener in openers:
        opener()
        dialog = page.locator("dialog[open]")
        expect(dialog).to_be_visible()
        assert complaints_of_axe(page) == [], opener.__name__
        page.keyboard.press("Escape")
        expect(dialog).to_have_count(0)


class Dialogs:
    """How each of them is opened."""

    def __init__(self, page, row):
        self.page, self.row = page, row

    def keys(self):
        self.row.focus()
        self.page.keyboard.press("?")

    def remove(self):
        self.row.locator("[data-action=remove]").click()

    def set_time(self):
        self.row.locator(".more summary").click()
        self.row.locator("[data-action=time]").click()

    def move(self):
        self.row.locator(".more summary").click()
        self.row.locator("[data-action=move]").click()

    def send_back(self):
        self.page.locator("[data-action=send_back]").click()

    def leave_correction(self):
        self.row.locator("[data-action=correct]").click()
        self.page.locator("[data-correction] [name=correction]").fill("A note")
        self.page.keyboard.press("Escape")

    def pictures(self):
        opens_camera_roll = self.page.evaluate("matchMedia('(pointer: coarse)').matches")
        with self.page.expect_file_chooser() if opens_camera_roll else nullcontext():
            self.page.locator("button[data-add=photo]").click()
        self.page.locator("[data-pick]:visible").first.click()

    def log_out(self):
        self.page.locator("form.write [name=headline]").fill("Words")
        self.page.locator("#logout-form [type=submit]").evaluate("(button) => button.form.requestSubmit(button)")

    def link(self):
        self.page.locator("form.write .block-text .ProseMirror").first.click()
        self.page.keyboard.type("Gate")
        self.page.keyboard.press("Control+A")
        self.page.locator("form.write .block-text .prose-menubar__button[title*='link' i]:not(.disabled)").first.click()

    def preview(self):
        self.page.keyboard.press("Control+Shift+Enter")

    def log_in(self):
        self.page.locator("form.write [name=headline]").fill("Words")
        UserSession.objects.all().delete()
        self.page.keyboard.press("Control+Enter")

    def second_factor(self):
        """Follow the login dialog to its second step, by way of its first."""
        self.log_in()
        dialog = self.page.get_by_role("dialog")
        expect(dialog.get_by_label("Username")).to_be_focused()
        assert complaints_of_axe(self.page) == []
        dialog.get_by_label("Username").fill("tomas")
        dialog.get_by_label("Password").fill(PASSWORD)
        self.page.keyboard.press("Enter")
        expect(dialog.get_by_label("Code")).to_be_focused()
