"""A pasted address shows at once what it becomes; alone in a text it can be shown as what it is."""

from playwright.sync_api import expect

from tests.browser.desk.test_desk_paste import PASTE, text
from tests.browser.desk_page import LAPTOP, PHONE, outbox, publish

VIDEO = "https://youtu.be/dQw4w9WgXcQ"


def test_an_offer_goes_with_its_update_and_an_address_in_an_embed_says_what_it_becomes(sit, tomas):
    desk = sit(tomas, **LAPTOP)
    desk.evaluate(PASTE, ["", VIDEO])
    expect(desk.locator("[data-show-as]")).to_be_visible()
    publish(desk)  # as it is
    expect(desk.locator("[data-show-as]")).to_have_count(0)
    expect(outbox(desk, "sent")).to_contain_text("Published")

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


SRT = b"1\n00:00:00,000 --> 00:00:09,000\nLe pont est ferm\xe9.\n"


def test_a_film_takes_captions_from_a_file_and_readers_can_turn_them_on(sit, tomas, event, site, open_page):
    desk = sit(tomas, **PHONE)
    desk.locator("[data-add=embed]").click()
    block = desk.locator(".block-embed:not(.empty-form)")
    captions, address = block.locator(".field-captions textarea"), block.locator("input[name$='-url']")
    address.fill(VIDEO)
    expect(captions).to_be_hidden()
    address.fill("https://film.example/quay.m3u8")
    expect(captions).to_be_visible()
    file = block.locator(".field-captions input[type=file]")
    file.set_input_files({"name": "notes.txt", "mimeType": "text/plain", "buffer": b"Notes"})
    expect(captions).to_have_value("")
    file.set_input_files({"name": "quay.srt", "mimeType": "text/plain", "buffer": SRT})
    expect(captions).to_have_value(SRT.decode("latin-1"))
    block.locator("input[name$='-captions_language']").fill("fr")
    publish(desk)
    expect(outbox(desk, "sent")).to_contain_text("Published")

    page = open_page(f"{site.url}/{event.slug}/")
    expect(page.locator("article video")).to_have_count(1)
    page.evaluate("document.querySelector('video').textTracks[0].mode = 'showing'")
    page.wait_for_function("() => document.querySelector('track').readyState === 2")
    cues = "(video) => [...video.textTracks[0].cues].map((cue) => [cue.text, video.textTracks[0].label])"
    assert page.locator("video").evaluate(cues) == [["Le pont est fermé.", "français"]]
