"""A page of another site shows a live blog in each form, live; a site that may not is refused."""

from contextlib import closing
from functools import partial
from threading import Thread
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import picture_of
from tests.browser.page_checkers import violations_by_axe
from tests.factories import make_event, make_picture, post
from tests.proxy import CUT
from tests.servers import CEILING, held_port, running_site, wait_until
from updates import publishing
from updates.demo import example_site
from updates.publishing import EmbedContent, EntryContent, EventDetails, PhotoContent, TextContent
from updates.publishing.events import start_epoch

DOWN = f"{CUT}|ERR_CONNECTION_REFUSED|Failed to load resource|WebSocket connection"
"""What the browser says while no server is there."""


@pytest.fixture
def paper(monkeypatch):
    """Start the example page for a live blog of a site."""
    monkeypatch.setattr(example_site, "TIMEOUT", CEILING)
    started = []

    def serve(site, event):
        example = example_site.ExampleSite(site.url, event.slug)
        started.append(example)
        Thread(target=example.serve_forever, args=(0.05,), daemon=True).start()
        return example

    yield serve
    for example in started:
        example.shutdown()
        example.server_close()


def sections(page):
    """The live ones: frame and element, each with whole updates and with headlines."""
    return {
        "frame": page.frame_locator("#frame").locator(".live-blog"),
        "frame of headlines": page.frame_locator("#frame-latest").locator(".live-blog"),
        "element": page.locator("#component .live-blog"),
        "element of headlines": page.locator("#component-latest .live-blog"),
    }


def words(section):
    return section.locator("[data-entries] :is(h2, b[dir])")


def all_show(page, headlines):
    for section in sections(page).values():
        expect(words(section)).to_have_text(headlines)


def all_connected(page):
    for section in sections(page).values():
        expect(section).to_have_attribute("data-connected", "true")


def test_three_forms_stay_live_through_a_restart(open_page, paper, tmp_path, boss, watched):
    watched.expect_messages(DOWN)
    event = make_event(slug="storm", title="Storm Maren", author=boss)
    first = post(event, "Gate holds", author=boss)
    with (
        closing(held_port()) as place,  # between the two servers nobody else gets it
        running_site(tmp_path / "first.log", place.getsockname()[1], BACKOFF_BASE="0.2", POLL_EVERY="1") as site,
    ):
        example = paper(site, event)
        publishing.change_event(event.pk, EventDetails(embed_sites=[example.address]), boss)
        page = open_page(example.address)
        all_connected(page)
        second = post(event, "Gate leaks", author=boss)
        all_show(page, ["Gate leaks", "Gate holds"])
        picture_of(page, "embedding")
        heights_fit(page)
    with running_site(tmp_path / "second.log", urlsplit(site.url).port, BACKOFF_BASE="0.2", POLL_EVERY="1"):
        publishing.remove(second.pk, boss)
        post(event, "Crews at the gate", author=boss)
        publishing.correct(first.pk, EntryContent("Gate held"), "The time was wrong.", boss)
        all_show(page, ["Crews at the gate", "Gate held"])
        all_connected(page)
        page.reload()
        for name in ("#html", "#html-latest"):
            expect(page.locator(f"{name} [data-entries] :is(h2, b[dir])")).to_have_text(
                ["Crews at the gate", "Gate held"]
            )
        all_show(page, ["Crews at the gate", "Gate held"])


def heights_fit(page):
    """Frames have no scroll bar of their own."""
    for name in ("#frame", "#frame-latest"):
        frame = page.locator(name).element_handle().content_frame()
        frame.wait_for_function(
            "document.documentElement.scrollHeight <= innerHeight && document.body.offsetHeight > 0"
        )


def test_site_that_may_not_embed_it_is_refused(open_page, paper, site, event, boss, watched):
    """Of three servers one may: the same page by another host name is another site."""
    watched.expect_messages("frame-ancestors|ERR_BLOCKED_BY_RESPONSE|403|<live-blog>|chrome-error")
    post(event, "Gate holds", author=boss)
    example = paper(site, event)
    publishing.change_event(event.pk, EventDetails(embed_sites=[example.address]), boss)
    page = open_page(example.address.replace("127.0.0.1", "localhost"))
    with page.expect_console_message(lambda message: "may not embed this live blog" in message.text):
        page.reload()
    for name in ("#component", "#component-latest"):
        expect(page.locator(f"{name} > a")).to_be_visible()
        expect(page.locator(f"{name} .live-blog")).to_have_count(0)
    for name in ("#frame", "#frame-latest"):
        wait_until(partial(is_blocked, page.locator(name)), "the frame shows the browser's own page")
    refused = page.evaluate(
        """(address) => new Promise((resolve) => {
          const socket = new WebSocket(address);
          socket.onopen = () => resolve("open");
          socket.onerror = () => resolve("refused");
        })""",
        f"{site.socket_url}/ws/events/{event.slug}/?v=1&epoch={event.epoch}&since=0",
    )
    assert refused == "refused"


