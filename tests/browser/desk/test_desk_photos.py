"""Photos at the desk: made smaller before they are sent, several at once, and picked again."""

import re
from base64 import b64encode

import pytest
from PIL import Image as Canvas
from playwright.sync_api import expect

from tests.browser.desk_client import drawn_photo
from tests.browser.desk_page import outbox, publish, write
from tests.content.pictures import saved
from tests.content.test_captions import XMP
from tests.factories import editor_of, make_picture, post
from updates.content.pixels import fitting
from updates.models import Entry, Image
from updates.publishing import PhotoContent

LISTEN = """window.parts = [];
const send = XMLHttpRequest.prototype.send;
XMLHttpRequest.prototype.send = function (body) {
  if (body?.get("part")) window.parts[Number(body.get("index"))] = body.get("part");
  return send.call(this, body);
};"""

SENT = """async () => {
  const file = new Blob(window.parts);
  const picture = await createImageBitmap(file);
  return [picture.width, picture.height, file.size];
}"""
"""The picture that left the device, before the server did anything to it."""

DROP = """([selector, files]) => {
  const data = new DataTransfer();
  for (const {name, mimeType, base64} of files)
    data.items.add(new File([Uint8Array.from(atob(base64), (sign) => sign.charCodeAt(0))], name, {type: mimeType}));
  for (const name of ["dragover", "drop"])
    document.querySelector(selector).dispatchEvent(
      new DragEvent(name, {dataTransfer: data, bubbles: true, cancelable: true}));
}"""


@pytest.fixture
def page(sit, noor):
    return sit(noor, script=LISTEN)


PASTE = """([types, base64]) => {
  const data = new DataTransfer();
  for (const [type, words] of Object.entries(types)) data.setData(type, words);
  const bytes = Uint8Array.from(atob(base64), (sign) => sign.charCodeAt(0));
  data.items.add(new File([bytes], "quay.png", {type: "image/png"}));
  document.querySelector("[name=headline]").dispatchEvent(
    new ClipboardEvent("paste", {clipboardData: data, bubbles: true, cancelable: true}));
}"""


def as_text(file):
    return {"name": file["name"], "mimeType": file["mimeType"], "base64": b64encode(file["buffer"]).decode()}


def add_photo(page):
    page.locator("[data-add=photo]").click()
    return page.locator("input[type=file][name=photo-0-image-file]")


def uploaded(page, number):
    """The random id, once the server has the picture."""
    picture = page.locator(f"[name=photo-{number}-image]")
    expect(picture).to_have_value(re.compile("^.{10}$"))
    return picture.input_value()


def test_a_large_photo_is_made_smaller_before_it_is_sent(page):
    grain = Canvas.effect_noise((800, 600), 60).convert("RGB")
    photo = saved(grain.resize((4000, 3000)), "JPEG", quality=85)

    add_photo(page).set_input_files([{"name": "quay.jpg", "mimeType": "image/jpeg", "buffer": photo}])
    uploaded(page, 0)

    width, height, size = page.evaluate(SENT)
    assert (width, height) == (3200, 2400)
    assert size < len(photo)


def test_a_drawing_beyond_the_limit_is_made_smaller_though_it_takes_more_bytes_then(page):
    stripes = Canvas.new("1", (5200, 1))
    stripes.putdata([place % 3 and 255 for place in range(5200)])
    drawing = saved(stripes.resize((5200, 5200)), "PNG")

    add_photo(page).set_input_files([{"name": "map.png", "mimeType": "image/png", "buffer": drawing}])
    uploaded(page, 0)

    width, height, size = page.evaluate(SENT)
    assert (width, height) == (3200, 3200)
    assert size > len(drawing)


def test_a_tall_screenshot_stays_as_wide_as_the_server_keeps_it(page):
    screenshot = saved(Canvas.effect_noise((1000, 8000), 60).convert("RGB"), "JPEG", quality=95)

    add_photo(page).set_input_files([{"name": "chat.jpg", "mimeType": "image/jpeg", "buffer": screenshot}])
    uploaded(page, 0)

    assert page.evaluate(SENT)[:2] == [800, 6400]
    assert (Image.objects.get().width, Image.objects.get().height) == fitting((1000, 8000)) == (800, 6400)


@pytest.mark.parametrize("kind", ["AVIF", "GIF"])
def test_a_large_transparent_picture_does_not_turn_black(page, kind):
    picture = Canvas.effect_noise((4000, 300), 60).convert("RGBA")
    picture.paste((0, 0, 0, 0), (0, 0, 2000, 300))

    buffer = saved(picture, kind)
    mime = f"image/{kind.lower()}"
    add_photo(page).set_input_files([{"name": "map", "mimeType": mime, "buffer": buffer}])
    uploaded(page, 0)

    with Image.objects.get().master.open("rb") as master, Canvas.open(master) as stored:
        assert stored.mode == "RGBA"
        assert stored.getpixel((10, 10))[3] == 0


