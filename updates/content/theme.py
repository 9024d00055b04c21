"""Checks of a theme: a style sheet that gives other values to the design tokens."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Final

from PIL import ImageColor

COMMENT: Final = re.compile(r"/\*[^*]*\*+(?:[^/*][^*]*\*+)*/")
TOKEN: Final = re.compile(r"\"[^\"]*\"|'[^']*'|\([^()]*\)|[{};]|[^{};\"'(]+|.")
USE: Final = re.compile(r"var\(\s*(--[\w-]+)")
SPACED: Final = re.compile(r"(?<=[\d%])\s+(?=\d)")
"""Between the numbers of ``rgb(1 2 3)``, which Pillow knows with commas only."""

FONT: Final = re.compile(r"@font-face\s*{([^}]*)")
"""Also without its end: a style sheet that has none would be searched again from each start."""

STEADY: Final = re.compile(r"font-display:\s*optional\b")
FAMILY: Final = re.compile(r"font-family:\s*([^;]+)")

DARK: Final = re.compile(r"prefers-color-scheme:\s*dark")

TEXT, EDGE = 4.5, 3.0
"""Contrast that WCAG 2.2 AA wants of text and of the edges of controls."""

PAIRS: Final = (
    ("--ink", "--paper", TEXT),
    ("--ink", "--wash", TEXT),
    ("--ink-2", "--paper", TEXT),
    ("--ink-2", "--wash", TEXT),
    ("--live", "--paper", TEXT),
    ("--on-live", "--live", TEXT),
    ("--edge", "--paper", EDGE),
)

Tokens = dict[str, str]


@dataclass(frozen=True)
class Declaration:
    name: str
    value: str
    is_dark: bool


def problems_of(theme: str, defaults: str) -> list[str]:
    """Return what is wrong in a theme, in words. ``defaults`` is the style sheet with the tokens of the live blog."""
    known, own = list(_declarations(defaults)), list(_declarations(theme))
    names = {each.name for each in known}
    unknown = {each.name for each in own} - names - set(USE.findall(theme))
    return [
        *(_unknown(name, names) for name in sorted(unknown)),
        *_contrasts(_cascade([*known, *own], is_dark=False), "light"),
        *_contrasts(_cascade([*known, *own], is_dark=True), "dark"),
        *_late_fonts(COMMENT.sub("", theme)),
    ]


def _late_fonts(css: str) -> Iterator[str]:
    """Yield the fonts that may arrive while somebody reads, and then change the height of every text in view."""
    for face in FONT.findall(css):
        family = FAMILY.search(face)
        if not STEADY.search(face):
            yield f"@font-face {family[1].strip() if family else ''}: add font-display: optional, else the text jumps."


def _unknown(name: str, names: set[str]) -> str:
    close = get_close_matches(name, names, n=1)
    return f"{name} is no token of the live blog." + (f" Did you mean {close[0]}?" if close else "")


def _cascade(declarations: list[Declaration], *, is_dark: bool) -> Tokens:
    """Return the values in force: the last one wins, since every rule has the weight of ``:root``."""
    return {each.name: each.value for each in declarations if is_dark or not each.is_dark}


def _declarations(css: str) -> Iterator[Declaration]:
    """Yield the custom properties of ``:root``, light and dark. Those of other media are left out."""
    around: list[str] = []
    for text, end in _pieces(COMMENT.sub("", css)):
        if end == "{":
            around.append(text.strip())
            continue
        name, colon, value = text.strip().partition(":")
        if colon and name.startswith("--") and around and _is_plain_root(around):
            yield Declaration(name.strip(), value.strip(), any(map(DARK.search, around)))
        if end == "}" and around:
            around.pop()


def _pieces(css: str) -> Iterator[tuple[str, str]]:
    """Yield what stands before each ``{``, ``;`` and ``}``, and that character."""
    text = ""
    for token in TOKEN.findall(css):
        if token in {"{", ";", "}"}:
            yield text, token
            text = ""
        else:
            text += token


def _is_plain_root(around: list[str]) -> bool:
    *media, selector = around
    is_root = selector.startswith(":root") and ":lang(" not in selector
    return is_root and all(DARK.search(rule) for rule in media)


def _contrasts(tokens: Tokens, scheme: str) -> Iterator[str]:
    try:
        for front, back, least in PAIRS:
            ratio = contrast(_rgb(front, tokens), _rgb(back, tokens))
            if ratio < least:
                yield f"{scheme}: {front} on {back} has a contrast of {ratio:.1f}, and {least:g} is needed."
    except ValueError as problem:
        yield f"{scheme}: {problem}"


def _rgb(name: str, tokens: Tokens) -> tuple[int, ...]:
    value, seen = tokens[name], {name}
    while use := USE.match(value):
        if use[1] in seen or use[1] not in tokens:
            raise ValueError(f"{name} uses {use[1]}, which has no value.")
        seen.add(use[1])
        value = tokens[use[1]]
    try:
        colour = ImageColor.getrgb(SPACED.sub(",", value))
    except ValueError:
        raise ValueError(f"{name}: {value} cannot be checked. Write it as #rrggbb, rgb() or hsl().") from None
    if len(colour) == 4 and colour[3] < 255:
        raise ValueError(f"{name}: {value} is transparent, so its contrast is unknown.")
    return colour[:3]


def contrast(one: tuple[int, ...], other: tuple[int, ...]) -> float:
    """Return the ratio of two colours as WCAG defines it, 1 to 21."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: tuple[int, ...]) -> float:
    red, green, blue = (_linear(value / 255) for value in colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(value: float) -> float:
    return value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4
