"""Finds a font for each character of a share card, among the fonts of the machine and those that the operator names.

Runs only in the worker process. Noto and DejaVu are under open licences (OFL 1.1; Bitstream Vera); none is part of this
project. Without any installed font, the one inside Pillow (Aileron, CC0) draws Latin letters.
"""

import struct
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from io import BytesIO
from pathlib import Path
from typing import Final, Literal

import regex
from fontTools.ttLib import TTFont, TTLibError
from PIL import ImageFont, features

Weight = Literal["Bold", "Regular"]

PLACES: Final = ("/usr/share/fonts", "/usr/local/share/fonts", "/Library/Fonts", "/System/Library/Fonts")
_SUFFIXES: Final = {".ttf", ".otf", ".ttc"}
_CJK: Final = {"CJK", "HIRAGANA", "KATAKANA", "HANGUL", "BOPOMOFO", "IDEOGRAPHIC", "FULLWIDTH"}
EMOJI: Final = regex.compile(r"\p{Emoji_Presentation}|\p{Extended_Pictographic}\ufe0f|\p{Regional_Indicator}")
_INVISIBLE: Final = regex.compile(r"[\p{Cf}\p{Mn}\p{Me}\p{Zs}\p{Cc}\ufe0f]+")
HAS_SHAPER: Final = features.check("raqm")
"""Whether letters can be joined and written from right to left, as the wheels of Pillow can."""

PLAIN: Final = regex.compile(
    r"[\p{Latin}\p{Greek}\p{Cyrillic}\p{Armenian}\p{Georgian}\p{Han}\p{Hiragana}\p{Katakana}\p{Hangul}\p{Common}\p{Mn}]+"
)
"""Letters that need no shaper."""

EMOJI_PIXELS: Final = 109
"""The only size of the bitmaps in Noto Color Emoji."""


@dataclass(frozen=True)
class Face:
    """A font file; ``number`` is the font of a collection. An empty path is the font inside Pillow."""

    path: str
    number: int = 0

    @cached_property
    def letters(self) -> frozenset[int]:
        return _letters(self.path, self.number)

    @property
    def is_emoji(self) -> bool:
        return "ColorEmoji" in self.path

    def at(self, size: int) -> ImageFont.FreeTypeFont:
        return _font(self.path, self.number, EMOJI_PIXELS if self.is_emoji else size)

    def covers(self, cluster: str) -> bool:
        """Return whether the font has all letters; it need not know joiners and variation selectors."""
        return all(ord(letter) in self.letters for letter in cluster if not _INVISIBLE.fullmatch(letter))


class Fonts:
    """The fonts of one weight. ``own`` are files, which come before all others, and further folders."""

    def __init__(self, own: Sequence[str], weight: Weight) -> None:
        files = [Path(place) for place in own if Path(place).is_file()]
        self._own = [Face(str(path)) for path in sorted(files, key=lambda path: weight not in path.stem)]
        self._installed = {path.stem: path for place in (*PLACES, *own) for path in _files(place)}
        self._weight = weight

    def face_of(self, cluster: str, before: Face | None = None) -> Face | None:
        """Return a font for a cluster, preferably the one of the cluster before it."""
        if not HAS_SHAPER and not PLAIN.fullmatch(cluster):
            return None
        if EMOJI.search(cluster):
            return next((face for face in self._named("NotoColorEmoji") if face.covers(cluster[0])), None)
        if before and not before.is_emoji and before.covers(cluster):
            return before
        return next((face for face in self._candidates(cluster) if face.covers(cluster)), None)

    def _candidates(self, cluster: str) -> Iterator[Face]:
        script = unicodedata.name(cluster[0], "").partition(" ")[0]
        yield from (face for face in self._own if not face.is_emoji)
        yield from self._named("NotoSans")
        if script.isalpha() and script not in _CJK:
            yield from self._named(f"NotoSans{script.title()}")
        yield from self._named("NotoSansCJK", number=_collection_number(script))
        for family in ("DejaVuSans", "NotoSansSymbols", "NotoSansSymbols2", "NotoSansMath"):
            yield from self._named(family)
        yield Face("")

    def _named(self, family: str, number: int = 0) -> Iterator[Face]:
        other = "Regular" if self._weight == "Bold" else "Bold"
        for stem in (f"{family}-{self._weight}", family, f"{family}-{other}"):
            if path := self._installed.get(stem):
                yield Face(str(path), number if path.suffix == ".ttc" else 0)


@cache
def fonts(own: tuple[str, ...], weight: Weight) -> Fonts:
    return Fonts(own, weight)


def _files(place: str) -> list[Path]:
    path = Path(place)
    if path.is_file():
        return [path]
    return sorted(file for file in path.rglob("*") if file.suffix.lower() in _SUFFIXES) if path.is_dir() else []


def _collection_number(script: str) -> int:
    """Return the font of the NotoSansCJK collection: Japanese, Korean or simplified Chinese shapes."""
    return {"HIRAGANA": 0, "KATAKANA": 0, "HANGUL": 1}.get(script, 2)


@cache
def _letters(path: str, number: int) -> frozenset[int]:
    """Return the letters of a font; none for a file that is broken or no font, so that others are used."""
    try:
        with Path(path).open("rb") if path else BytesIO(_built_in_file()) as file:
            return frozenset(TTFont(file, fontNumber=number, lazy=True).getBestCmap() or {})
    except (TTLibError, OSError, ValueError, KeyError, AssertionError, struct.error):
        return frozenset()


@cache
def _font(path: str, number: int, size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(path, size, index=number) if path else _built_in(size)


def _built_in(size: int) -> ImageFont.FreeTypeFont:
    """Return Pillow's own font with the usual shaper instead of the basic one."""
    return ImageFont.truetype(BytesIO(_built_in_file()), size)


@cache
def _built_in_file() -> bytes:
    font = ImageFont.load_default(10)
    if not isinstance(font, ImageFont.FreeTypeFont):
        raise TypeError("Pillow was built without FreeType")
    return bytes(font.font_bytes)
