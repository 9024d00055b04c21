"""A broadcaster's live blog, posted through the admin's own forms while a reader's page is open."""

import pytest
from playwright.sync_api import expect

from tests.admin.desk_forms import embed, photo, quote, text
from tests.browser.desk_client import DeskClient, drawn_photo
from tests.browser.reader_page import ENTRIES, assert_equals_fresh, connected
from tests.factories import make_event, make_member
from tests.samples import sample_json
from updates import publishing
from updates.choices import Role
from updates.publishing import EventDetails

BLOCKS_ON_PAGE = """(articles) => articles.map((article) => ({
  headline: article.querySelector("h2").textContent,
  blocks: [...article.querySelectorAll(".what > :is(.text, figure, blockquote, .lead-in)")].flatMap((node) => {
    const words = (selector) => node.querySelector(selector)?.textContent.trim();
    if (node.matches(".text"))
      return [...node.querySelectorAll("p")].map((p) => ({kind: "text", text: p.textContent}));
    if (node.matches("blockquote"))
      return [{kind: "quote", text: words("p"), attribution: words("footer").replace(/^– /, "")}];
    if (node.matches(".lead-in")) return [{kind: "embed", lead_in: node.textContent}];
    if (node.querySelector(".poster")) return [];
    const credit = words("figcaption small");
    const caption = words("figcaption").slice(0, -credit.length).trim();
    const loaded = node.querySelector("img").complete;
    return [{kind: "photo", caption, credit: credit.replace(/^Credit: /, ""), loaded}];
  }),
}))"""

PHOTOS_ARE_LOADED = """() => [...document.querySelectorAll("[data-entries] > article figure img")]
  .every(({complete, naturalWidth}) => complete && naturalWidth)"""

ORDER_ON_PAGE = """(nodes) => nodes.map((node) => node.matches("article") ? "entry" : "ad")"""


@pytest.fixture
def sample():
    return sample_json("syria-2016.json")


def as_posted(entry, number):
    """The blocks of a sample's entry, as the form sends them; what the sample lacks is made up."""
    blocks = []
    for place, block in enumerate(entry["blocks"]):
        match block["kind"]:
            case "text":
                blocks.append(text(f"<p>{block['text']}</p>"))
            case "photo":
                file = drawn_photo(number * 10 + place)
                blocks.append(photo(file, alt="A drawing", caption=block["caption"], credit=block["credit"]))
            case "quote":
                blocks.append(quote(block["text"], block["attribution"]))
            case "embed":
                blocks.append(embed("https://www.youtube.com/watch?v=abcdefghijk", lead_in=block["lead_in"]))
    return blocks


def expected_on_page(entry):
    fields = {"text": ("kind", "text"), "quote": ("kind", "text", "attribution"), "embed": ("kind", "lead_in")}
    blocks = []
    for block in entry["blocks"]:
        if block["kind"] == "photo":
            blocks.append({"kind": "photo", "caption": block["caption"], "credit": block["credit"], "loaded": True})
        else:
            blocks.append({name: block[name] for name in fields[block["kind"]]})
    return {"headline": entry["headline"], "blocks": blocks}


@pytest.fixture
def event(transactional_db, sample):
    return make_event(title=sample["title"])


@pytest.fixture
def desk(event, site, playwright_requests):
    correspondent = make_member(event, Role.CORRESPONDENT, "paul")
    correspondent.set_password("tide and gate")
    correspondent.save()
    return DeskClient(playwright_requests, site, correspondent, "tide and gate")


def test_ten_entries_of_a_real_live_blog(open_page, site, event, desk, sample):
    reader = open_page(f"{site.url}/{event.slug}/")
    connected(reader)
    reader.evaluate("window.stayed = true")

    for number, entry in enumerate(reversed(sample["entries"])):
        desk.post_entry(event, entry["headline"], *as_posted(entry, number), key=f"entry-{number}")
        expect(reader.locator(f"{ENTRIES} h2").first).to_have_text(entry["headline"])

    expect(reader.locator(ENTRIES)).to_have_count(10)
    for picture in reader.locator(f"{ENTRIES} figure img").all():
        picture.scroll_into_view_if_needed()
    reader.wait_for_function(PHOTOS_ARE_LOADED)
    reader.evaluate("scrollTo(0, 0)")
    assert reader.locator(ENTRIES).evaluate_all(BLOCKS_ON_PAGE) == [
        expected_on_page(entry) for entry in sample["entries"]
    ]
    assert reader.evaluate("window.stayed")
    assert_equals_fresh(reader, open_page)

    page = open_page(f"{site.url}/{event.slug}/")
    on_page = page.locator("[data-entries] > :is(article, .ad)").evaluate_all(ORDER_ON_PAGE)
    expected = sample["page_order"][:-1]
    assert on_page == expected[: len(on_page)]
    assert [place for place, kind in enumerate(on_page) if kind == "ad"] == [2, 7]

    more_is_pressed_and_followed(page, open_page, event, sample)


def more_is_pressed_and_followed(page, open_page, event, sample):
    """Then with five updates to a page."""
    editor = event.assignments.get(role=Role.EDITOR).user
    publishing.change_event(event.pk, EventDetails(page_size=5), editor)
    headlines = [entry["headline"] for entry in sample["entries"]]

    page.reload()
    connected(page)
    expect(page.locator(f"{ENTRIES} h2")).to_have_text(headlines[:5])
    page.get_by_role("link", name="Load more updates").click()
    expect(page.locator(f"{ENTRIES} h2")).to_have_text(headlines)

    plain = open_page(page.url, java_script_enabled=False)
    plain.get_by_role("link", name="Load more updates").click()
    expect(plain.locator(f"{ENTRIES} h2")).to_have_text(headlines[5:])
