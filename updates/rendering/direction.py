"""The direction in which a paragraph is written."""

import re
import unicodedata
from functools import partial

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language_bidi

from updates.content.sanitize import PARAGRAPH, plain_text


def direction(text: str) -> str:
    """Of the active language, unless most letters say otherwise.

    ``dir="auto"`` goes by the first letter alone, so that “BBC: …” would turn an Arabic headline round.
    """
    usual = "rtl" if get_language_bidi() else "ltr"
    if text.isascii():
        return "ltr" if usual == "ltr" or any(map(str.isalpha, text)) else usual
    kinds = [unicodedata.bidirectional(letter) for letter in text]
    left, right = kinds.count("L"), kinds.count("R") + kinds.count("AL")
    return usual if left == right else "ltr" if left > right else "rtl"


def html_direction(html: str) -> str:
    return direction(plain_text(html))


def with_directions(html: str) -> SafeString:
    """Clean HTML, in which each paragraph that is written the other way says so."""
    usual = "rtl" if get_language_bidi() else "ltr"
    return mark_safe(PARAGRAPH.sub(partial(_directed, usual), html))  # noqa: S308 - clean since it was stored


def _directed(usual: str, paragraph: re.Match[str]) -> str:
    own = html_direction(paragraph[1])
    return paragraph[0] if own == usual else f'<p dir="{own}">{paragraph[1]}</p>'
