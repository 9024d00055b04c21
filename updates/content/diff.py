"""Compares two versions of an entry, line by line and word by word.

The number of steps is limited for any text, because people wait for the result and some callers hold a lock.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import unescape
from itertools import zip_longest
from typing import Literal

from .alignment import Effort, aligned
from .published import BlockJSON, DrawnContent, EmbedJSON, PhotoJSON, QuoteJSON, TextJSON
from .sanitize import plain_text
from .webvtt import caption_lines

Mark = Literal["=", "-", "+"]

_WORDS = re.compile(r"\s+|[’'.,:/-]?\w+(?:[’'.,:/-]+\w+)*|.", re.DOTALL)
"""A run of spaces, a word or figure with the signs inside it (“it’s”, “10,000”, “-5”), or any single sign."""
_LINK = re.compile(r'href="([^"]*)"')


@dataclass(frozen=True)
class Line:
    """A line of one ``part`` of an entry: headline, text, photo, alt, caption, credit, quote …"""

    part: str
    text: str


@dataclass(frozen=True)
class Piece:
    """Words that are the same (``=``), removed (``-``) or added (``+``)."""

    mark: Mark
    text: str


@dataclass(frozen=True)
class ChangedLine:
    part: str
    pieces: tuple[Piece, ...]

    @property
    def text(self) -> str:
        """The words of both versions."""
        return "".join(piece.text for piece in self.pieces)

    @property
    def before(self) -> list[Piece]:
        return [piece for piece in self.pieces if piece.mark != "+"]

    @property
    def after(self) -> list[Piece]:
        return [piece for piece in self.pieces if piece.mark != "-"]

    def stored(self) -> list[list[str]]:
        """Return the pieces as a correction's JSON has them."""
        return [[piece.mark, piece.text] for piece in self.pieces]


def lines_of(content: DrawnContent) -> list[Line]:
    """Return the lines of a version, without empty ones."""
    lines = [Line("headline", content["headline"])]
    for block in content["blocks"]:
        lines += _block_lines(block)
    lines += [Line("byline", ", ".join(filter(None, (by["name"], by["role"])))) for by in content["bylines"]]
    return [line for line in lines if line.text]


def _block_lines(block: BlockJSON) -> Iterator[Line]:
    if block["kind"] == "text":
        return _text(block)
    if block["kind"] == "photo":
        return _photo(block)
    if block["kind"] == "quote":
        return _quote(block)
    return _embed(block)


def _text(block: TextJSON) -> Iterator[Line]:
    """Yield a line for each paragraph and one for each link's address. Bold and italic are not compared."""
    for paragraph in plain_text(block["html"]).split("\n"):
        yield Line("text", " ".join(paragraph.split()))
    for address in _LINK.findall(block["html"]):
        yield Line("link", unescape(address))


def _photo(block: PhotoJSON) -> Iterator[Line]:
    yield Line("photo", block["image"]["id"])
    yield Line("alt", block["alt"])
    yield Line("caption", block["caption"])
    yield Line("credit", block["credit"])


def _quote(block: QuoteJSON) -> Iterator[Line]:
    yield Line("quote", " ".join(block["text"].split()))
    yield Line("attribution", block["attribution"])


def _embed(block: EmbedJSON) -> Iterator[Line]:
    yield Line("address", block["url"])
    yield Line("lead_in", block["lead_in"])
    yield Line("title", block["title"])
    yield Line("photo", block["poster"]["id"] if block["poster"] else "")
    for line in caption_lines(block["captions"]["text"]) if "captions" in block else ():
        yield Line("captions", line)


FOR_READERS = frozenset({"headline", "text", "alt", "caption", "credit", "quote", "attribution", "lead_in", "title"})
"""Parts with text for readers; the other parts are addresses and file names."""


def changed_lines(before: Sequence[Line], after: Sequence[Line]) -> list[ChangedLine]:
    """Return the lines that differ, in the order of the page."""
    return [line for line, is_same in _compared(before, after) if not is_same]


def compared_lines(before: Sequence[Line], after: Sequence[Line]) -> list[ChangedLine]:
    """Return all lines in the order of the page, so that both versions can be read as a whole."""
    return [line for line, _is_same in _compared(before, after)]


def _compared(
    before: Sequence[Line], after: Sequence[Line], effort: Effort | None = None
) -> Iterator[tuple[ChangedLine, bool]]:
    effort = effort or Effort()
    for same, old, new in aligned(before, after, effort):
        if same:
            for line in old:
                yield ChangedLine(line.part, (Piece("=", line.text),)), True
        else:
            for changed in _between(old, new, effort):
                yield changed, False


def _between(old: Sequence[Line], new: Sequence[Line], effort: Effort) -> Iterator[ChangedLine]:
    """Compare the lines of each part with each other, in order."""
    olds, news = _by_part(old), _by_part(new)
    for part in olds | news:
        for one, other in zip_longest(olds.get(part, ()), news.get(part, ()), fillvalue=""):
            yield ChangedLine(part, tuple(changed_words(one, other, effort)))


def _by_part(lines: Sequence[Line]) -> dict[str, list[str]]:
    texts: dict[str, list[str]] = {}
    for line in lines:
        texts.setdefault(line.part, []).append(line.text)
    return texts


def changed_words(before: str, after: str, effort: Effort | None = None) -> Iterator[Piece]:
    for same, old, new in aligned(_WORDS.findall(before), _WORDS.findall(after), effort or Effort()):
        if same:
            yield Piece("=", "".join(old))
            continue
        if old:
            yield Piece("-", "".join(old))
        if new:
            yield Piece("+", "".join(new))
