"""Checks, tidies and cuts plain text."""

import re
from itertools import takewhile

import regex
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

# Characters that XML 1.0, and so the feeds, cannot carry, and that not every database stores. All others are kept
# to the byte: joiners, bidi marks and variation selectors have a meaning for those who write with them.
_FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_INVISIBLE = regex.compile(r"[\s\p{Z}\p{Cc}\p{Cf}\p{Default_Ignorable_Code_Point}\u2800]*+")  # with Braille's blank
NEWLINES = re.compile(r"(?<![ \t])[ \t]*+[\r\n][ \t\r\n]*+")
"""Line breaks with the spaces and tabs around them. The lookbehind keeps the matching of long runs of spaces linear."""
_CLUSTER = regex.compile(r"\X")
_JOINER = "\u200d"
_SPACES = " \t\r\n"

LINES_LIMIT = 10_000
"""Maximum characters of a quote, standfirst, reason or note."""


def check_text(text: str) -> None:
    """Refuse text that cannot be stored, shown and sent to every reader as typed."""
    match = _FORBIDDEN.search(text)
    if match is None:
        return
    code = ord(match[0])
    if 0xD800 <= code <= 0xDFFF:
        message = _("The text contains half of a character (U+%(code)s), perhaps from an emoji. Type it again.")
    else:
        message = _("The text contains an invisible control character (U+%(code)s). Type that part again.")
    raise ValidationError(message, code="control_character", params={"code": f"{code:04X}"})


def clean_line(text: str) -> str:
    """Clean the text of a one-line field, such as a headline, caption or name. Line breaks become spaces."""
    check_text(text)
    line = NEWLINES.sub(" ", text).strip(_SPACES)
    return "" if is_invisible(line) else line


def clean_lines(text: str) -> str:
    """Clean plain text and keep its line breaks."""
    check_text(text)
    if len(text) > LINES_LIMIT:
        raise ValidationError(
            _("The text is too long: at most %(limit)s characters."), code="too_long", params={"limit": LINES_LIMIT}
        )
    lines = text.replace("\r\n", "\n").replace("\r", "\n").strip(_SPACES)
    return "" if is_invisible(lines) else lines


def without_control_characters(text: str) -> str:
    """Drop forbidden characters from text that nobody can correct, such as a caption in a picture's file."""
    return _FORBIDDEN.sub("", text)


def is_invisible(text: str) -> bool:
    """Return whether readers would see nothing, as with spaces of any kind, joiners and direction marks."""
    return _INVISIBLE.fullmatch(text) is not None


def truncate(text: str, length: int) -> str:
    """Return at most ``length`` characters as the database counts them, including an ellipsis if the text was cut.

    Cuts between grapheme clusters, never inside a flag, a family or a letter with its accents.
    """
    if len(text) <= length:
        return text
    clusters = [match[0] for match in takewhile(lambda match: match.end() < length, _CLUSTER.finditer(text))]
    while clusters and clusters[-1].endswith(_JOINER):  # older Unicode joins more pairs than the newest does
        clusters.pop()
    return "".join(clusters).rstrip() + "…"