def test_site_that_is_taken_off_the_list_loses_open_pages(open_page, paper, site, event, boss, watched):
    watched.expect_messages("frame-ancestors|ERR_BLOCKED_BY_RESPONSE|403|chrome-error")
    post(event, "Gate holds", author=boss)
    example = paper(site, event)
    publishing.change_event(event.pk, EventDetails(embed_sites=[example.address, "https://a.example"]), boss)
    page = open_page(example.address)
    all_connected(page)
    publishing.change_event(event.pk, EventDetails(embed_sites=["https://a.example"]), boss)
    for name in ("#component", "#component-latest"):
        expect(page.locator(f"{name} > a")).to_be_visible()
        expect(page.locator(f"{name} .live-blog")).to_have_count(0)
    for name in ("#frame", "#frame-latest"):
        # waiting for the address itself would raise the error of the blocked page
        wait_until(partial(is_blocked, page.locator(name)), "the frame shows the browser's own page")


def is_blocked(frame):
    return frame.element_handle().content_frame().url.startswith("chrome-error:")


def test_new_updates_wait_while_the_reader_is_in_the_middle(open_page, site, event, boss):
    text = "<p>Water.</p>" * 20
    for number in range(6):
        post(event, f"Long {number}", text=text, author=boss)
    page = open_page(f"{site.url}/{event.slug}/embed/?limit=6")
    section = page.locator(".live-blog")
    expect(section).to_have_attribute("data-connected", "true")
    page.get_by_role("heading", name="Long 2").scroll_into_view_if_needed()
    page.wait_for_function("scrollY > 500")
    top = page.get_by_role("heading", name="Long 2").bounding_box()["y"]
    post(event, "Newest", author=boss)
    button = section.get_by_role("button", name="1 new update")
    expect(button).to_be_visible()
    assert page.get_by_role("heading", name="Long 2").bounding_box()["y"] == top
    button.click()
    expect(words(section)).to_have_text(["Newest", "Long 5", "Long 4", "Long 3", "Long 2", "Long 1"])
    expect(button).to_be_hidden()


def test_room_that_a_removal_makes_is_filled(open_page, site, event, boss, watched):
    watched.expect_messages(DOWN)
    entries = [post(event, f"Update {number}", author=boss) for number in range(5)]
    page = open_page(f"{site.url}/{event.slug}/embed/?view=latest")
    section = page.locator(".live-blog")
    expect(section).to_have_attribute("data-connected", "true")
    publishing.remove(entries[4].pk, boss)
    expect(words(section)).to_have_text(["Update 3", "Update 2", "Update 1"])
    publishing.restore(entries[4].pk, boss)
    expect(words(section)).to_have_text(["Update 4", "Update 3", "Update 2"])
    publishing.move(entries[4].pk, boss, above=entries[0].pk)
    expect(words(section)).to_have_text(["Update 3", "Update 2", "Update 1"])
    start_epoch(event.pk)
    post(event, "After the restore", author=boss)
    expect(words(section)).to_have_text(["After the restore", "Update 3", "Update 2"])


@pytest.mark.parametrize("view", ["updates", "latest"])
def test_what_came_live_is_what_the_server_writes(open_page, site, event, boss, view):
    page = open_page(f"{site.url}/{event.slug}/embed/?view={view}")
    expect(page.locator(".live-blog")).to_have_attribute("data-connected", "true")
    photo = PhotoContent(make_picture(boss).pk, alt="The gate", credit="Noor", caption="At noon")
    text = TextContent('<p>See <a href="/storm/">all</a> and <a href="https://a.example/">more</a></p>')
    rich = post(event, "", author=boss, blocks=[text, photo, EmbedContent("https://youtu.be/aqz-KE-bpKQ", "", "Film")])
    publishing.pin(rich.pk, boss)
    publishing.correct(rich.pk, EntryContent("بوابة", (text, photo)), "The time was wrong.", boss)
    last = post(event, "Last", author=boss, is_key=True)
    publishing.change_event(event.pk, EventDetails(title="Storm Maren turns"), boss)
    expect(page.locator("[data-title]")).to_have_text("Storm Maren turns")
    expect(page.locator(f"[data-id='{last.public_id}']")).to_be_attached()
    differences = page.evaluate(
        """async () => {
          const html = await (await fetch(document.body.dataset.fragment)).text();
          const fresh = new DOMParser().parseFromString(liveblogHtml.createHTML(html), "text/html");
          const rows = (root) => [...root.querySelectorAll("[data-entries] > *")].map((row) => {
            const copy = row.cloneNode(true);
            copy.classList.remove("new");
            if (!copy.className) copy.removeAttribute("class");
            for (const day of copy.querySelectorAll("[data-known]")) day.removeAttribute("data-known");
            copy.normalize();
            const walker = document.createTreeWalker(copy, NodeFilter.SHOW_TEXT);
            while (walker.nextNode()) walker.currentNode.data = walker.currentNode.data.replace(/\\s+/g, " ");
            return copy;
          });
          const [live, written] = [rows(document), rows(fresh)];
          const differ = live.filter((row, n) => !written[n] || !row.isEqualNode(written[n]));
          return [live.length - written.length, ...differ.map((row) => row.outerHTML)];
        }"""
    )
    assert differences == [0]
    wrong = [(rule["id"], [node["target"] for node in rule["nodes"]]) for rule in violations_by_axe(page)]
    assert wrong == []


