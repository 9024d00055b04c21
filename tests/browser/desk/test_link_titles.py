"""Title and picture of a pasted link come into the form, where its writer has left them empty."""

from django.utils import timezone
from playwright.sync_api import expect

from tests.admin.desk_forms import desk_address
from tests.browser.conftest import picture_of
from tests.browser.desk_page import LAPTOP, outbox, publish, ready
from tests.factories import make_picture
from tests.servers import running_site
from updates.models import Entry, LinkLookup

URL = "https://news.example/article"
OTHER = "https://news.example/other"


def test_a_pasted_link_gets_title_and_picture(log_in, event, tomas, tmp_path):
    picture = make_picture(tomas)
    # as if it had been fetched a moment ago
    for url, title, found in [(URL, "Gate holds", picture.public_id), (OTHER, "Bridge shut", "")]:
        LinkLookup.objects.create(url=url, user=tomas, created_at=timezone.now(), title=title, picture=found)
    with running_site(tmp_path / "site.log", FETCH_LINK_TITLES="1") as site:
        page = log_in(tomas, site.url, **LAPTOP)
        page.goto(site.url + desk_address(event))
        ready(page)
        page.locator("[data-add=embed]").click()
        page.locator("[name=embed-0-url]").fill(URL)
        title = page.locator("[name=embed-0-title]")
        preview = page.locator(".block-embed:not(.empty-form) [data-preview]")
        expect(title).to_have_value("Gate holds")
        expect(preview).to_be_visible()
        page.locator("[name=embed-0-url]").fill(OTHER)  # a link that replaces another has its own title and picture
        expect(title).to_have_value("Bridge shut")
        expect(preview).to_have_count(0)
        page.locator("[name=embed-0-url]").fill(URL)
        expect(title).to_have_value("Gate holds")
        expect(preview).to_be_visible()
        expect(page.locator("[data-becomes]")).to_contain_text("Check them before you publish.")
        picture_of(page, "link-title")
        publish(page)
        expect(outbox(page, "sent")).to_contain_text("Published")

        page.goto(site.url + event.get_absolute_url())
        card = page.locator("a.out")
        expect(card).to_contain_text("Gate holds")
        expect(card.locator("img")).to_have_js_property("complete", True)
        picture_of(page, "link-card")
        page.goto("about:blank")  # it would miss its server
    assert Entry.objects.get().content["blocks"][0]["poster"]["renditions"]
