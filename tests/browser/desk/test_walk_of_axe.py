"""All pages of the admin are accessible, however one comes to them, and fit the screen.

The pages are found from the URLconf, so that a new one cannot be forgotten. Each is looked at in four ways: the gate
takes every ``STEP``th of all these, ``make prove`` takes all (``AXE_STEP=1``).
"""

import itertools
import os

import pytest
from django.contrib.auth import get_user_model
from django.test import Client
from django_otp.plugins.otp_totp.models import TOTPDevice

from tests.browser.conftest import picture_of
from tests.browser.desk.test_desk_flow import SCREENS, complaints_of_axe
from tests.browser.desk_page import ready
from tests.permissions.addresses import Newsroom, address_of, patterns, subjects
from updates import publishing
from updates.admin.one_time_link import first_account_address
from updates.publishing import EntryContent, EntryInput

STEP = int(os.environ.get("AXE_STEP", "71"))
LEAST = 55
"""Pages that the walk must find at least, so that it cannot come to find none."""

AXE_ITSELF = "Applying inline style|Password forms|autocomplete attributes|status of (400|403|404|422)"
AXE_ITSELF += "|Autofocus processing was blocked"  # information: a field that is to have the focus has it already
WIDE = "document.documentElement.scrollWidth - innerWidth"

OTHERS = {
    "anonymous": ["/admin/login/", "/admin/updates/event/welcome/first/", "/admin/updates/event/welcome/"],
    "account": ["/admin/", "/admin/account/", "/admin/updates/event/new/"],
    "correspondent": [
        "/admin/",
        "{event}desk/",
        "{event}webhooks/",
        "/admin/updates/entry/{other}/move/",
        "/admin/nothing/",
    ],
    "moderator": ["/admin/login/", "/admin/account/second-factor/"],
    "editor": ["{event}desk/?show=removed", "{event}desk/?q=nowhere"],
}
"""Pages that the superuser does not get, by who does. The moderator has a second factor and has given no code yet."""


def found_pages(newsroom, browser):
    """All addresses of the admin that answer with a whole page."""
    found = {}
    for pattern in filter(lambda each: each.startswith("admin/"), patterns()):
        for subject in subjects(pattern):
            address = address_of(pattern, newsroom.values(newsroom.entries[subject]))
            answer = browser.get(address)
            is_page = answer.status_code == 200 and answer["Content-Type"].startswith("text/html")
            if is_page and not answer.streaming and b"</html>" in answer.content:
                found.setdefault((pattern, subject), address)
    return sorted(found.values())


@pytest.fixture
def newsroom(transactional_db):
    """A live blog with something of each kind, also things that wait for somebody."""
    newsroom = Newsroom()
    own, correspondent = newsroom.entries["own"], newsroom.users["correspondent"]
    publishing.submit(EntryInput(newsroom.event.pk, EntryContent("To approve")), correspondent)
    publishing.correct(own.pk, EntryContent("Own, corrected"), "It was another.", newsroom.users["editor"])
    publishing.remove(newsroom.entries["another's"].pk, newsroom.users["editor"])
    return newsroom


def look(page, site, addresses, name):
    """What is wrong with pages, by address."""
    wrong = {}
    for address in addresses:
        page.goto(site.url + address)
        if page.locator("entry-safety").count():
            ready(page)
        page.evaluate("document.fonts.ready")  # the editor's buttons are words until then
        complaints, wide = complaints_of_axe(page), page.evaluate(WIDE)
        if complaints:  # a bar that stays in view covers part of a button, until one scrolls
            page.mouse.wheel(0, page.viewport_size["height"] // 4)
            complaints = complaints_of_axe(page)
        if complaints or wide > 0:
            wrong[f"{address} ({name})"] = (complaints, wide)
            picture_of(page, f"axe-{name}{address.replace('/', '-')}")
    return wrong


def test_every_page_of_the_admin_is_accessible(log_in, site, newsroom, watched):
    watched.expect_messages(AXE_ITSELF)
    browser = Client()
    root = newsroom.users["superuser"]
    browser.force_login(root)
    pages = found_pages(newsroom, browser)
    assert len(pages) >= LEAST
    chosen = list(itertools.product(SCREENS, pages))[::STEP]
    wrong = {}
    for name, group in itertools.groupby(chosen, key=lambda each: each[0]):
        page = log_in(root, site.url, **SCREENS[name])
        wrong |= look(page, site, [address for _name, address in group], name)
        page.close()
    assert not wrong, "\n".join(f"{address}: {found}" for address, found in wrong.items())


def test_pages_of_others_are_accessible(log_in, open_page, site, newsroom, watched):
    watched.expect_messages(AXE_ITSELF)
    TOTPDevice.objects.create(user=newsroom.users["moderator"], name="app")
    values = {"event": f"/admin/updates/event/{newsroom.event.pk}/", "other": newsroom.entries["another's"].pk}
    wrong = {}
    for name in SCREENS if STEP == 1 else ["phone-dark"]:
        for role, addresses in OTHERS.items() if STEP == 1 else [("anonymous", OTHERS["anonymous"][:2])]:
            user = newsroom.users[role]
            page = log_in(user, site.url, **SCREENS[name]) if user else open_page("about:blank", **SCREENS[name])
            wrong |= look(page, site, [address.format(**values) for address in addresses], f"{name}-{role}")
            page.close()
    assert not wrong, "\n".join(f"{address}: {found}" for address, found in wrong.items())


@pytest.mark.parametrize("name", SCREENS if STEP == 1 else ["laptop-light"])
def test_the_page_of_the_first_account_is_accessible(open_page, site, transactional_db, watched, name):
    watched.expect_messages(AXE_ITSELF)
    assert not get_user_model().objects.exists()
    page = open_page(site.url + first_account_address(), **SCREENS[name])
    page.get_by_label("Username").wait_for()
    assert complaints_of_axe(page) == []
    assert page.evaluate(WIDE) <= 0
