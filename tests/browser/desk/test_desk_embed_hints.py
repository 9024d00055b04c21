"""A pasted address shows at once what it becomes; alone in a text it can be shown as what it is."""

from playwright.sync_api import expect

from tests.browser.desk.test_desk_paste import PASTE, text
from tests.browser.desk_page import LAPTOP, PHONE, outbox, publish

VIDEO = "https://youtu.be/dQw4w9WgXcQ"


def test_an_address_in_an_embed_says_what_it_becomes(sit, tomas):
    desk = sit(tomas, **LAPTOP)
    desk.locator("[data-add=embed]").click()
    field = desk.locator(".block-embed:not(.empty-form) input[name$='-url']")
    line = desk.locator(".block-embed:not(.empty-form) [data-becomes]")
    for address, words in [
        (VIDEO, "This becomes a video from youtu.be."),
        ("https://www.example.org/a", "This becomes a link to example.org."),
        ("nothing yet", ""),
    ]:
        field.fill(address)
        expect(line).to_have_text(words)


def test_an_address_alone_in_a_text_is_offered_as_an_embed(sit, tomas):
    desk = sit(tomas, **PHONE)
    offer = desk.locator("[data-show-as]")
    desk.evaluate(PASTE, ["", "https://example.org/"])
    expect(offer).to_have_count(0)
    for address in ("https://vimeo.com/76979871", VIDEO):
        text(desk).press("ControlOrMeta+a")
        text(desk).press("Delete")
        desk.evaluate(PASTE, ["", address])
        text(desk).press("Shift")
        expect(offer).to_have_text("Show as video")
    offer.press("Enter")
    expect(desk.locator(".block-embed:not(.empty-form) input[name$='-url']")).to_have_value(VIDEO)
    expect(desk.locator(".block-embed:not(.empty-form) [data-becomes]")).to_contain_text("a video from youtu.be")
    expect(text(desk)).to_have_text("")
    expect(offer).to_have_count(0)


def test_the_offer_goes_when_the_update_is_sent_as_it_is(sit, tomas):
    desk = sit(tomas, **LAPTOP)
    desk.evaluate(PASTE, ["", VIDEO])
    expect(desk.locator("[data-show-as]")).to_be_visible()
    publish(desk)
    expect(desk.locator("[data-show-as]")).to_have_count(0)
    expect(outbox(desk, "sent")).to_contain_text("Published")
