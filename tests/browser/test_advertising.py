"""An ad stack, a consent banner and analytics of other origins, connected as the example does, under our policy."""

import json
import shutil
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import picture_of
from tests.browser.desk_page import WATCH_POLICY
from tests.browser.reader_page import connected, headlines
from tests.factories import make_event, make_user, post, post_many
from tests.nginx import SHIPPED, nginx_before
from tests.servers import ROOT, running_site, wait_until
from updates import publishing
from updates.publishing import EventDetails

STACK = Path(__file__).parent / "ad_stack"
KINDS = {".js": "text/javascript", ".html": "text/html", ".gif": "image/gif"}
PIXEL = bytes.fromhex("47494638396101000100800000000000ffffff21f90401000000002c00000000010001000002024401003b")
SHIFTS = """window.shift = 0;
new PerformanceObserver((list) => list.getEntries().forEach(({ value }) => (shift += value)))
  .observe({ type: "layout-shift", buffered: true });
window.slots = [];
document.addEventListener("liveblog:slot", ({ detail: { element, ...detail } }) =>
  slots.push({ id: element.id, ...detail }));
"""


class Stranger(BaseHTTPRequestHandler):
    """One server for ads, consent and analytics."""

    def do_GET(self):
        name = self.path.partition("?")[0].lstrip("/")
        self.server.requests.append(self.path)
        body = PIXEL if name == "pixel.gif" else (STACK / name).read_bytes()
        self.send_response(200)
        self.send_header("Content-Type", KINDS[Path(name).suffix])
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_POST(self):
        self.server.beacons.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
        self.send_response(204)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_):
        pass


@pytest.fixture(scope="module")
def stranger():
    with ThreadingHTTPServer(("127.0.0.1", 0), Stranger) as server:
        server.origin = f"http://127.0.0.1:{server.server_port}"
        server.requests, server.beacons = [], []
        thread = Thread(target=server.serve_forever)
        thread.start()
        yield server
        server.shutdown()
        thread.join()


@pytest.fixture(scope="module")
def example(stranger, tmp_path_factory):
    """The settings that the example names, with the stand-ins in the place of its hosts."""
    folder = tmp_path_factory.mktemp("site") / "site"
    shutil.copytree(ROOT / "examples" / "advertising", folder)
    for template in folder.rglob("*.html"):
        text = template.read_text()
        for host in ("ads", "analytics", "consent"):
            text = text.replace(f"https://{host}.example", stranger.origin)
        template.write_text(text)
    return {
        "SITE_DIR": str(folder),
        "AD_TEMPLATE": "updates/_ad_by_script.html",
        "AD_SIZES": "medium,banner",
        "AD_TARGETING": "site=signal;section=live",
        "NO_ADS": "subscriber",
    }


MAP = """map $http_x_subscriber $liveblog_reader {
    default "";
    "1" subscriber;
}
"""

POLICIES = {
    "hosts": "script-src {0}; img-src {0}; frame-src {0}; connect-src {0}",
    "strict-dynamic": "script-src 'strict-dynamic'; img-src {0}; frame-src {0}; connect-src {0}",
}


hosts = pytest.mark.parametrize("paper", ["hosts"], indirect=True)


@pytest.fixture(scope="module")
def paper(request, django_db_setup, tmp_path_factory, stranger, example):
    """A site with the documented settings."""
    policy = POLICIES[request.param].format(stranger.origin)
    log = tmp_path_factory.mktemp("paper") / "site.log"
    with running_site(log, **example, CSP_EXTRA=policy, TRUSTED_TYPES="0") as site:
        yield site


@pytest.fixture
def read(open_page, transactional_db):
    def open_it(url, **options):
        page = open_page("about:blank", **options)
        page.add_init_script(WATCH_POLICY + SHIFTS)
        page.goto(url)
        return connected(page)

    return open_it


