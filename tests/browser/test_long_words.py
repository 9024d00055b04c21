"""Long words widen no page."""

from tests.factories import editor_of, make_event, post
from updates import publishing
from updates.publishing import EntryContent, TextContent

LAW = "Rindfleischetikettierungsüberwachungsaufgabenübertragungsgesetz"
LINK = "https://www.example.org/breg-de/aktuelles/pressekonferenz-2026-11-29-infrastruktur-und-verkehr"


def test_pages_stay_as_wide_as_a_small_screen(open_page, site, transactional_db):
    event = make_event(title=f"{LAW}: Anhörung")
    boss = editor_of(event)
    post(event, LINK, author=boss, is_key=True)
    entry = post(event, f"{LAW} gestrichen", author=boss, is_key=True)
    content = EntryContent(f"{LAW}sentwurf", (TextContent(f"<p>{LAW}</p>"),))
    publishing.correct(entry.pk, content, f"Siehe {LINK}", boss)
    page = open_page("about:blank", viewport={"width": 320, "height": 700})
    for path in (f"/{event.slug}/", f"/{event.slug}/{entry.public_id}/", "/", "/corrections/", "/archive/"):
        page.goto(site.url + path)
        assert page.evaluate("document.documentElement.scrollWidth") == 320, path
