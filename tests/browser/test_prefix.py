"""The live blog below a path of another site: everything works, and no request leaves the path."""

import json
import re
from contextlib import closing
from dataclasses import dataclass, field
from http.client import HTTPConnection
from urllib.parse import urljoin, urlsplit

import pytest
from playwright.sync_api import expect

from tests.alerts.test_devices import browser_keys
from tests.browser.desk_page import publish, ready, write
from tests.browser.reader_page import assert_equals_fresh, connected, headlines
from tests.browser.test_alerts import PUSH
from tests.factories import make_event, make_picture, make_user, post
from tests.nginx import below_a_path, nginx_before
from tests.removal.surfaces import strings
from tests.servers import CEILING, running_site, wait_until
from updates import publishing
from updates.alerts.keys import new_private_key
from updates.models import PushSubscription
from updates.publishing import EmbedContent, PhotoContent

FILM = EmbedContent("https://film.example/a.mp4", captions="00:01.000 --> 00:02.000\nThe gate.")
PASSWORD = "tide and gate and rope"
LINKS = re.compile(
    r"""(?:href|src|action|content|data-[a-z]+|loc|uri|id|url|guid|link)[^"'<>]*["'>]((?:https?:/)?/[^"'<>\s]*)"""
)


@dataclass
class Paper:
    url: str
    """Of the whole site, at whose ``/live/`` the live blog is."""
    requests: list[str] = field(default_factory=list)

    def get(self, address):
        """Ask nginx by its number: only browsers know names below localhost."""
        host = urlsplit(self.url).netloc
        with closing(HTTPConnection("127.0.0.1", host.rpartition(":")[2], timeout=CEILING)) as line:
            line.request("GET", address, headers={"Host": host})
            answer = line.getresponse()
            return answer.status, answer.headers, answer.read()

    def follow(self, page):
        """Note what a page asks for."""
        page.on("request", lambda request: self.requests.append(request.url))
        page.on("websocket", lambda socket: self.requests.append(socket.url))
        return page

    def strays(self):
        """Return the requests to addresses outside the path, apart from the icon that a browser asks every site for."""
        web = [url for url in self.requests if url.startswith(("http", "ws"))]
        return [url for url in web if not urlsplit(url).path.startswith(("/live/", "/favicon.ico"))]


@pytest.fixture(scope="module")
def paper(django_db_setup, tmp_path_factory):
    folder = tmp_path_factory.mktemp("prefix")
    settings = {
        "URL_PREFIX": "/live",
        "ALLOWED_HOSTS": "paper.localhost,127.0.0.1",
        "SITE_URL": "http://paper.localhost",
        "TRUSTED_PROXIES": "127.0.0.1",
        "SITE_NAVIGATION": "The paper=/;Live=/live/",
        "VAPID_PRIVATE_KEY": new_private_key(),
        "VAPID_SUBJECT": "mailto:newsroom@live.example",
    }
    with (
        running_site(folder / "site.log", **settings) as site,
        nginx_before(folder, site.url, text=below_a_path()) as url,
    ):
        yield Paper(url.replace("127.0.0.1", "paper.localhost"))


@pytest.fixture
def open_there(paper, open_page, transactional_db):
    """Open a page of the live blog, and assert at the end that nothing was asked for outside its path."""
    paper.requests.clear()

    def open_one(address, **options):
        page = paper.follow(open_page("about:blank", **options))
        page.goto(paper.url + address)
        return page

    yield open_one
    assert paper.strays() == []


def test_a_reader_finds_the_live_blog_and_stays_up_to_date(open_there, paper, watched):
    boss = make_user("boss", superuser=True)
    event = make_event(author=boss, title="Storm Maren")
    wait_until(lambda: event.slug.encode() in paper.get("/live/")[2], "nginx has no front page of an earlier test")
    page = open_there("/live/")
    page.get_by_role("link", name="Storm Maren").first.click()
    page.wait_for_url(f"{paper.url}/live/{event.slug}/")
    connected(page)

    photo = PhotoContent(make_picture(boss).pk, alt="A quay", credit="Noor Hadad")
    post(event, "Gate holds", author=boss, blocks=[photo])
    expect(headlines(page)).to_have_text(["Gate holds"])
    picture = page.locator("article img").first
    picture.scroll_into_view_if_needed()
    page.wait_for_function("(image) => image.complete && image.naturalWidth > 0", arg=picture.element_handle())

    watched.expect_messages("ERR_INTERNET_DISCONNECTED")
    page.context.set_offline(True)
    expect(page.locator("[data-part=watch-state]")).not_to_have_attribute("data-connected", "true")
    entry = post(event, "Gate opens", author=boss)
    page.context.set_offline(False)
    expect(headlines(page)).to_have_text(["Gate opens", "Gate holds"])
    assert any(f"/live/{event.slug}/changes?" in url for url in paper.requests)
    assert_equals_fresh(page, lambda url: with_both(open_there(url.removeprefix(paper.url))))

    framed = open_there(f"/live/{event.slug}/embed/?view=latest")
    expect(framed.locator(".live-blog")).to_have_attribute("data-connected", "true")

    page.locator(f"#u{entry.public_id} .when a").first.click()
    page.wait_for_url(f"{paper.url}/live/{event.slug}/{entry.public_id}/")
    expect(page.get_by_role("heading", name="Gate opens")).to_be_visible()


def with_both(page):
    """A page from nginx's cache may be three seconds old, and catches up."""
    expect(headlines(page)).to_have_text(["Gate opens", "Gate holds"])
    return page