PIXEL_AND_FRAME = """(origin) => {
  new Image().src = `${origin}/pixel.gif`;
  document.body.append(Object.assign(document.createElement("iframe"), { src: `${origin}/creative.html` }));
}"""


def test_without_settings_the_policy_blocks_the_tag(read, example, stranger, watched, tmp_path, transactional_db):
    """As vendors hand it out: external scripts, an inline one, a pixel and an iframe."""
    watched.expect_messages("Content Security Policy")
    stranger.requests.clear()
    head = tmp_path / "templates" / "updates" / "site" / "head.html"
    head.parent.mkdir(parents=True)
    head.write_text(f'<script async src="{stranger.origin}/tag.js"></script><script>window.ran = true</script>')
    event = make_event()
    with running_site(tmp_path / "site.log", **example | {"SITE_DIR": str(tmp_path)}) as site:
        page = read(f"{site.url}/{event.slug}/")
        page.evaluate(PIXEL_AND_FRAME, stranger.origin)
        page.wait_for_function("() => broken.length === 4")
        assert sorted(page.evaluate("broken")) == [
            f"frame-src {stranger.origin}",
            f"img-src {stranger.origin}/pixel.gif",
            f"script-src-elem {stranger.origin}/tag.js",
            "script-src-elem inline",
        ]
        assert not page.evaluate("window.ran")
        page.context.close()
    assert stranger.requests == []


@pytest.mark.parametrize("paper", POLICIES, indirect=True)
def test_the_stack_runs_after_consent_and_hears_what_happens(read, paper, stranger):
    stranger.requests.clear()
    stranger.beacons.clear()
    boss = make_user("boss", superuser=True)
    event = make_event(author=boss)
    post_many(event, 10)
    page = read(f"{paper.url}/{event.slug}/")
    agree = page.get_by_role("button", name="Agree")
    expect(agree).to_be_visible()
    page.wait_for_function("() => window.adtagReady && slots.length === 2")
    assert (page.locator(".slot iframe").count(), stranger.beacons) == (0, [])
    agree.click()

    expect(page.locator(".slot iframe")).to_have_count(2)
    targeting = {"site": "signal", "section": "live", "event": event.slug, "language": "en", "status": "live"}
    common = {"state": "on", "event": event.slug, "page": "first", "targeting": targeting}
    assert page.evaluate("slots") == [
        {"id": "ad-1", "number": 1, "size": "medium"} | common,
        {"id": "ad-2", "number": 2, "size": "banner"} | common,
    ]
    wait_until(lambda: {"/pixel.gif?ad-1", "/pixel.gif?ad-2"} <= set(stranger.requests), "both pixels were asked for")
    assert page.locator(".ad").first.get_attribute("role") == "group"

    entry = post(event, "Gate holds", author=boss)
    expect(headlines(page).first).to_have_text("Gate holds")
    publishing.remove(entry.pk, boss)
    wait_until(
        lambda: {each["name"] for each in stranger.beacons} >= {"updates", "removed", "status"}, "analytics heard"
    )
    told = {each["name"]: each for each in stranger.beacons}
    assert (told["updates"]["added"], told["removed"]["ids"]) == ([entry.public_id], [entry.public_id])
    assert (told["status"]["status"], told["status"]["sensitive"], told["status"]["event"]) == (
        "live",
        False,
        event.slug,
    )

    publishing.change_event(event.pk, EventDetails(title=event.title, sensitive=True), boss)
    expect(page.locator(".slot iframe")).to_have_count(0)
    assert [slot["state"] for slot in page.evaluate("slots")[-2:]] == ["off", "off"]
    assert page.evaluate("broken") == []