def test_strict_pages_show_it_with_the_sources_that_the_documentation_names(
    open_page, paper, site, event, boss, watched
):
    """A policy without inline styles, with Trusted Types; and a frame in a sandbox, whose origin is none."""
    watched.expect_messages("40[34]|WebSocket connection|<live-blog>")  # the sandbox may not open a socket
    post(event, "Gate holds", author=boss)
    example = paper(site, event)
    publishing.change_event(event.pk, EventDetails(embed_sites=[example.address]), boss)
    sockets = site.origin.replace("http", "ws", 1)
    example.headers["Content-Security-Policy"] = (
        f"default-src 'none'; script-src {site.origin}; img-src {site.origin} data:; frame-src {site.origin}; "
        f"connect-src {site.origin} {sockets}; require-trusted-types-for 'script'; trusted-types liveblog"
    )
    example.page = lambda _here: (
        f"""<!doctype html><title>Strict</title><link rel="icon" href="data:,">
      <script type="module" src="{site.url}/static/bundles/live-blog.js"></script>
      <live-blog src="{site.url}/{event.slug}/" theme="dark"><a href="/">The live blog</a></live-blog>
      <iframe sandbox="allow-scripts" src="{site.url}/{event.slug}/embed/" title="Live blog"></iframe>"""
    )
    page = open_page(example.address, color_scheme="dark")
    element, sandbox = page.locator("live-blog .live-blog"), page.frame_locator("iframe").locator(".live-blog")
    expect(element).to_have_attribute("data-connected", "true")
    expect(element).to_have_css("color", "rgb(234, 231, 224)")
    expect(sandbox).to_have_attribute("data-connected", "true")
    newest = post(event, "Gate leaks", author=boss)
    for section in (element, sandbox):
        expect(words(section)).to_have_text(["Gate leaks", "Gate holds"])
    page.locator("live-blog").evaluate(
        "(element) => { element.removeAttribute('theme'); element.setAttribute('view', 'latest') }"
    )
    expect(page.locator("live-blog li b")).to_have_text(["Gate leaks", "Gate holds"])
    expect(element).to_have_css("color", "rgb(20, 24, 29)")  # the page has no dark colours
    publishing.remove(newest.pk, boss)
    expect(page.locator("live-blog li b")).to_have_text(["Gate holds"])
    expect(words(sandbox)).to_have_text(["Gate holds"])
    for address in ("javascript:alert(1)", "http://[", ""):
        page.locator("live-blog").evaluate("(element, address) => element.setAttribute('src', address)", address)
    page.locator("live-blog").evaluate(
        "(element, address) => element.setAttribute('src', address)", f"{site.url}/absent"
    )
    expect(page.locator("live-blog > a")).to_be_visible()


def test_one_update_goes_and_returns(open_page, site, event, boss):
    entry = post(event, "Gate holds", author=boss)
    page = open_page(f"{site.url}/{event.slug}/embed/?update={entry.public_id}")
    section = page.locator(".live-blog")
    expect(section).to_have_attribute("data-connected", "true")
    post(event, "Another", author=boss)
    publishing.edit(entry.pk, EntryContent("Gate still holds"), boss)
    expect(words(section)).to_have_text(["Gate still holds"])
    publishing.remove(entry.pk, boss)
    expect(section.get_by_text("This update was removed.")).to_be_visible()
    expect(words(section)).to_have_count(0)
    publishing.restore(entry.pk, boss)
    expect(words(section)).to_have_text(["Gate still holds"])
