"""Drawn share cards, by their pixels."""

import json
import struct
from io import BytesIO

import pytest
from PIL import Image, ImageChops

from updates.content import card_fonts
from updates.content.card_drawing import MARGIN, PHOTO_WIDTH, SIZE, Card, draw_card, drawn

WORDS = {"site": "Ellery Signal", "event": "Storm Maren", "headline": "Gate holds", "time": "13 March 2031, 14:34 UTC"}
UNKNOWN = "ᜀᜊᜃ"  # Tagalog
RED = (200, 10, 10)


@pytest.fixture(autouse=True)
def only_built_in_font(monkeypatch):
    monkeypatch.setattr(card_fonts, "PLACES", ())
    card_fonts.fonts.cache_clear()
    yield
    card_fonts.fonts.cache_clear()


def photo(colour=RED):
    file = BytesIO()
    Image.new("RGB", (900, 600), colour).save(file, "JPEG")
    return file.getvalue()


def ink_box(card, picture=b""):
    """Return the box around everything that is not paper."""
    canvas = drawn(card, picture)
    return ImageChops.difference(canvas, Image.new("RGB", SIZE, "white")).getbbox()


def is_red(pixel):
    return all(abs(one - other) < 8 for one, other in zip(pixel, RED, strict=True))


def test_card_is_a_jpeg_of_the_usual_size():
    described = json.dumps(WORDS).encode()
    made = draw_card(struct.pack(">I", len(described)) + described + photo())
    with Image.open(BytesIO(made.files[0])) as card:
        assert (card.format, card.size, card.info.get("exif")) == ("JPEG", SIZE, None)


def test_words_keep_to_the_margins():
    left, top, right, bottom = ink_box(Card(**WORDS | {"headline": "Gate holds " * 40, "event": "Storm " * 40}))

    assert (left, top) == (MARGIN, MARGIN)
    assert SIZE[0] - MARGIN <= right <= SIZE[0] - MARGIN + 4
    assert bottom <= SIZE[1] - MARGIN + 8


def test_photo_fills_the_end_and_the_mirrored_card_its_start():
    card = drawn(Card(**WORDS), photo())
    mirrored = drawn(Card(**WORDS, rtl=True), photo())

    assert is_red(card.getpixel((SIZE[0] - PHOTO_WIDTH + 5, 5)))
    assert card.getpixel((5, 5)) == (255, 255, 255)
    assert is_red(mirrored.getpixel((5, 5)))
    assert mirrored.getpixel((SIZE[0] - 5, 5)) == (255, 255, 255)


def test_credit_stands_in_a_dark_band():
    with_credit, without = (drawn(Card(**WORDS, credit=credit), photo()) for credit in ("Lena Orsk", ""))

    assert not is_red(with_credit.getpixel((SIZE[0] - 5, SIZE[1] - 5)))
    assert is_red(without.getpixel((SIZE[0] - 5, SIZE[1] - 5)))


def test_headline_without_a_font_leaves_the_photo_alone():
    card = drawn(Card(**WORDS | {"headline": UNKNOWN}), photo())

    assert all(is_red(card.getpixel(place)) for place in ((5, 5), (600, 300), (1195, 625)))


def test_headline_without_a_font_or_a_photo_leaves_the_rest():
    plain = Card(**WORDS | {"headline": ""})

    assert drawn(Card(**WORDS | {"headline": UNKNOWN}), b"").tobytes() == drawn(plain, b"").tobytes()
    assert ink_box(plain) is not None


def test_quote_has_its_speaker_below():
    quote = Card(site="Ellery Signal", quote="Stay in", attribution="The mayor")
    alone = Card(site="Ellery Signal", quote="Stay in")

    assert drawn(quote, b"").tobytes() != drawn(alone, b"").tobytes()


def test_live_is_red():
    live = drawn(Card(**WORDS, state="Live", is_live=True), b"")
    colours = {colour for _count, colour in live.getcolors(2**16)}

    assert (0xC2, 0x11, 0x2D) in colours


def test_time_that_leaves_too_little_room_stands_above_the_name():
    last_line = (0, SIZE[1] - MARGIN - 36, SIZE[0] - PHOTO_WIDTH, SIZE[1])
    with_time, alone = (
        drawn(Card(**WORDS | {"site": "The Ellery Evening Signal", "time": time}), photo()).crop(last_line)
        for time in (WORDS["time"], "")
    )

    assert with_time.tobytes() == alone.tobytes()
