"""Text on its way in. ``clean_html`` is the only door through which HTML reaches a stored entry."""

import re
from html.parser import HTMLParser

import nh3
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from .allowed import ALLOWED, ATTRIBUTES, EDITOR_EXTENSIONS, LINK_REL, LINK_SCHEMES, TAGS
from .paragraphs import ParagraphWriter
from .source_markup import BLOCKS, EXTRA, MARKS, STYLED, STYLES
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

MAX_LENGTH = 100_000  # characters with tags; more than a book chapter, and cleaned within a second or two

PARAGRAPH = re.compile(r"<p>((?:[^<]|<(?!/?p>))*+)</p>")
"""Of clean HTML, with what stands inside."""

# Wide enough to see what was meant: blocks of all kinds, and the styles that say bold, hidden or struck.
_UNREADABLE = {"iframe", "noscript", "object", "script", "style", "template", "textarea", "title", "xml"}
_parse = nh3.Cleaner(
    tags=TAGS | BLOCKS | STYLED | EXTRA,
    attributes=ATTRIBUTES | {"*": frozenset({"style", "hidden"}), "img": frozenset({"alt"})},
    filter_style_properties=STYLES,
    clean_content_tags=_UNREADABLE,
    url_schemes=set(LINK_SCHEMES),
    url_relative="deny",
    link_rel=None,
)
# The guarantee: whatever comes before it, nothing outside the list leaves.
_only_allowed = nh3.Cleaner(
    tags=TAGS,
    attributes=ATTRIBUTES,
    url_schemes=set(LINK_SCHEMES),
    url_relative="deny",
    link_rel=LINK_REL,
)


def clean_html(text: str) -> str:
    """HTML that holds only what ``ALLOWED`` lists, in paragraphs and lists; empty if there is nothing to see.

    Cleaning twice changes nothing. Raises ``ValidationError`` for what cannot be stored as typed.
    """
    _check(text)
    html = _only_allowed.clean(ParagraphWriter().write(_parse.clean(text)))
    # "&#8;" becomes a character only when it is parsed, and a text that grew must still fit when it is edited.
    _check(html)
    return html


def _check(text: str) -> None:
    check_text(text)
    if len(text) > MAX_LENGTH:
        raise ValidationError(
            _("The text is too long. The limit is %(limit)s characters, including formatting."),
            code="too_long",
            params={"limit": MAX_LENGTH},
        )


def is_blank(html: str) -> bool:
    """Whether a reader would see nothing of it, as of ``<p></p>``, ``&nbsp;`` or ``<br>``."""
    return is_invisible(plain_text(html))


def plain_text(html: str) -> str:
    """The words alone, entities decoded, a line for each paragraph, list item and line break."""
    reader = _TextReader()
    reader.feed(html)
    reader.close()
    return NEWLINES.sub("\n", "".join(reader.words)).strip(" \t\n")


class _TextReader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.words: list[str] = []

    def handle_starttag(self, tag: str, _attrs: list[tuple[str, str | None]]) -> None:
        if tag not in _INLINE:
            self.words.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag not in _INLINE:
            self.words.append("\n")

    def handle_data(self, data: str) -> None:
        self.words.append(data)


_INLINE = STYLED | MARKS.keys() | {"a"}