@hosts
def test_filled_places_move_nothing(read, paper):
    event = make_event()
    post_many(event, 10)
    page = read(f"{paper.url}/{event.slug}/", viewport={"width": 390, "height": 844})
    page.get_by_role("button", name="Agree").click()
    page.locator("#ad-1").scroll_into_view_if_needed()
    before = page.evaluate("shift")
    heights = "[...document.querySelectorAll('.slot')].map(({ offsetHeight }) => offsetHeight)"
    expect(page.locator(".slot iframe")).to_have_count(2)
    assert page.evaluate(heights) == [250, 100]
    picture_of(page, "advertising")
    assert page.evaluate("shift") == before
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


@hosts
def test_subscribers_see_no_places_on_the_same_cached_page(read, paper, stranger):
    event = make_event()
    post_many(event, 10)
    url = f"{paper.url}/{event.slug}/"
    page = read(url)
    expect(page.locator(".ad:visible")).to_have_count(2)
    etag = "fetch(location.href).then((response) => response.headers.get('ETag'))"
    usual = page.evaluate(etag)

    page.context.add_cookies([{"name": "subscriber", "value": "1", "url": paper.url}])
    page.goto(url)
    connected(page)
    page.wait_for_function("() => window.adtagReady")
    page.get_by_role("button", name="Agree").click()
    expect(page.locator(".ad:visible")).to_have_count(0)
    assert (page.evaluate("slots"), page.evaluate(etag)) == ([], usual)


@hosts
def test_a_proxy_marks_subscribers_on_pages_from_its_cache(read, paper, tmp_path):
    """The header of the request that names them becomes an entry of Server-Timing, as docs/site.md shows."""
    cache = "add_header X-Cache $upstream_cache_status always;"
    mark = "add_header Server-Timing $liveblog_reader;"
    text = MAP + SHIPPED.read_text().replace(cache, f"{cache} {mark}", 1)
    assert all(line in (ROOT / "docs" / "site.md").read_text() for line in (*MAP.strip().splitlines(), mark))
    event = make_event()
    post_many(event, 10)
    with nginx_before(tmp_path, paper.url, text=text) as url:
        expect(read(f"{url}/{event.slug}/").locator(".ad:visible")).to_have_count(2)
        page = read(f"{url}/{event.slug}/", extra_http_headers={"X-Subscriber": "1"})
        expect(page.locator(".ad:visible")).to_have_count(0)
        expect(page.locator(".ad")).to_have_count(2)
        page.reload()  # from the browser's cache, confirmed by nginx or the site
        page.wait_for_function("() => window.adtagReady")
        assert page.evaluate("broken") == []
        page.context.close()


@hosts
def test_places_of_loaded_pages_are_numbered_on_and_listeners_that_fail_harm_nothing(read, paper, watched):
    watched.expect_messages("uncaught: .*listener")
    boss = make_user("boss", superuser=True)
    event = make_event(author=boss, page_size=10)
    post_many(event, 20)
    page = read(f"{paper.url}/{event.slug}/")
    page.wait_for_function("() => slots.length === 2")
    page.evaluate(HEAR)
    page.get_by_role("link", name="Load more updates").click()
    page.wait_for_function("() => slots.length >= 4 && heard.length")
    ids = page.locator("[data-entries] .slot").evaluate_all("(slots) => slots.map(({ id }) => id)")
    assert len(ids) == len(set(ids)) >= 4
    [loaded] = page.evaluate("heard")
    assert (len(loaded["loaded"]), loaded["added"]) == (10, [])

    entry = post(event, "Gate holds", author=boss)
    page.wait_for_function("() => heard.at(-1).waiting === 1")  # the reader has gone to the older ones
    page.locator(".pill").click()
    expect(headlines(page).first).to_have_text("Gate holds")
    page.wait_for_function("(id) => heard.some(({ added }) => added.includes(id))", arg=entry.public_id)
    assert page.evaluate("heard.at(-1).waiting") == 0


HEAR = """() => {
  window.heard = [];
  document.addEventListener("liveblog:updates", ({ detail }) => {
    heard.push(detail);
    throw new Error("a listener of the site");
  });
}"""
