"""Cleans text before it is stored. All HTML of an entry passes through ``clean_html``."""

import re
from collections.abc import Callable
from html import unescape
from html.parser import HTMLParser

import nh3
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from .allowed import ALLOWED, ATTRIBUTES, EDITOR_EXTENSIONS, LINK_REL, LINK_SCHEMES, TAGS
from .links import own_path
from .paragraphs import ParagraphWriter
from .source_markup import BLOCKS, EXTRA, MARKS, STYLED, STYLES
from .style_sheets import looks_of_classes
from .text import NEWLINES, check_text, clean_line, clean_lines, is_invisible, truncate

__all__ = [
    "ALLOWED",
    "EDITOR_EXTENSIONS",
    "check_text",
    "clean_html",
    "clean_line",
    "clean_lines",
    "is_blank",
    "plain_text",
    "truncate",
]

MAX_LENGTH = 100_000  # characters with tags: more than a book chapter, and cleaned within two seconds

PARAGRAPH = re.compile(r"<(?P<tag>p|h3|h4)>(?P<words>(?:[^<]|<(?!/?(?:p|h3|h4)>))*+)</(?P=tag)>")
"""Matches a paragraph or heading of clean HTML."""

# Keeps blocks of all kinds, and the styles for bold, hidden and struck text, so that their meaning can be used.
_UNREADABLE = {"iframe", "noscript", "object", "script", "style", "template", "textarea", "title", "xml"}


def _parser(names: set[str], attribute_filter: Callable[[str, str, str], str | None] | None = None) -> nh3.Cleaner:
    return nh3.Cleaner(
        tags=TAGS | BLOCKS | STYLED | EXTRA,
        attributes=ATTRIBUTES | {"*": frozenset(names), "img": frozenset({"alt"}), "li": frozenset({"value"})},
        attribute_filter=attribute_filter,
        filter_style_properties=STYLES,
        clean_content_tags=_UNREADABLE,
        url_schemes=set(LINK_SCHEMES),
        url_relative="pass_through",  # “www.example.org” is a link, too: the writer of paragraphs completes it
        link_rel=None,
    )


_parse = _parser({"style", "hidden"})
# Runs last and guarantees that the result contains nothing outside the list, whatever the steps before it do.
_only_allowed = nh3.Cleaner(
    tags=TAGS,
    attributes=ATTRIBUTES,
    url_schemes=set(LINK_SCHEMES),
    url_relative=own_path,
    link_rel=LINK_REL,
)
_DEAD_LINK = re.compile(r'<a(?: (?:title|rel)="[^"]*+")*+>')
"""Matches a link without its address, which was one that no browser reads, such as a host that IDNA forbids."""


def clean_html(text: str) -> str:
    """Return HTML with only the elements in ``ALLOWED``, in paragraphs, headings, lists and tables.

    The result is empty if readers would see nothing.

    Cleaning twice changes nothing. Raises ``ValidationError`` for text that cannot be stored as typed.
    """
    _check(text)
    html = _cleaned(text)
    if _DEAD_LINK.search(html):  # this time the words alone are left of it
        html = _cleaned(html)
    # "&#8;" becomes a character only when parsed. A text that has grown must still fit when it is edited again.
    _check(html)
    return html


def _cleaned(text: str) -> str:
    return _only_allowed.clean(ParagraphWriter().write(_parsed(text)))


def _parsed(text: str) -> str:
    """Return well-formed HTML, in which the styles of classes stand in place of their names."""
    looks = looks_of_classes(text)
    if not looks:
        return _parse.clean(text)

    def look(_tag: str, name: str, value: str) -> str | None:
        if name != "class":
            return value
        return ";".join({looks[each] for each in value.lower().split() if each in looks}) or None

    return _parser({"style", "hidden", "class"}, look).clean(text)


def _check(text: str) -> None:
    check_text(text)
    if len(text) > MAX_LENGTH:
        raise ValidationError(
            _("The text is too long. The limit is %(limit)s characters, including formatting."),
            code="too_long",
            params={"limit": MAX_LENGTH},
        )


def is_blank(html: str) -> bool:
    """Return whether readers would see nothing, as with ``<p></p>``, ``&nbsp;`` or ``<br>``."""
    return is_invisible(plain_text(html))


def plain_text(html: str) -> str:
    """Return the text of clean HTML, with a line for each paragraph, heading, list item, row and line break."""
    reader = _TextReader()
    reader.feed(html)
    reader.close()
    return NEWLINES.sub("\n", "".join(reader.words)).strip(" \t\n")


def without_tags(text: str) -> str:
    """Return what somebody typed or pasted without its tags; as it is where it is longer than any field."""
    return text if len(text) > MAX_LENGTH else unescape(nh3.clean(text, tags=set()))


class _TextReader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.words: list[str] = []
        self._row: list[str] | None = None
        """Finished cells of the open row."""
        self._cell = 0
        """Where the words of the open cell begin."""

    def handle_starttag(self, tag: str, _attrs: list[tuple[str, str | None]]) -> None:
        self._break(tag)
        if tag == "tr":
            self._row = []
        elif tag in {"td", "th"}:
            self._cell = len(self.words)

    def handle_endtag(self, tag: str) -> None:
        if tag in {"td", "th"} and self._row is not None:
            self._row.append(" ".join("".join(self.words[self._cell :]).split()))
            del self.words[self._cell :]
        elif tag == "tr" and self._row is not None:
            self.words.append(BETWEEN_CELLS.join(self._row))
            self._row = None
        self._break(tag)

    def _break(self, tag: str) -> None:
        if tag not in _INLINE:
            self.words.append("\n")

    def handle_data(self, data: str) -> None:
        self.words.append(data)


BETWEEN_CELLS = " · "
_INLINE = STYLED | MARKS.keys() | {"a"}
