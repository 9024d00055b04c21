"""Keeps units such as km/h on one line, with their number: Firefox breaks lines after a slash."""

import re

from django.utils.safestring import SafeString, mark_safe

UNIT = re.compile(r"(?:(?<=\d) )?(?<![\w/.:@-])[^\W\d_]{1,4}/[^\W\d_]{1,4}(?![\w/])")
_PIECE = re.compile(rf"<[^<>]*>|(?P<unit>{UNIT.pattern})")


def unbroken_units(html: str) -> SafeString:
    """Wrap units in the text of clean HTML; tags stay as they are."""
    return mark_safe(_PIECE.sub(_wrapped, html) if "/" in html else html)  # noqa: S308 - it is clean  # nosec


def _wrapped(piece: re.Match[str]) -> str:
    return f'<span class="nb">{piece["unit"]}</span>' if piece["unit"] else piece[0]
