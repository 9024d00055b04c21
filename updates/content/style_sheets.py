"""Reads what style sheets of pasted documents say of classes: Excel and Google Docs strike and hide text so."""

from collections.abc import Iterator
from typing import Final

from .source_markup import is_hidden_by, script_of

HIDDEN: Final = "display:none"

KNOWN: Final = {
    **dict.fromkeys(("msodel", "screen-reader-text", "sr-only", "visually-hidden"), HIDDEN),
}
"""Classes that office programs and many sites use, whose rules are not pasted with the text."""


def looks_of_classes(html: str) -> dict[str, str]:
    """Return the style of each class that is hidden, struck, raised or lowered by the sheets of a document, in small
    letters. Only rules of a single class are read, such as ``.c1`` or ``span.c1``.
    """
    lower = html.lower()
    looks = {name: look for name, look in KNOWN.items() if name in lower}
    for sheet in _sheets(lower):
        for rule in sheet.split("}"):
            selectors, _, body = rule.partition("{")
            if look := _look(body):
                looks |= dict.fromkeys(_classes(selectors), look)
    return looks


def _sheets(html: str) -> Iterator[str]:
    for part in html.split("<style")[1:]:
        yield part.partition("</style")[0].partition(">")[2]


def _classes(selectors: str) -> Iterator[str]:
    for selector in selectors.split(","):
        _tag, dot, name = selector.removeprefix("<!--").strip().partition(".")
        if dot and name.replace("-", "").replace("_", "").isalnum():
            yield name


def _look(body: str) -> str:
    if is_hidden_by(body):
        return HIDDEN
    script = script_of(body)
    return f"vertical-align:{script}" if script else ""
