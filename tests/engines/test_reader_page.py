"""A reader's page stays live in every engine."""

from tests.factories import editor_of, make_event, make_picture, post
from tests.layout import LARGE_LETTERS
from tests.proxy import line_to
from tests.servers import running_site
from updates import publishing
from updates.publishing import EntryContent, EventDetails, PhotoContent, TextContent

HEADLINES = "[data-entries] > article h2"
CONNECTED = "document.querySelector('live-event [data-connected=true]')"


def content(headline, text):
    return EntryContent(headline, (TextContent(f"<p>{text}</p>"),))


def test_open_page_gets_an_update_an_edit_and_a_removal(page, site, event):
    boss = editor_of(event)
    post(event, "Gate holds", author=boss)
    page.open(f"{site.url}/{event.slug}/")
    page.wait_for(CONNECTED)
    page.evaluate("window.stayed = true")

    second = post(event, "Ferries wait", author=boss)
    page.wait_for_texts(HEADLINES, "Ferries wait", "Gate holds")
    publishing.edit(second.pk, content("Ferries sail", "They sail again."), boss)
    page.wait_for_texts(HEADLINES, "Ferries sail", "Gate holds")
    publishing.remove(second.pk, boss)
    page.wait_for_texts(HEADLINES, "Gate holds")
    assert page.evaluate("window.stayed")


def test_page_survives_a_restart_of_the_server(engine, site, transactional_db, tmp_path):
    """A line leads to a server that ends, then to that of the other tests."""
    event = make_event()
    page = engine.new_page()
    with line_to("http://127.0.0.1:9") as line:
        with running_site(tmp_path / "first.log") as first:
            line.lead_to(first.url)
            page.open(f"{line.url}/{event.slug}/")
            page.wait_for(CONNECTED)
            page.evaluate("window.stayed = true")
        post(event, "While down")
        line.lead_to(site.url)
        page.wait_for_texts(HEADLINES, "While down")
        assert page.evaluate("window.stayed")
        page.close()


LIGHTBOX_FITS = """(() => {
  const dialog = document.querySelector("dialog.lightbox[open]");
  const boxes = [...dialog.querySelectorAll("img, figcaption, .row")].map((each) => each.getBoundingClientRect());
  const [photo, caption, row] = boxes;
  return photo.top >= 0 && photo.bottom <= caption.top && caption.bottom <= row.top && row.bottom <= innerHeight
    && photo.width > 0 && boxes.every(({left, right}) => left >= 0 && right <= innerWidth);
})()"""


def test_lightbox_shows_photo_caption_and_buttons(page, site, event):
    boss = editor_of(event)
    photo = PhotoContent(make_picture(boss, size=(1600, 1000)).pk, alt="Quay", caption="The quay.", credit="Noor")
    post(event, "Quay", author=boss, blocks=(photo,))
    page.open(f"{site.url}/{event.slug}/")
    page.wait_for(CONNECTED)
    page.click("[data-entries] [data-zoom]")
    page.wait_for("document.querySelector('dialog.lightbox[open]')")
    page.wait_for(LIGHTBOX_FITS)


UNITS_IN_TWO_LINES = """[...document.querySelectorAll(".text .nb")].filter(
  (unit) => unit.getClientRects().length > 1).length"""

KEY_EVENTS_ARE_OPEN = """(() => {
  const details = document.querySelector("details.keys");
  return details.open && details.querySelector("ol").getBoundingClientRect().height > 0;
})()"""


def test_key_events_open_on_a_press_and_large_letters_fit(page, site, event):
    boss = editor_of(event)
    details = EventDetails(title="Storm Maren: Port\u00a0Ellery waits", byline="Ines Calder and Noor Hadad")
    publishing.change_event(event.pk, details, boss)
    post(event, "Gate holds", author=boss, is_key=True, text="<p>" + "Gusts of 128 km/h by day. " * 40 + "</p>")
    page.open(f"{site.url}/{event.slug}/")
    page.wait_for(CONNECTED)
    assert page.evaluate("getComputedStyle(document.querySelector('.watch .title')).opacity") == "0"
    assert page.evaluate(UNITS_IN_TWO_LINES) == 0
    page.click("details.keys summary")
    page.wait_for(KEY_EVENTS_ARE_OPEN)
    for width in (320, 390):
        page.evaluate(f"void (document.body.style.inlineSize = '{width}px')")
        assert page.evaluate(f"({LARGE_LETTERS})()") == {"sideways": 0, "overlaps": 0, "torn": 0}
