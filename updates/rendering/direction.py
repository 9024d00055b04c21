"""Finds the direction in which a text is written."""

import re
import unicodedata
from functools import partial

from django.utils.safestring import SafeString, mark_safe

from updates.content.sanitize import PARAGRAPH, plain_text

from .language import content_direction


def direction(text: str) -> str:
    """Return the direction of most letters; on a tie that of the event’s language.

    ``dir="auto"`` uses the first letter only, so “BBC: …” would show an Arabic headline left to right.
    """
    usual = content_direction()
    if text.isascii():
        return "ltr" if usual == "ltr" or any(map(str.isalpha, text)) else usual
    kinds = [unicodedata.bidirectional(letter) for letter in text]
    left, right = kinds.count("L"), kinds.count("R") + kinds.count("AL")
    return usual if left == right else "ltr" if left > right else "rtl"


def html_direction(html: str) -> str:
    return direction(plain_text(html))


def with_directions(html: str) -> SafeString:
    """Add ``dir`` to each paragraph and heading of clean HTML that is written in the other direction."""
    usual = content_direction()
    return mark_safe(PARAGRAPH.sub(partial(_directed, usual), html))  # noqa: S308 - it is clean  # nosec


def _directed(usual: str, paragraph: re.Match[str]) -> str:
    own, tag = html_direction(paragraph["words"]), paragraph["tag"]
    return paragraph[0] if own == usual else f'<{tag} dir="{own}">{paragraph["words"]}</{tag}>'
