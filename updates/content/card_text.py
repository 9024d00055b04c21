"""Text of a share card: divided by fonts, broken into lines, fitted into a box, and drawn in either direction."""

import unicodedata
from bisect import bisect_left
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, Literal

import regex
from PIL import Image, ImageDraw

from .card_fonts import EMOJI, EMOJI_PIXELS, HAS_SHAPER, Face, Fonts

Direction = Literal["ltr", "rtl"]

_CLUSTER: Final = regex.compile(r"\X")
_CONTROL: Final = regex.compile(
    r"(?!\s)[\p{Cc}\p{Cs}\p{Co}\p{Cn}]|[\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\uffff]"
)
_VISIBLE: Final = regex.compile(r"[\p{L}\p{N}\p{P}\p{S}]")
_PIECE: Final = regex.compile(
    r"\s+|[\p{Han}\p{Hiragana}\p{Katakana}ー][\p{Pe}\p{Pf}、。，．！？：；…ー]*|[^\s\p{Han}\p{Hiragana}\p{Katakana}]+"
)
"""What a line may be broken between: words, and letters of Chinese and Japanese with the marks that follow them."""

LINE: Final = 1.3
"""Height of a line in sizes of the font."""


@dataclass(frozen=True)
class Run:
    """Consecutive text in one font."""

    text: str
    face: Face

    def width(self, size: int) -> float:
        if self.face.is_emoji:
            return float(self.face.at(size).getlength(self.text)) * size / EMOJI_PIXELS
        return float(self.face.at(size).getlength(self.text))


@dataclass(frozen=True)
class Fitted:
    lines: list[str]
    size: int

    @property
    def height(self) -> int:
        return round(len(self.lines) * self.size * LINE)


def drawable(text: str, fonts: Fonts) -> str:
    """Return a text without emoji that no font has; empty if one of its letters is in no font, or none can be seen."""
    text = _CONTROL.sub("", text)
    clusters = [cluster for cluster in _CLUSTER.findall(text) if fonts.face_of(cluster) or not EMOJI.search(cluster)]
    if not all(map(fonts.face_of, clusters)) or not _VISIBLE.search("".join(clusters)):
        return ""
    return " ".join("".join(clusters).split())


def direction_of(text: str) -> Direction:
    """Return the direction of the first letter that has one."""
    kinds = (unicodedata.bidirectional(letter) for letter in text)
    return "rtl" if next((kind for kind in kinds if kind in {"L", "R", "AL"}), "L") != "L" else "ltr"


def fit(text: str, fonts: Fonts, box: tuple[int, int], sizes: range) -> Fitted:
    """Break a text into lines at the largest size that fits; at the smallest it is cut and ends with “…”."""
    width, height = box

    def fitted(size: int) -> Fitted:
        return Fitted(_lines(text, fonts, size, width), size)

    place = bisect_left(sizes, True, key=lambda size: fitted(size).height <= height)
    if place < len(sizes):
        return fitted(sizes[place])
    size = sizes[-1]
    lines = _lines(text, fonts, size, width)[: max(1, int(height / (size * LINE)))]
    return Fitted([*lines[:-1], _cut(lines[-1], fonts, size, width)], size)


@dataclass(frozen=True)
class Place:
    """The upper edge of lines, and between what they begin: at the left, or at the right if ``align`` is “rtl”."""

    left: int
    top: int
    width: int
    align: Direction


def draw_lines(canvas: Image.Image, fitted: Fitted, fonts: Fonts, place: Place, colour: str) -> None:
    for number, line in enumerate(fitted.lines):
        room = place.width - round(width_of(line, fonts, fitted.size))
        start = place.left if place.align == "ltr" else place.left + room
        baseline = place.top + round((number + 0.5) * fitted.size * LINE + fitted.size * 0.34)
        direction = direction_of(" ".join(fitted.lines))
        _draw_line(canvas, _visual(_runs(line, fonts), direction), (start, baseline), (fitted.size, colour, direction))


