"""Every dialog of the desk is accessible and closes by Esc, on a laptop and on a phone, light and dark."""

import pytest
from playwright.sync_api import expect

from tests.browser.desk.test_desk_flow import complaints_of_axe
from tests.browser.desk_page import LAPTOP, PHONE, write
from tests.factories import post
from updates.models import UserSession

SCREENS = {"laptop-light": LAPTOP | {"color_scheme": "light"}, "phone-dark": PHONE | {"color_scheme": "dark"}}


@pytest.mark.parametrize("screen", SCREENS)
def test_every_dialog_is_accessible(sit, event, tomas, watched, screen):
    watched.expect_messages("Applying inline style|preload assets|status of (401|403)|WebSocket")
    entry = post(event, "Gate holds")
    page = sit(tomas, **SCREENS[screen])
    dialogs = Dialogs(page, page.locator(f"[data-row='{entry.pk}']"))
    openers = [dialogs.remove, dialogs.set_time, dialogs.link, dialogs.preview, dialogs.log_in]
    if screen == "laptop-light":
        openers.insert(0, dialogs.keys)
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

    def link(self):
        self.page.locator(".block-text .ProseMirror").click()
        self.page.keyboard.type("Gate")
        self.page.keyboard.press("Control+A")
        self.page.locator(".block-text .prose-menubar__button[title*='link' i]:not(.disabled)").first.click()

    def preview(self):
        self.page.keyboard.press("Control+Shift+Enter")

    def log_in(self):
        write(self.page, "Words")
        UserSession.objects.all().delete()
        self.page.keyboard.press("Control+Enter")