def test_several_photos_are_chosen_at_once(page):
    choose = add_photo(page)
    choose.set_input_files([drawn_photo(number) for number in (1, 2, 3)])

    assert len({uploaded(page, number) for number in range(3)}) == 3
    expect(page.locator("[name=photo-0-alt]")).to_be_focused()
    for number in range(3):
        page.locator(f"[name=photo-{number}-alt]").fill(f"Photo {number + 1}")
    page.locator("[name=photo-2-caption]").fill("On the stairs")
    page.locator("[name=photo-0-credit]").fill("Noor Hadad")
    for caption in ("At nin", "At nine"):  # changed, and again for all
        page.locator("[name=photo-0-caption]").fill(caption)
        page.get_by_role("button", name="Same caption and credit for the other photos").first.click()
    publish(page)
    expect(outbox(page, "sent")).to_contain_text("Published")
    assert [(block["alt"], block["caption"], block["credit"]) for block in Entry.objects.get().content["blocks"]] == [
        ("Photo 1", "At nine", "Noor Hadad"),
        ("Photo 2", "At nine", "Noor Hadad"),
        ("Photo 3", "On the stairs", "Noor Hadad"),
    ]


def test_a_poster_is_one_picture(page):
    page.locator("[data-add=embed]").click()

    expect(page.locator("input[type=file][name=embed-0-poster-file]")).to_have_js_property("multiple", False)


def test_two_dropped_photos_become_two_blocks(page):
    files = [drawn_photo(number) for number in (1, 2)]
    page.evaluate(DROP, ["[name=headline]", [as_text(file) for file in files]])

    assert len({uploaded(page, number) for number in range(2)}) == 2
    expect(page.locator(".block-photo:not(.empty-form)")).to_have_count(2)
    expect(page.locator("[name=photo-0-alt]")).to_be_focused()
    assert Image.objects.count() == 2


def test_what_a_large_photo_says_of_itself_fills_what_is_empty(page, watched):
    watched.expect_messages("status of 422")  # to a copy of the draft before it has its photo
    photo = saved(Canvas.new("RGB", (3300, 300), (60, 90, 120)), "JPEG", quality=95, xmp=XMP.encode())

    choose = add_photo(page)
    page.locator("[name=photo-0-credit]").fill("Noor Hadad")
    choose.set_input_files([{"name": "ferry.jpg", "mimeType": "image/jpeg", "buffer": photo}])
    uploaded(page, 0)

    assert page.evaluate(SENT)[:2] == [3200, 291]
    expect(page.locator("[name=photo-0-alt]")).to_have_value("A white ship")
    expect(page.locator("[name=photo-0-credit]")).to_have_value("Noor Hadad")


def test_a_photo_used_already_is_picked_again(page, event):
    boss = editor_of(event)
    image = make_picture(boss)
    used = post(event, "First", author=boss, blocks=[PhotoContent(image.pk, alt="A quay", credit="Noor Hadad")])

    write(page, "The quay again")
    add_photo(page)
    page.locator(".block-photo:visible [data-pick]").click()
    page.locator("dialog.picker button.choice").click()
    assert uploaded(page, 0) == image.public_id
    expect(page.locator("[name=photo-0-alt]")).to_have_value("A quay")
    expect(page.locator(".block-photo [data-preview]:visible")).to_have_count(1)
    publish(page)

    expect(outbox(page, "sent")).to_contain_text("Published: The quay again")
    [second] = Entry.objects.exclude(pk=used.pk)
    assert [block["image"]["id"] for block in second.content["blocks"]] == [image.public_id]
    assert Image.objects.count() == 1


def test_a_photo_that_takes_the_place_of_another_has_not_its_words(page, event):
    boss = editor_of(event)
    ferry = PhotoContent(make_picture(boss).pk, alt="A ferry", caption="The ferry leaves", credit="Lena Orsk")
    quay = PhotoContent(make_picture(boss, colour=(9, 9, 9)).pk, alt="A quay", credit="Noor Hadad")
    post(event, "First", author=boss, blocks=[ferry, quay])
    alt, caption, credit = (page.locator(f"[name=photo-0-{name}]") for name in ("alt", "caption", "credit"))
    choose = add_photo(page)

    def pick(name):
        page.locator(".block-photo:visible [data-pick]").click()
        page.locator("dialog.picker button.choice", has=page.get_by_role("img", name=name)).click()

    pick("A ferry")
    expect(credit).to_have_value("Lena Orsk")
    pick("A quay")
    expect(alt).to_have_value("A quay")
    expect(caption).to_have_value("")
    expect(credit).to_have_value("Noor Hadad")
    alt.fill("A quay at night")
    drawing = saved(Canvas.new("RGB", (40, 30)), "PNG")
    choose.set_input_files([{"name": "map.png", "mimeType": "image/png", "buffer": drawing}])
    uploaded(page, 0)
    expect(alt).to_have_value("A quay at night")
    expect(credit).to_have_value("")


def test_a_photo_that_is_pasted_with_its_name_is_a_photo_and_words_with_a_drawing_of_them_are_words(page):
    drawing = b64encode(saved(Canvas.new("RGB", (40, 30)), "PNG")).decode()
    blocks = page.locator(".block-photo:not(.empty-form) picture-input")

    page.evaluate(PASTE, [{"text/plain": "Words", "text/html": "<p>Words</p>"}, drawing])
    page.evaluate(PASTE, [{"text/plain": "Words", "text/rtf": "{Words}"}, drawing])
    expect(blocks).to_have_count(0)
    page.evaluate(PASTE, [{"text/plain": "quay.png"}, drawing])
    expect(blocks).to_have_count(1)
    page.evaluate(PASTE, [{"text/html": "<img src='https://pictures.example/quay.png'>"}, drawing])
    expect(blocks).to_have_count(2)
