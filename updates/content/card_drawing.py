"""Draws a share card: the picture that other sites show for a link. Runs only in the worker process.

A text of which a letter is in no font is left out, since boxes in place of letters would be worse than no text.
"""

import json
import struct
from dataclasses import dataclass, field, replace
from io import BytesIO
from math import ceil
from typing import Final

from PIL import Image, ImageDraw, ImageOps

from .card_fonts import Fonts, fonts
from .card_text import LINE, Direction, Place, direction_of, draw_lines, drawable, fit, width_of
from .picture_file import Made

SIZE: Final = (1200, 630)
PHOTO_WIDTH: Final = 500
MARGIN: Final = 56
TICK: Final = 12
DOT: Final = 20
GAP: Final = 24
PAPER, INK, INK_2, LIVE = "#ffffff", "#14181d", "#565c64", "#c2112d"  # as in static/css/tokens.css
HEADLINE: Final = range(80, 35, -4)
QUOTE: Final = range(60, 31, -4)
SMALL: Final = 28
CREDIT: Final = 20
LONGEST: Final = 400
"""Characters of a text that are read; no more fit."""


@dataclass(frozen=True)
class Card:
    """What a card says. ``rtl`` mirrors it."""

    site: str
    event: str = ""
    state: str = ""
    is_live: bool = False
    headline: str = ""
    quote: str = ""
    attribution: str = ""
    time: str = ""
    credit: str = ""
    rtl: bool = False
    fonts: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Column:
    """Where the text stands."""

    canvas: Image.Image
    left: int
    width: int
    direction: Direction
    bold: Fonts
    regular: Fonts

    def line(
        self, text: str, top: int, colour: str = INK_2, *, bold: bool = False, size: int = SMALL, most: int = 1
    ) -> int:
        """Draw at most ``most`` lines, cut if that is too little; return their height."""
        face = self.bold if bold else self.regular
        fitted = fit(text, face, (self.width, round(most * size * LINE)), range(size, size - 1, -1))
        draw_lines(self.canvas, fitted, face, Place(self.left, top, self.width, self.direction), colour)
        return fitted.height

    def part(self, start: int, width: int) -> "Column":
        """Return a part of the column, ``start`` pixels from where lines begin."""
        left = self.left + (start if self.direction == "ltr" else self.width - start - width)
        return replace(self, left=left, width=width)


def draw_card(data: bytes) -> Made:
    """Draw the card that JSON describes; the length of the JSON comes before it, the photo after it."""
    length = struct.unpack(">I", data[:4])[0]
    card, photo = Card(**json.loads(data[4 : 4 + length])), data[4 + length :]
    file = BytesIO()
    try:
        canvas = drawn(card, photo)
    except (ValueError, OSError, KeyError):  # a font or the shaper fails on some text
        canvas = drawn(Card(card.site, rtl=card.rtl), photo)
    canvas.save(file, "JPEG", quality=88, subsampling=0)
    return Made({}, [file.getvalue()])


def drawn(card: Card, photo: bytes) -> Image.Image:
    canvas = Image.new("RGB", SIZE, PAPER)
    bold, regular = fonts(tuple(card.fonts), "Bold"), fonts(tuple(card.fonts), "Regular")
    has_text = bool(drawable(card.headline or card.quote, bold if card.headline else regular))
    picture = _opened(photo) if photo else None
    if picture and not has_text:
        canvas.paste(ImageOps.fit(picture, SIZE, Image.Resampling.BICUBIC))
        return canvas
    width = SIZE[0] - (PHOTO_WIDTH if picture else 0)
    left = SIZE[0] - width if card.rtl else 0
    if picture:
        _paste_photo(canvas, picture, card, regular)
    column = Column(canvas, left + MARGIN, width - 2 * MARGIN, "rtl" if card.rtl else "ltr", bold, regular)
    _draw_column(column, card)
    return canvas


