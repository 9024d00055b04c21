"""People of a live blog, and the desk that they open."""

from functools import cache

import pytest
from django.contrib.auth.hashers import make_password
from playwright.sync_api import expect

from tests.admin.desk_forms import add_address, desk_address
from tests.browser.desk_page import HAS_FOCUS, ready, session_cookie
from tests.factories import make_member
from updates.choices import Role

hashed = cache(make_password)  # which takes a processor a fifth of a second


def member(event, role, name, password):
    user = make_member(event, role, name)
    user.password = hashed(password)
    user.save()
    return user


@pytest.fixture
def noor(event):
    return member(event, Role.CORRESPONDENT, "noor", "tide and gate")


@pytest.fixture
def ben(event):
    return member(event, Role.MODERATOR, "ben", "rope and street")


@pytest.fixture
def tomas(event):
    return make_member(event, Role.MODERATOR, "tomas")


@pytest.fixture
def log_in(open_page):
    """A page of somebody who is logged in, which has not yet gone anywhere."""

    def go_in(user, url, **options):
        page = open_page("about:blank", **options)
        page.context.add_cookies([session_cookie(user, url)])
        return page

    return go_in


@pytest.fixture
def sit(log_in, site, event):
    """Sits somebody down at the desk; ``script`` runs before those of each page."""

    def sit_down(user, path=None, *, script="", **options):
        page = log_in(user, site.url, **options)
        page.context.add_init_script(script)
        page.goto(site.url + (path or desk_address(event)))
        expect(page.locator("desk-timeline[data-connected=true]")).to_have_count(1)
        ready(page).wait_for_function(HAS_FOCUS)  # an editor takes it a frame after it has come
        return page

    return sit_down


@pytest.fixture
def open_desk(log_in, noor, event):
    """The form of a new update, perhaps by way of a line that can be cut."""

    def open_one(url, path=None, **options):
        page = log_in(noor, url, **options)
        page.goto(url + (path or add_address(event)))
        return ready(page)

    return open_one
