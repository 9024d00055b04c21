"""Firefox and WebKit on a real server: whether what works in Chromium works there as well.

A test of all three asks for ``engine`` by ``EACH_ENGINE``.
"""

from pathlib import Path

import pytest

from tests.browser.desk_page import session_cookie
from tests.engines.chromium import chromium
from tests.engines.firefox import firefox
from tests.engines.webkit import webkit
from tests.factories import make_event

ENGINES = {"chromium": chromium, "firefox": firefox, "webkit": webkit}


EACH_ENGINE = pytest.mark.parametrize("engine", ENGINES, indirect=True)


def pytest_collection_modifyitems(items):
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.engines)
            item.add_marker(pytest.mark.django_db(transaction=True))


@pytest.fixture(scope="session", params=["firefox", "webkit"])
def engine(request, tmp_path_factory):
    with ENGINES[request.param](tmp_path_factory.mktemp(request.param)) as browser:
        yield browser


@pytest.fixture
def page(engine):
    """An empty page; whatever it complains of on its console fails the test."""
    page = engine.new_page()
    yield page
    complaints = page.complaints()
    page.close()
    assert complaints == []


@pytest.fixture
def event(transactional_db):
    return make_event(title="Storm Maren")


@pytest.fixture
def log_in(page, site):
    """Make the page somebody's who is logged in."""

    def go_in(user):
        page.open(f"{site.url}/healthz")
        cookie = session_cookie(user, site.url)
        page.add_cookie(cookie["name"], cookie["value"])

    return go_in
