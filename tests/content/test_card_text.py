"""Fonts and lines of share cards. The fonts are made here, so the result does not depend on the machine."""

import pytest
from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen
from PIL import Image

from tests.samples import sample_json
from updates.content import card_fonts
from updates.content.card_fonts import Fonts
from updates.content.card_text import Place, Run, direction_of, draw_lines, drawable, fit, width_of
from updates.content.card_text import _runs as runs_of
from updates.content.card_text import _visual as visual

LATIN, ARABIC, HAN, DEVANAGARI = "Gate holds", "بوابة تصمد", "防洪闸门顶住了第一波浪涌", "बाढ़ द्वार"


def make_font(place, name, letters):
    """Make a font of squares for some letters."""
    glyphs = [".notdef", *(f"g{ord(letter)}" for letter in letters)]
    pen = TTGlyphPen(None)
    for point in ((50, 0), (50, 700), (550, 700), (550, 0)):
        (pen.lineTo if pen.points else pen.moveTo)(point)
    pen.closePath()
    square = pen.glyph()
    builder = FontBuilder(1000)
    builder.setupGlyphOrder(glyphs)
    builder.setupCharacterMap({ord(letter): f"g{ord(letter)}" for letter in letters})
    builder.setupGlyf(dict.fromkeys(glyphs, square))
    builder.setupHorizontalMetrics(dict.fromkeys(glyphs, (600, 50)))
    builder.setupHorizontalHeader(ascent=800, descent=-200)
    builder.setupNameTable({"familyName": name, "styleName": "Regular"})
    builder.setupPost()
    place.mkdir(exist_ok=True)
    builder.save(place / f"{name}.ttf")


@pytest.fixture
def fonts(tmp_path, monkeypatch):
    """Return fonts for Latin letters, by Pillow, and for Arabic and Chinese ones, by files."""
    monkeypatch.setattr(card_fonts, "PLACES", ())
    make_font(tmp_path / "fonts", "NotoSansArabic-Regular", set(ARABIC) - {" "})
    make_font(tmp_path / "fonts", "NotoSansCJK-Regular", HAN)
    return Fonts([str(tmp_path / "fonts")], "Bold")


def test_text_without_a_font_is_not_drawn(fonts):
    assert drawable(DEVANAGARI, fonts) == ""
    assert drawable(f"{LATIN} {DEVANAGARI}", fonts) == ""


@pytest.mark.parametrize("text", [LATIN, ARABIC, HAN, f"{LATIN}: {ARABIC} 14:34", "“Gate” & co."])
def test_text_with_fonts_is_drawn_whole(fonts, text):
    assert drawable(text, fonts) == text


def test_emoji_without_a_font_are_left_out(fonts):
    assert drawable("Gate 🌊 holds 🇺🇦 👩‍🚒", fonts) == "Gate holds"


def test_own_file_comes_before_installed_ones(fonts, tmp_path):
    make_font(tmp_path / "own", "House-Bold", LATIN)
    own = Fonts([str(tmp_path / "own" / "House-Bold.ttf"), str(tmp_path / "fonts")], "Bold")

    assert own.face_of("G").path.endswith("House-Bold.ttf")
    assert own.face_of("ب").path.endswith("NotoSansArabic-Regular.ttf")
    assert fonts.face_of("G").path == ""  # Pillow's


def test_missing_places_do_no_harm():
    assert Fonts(["/nowhere", "/nowhere.ttf"], "Bold").face_of("a") is not None


SIZES = range(80, 35, -4)


LONG = [LATIN * 6, f"{LATIN} " * 40, HAN * 8, ARABIC * 30, f"{LATIN} {ARABIC} " * 9, "a" * 400]


@pytest.mark.parametrize("text", LONG)
def test_lines_fit_into_the_box(fonts, text):
    fitted = fit(text, fonts, (500, 300), SIZES)

    assert fitted.height <= 300
    assert max(width_of(line, fonts, fitted.size) for line in fitted.lines) <= 500


def test_short_text_is_large_and_long_text_is_cut(fonts):
    assert fit(LATIN, fonts, (900, 300), SIZES).size == 80
    long = fit(f"{LATIN} " * 80, fonts, (500, 300), SIZES)
    assert (long.size, long.lines[-1][-1]) == (36, "…")


def test_nothing_is_lost_that_fits(fonts):
    text = f"{LATIN} {HAN} and {ARABIC} again"
    fitted = fit(text, fonts, (900, 400), SIZES)

    assert "".join("".join(fitted.lines).split()) == "".join(text.split())


def test_chinese_breaks_between_letters_but_not_before_a_full_stop(fonts):
    fitted = fit(f"{HAN}。" * 3, fonts, (300, 900), range(60, 59, -1))

    assert len(fitted.lines) > 3
    assert not any(line.startswith("。") for line in fitted.lines)


ODD = [
    "\u202egate\u202c", "a\u0301" * 90, "\u200b\u200d\ufeff", "🇺", "\ufe0f", "ﷺ", "Z\u0335\u0321\u031a" * 40, "\t \n",
    "1 000 km",
]  # fmt: skip


@pytest.mark.parametrize("text", ODD)
def test_odd_text_fits_or_is_left_out(fonts, text):
    if words := drawable(text, fonts):
        fitted = fit(words, fonts, (500, 300), SIZES)
        draw_lines(Image.new("RGB", (500, 300)), fitted, fonts, Place(0, 0, 500, "ltr"), "white")
        assert fitted.height <= 300


def test_samples_of_odd_text_are_drawn(fonts):
    for item in sample_json("odd-strings.json")["strings"]:
        if words := drawable(str(item)[:400], fonts):
            assert fit(words, fonts, (500, 300), SIZES).height <= 300


def test_runs_are_ordered_by_direction(fonts):
    runs = runs_of(f"{ARABIC} NATO {HAN}", fonts)

    assert [run.text.strip() for run in visual(runs, "rtl")] == ["NATO", HAN, ARABIC]
    assert [run.text.strip() for run in visual(runs, "ltr")] == [ARABIC, "NATO", HAN]
    two = [Run("one ", runs[0].face), Run("ب", runs[0].face), Run("ت", runs[0].face), Run(" two", runs[0].face)]
    assert [run.text for run in visual(two, "ltr")] == ["one ", "ت", "ب", " two"]


def test_direction_is_that_of_the_first_letter():
    assert [direction_of(text) for text in ("14:34 بوابة", "14:34 gate", "14:34", "")] == ["rtl", "ltr", "ltr", "ltr"]


@pytest.mark.parametrize("data", [b"", b"no font", b"\x00\x01\x00\x00" + b"\xff" * 60, b"ttcf" + b"\x00" * 20])
def test_a_broken_font_is_left_out(tmp_path, monkeypatch, data):
    monkeypatch.setattr(card_fonts, "PLACES", ())
    (tmp_path / "NotoSans-Bold.ttf").write_bytes(data)

    assert drawable(LATIN, Fonts([str(tmp_path)], "Bold")) == LATIN
