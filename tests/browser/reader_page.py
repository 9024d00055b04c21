"""A live blog's page as a reader has it open, in a real browser."""

from contextlib import suppress

from playwright.sync_api import expect

from tests.factories import editor_of, make_event, post
from tests.servers import wait_until
from updates import publishing

ENTRIES = "[data-entries] > article"
STAYS_CONNECTED = """new MutationObserver(() => {
  document.querySelector("live-event")?.setAttribute("data-hidden-close", "3600");
}).observe(document, {childList: true, subtree: true});"""
"""Keeps the socket while the page is hidden, as a real one is for 45 seconds: here it is closed after one, in which a
busy machine may not have published anything yet."""


def page_with_a_pin(site, text):
    """Return the address of a live blog whose pinned update has this text, below a newer one."""
    event = make_event()
    boss = editor_of(event)
    publishing.pin(post(event, "Pinned", text=text, author=boss).pk, boss)
    post(event, "Gate holds", author=boss)
    return f"{site.url}/{event.slug}/"


def connected(page):
    """Wait until an open page gets updates; returns it."""
    expect(page.locator("[data-part=watch-state]")).to_have_attribute("data-connected", "true")
    return page


def place_of(locator):
    """Return how far from the upper edge of the window something is, once what has moved no longer glides."""
    return locator.evaluate(
        """async (element) => {
          for (let frames = 2; frames--; ) await new Promise(requestAnimationFrame); // what has changed is in place
          for (const motion of document.getAnimations()) if (motion.id === "glide") motion.finish();
          return element.getBoundingClientRect().top;
        }"""
    )


def headlines(page):
    return page.locator(f"{ENTRIES} h2")


def shape(page):
    """All that a reader sees of an event, without what counts from the moment of loading, and where the focus was."""
    return page.evaluate(
        """() => {
          const strip = (node) => {
            const copy = node.cloneNode(true);
            copy.querySelectorAll(".when a span, .when [data-relative]").forEach((span) => span.remove());
            copy.classList.remove("new", "now");
            copy.removeAttribute("data-fixed");
            copy.querySelector("h2")?.removeAttribute("tabindex");
            return copy.outerHTML.replace(/\\s+/g, " ");
          };
          const all = (selector) => [...document.querySelectorAll(selector)].map(strip);
          return {
            title: document.title.replace(/^\\(\\d+\\) /, ""),
            head: all("[data-part=head]"), know: all("[data-part=know]"), keys: all("[data-keys] li"),
            corrections: all("[data-corrections] li"),
            pinned: all("[data-pinned] > article"), entries: all("[data-entries] > article"),
          };
        }"""
    )


def assert_equals_fresh(page, open_page):
    fresh = open_page(page.url.split("#")[0])
    connected(fresh)
    expected = shape(fresh)

    def down_to_its_end():
        state = shape(page)
        return state | {"entries": state["entries"][: len(expected["entries"])]}

    with suppress(AssertionError):  # the comparison below says what differs
        wait_until(lambda: down_to_its_end() == expected, "the page is a fresh one's equal")
    assert down_to_its_end() == expected
    ids = page.evaluate("[...document.querySelectorAll('[id]')].map((node) => node.id)")
    assert len(ids) == len(set(ids))
