"""Rewrites well-formed HTML from any source as paragraphs, headings, lists and tables, as the editor writes them.

Dropping tags alone would join "<div>a</div><div>b</div>" to "ab" and lose the bold of "<b>", and a document of Word or
Google Docs would become one line. So blocks of any kind become paragraphs, bold and italics become ``strong`` and
``em``, and empty paragraphs and lists are dropped. The meaning of markup is kept: text that was deleted, struck or
hidden is dropped, superscripts and fractions become characters, pictures of emoji become emoji, and ``<q>`` gets
quotation marks.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from html import escape
from html.parser import HTMLParser
from typing import NamedTuple

import regex

from .links import unwrapped_text
from .source_markup import BLOCKS, HEADINGS, LISTS, MATH, STYLED, WRAPPED, Look, Marks, is_hidden, looking
from .superscripts import Script, fraction, scripted
from .tables import TABLE_PARTS, Table
from .text import NEWLINES, is_invisible

_EMOJI = regex.compile(r"(?=.{0,19}[\p{Emoji_Presentation}\ufe0f])[\p{Emoji}\p{Emoji_Component}]{1,20}")
_NUMBER = re.compile(r"[0-9]{1,6}")
_DEEPEST = 20  # frames, which is ten nested lists; a million would take minutes
_SPACES = " \t\r\n"
_BREAK = "\n"  # stands for <br>; newlines of the source have become spaces by then
_VOID = frozenset({"br", "hr", "img"})


class Run(NamedTuple):
    text: str
    marks: Marks
    script: Script = ""


@dataclass
class Formula:
    """An open element of a formula, with the number of its children so far."""

    places: tuple[Script, ...]
    children: int = 0


@dataclass
class Frame:
    """An open list, list item, table, row or cell, with its finished content."""

    tag: str = ""
    attributes: str = ""
    parts: list[str] = field(default_factory=list)


class ParagraphWriter(HTMLParser):
    """Parses the output of nh3, in which every element is closed in order and there are no scripts."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._frames = [Frame()]
        self._looks = [Look()]
        self._formulas: list[Formula] = []
        self._runs: list[Run] = []
        self._flattened = 0
        self._heading = ""
        self._has_heading = False
        self._tables: list[Table | None] = []
        """Open tables; ``None`` for one inside a list or another table, which becomes paragraphs."""
        self._hidden = 0
        """Number of open elements from a dropped one on."""

    def write(self, html: str) -> str:
        self.feed(html)
        self.close()
        self._end_paragraph()
        while len(self._frames) > 1:
            self._close_frame()
        return "".join(self._frames[0].parts)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = {name: value or "" for name, value in attrs}
        if self._hidden or is_hidden(tag, attributes):
            self._hidden += tag not in _VOID
        elif tag in LISTS:
            self._open_list(tag, attributes)
        elif tag == "li":
            self._open_item(attributes)
        elif tag in BLOCKS:
            self._start_block(tag, attributes)
        else:
            self._start_inline(tag, attributes)

    def _start_block(self, tag: str, attributes: dict[str, str]) -> None:
        self._end_paragraph()
        if tag in HEADINGS:
            self._heading = HEADINGS[tag] if self._has_heading else "h3"  # no level is left out
        elif tag == "table":
            self._open_table()
        elif tag in TABLE_PARTS and (table := self._table):
            self._open_part(table, tag, attributes)

    def _start_inline(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == "br":
            self._runs.append(Run(_BREAK, self._looks[-1].marks))
        elif tag == "img":
            self._add(attributes.get("alt", "") if _EMOJI.fullmatch(attributes.get("alt", "")) else "")
        elif tag in WRAPPED:
            self._add(WRAPPED[tag][0])
        elif tag in MATH:
            self._open_formula(tag)
        elif tag == "a" or tag in STYLED:
            self._looks.append(looking(self._looks[-1], tag, attributes))

    def handle_endtag(self, tag: str) -> None:
        if self._hidden:
            self._hidden -= 1
        elif tag in LISTS:
            self._close_list()
        elif tag == "li" or tag in BLOCKS:
            self._end_block(tag)
        else:
            self._end_inline(tag)

    def _end_block(self, tag: str) -> None:
        self._end_paragraph()
        if tag in HEADINGS:
            self._heading = ""
        elif tag == "table":
            self._close_table()
        elif tag in TABLE_PARTS and (table := self._table):
            self._close_part(table, tag)

    def _end_inline(self, tag: str) -> None:
        if tag in WRAPPED:
            self._add(WRAPPED[tag][1])
        elif tag in MATH:
            self._formulas.pop()
            self._looks.pop()
        elif tag == "a" or tag in STYLED:
            self._looks.pop()

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self._add(unwrapped_text(NEWLINES.sub(" ", data)))

    def _add(self, text: str) -> None:
        marks, script = self._looks[-1]
        if text:
            self._runs.append(Run(scripted(text, script), marks, script))

    def _open_formula(self, tag: str) -> None:
        look = self._looks[-1]
        if self._formulas:
            outer = self._formulas[-1]
            if outer.children < len(outer.places):
                look = look._replace(script=outer.places[outer.children] or look.script)
                if outer.places[0] and outer.children:
                    self._runs.append(Run("/", look.marks))
            outer.children += 1
        self._looks.append(look)
        self._formulas.append(Formula(MATH[tag]))

    def _open_list(self, tag: str, attributes: dict[str, str]) -> None:
        self._end_paragraph()
        if len(self._frames) > _DEEPEST:
            self._flattened += 1
            return
        if self._frames[-1].tag in LISTS:  # Word nests lists without an item between
            self._frames.append(Frame("li"))
        self._frames.append(Frame(tag, _start(attributes.get("start", "")) if tag == "ol" else ""))

    def _open_item(self, attributes: dict[str, str]) -> None:
        # An item stays open until the next one, so that a list that follows it in its parent nests in it.
        self._end_paragraph()
        if self._frames[-1].tag == "li":
            self._close_frame()
        if (above := self._frames[-1]).tag in LISTS:
            number = attributes.get("value", "")
            if above.tag == "ol" and not above.parts and _NUMBER.fullmatch(number):
                above.attributes = _start(number)
            self._frames.append(Frame("li"))

    def _close_list(self) -> None:
        self._end_paragraph()
        if self._flattened:
            self._flattened -= 1
            return
        if self._frames[-1].tag == "li":
            self._close_frame()
        self._close_frame()

    @property
    def _table(self) -> Table | None:
        return self._tables[-1] if self._tables else None

    def _open_table(self) -> None:
        is_outermost = len(self._frames) == 1
        self._tables.append(Table() if is_outermost else None)
        if is_outermost:
            self._frames.append(Frame("table"))

    def _open_part(self, table: Table, tag: str, attributes: dict[str, str]) -> None:
        if tag == "tr":
            table.start_row()
            self._frames.append(Frame("tr"))
        elif tag in {"td", "th"}:
            self._frames.append(Frame(*table.start_cell(tag, attributes)))
        else:
            table.in_head = tag == "thead"

    def _close_part(self, table: Table, tag: str) -> None:
        if tag == "tr":
            table.add_row(self._frames.pop().parts)
        elif tag in {"td", "th"}:
            cell = self._frames.pop()
            content = "".join(cell.parts)
            table.contents.append(content)
            self._frames[-1].parts.append(f"<{cell.tag}{cell.attributes}>{content}</{cell.tag}>")

    def _close_table(self) -> None:
        if table := self._tables.pop():
            caption = self._frames.pop().parts
            self._frames[-1].parts += [*caption, table.written()]

    def _close_frame(self) -> None:
        frame = self._frames.pop()
        if frame.parts:
            html = f"<{frame.tag}{frame.attributes}>{''.join(frame.parts)}</{frame.tag}>"
            self._frames[-1].parts.append(html)

    def _end_paragraph(self) -> None:
        runs, self._runs = _trimmed(_with_fractions(self._runs)), []
        if all(is_invisible(run.text) for run in runs):
            return
        if self._frames[-1].tag in LISTS:  # text between items
            self._frames.append(Frame("li"))
        tag = self._heading if self._heading and len(self._frames) == 1 else "p"
        self._has_heading |= tag == "h3"
        self._frames[-1].parts.append(f"<{tag}>{_inline(runs)}</{tag}>")


def _start(number: str) -> str:
    """Return the attribute of a list that begins with another number than 1."""
    return f' start="{int(number)}"' if _NUMBER.fullmatch(number) and int(number) != 1 else ""


def _with_fractions(runs: list[Run]) -> list[Run]:
    """Join a superscript, a slash and a subscript to a fraction."""
    joined: list[Run] = []
    for run in runs:
        joined.append(run)
        if run.script == "sub" and len(joined) > 2:
            upper, slash, lower = joined[-3:]
            if upper.script == "sup" and slash.text.strip() in {"/", "⁄"}:
                joined[-3:] = [Run(fraction(upper.text, lower.text), upper.marks)]
    return joined


def _trimmed(runs: list[Run]) -> list[Run]:
    """Remove spaces and line breaks at both ends, which readers do not see."""
    start, end = 0, len(runs)
    while start < end and not runs[start].text.strip(_SPACES):
        start += 1
    while end > start and not runs[end - 1].text.strip(_SPACES):
        end -= 1
    rest = runs[start:end]
    if rest:
        rest[0] = rest[0]._replace(text=rest[0].text.lstrip(_SPACES))
        rest[-1] = rest[-1]._replace(text=rest[-1].text.rstrip(_SPACES))
    return rest


def _inline(runs: Iterable[Run]) -> str:
    html: list[str] = []
    open_tags: tuple[str, ...] = ()
    for text, marks, _script in (*runs, Run("", Marks())):
        same = _common(open_tags, marks.tags)
        html += [f"</{tag.split(maxsplit=1)[0]}>" for tag in reversed(open_tags[same:])]
        html += [f"<{tag}>" for tag in marks.tags[same:]]
        html.append(escape(text, quote=False).replace(_BREAK, "<br>"))
        open_tags = marks.tags
    return "".join(html)


def _common(left: tuple[str, ...], right: tuple[str, ...]) -> int:
    """Return the number of outer tags that two runs share."""
    pairs = enumerate(zip(left, right, strict=False))
    return next((index for index, (one, other) in pairs if one != other), min(len(left), len(right)))
