"""Real Chromium on a real server. A pytest call of its own: playwright keeps an event loop in the main thread."""

import os
import re
from pathlib import Path

import pytest
from playwright.sync_api import ConsoleMessage, Page, expect, sync_playwright

from tests.factories import make_event, make_user
from tests.proxy import line_to
from tests.servers import CEILING, PREFIX, ROOT

os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"  # playwright's loop is not ours: the tests' own queries are synchronous

ARTEFACTS = ROOT / "var" / "browser"
"""Screenshots and console of failed tests; ignored by git."""

CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium-headless-shell")
"""Chromium's engine without windows, bars and profiles, which takes a third less of a processor than the whole browser.

The tests of all engines and `make prove` drive the whole one.
"""

WHOLE_CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
"""For what the engine alone cannot do: notifications, and keeping a page for the back button."""

FEATURES = [
    # Playwright's own list, of which Chromium forgets all when it is given another
    "DestroyProfileOnBrowserClose",
    "HttpsUpgrades",
    "HttpsFirstBalancedModeAutoEnable",
    "LensOverlay",
    "MediaRouter",
    "PaintHolding",
    "ThirdPartyStoragePartitioning",
    "OptimizationHints",
    "NetworkTimeServiceQuerying",
    "AimEnabled",
    "PreconnectToSearch",
    # Pages of the address bar's own, two for each browser context: a tenth of a second of a processor
    "WebUIOmniboxPopup",
    "WebUIOmniboxAimPopup",
    "WebUIOmniboxFullPopup",
    "PreloadTopChromeWebUI",
]
"""What Chromium is to leave out."""

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    f"--disable-features={','.join(FEATURES)}",
    # Nothing leaves this machine
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost, EXCLUDE *.localhost",
]
LOOPBACK = re.compile(r"^(https?|wss?)://(127\.0\.0\.1|(\w+\.)?localhost)(:\d+)?/|^(data|blob|about):")
LEFT = "closed before the connection is established"
"""Chromium's own message when a page is left while its socket still opens, as at the end of a test."""

expect.set_options(timeout=1000 * CEILING)


def pytest_collection_modifyitems(items):
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.django_db(transaction=True))


@pytest.fixture(scope="session")
def launch():
    """Start a Chromium. It ends with the tests."""

    def launch_one(path, **options):
        if not Path(path).exists():
            pytest.fail(f"No Chromium at {path}; `make test` installs it, CHROMIUM names another")
        return playwright.chromium.launch(executable_path=path, args=FLAGS, timeout=1000 * CEILING, **options)

    with sync_playwright() as playwright:
        yield launch_one


@pytest.fixture(scope="session")
def chromium(launch):
    browser = launch(CHROMIUM)
    yield browser
    browser.close()


@pytest.fixture(scope="session")
def whole_chromium(launch):
    browser = launch(WHOLE_CHROMIUM, ignore_default_args=["--disable-back-forward-cache"])
    yield browser
    browser.close()


@pytest.fixture
def playwright_requests(chromium):
    """HTTP with cookies, for what a correspondent sends while a reader looks on."""
    context = chromium.new_context()
    context.set_default_timeout(1000 * CEILING)
    yield context.request
    context.close()


class Watched:
    """Collects messages on the console, and requests to other machines.

    It listens to the requests and does not route them, which would take them through Python one by one and switch off
    the browser's cache.
    """

    def __init__(self, origin: str = "") -> None:
        """``origin`` is that of a site below a path, where requests outside the path are strays."""
        strays = rf"(http|ws){re.escape(origin.removeprefix('http'))}/(?!{PREFIX[1:]}/|favicon\.ico$)"
        self._strays = re.compile(strays if origin else r"(?!)")
        self.console: list[str] = []
        self.outside: list[str] = []
        self.expected = re.compile(LEFT)
        self.answered = ""

    def watch(self, page: Page) -> Page:
        page.on("console", self._take)
        page.on("pageerror", lambda error: self.console.append(f"uncaught: {error}"))
        page.on("request", lambda request: self._look_at(request.url))
        page.on("websocket", lambda socket: self._look_at(socket.url))
        return page

    def _take(self, message: ConsoleMessage) -> None:
        if not message.location["url"].endswith("/favicon.ico"):  # which the browser asks for by itself
            self.console.append(f"{message.type}: {message.text}")

    def _look_at(self, url: str) -> None:
        is_far = not LOOPBACK.match(url) and not (self.answered and url.startswith(self.answered))
        if is_far or self._strays.match(url):
            self.outside.append(url)

    def expect_requests_to(self, address: str) -> None:
        """Allow requests that a route of the test answers."""
        self.answered = address

    def expect_messages(self, pattern: str) -> None:
        """Allow the browser's messages about failed connections, for tests that cut them."""
        self.expected = re.compile(f"{LEFT}|{pattern}")

    def complaints(self) -> list[str]:
        return [line for line in self.console if not self.expected.search(line)]


@pytest.fixture
def boss(transactional_db):
    """Somebody who may do everything."""
    return make_user("boss", superuser=True, first_name="Ines")


@pytest.fixture
def event(transactional_db):
    return make_event(title="Storm Maren")


@pytest.fixture
def watched(request):
    return Watched(request.getfixturevalue("site").origin if PREFIX else "")


@pytest.fixture
def line(site):
    """To ask for before ``open_page``, so that it outlives the pages."""
    with line_to(site.url) as line:
        yield line


@pytest.fixture
def open_page(chromium, watched, request):
    """Open pages with any options of a browser context; each is closed, and looked at when the test failed."""
    contexts = []

    def open_one(url: str, **options) -> Page:
        alerts = "notifications" in options.get("permissions", ())  # which the engine alone does not grant
        browser = request.getfixturevalue("whole_chromium") if alerts else chromium
        context = browser.new_context(**({"viewport": {"width": 1280, "height": 900}} | options))
        context.set_default_timeout(1000 * CEILING)
        contexts.append(context)
        page = watched.watch(context.new_page())
        page.goto(url)
        return page

    yield open_one
    failed = getattr(request.node, "call_report", None)
    if failed is not None and failed.failed:
        keep(request.node.name, contexts, watched)
    for context in contexts:
        context.close()
    assert not watched.outside, "\n".join(watched.outside)
    assert not watched.complaints(), "\n".join(watched.complaints())


def picture_of(page: Page, name: str) -> None:
    """Keep how a page looks, for whoever asks for it: ``PICTURES=1``."""
    if "PICTURES" in os.environ:
        ARTEFACTS.mkdir(parents=True, exist_ok=True)
        page.screenshot(path=ARTEFACTS / f"{name}.png", full_page=True)


def keep(name: str, contexts, watched: Watched) -> None:
    ARTEFACTS.mkdir(parents=True, exist_ok=True)
    stem = re.sub(r"\W+", "-", name)
    for number, page in enumerate(page for context in contexts for page in context.pages):
        page.screenshot(path=ARTEFACTS / f"{stem}-{number}.png", full_page=True)
    (ARTEFACTS / f"{stem}.txt").write_text("\n".join(watched.console))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    report = yield
    if report.when == "call":
        item.call_report = report
    return report
