"""Nothing moves under the eye: an hour of a busy event in a minute, on a page that is read meanwhile."""

import pytest
from playwright.sync_api import expect

from tests.browser.desk_page import until_routed
from tests.browser.reader_page import connected
from tests.factories import make_event, post
from updates import publishing
from updates.publishing import EntryContent, EventDetails, TextContent

WATCH = """
window.shifts = [];
new PerformanceObserver((list) => {
  for (const { value, hadRecentInput, sources } of list.getEntries())
    if (!hadRecentInput) shifts.push([value, sources.map(({ node, previousRect: was, currentRect: is }) =>
        `${node?.className ?? node?.textContent} ${was.x},${was.y} ${was.height} → ${is.x},${is.y} ${is.height}`)]);
}).observe({ type: "layout-shift", buffered: true });
"""
WITHOUT_ANCHORING = """
const sheet = new CSSStyleSheet();
sheet.insertRule("* { overflow-anchor: none !important }");
document.adoptedStyleSheets = [sheet];
"""
TOP = "(element) => element.getBoundingClientRect().top"
FRAMES = """async (frames) => { while (frames--) await new Promise(requestAnimationFrame); }"""
GLIDES = "() => document.getAnimations().some(({ id }) => id === 'glide')"
SLOW_GLIDES = f"""
const {{ animate }} = Element.prototype;
Element.prototype.animate = function (keyframes) {{
  window.hasGlided = true;
  return animate.call(this, keyframes, 1000);
}};
window.glidesBesideAges = [];
new MutationObserver((changes) => {{
  const added = changes.flatMap(({{ addedNodes }}) => [...addedNodes]);
  if (added.some((node) => node.matches?.("[data-relative]"))) glidesBesideAges.push(({GLIDES})());
}}).observe(document, {{ childList: true, subtree: true }});
"""
LOREM = "<p>" + "The water stands higher than at noon, and the gate holds. " * 6 + "</p>"


def act(event, boss, roll, number):
    """What a desk does in a minute."""
    deed = roll.choice(["publish"] * 4 + ["edit", "correct", "pin", "key", "remove", "points"])
    entries = list(event.entries.published())
    some = roll.choice(entries).pk
    words = EntryContent(f"Changed {number}", (TextContent(LOREM * roll.randint(1, 3)),))
    if deed == "publish":
        post(event, f"Update {number}", author=boss, text=LOREM * roll.randint(1, 3))
    elif deed == "edit":
        publishing.edit(some, words, boss)
    elif deed == "correct":
        publishing.correct(some, words, "It was 312, not 321.", boss)
    elif deed == "pin":
        publishing.pin(some, boss)
    elif deed == "key":
        publishing.mark_key(some, boss, is_key=True)
    elif deed == "remove" and len(entries) > 10:
        publishing.remove(some, boss)
    else:
        points = tuple(f"<p>Point {number}, {line}.</p>" for line in range(roll.randint(2, 4)))
        publishing.change_event(event.pk, EventDetails(key_points=points), boss)


@pytest.mark.parametrize("anchoring", [True, False])
def test_the_text_under_the_eye_stays_where_it_is(open_page, site, boss, anchoring):
    """Also in browsers that do not anchor what is scrolled."""
    event = make_event()
    for number in range(12):
        post(event, f"Before {number}", author=boss, text=LOREM)
    page = open_page(f"{site.url}/{event.slug}/", viewport={"width": 390, "height": 844})
    if not anchoring:
        page.evaluate(WITHOUT_ANCHORING)
    connected(page)
    read = page.locator("#" + page.locator("[data-entries] article").nth(6).get_attribute("id"))
    read.evaluate("(entry) => scrollTo(0, entry.offsetTop + 40)")
    place = read.evaluate(TOP)
    page.evaluate(WATCH)
    for number in range(5):
        post(event, f"News {number}", author=boss, text=LOREM)
    expect(page.locator(".pill")).to_have_text("5 new updates")
    for entry in event.entries.order_by("-order")[5:8]:  # above what is read
        publishing.edit(entry.pk, EntryContent("Longer", (TextContent(LOREM * 3),)), boss)
    expect(page.locator("[data-entries] h2", has_text="Longer")).to_have_count(3)
    publishing.remove(event.entries.order_by("-order")[8].pk, boss)
    expect(page.locator("[data-entries] article")).to_have_count(9 if page.locator("[data-more]").count() else 11)
    assert abs(read.evaluate(TOP) - place) <= 1
    assert sum(value for value, _ in page.evaluate("shifts")) < 0.001  # a pixel of the window


def test_the_first_ages_wait_for_what_glides(open_page, site, boss):
    event = make_event()
    for number in range(4):
        post(event, f"Before {number}", author=boss, text=LOREM)
    page = open_page("about:blank")
    page.add_init_script(SLOW_GLIDES)
    held = []

    def hold(route):
        held.append(route)

    page.route("**/clock.*.js", hold)
    page.goto(f"{site.url}/{event.slug}/")
    connected(page)
    until_routed(page, lambda: held, "the ages are asked for")
    post(event, "News", author=boss, text=LOREM)
    page.wait_for_function("() => window.hasGlided")
    held[0].continue_()
    expect(page.locator("[data-entries] [data-relative]").first).to_be_visible()
    assert page.evaluate("glidesBesideAges") == [False]
