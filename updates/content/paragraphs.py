"""Rewrites well-formed HTML of any origin as paragraphs and lists, as our editor would have written it.

Cutting away tags would glue "<div>a</div><div>b</div>" to "ab" and lose the bold of "<b>"; a document of
Word or Google Docs would come out as one line. So blocks of any kind become paragraphs, their bold and
italics become ``strong`` and ``em``, and paragraphs and lists without visible content go.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from html import escape
from html.parser import HTMLParser
from typing import NamedTuple

from .allowed import LINK_SCHEMES
from .text import NEWLINES, is_invisible

LISTS = frozenset({"ul", "ol"})
_BLOCKS = (
    "address article aside blockquote caption center dd details div dl dt fieldset figcaption figure footer"
    " form h1 h2 h3 h4 h5 h6 header hr legend main nav p pre section summary table tbody td tfoot th thead tr"
)
BLOCKS = frozenset(_BLOCKS.split())
MARKS = {"strong": "strong", "b": "strong", "em": "em", "i": "em", "cite": "em", "dfn": "em", "var": "em"}
STYLED = frozenset({"span", "font", *MARKS})
STYLES = frozenset({"font-weight", "font-style"})

_BOLD = re.compile(r"font-weight:\s*(?:bold|[5-9]00)")
_ITALIC = re.compile(r"font-style:\s*(?:italic|oblique)")
# Google Docs wraps a whole paste in <b style="font-weight:normal">, and writes bold as a styled span.
_NOT_BOLD = re.compile(r"font-weight:\s*(?:normal|[1-4]00)")
_NOT_ITALIC = re.compile(r"font-style:\s*normal")
_LINK = re.compile(rf"(?:https?://|(?:{'|'.join(set(LINK_SCHEMES) - {'http', 'https'})}):)\S", re.IGNORECASE)
_NUMBER = re.compile(r"[0-9]{1,6}")
_DEEPEST = 20  # frames: ten lists in one another; a million would take minutes
_SPACES = " \t\n"
_BREAK = "\n"  # free to stand for <br>: newlines of the source are spaces by then


class Marks(NamedTuple):
    """How a run of text looks, outermost first; the order in which the editor nests them too."""

    link: str = ""
    strong: str = ""
    em: str = ""

    @property
    def tags(self) -> tuple[str, ...]:
        return tuple(filter(None, self))


class Run(NamedTuple):
    text: str
    marks: Marks


@dataclass
class Frame:
    """A list or list item that is open, and its finished content."""

    tag: str = ""
    attributes: str = ""
    parts: list[str] = field(default_factory=list)


class ParagraphWriter(HTMLParser):
    """Expects what nh3 puts out: every element closed, in order, and no scripts."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._frames = [Frame()]
        self._marks = [Marks()]
        self._runs: list[Run] = []
        self._flattened = 0

    def write(self, html: str) -> str:
        self.feed(html)
        self.close()
        self._end_paragraph()
        while len(self._frames) > 1:
            self._close_frame()
        return "".join(self._frames[0].parts)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = {name: value or "" for name, value in attrs}
        if tag == "br":
            self._runs.append(Run(_BREAK, self._marks[-1]))
        elif tag in LISTS:
            self._open_list(tag, attributes)
        elif tag == "li":
            self._open_item()
        elif tag in BLOCKS:
            self._end_paragraph()
        elif tag == "a" or tag in STYLED:
            self._marks.append(_marked(self._marks[-1], tag, attributes))

    def handle_endtag(self, tag: str) -> None:
        if tag in LISTS:
            self._close_list()
        elif tag == "li" or tag in BLOCKS:
            self._end_paragraph()
        elif tag == "a" or tag in STYLED:
            self._marks.pop()

    def handle_data(self, data: str) -> None:
        self._runs.append(Run(NEWLINES.sub(" ", data), self._marks[-1]))

    def _open_list(self, tag: str, attributes: dict[str, str]) -> None:
        self._end_paragraph()
        if len(self._frames) > _DEEPEST:
            self._flattened += 1
            return
        if self._frames[-1].tag in LISTS:  # Word nests lists without an item between
            self._frames.append(Frame("li"))
        start = attributes.get("start", "")
        numbered_from = _NUMBER.fullmatch(start) and int(start) != 1
        self._frames.append(Frame(tag, f' start="{int(start)}"' if tag == "ol" and numbered_from else ""))

    def _open_item(self) -> None:
        # An item stays open until the next one, so that a list that follows it in its parent nests in it.
        self._end_paragraph()
        if self._frames[-1].tag == "li":
            self._close_frame()
        if self._frames[-1].tag in LISTS:
            self._frames.append(Frame("li"))

    def _close_list(self) -> None:
        self._end_paragraph()
        if self._flattened:
            self._flattened -= 1
            return
        if self._frames[-1].tag == "li":
            self._close_frame()
        self._close_frame()

    def _close_frame(self) -> None:
        frame = self._frames.pop()
        if frame.parts:
            html = f"<{frame.tag}{frame.attributes}>{''.join(frame.parts)}</{frame.tag}>"
            self._frames[-1].parts.append(html)

    def _end_paragraph(self) -> None:
        runs, self._runs = _trimmed(self._runs), []
        if all(is_invisible(run.text) for run in runs):
            return
        if self._frames[-1].tag in LISTS:  # text between items
            self._frames.append(Frame("li"))
        self._frames[-1].parts.append(f"<p>{_inline(runs)}</p>")


def _marked(outer: Marks, tag: str, attributes: dict[str, str]) -> Marks:
    if tag == "a":
        address, title = attributes.get("href", "").strip(), attributes.get("title", "").strip()
        if not _LINK.match(address):
            return outer
        hint = f' title="{escape(title)}"' if title else ""
        return outer._replace(link=f'a href="{escape(address)}"{hint}')
    style, named = attributes.get("style", "").lower(), MARKS.get(tag)
    strong, em = outer.strong, outer.em
    if _BOLD.search(style) or (named == "strong" and not _NOT_BOLD.search(style)):
        strong = "strong"
    if _ITALIC.search(style) or (named == "em" and not _NOT_ITALIC.search(style)):
        em = "em"
    return outer._replace(strong=strong, em=em)


def _trimmed(runs: list[Run]) -> list[Run]:
    """Without the spaces and line breaks at either end, which no reader sees."""
    start, end = 0, len(runs)
    while start < end and not runs[start].text.strip(_SPACES):
        start += 1
    while end > start and not runs[end - 1].text.strip(_SPACES):
        end -= 1
    kept = runs[start:end]
    if kept:
        kept[0] = kept[0]._replace(text=kept[0].text.lstrip(_SPACES))
        kept[-1] = kept[-1]._replace(text=kept[-1].text.rstrip(_SPACES))
    return kept


def _inline(runs: Iterable[Run]) -> str:
    html: list[str] = []
    open_tags: tuple[str, ...] = ()
    for text, marks in (*runs, Run("", Marks())):
        same = _common(open_tags, marks.tags)
        html += [f"</{tag.split(maxsplit=1)[0]}>" for tag in reversed(open_tags[same:])]
        html += [f"<{tag}>" for tag in marks.tags[same:]]
        html.append(escape(text, quote=False).replace(_BREAK, "<br>"))
        open_tags = marks.tags
    return "".join(html)


def _common(left: tuple[str, ...], right: tuple[str, ...]) -> int:
    """How many of the outer tags two runs share."""
    pairs = enumerate(zip(left, right, strict=False))
    return next((index for index, (one, other) in pairs if one != other), min(len(left), len(right)))