def _opened(photo: bytes) -> Image.Image:
    picture = Image.open(BytesIO(photo), formats=("JPEG",))
    picture.draft(None, SIZE)
    return picture.convert("RGB")


def _paste_photo(canvas: Image.Image, picture: Image.Image, card: Card, regular: Fonts) -> None:
    """Fill the end of the card, with the credit in a dark band below."""
    left = 0 if card.rtl else SIZE[0] - PHOTO_WIDTH
    canvas.paste(ImageOps.fit(picture, (PHOTO_WIDTH, SIZE[1]), Image.Resampling.BICUBIC), (left, 0))
    credit = drawable(card.credit[:LONGEST], regular)
    if not credit:
        return
    height = round(CREDIT * LINE) + 16
    band = Image.new("RGB", (PHOTO_WIDTH, height), "#000000")
    top = SIZE[1] - height
    under = canvas.crop((left, top, left + PHOTO_WIDTH, SIZE[1]))
    canvas.paste(Image.blend(under, band, 0.72), (left, top))
    column = Column(canvas, left + 16, PHOTO_WIDTH - 32, direction_of(credit), regular, regular)
    column.line(credit, top + 8, "#ffffff", size=CREDIT)


def _draw_column(column: Column, card: Card) -> None:
    """Draw the event above, the words in the middle, and site and time below."""
    draw = ImageDraw.Draw(column.canvas)
    draw.rectangle((column.left, MARGIN, column.left + column.width, MARGIN + TICK - 1), fill=INK)
    top = MARGIN + TICK + 20
    top = _draw_state(column, card, top)
    if event := drawable(card.event[:LONGEST], column.bold):
        top += column.line(event, top, INK, bold=True, most=2) + 16
    bottom = _draw_foot(column, card, SIZE[1] - MARGIN - round(SMALL * LINE))
    _draw_words(column, card, top, bottom - 20 - top)


def _draw_foot(column: Column, card: Card, top: int) -> int:
    """Draw the site's name and at the end of the line the time, or above the name if that leaves it too little room.
    Return where the foot begins.
    """
    site, time = drawable(card.site[:LONGEST], column.bold), drawable(card.time, column.regular)
    time_width = ceil(width_of(time, column.regular, SMALL))
    fits = width_of(site, column.bold, SMALL) + GAP + time_width <= column.width
    above = top if fits or not (site and time) else top - round(SMALL * LINE)
    if site:
        column.line(site, top, INK, bold=True)
    if time:
        column.part(column.width - time_width if site and fits else 0, time_width).line(time, above)
    return above


def _draw_state(column: Column, card: Card, top: int) -> int:
    """Draw “Live” with its dot; return where the next line begins."""
    state = drawable(card.state, column.bold)
    if not state:
        return top
    colour, shift = (LIVE, DOT + 12) if card.is_live else (INK_2, 0)
    if card.is_live:
        dot, middle = column.part(0, DOT), top + round(SMALL * LINE / 2)
        box = (dot.left, middle - DOT // 2, dot.left + DOT, middle + DOT // 2)
        ImageDraw.Draw(column.canvas).ellipse(box, fill=LIVE)
    return top + column.part(shift, column.width - shift).line(state, top, colour, bold=True) + 4


def _draw_words(column: Column, card: Card, top: int, height: int) -> None:
    """Draw the headline, or the quote with its speaker, in the middle of the room."""
    face, sizes = (column.bold, HEADLINE) if card.headline else (column.regular, QUOTE)
    words = drawable((card.headline or card.quote)[:LONGEST], face)
    speaker = "" if card.headline else drawable(card.attribution[:LONGEST], column.regular)
    if not words:
        return
    below = round(SMALL * LINE) + 14 if speaker else 0
    fitted = fit(words, face, (column.width, height - below), sizes)
    top += max(0, (height - below - fitted.height) // 2)
    draw_lines(column.canvas, fitted, face, Place(column.left, top, column.width, direction_of(words)), INK)
    if speaker:
        column.line(f"– {speaker}", top + fitted.height + 14)
