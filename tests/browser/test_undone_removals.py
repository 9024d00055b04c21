"""A removal that is undone returns to every open page; addresses lead to entries wherever they are."""

from datetime import timedelta

from django.utils import timezone
from playwright.sync_api import expect

from tests.factories import editor_of, make_event, post_many
from updates import publishing

ENTRIES = "[data-entries] > article"


def opened(open_page, address):
    page = open_page(address, viewport={"width": 390, "height": 844})
    expect(page.locator("live-event [data-connected=true]")).to_have_count(1)
    return page


def test_removal_that_is_undone_comes_back_to_each_page_in_its_place(open_page, site, transactional_db):
    event = make_event(page_size=5)
    boss = editor_of(event)
    entries = post_many(event, 23, start=timezone.now() - timedelta(hours=1))
    old, new = entries[12], entries[22]
    publishing.mark_key(old.pk, boss, is_key=True)
    start = f"{site.url}/{event.slug}/"
    addresses = {
        start: new, f"{start}?page=3": old, f"{start}?order=oldest&page=3": old, f"{start}?filter=key": old,
        f"{start}{old.public_id}/": old,
    }  # fmt: skip
    pages = [(opened(open_page, address), entry.public_id) for address, entry in addresses.items()]
    before = [(page.locator(f"{ENTRIES} h2").all_text_contents(), page.title()) for page, _ in pages]

    for entry in (old, new):
        publishing.remove(entry.pk, boss)
    for page, public_id in pages:
        expect(page.locator(f"#u{public_id}")).to_have_count(0)
    for entry in (old, new):
        publishing.restore(entry.pk, boss)

    for (page, _), (headlines, title) in zip(pages, before, strict=True):
        expect(page.locator(f"{ENTRIES} h2")).to_have_text(headlines)
        expect(page).to_have_title(title)
        expect(page.locator("p.gone")).to_have_count(0)
        expect(page.locator(".pill")).to_be_hidden()


def test_address_of_an_entry_leads_to_it_on_whatever_page_it_is(open_page, site, transactional_db):
    event = make_event(page_size=3)
    oldest, *_, newest = post_many(event, 9)
    page = opened(open_page, f"{site.url}/{event.slug}/#u{newest.public_id}")
    expect(page.locator("h2:focus")).to_have_text("Update 9")
    page.evaluate(f"location.hash = 'u{oldest.public_id}'")
    page.wait_for_url(f"{site.url}/{event.slug}/{oldest.public_id}/")
    expect(page.locator("h2:focus")).to_have_text("Update 1")
    fresh = opened(open_page, f"{site.url}/{event.slug}/#u{oldest.public_id}")
    fresh.wait_for_url(f"{site.url}/{event.slug}/{oldest.public_id}/")
