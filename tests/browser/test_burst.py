"""Many tall entries a second: the open page stacks none on another, and stays within its bound."""

from playwright.sync_api import expect

from tests.factories import editor_of, make_event, post
from tests.servers import wait_until

ENTRIES = "[data-entries] > article"
TALL = "<p>Water stands in the street.</p>" * 12
OVERLAPS = """() => {
  window.overlaps = 0;
  const look = () => {
    const newest = [...document.querySelectorAll("[data-entries] > article")].slice(0, 12);
    const boxes = newest.map((each) => each.getBoundingClientRect());
    const stacked = boxes.filter((box, index) => index && box.top < boxes[index - 1].bottom - box.height / 2);
    if (stacked.length > 1) window.overlaps++;
    requestAnimationFrame(look);
  };
  look();
}"""


def test_burst_of_tall_entries_is_not_stacked_and_the_bound_holds(open_page, site, transactional_db):
    event = make_event(page_size=100)
    boss = editor_of(event)
    for number in range(100):  # which the page comes with
        post(event, f"Before {number}", text=TALL, author=boss)
    page = open_page(f"{site.url}/{event.slug}/")
    expect(page.locator("live-event [data-connected=true]")).to_have_count(1)
    page.evaluate(OVERLAPS)
    for number in range(120):
        post(event, f"Update {number}", text=TALL, author=boss)
    expect(page.get_by_role("heading", name="Update 119", exact=True)).to_be_visible()
    wait_until(lambda: page.locator(ENTRIES).count() <= 200, "the page holds at most 200")
    assert page.evaluate("overlaps") == 0
