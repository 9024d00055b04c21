"""Writing on bad lines, over crashes and ended logins: nothing is lost, nothing is there twice."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.desk_page import (
    add_address,
    describe_photo,
    outbox,
    paste_photo,
    publish,
    ready,
    session_cookie,
    write,
)
from tests.factories import make_event, make_member
from updates.choices import Role
from updates.models import Entry, Image

REFUSED = r"status of (401|403|409|422)"
"""What Chromium notes on its console of an answer that refuses."""


@pytest.fixture
def event(transactional_db):
    return make_event(title="Storm Maren")


@pytest.fixture
def noor(event):
    user = make_member(event, Role.CORRESPONDENT, "noor")
    user.set_password("tide and gate")
    user.save()
    return user


@pytest.fixture
def open_desk(open_page, noor, event):
    def open_one(url, path=None, **options):
        page = open_page(f"{url}/healthz", **options)
        page.context.add_cookies([session_cookie(noor, url)])
        page.goto(url + (path or add_address(event)))
        return ready(page)

    return open_one


def test_a_photo_is_pasted_described_and_published(open_desk, site, event):
    page = open_desk(site.url)

    write(page, "Rope Street under water")
    paste_photo(page, "one.jpg", "two.jpg")
    expect(page.locator("[name=photo-0-alt]")).to_be_focused()
    expect(page.locator("[name=photo-0-image]")).to_have_value(re.compile("."))
    expect(page.locator("[name=photo-1-image]")).to_have_value(re.compile("."))
    describe_photo(page, number=0)
    describe_photo(page, alt="The gate", number=1)
    publish(page)

    expect(outbox(page, "sent")).to_contain_text("Published: Rope Street under water")
    expect(page.locator("[name=headline]")).to_have_value("")
    expect(page.locator(".block-photo:not(.empty-form)")).to_have_count(0)
    expect(page.locator(".block-text .ProseMirror")).to_be_focused()
    blocks = Entry.objects.get().content["blocks"]
    assert [block["alt"] for block in blocks] == ["A quay under water", "The gate"]
    assert Image.objects.count() == 2