def test_a_correspondent_logs_in_and_publishes(open_there, paper):
    event = make_event(author=make_user("boss", superuser=True, password=PASSWORD))
    reader = connected(open_there(f"/live/{event.slug}/"))
    page = open_there(f"/live/admin/updates/event/{event.pk}/desk/")
    page.get_by_label("Username").fill("boss")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Log in").click()
    expect(page.locator("desk-timeline[data-connected=true]")).to_have_count(1)
    write(ready(page), "From the desk")
    publish(page)
    expect(headlines(reader)).to_have_text(["From the desk"])
    expect(page.locator("[data-row]")).to_have_count(1)

    cookies = page.context.cookies()
    assert {cookie["path"] for cookie in cookies} == {"/live/"}
    assert {"liveblog_session", "liveblog_csrf"} <= {cookie["name"] for cookie in cookies}
    page.get_by_role("link", name="View site").click()
    page.wait_for_url(f"{paper.url}/live/")


def test_alerts_stay_below_the_path(open_there, paper):
    event = make_event()
    page = open_there(f"/live/{event.slug}/", permissions=["notifications"])
    page.evaluate(PUSH, browser_keys())
    page.locator("[data-notify]").click()
    page.get_by_role("button", name="Turn on alerts").click()
    expect(page.get_by_text("Alerts for this live blog are on.")).to_be_visible()
    assert PushSubscription.objects.get().event == event
    scopes = "navigator.serviceWorker.getRegistrations().then((all) => all.map(({ scope }) => scope))"
    assert page.evaluate(scopes) == [f"{paper.url}/live/"]
    assert page.evaluate("localStorage.getItem(`alerts:${location.pathname.split('/')[2]}`)")


@pytest.fixture
def whole_site(transactional_db):
    boss = make_user("boss", superuser=True)
    photo = PhotoContent(make_picture(boss).pk, alt="A quay", credit="Noor Hadad")
    event = make_event(author=boss, slug="storm", page_size=2, embed_sites=["*"])
    entries = [post(event, f"Update {n}", author=boss, blocks=[photo], is_key=n == 1) for n in range(5)]
    publishing.correct(entries[1].pk, entries_content(photo), "three, not four", boss)
    publishing.pin(entries[0].pk, boss)
    make_event(author=boss, slug="flood", status="ended")
    make_event(author=boss, slug="vote", status="upcoming")
    return event


def entries_content(photo):
    return publishing.EntryContent("Update 1", (photo,))


def test_no_link_is_dead_or_leads_out_of_the_path(paper, whole_site):
    """Every address that any page, feed or sitemap names, below the path and with the host that was asked for."""
    wait_until(lambda: b"/live/storm/" in paper.get("/live/")[2], "nginx has no front page of an earlier test")
    todo, seen, outside = ["/live/", "/live/robots.txt", "/live/sitemap.xml", "/live/manifest.webmanifest"], {}, set()
    todo += ["/live/storm/embed/", "/live/storm/fragment?view=latest"]
    while todo:
        address = todo.pop()
        if address in seen:
            continue
        seen[address], headers, body = paper.get(address)
        if "/static/" in address or not re.search("html|xml|json|text", headers["Content-Type"]):
            continue
        text = body.decode()
        for link in [*LINKS.findall(text), *re.findall(r"Sitemap: (\S+)", text)]:
            target = urlsplit(urljoin(paper.url, link.replace("&amp;", "&").rstrip("\\")))
            if target.hostname != "paper.localhost":
                continue
            if not target.path.startswith("/live/"):
                outside.add(target.path)
            elif not target.path.startswith(("/live/admin/", "/live/ws/")):
                todo.append(target.path + (f"?{target.query}" if target.query else ""))

    usual = {"alerts": 405, "changes": 400}  # which want a POST, and to be told what the page has
    dead = {address: status for address, status in seen.items() if status != usual.get(address.rpartition("/")[2], 200)}
    assert dead == {}
    assert outside <= {"/"}  # the paper's own link
    expected = [
        "feed.rss",
        "storm/feed.atom",
        "sitemap-news.xml",
        "storm/?page=",
        "card.jpg",
        "/corrections/",
        "/archive/",
    ]
    assert [part for part in [*expected, "media/pictures/"] if not any(part in address for address in seen)] == []


def test_the_read_api_names_addresses_below_the_path(paper, whole_site):
    """A program that begins at the root of the API and follows what it finds needs no other address."""
    post(whole_site, "Film", author=whole_site.entries.first().author, blocks=[FILM])
    todo, seen = [f"{paper.url}/live/api/v1/", f"{paper.url}/live/api/v1/events/storm/entries?limit=2"], {}
    while todo:
        address = urlsplit(todo.pop())
        target = address.path + (f"?{address.query}" if address.query else "")
        if target in seen:
            continue
        seen[target], headers, body = paper.get(target)
        if headers["Content-Type"].startswith(("application/json", "application/openapi")):
            todo += [text for text in strings(json.loads(body)) if text.startswith("http://paper.localhost")]
    assert {path for path in seen if not path.startswith("/live/")} == set()
    base = {"/live/api/v1": 301}  # of the OpenAPI description; programs put the paths behind it
    assert {path: status for path, status in seen.items() if status != 200} == base
    expected = ["v1/openapi.json", "events/storm", "before=", "changes?", "media/pictures/", "captions-1.vtt"]
    assert [part for part in expected if not any(part in path for path in seen)] == []


def test_the_paper_keeps_its_own_addresses(paper, transactional_db):
    for address in ("/", "/healthz", "/storm/", "/admin/"):
        assert b"The paper" in paper.get(address)[2]
    status, headers, _ = paper.get("/live")
    assert (status, urlsplit(headers["Location"]).path) == (301, "/live/")
    assert paper.get("/live/healthz")[2] == b"ok"
    canonical = re.search(r'rel="canonical" href="([^"]+)"', paper.get("/live/")[2].decode())[1]
    assert canonical == "http://paper.localhost/live/"