def width_of(text: str, fonts: Fonts, size: int) -> float:
    return sum(run.width(size) for run in _runs(text, fonts))


def _lines(text: str, fonts: Fonts, size: int, width: int) -> list[str]:
    """Fill lines with pieces; a piece that is wider than a line is broken between letters."""
    lines, line, used = [], "", 0.0
    for piece in _PIECE.findall(text):
        room = width - used
        wide = _width(piece, fonts, size)
        if wide > room and not piece.isspace():
            if line.strip():
                lines.append(line.strip())
            line, used = "", 0.0
            if wide > width:
                *full, piece = _broken(piece, fonts, size, width)  # noqa: PLW2901 – the rest of the piece
                lines += full
                wide = _width(piece, fonts, size)
        line, used = line + piece, used + wide
    return [*lines, line.strip()] if line.strip() else lines


def _broken(piece: str, fonts: Fonts, size: int, width: int) -> list[str]:
    """Break a piece by the widths of its letters alone, which is quick, and joined letters are seldom wider."""
    parts, used = [""], 0.0
    for cluster in _CLUSTER.findall(piece):
        wide = _width(cluster, fonts, size)
        if parts[-1] and used + wide > width:
            parts.append("")
            used = 0.0
        parts[-1] += cluster
        used += wide
    return parts


def _cut(line: str, fonts: Fonts, size: int, width: int) -> str:
    clusters = _CLUSTER.findall(line)
    while clusters and width_of("".join(clusters).rstrip() + "…", fonts, size) > width:
        clusters.pop()
    return "".join(clusters).rstrip() + "…"


@lru_cache(4096)
def _width(text: str, fonts: Fonts, size: int) -> float:
    return width_of(text, fonts, size)


@lru_cache(4096)
def _runs(text: str, fonts: Fonts) -> list[Run]:
    """Divide a text by fonts."""
    runs: list[Run] = []
    face: Face | None = None
    for cluster in _CLUSTER.findall(text):
        face = fonts.face_of(cluster, face) or Face("")
        if runs and runs[-1].face == face:
            runs[-1] = Run(runs[-1].text + cluster, face)
        else:
            runs.append(Run(cluster, face))
    return runs


def _visual(runs: list[Run], direction: Direction) -> list[Run]:
    """Order runs from left to right. Inside a run the shaper does that; between runs two levels are enough."""
    ordered: list[Run] = []
    for run in reversed(runs) if direction == "rtl" else runs:
        if direction_of(run.text) == direction or not ordered:
            ordered.append(run)
            continue
        place = len(ordered)
        while place and direction_of(ordered[place - 1].text) != direction:
            place -= 1
        ordered.insert(place, run)
    return ordered


def _draw_line(canvas: Image.Image, runs: list[Run], at: tuple[int, int], style: tuple[int, str, Direction]) -> None:
    (x, baseline), (size, colour, direction) = (float(at[0]), at[1]), style
    for run in runs:
        if run.face.is_emoji:
            _draw_emoji(canvas, run, (round(x), baseline), size)
        else:
            ImageDraw.Draw(canvas).text(
                (x, baseline),
                run.text,
                fill=colour,
                font=run.face.at(size),
                anchor="ls",
                direction=direction if HAS_SHAPER else None,
            )
        x += run.width(size)


def _draw_emoji(canvas: Image.Image, run: Run, at: tuple[int, int], size: int) -> None:
    """Draw the bitmaps at their only size and scale them."""
    font = run.face.at(size)
    drawn = Image.new("RGBA", (round(font.getlength(run.text)) + 1, EMOJI_PIXELS + 20))
    ImageDraw.Draw(drawn).text((0, EMOJI_PIXELS), run.text, font=font, anchor="ls", embedded_color=True)
    scale = size / EMOJI_PIXELS
    small = drawn.resize((max(1, round(drawn.width * scale)), max(1, round(drawn.height * scale))))
    canvas.paste(small, (at[0], at[1] - round(EMOJI_PIXELS * scale)), small)
