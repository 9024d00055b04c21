"""Meaning of markup from any source: which elements are paragraphs, bold, hidden, raised, or stand for a character."""

import re
from html import escape
from typing import NamedTuple

from .links import meant_address
from .superscripts import Script
from .text import NEWLINES

LISTS = frozenset({"ul", "ol"})
_BLOCKS = (
    "address article aside blockquote caption center dd details div dl dt fieldset figcaption figure footer"
    " form h1 h2 h3 h4 h5 h6 header hr legend main nav p pre section summary table tbody td tfoot th thead tr"
)
BLOCKS = frozenset(_BLOCKS.split())
HEADINGS = {"h1": "h3", "h2": "h3", "h3": "h3", "h4": "h4", "h5": "h4", "h6": "h4"}
"""Headings of any document, and what stands for them below the headline of an update."""
MARKS = {"strong": "strong", "b": "strong", "em": "em", "i": "em", "cite": "em", "dfn": "em", "var": "em"}
STYLED = frozenset({"span", "font", "sup", "sub", *MARKS})

LEFT_OUT = frozenset({"annotation", "del", "rp", "s", "strike"})
"""Elements with deleted or struck text, and elements that browsers do not show."""

WRAPPED = {"q": "“”", "rt": "()"}
"""Elements that browsers show between quotation marks or brackets."""

MATH: dict[str, tuple[Script, ...]] = {
    "mfrac": ("sup", "sub"),
    "msup": ("", "sup"),
    "msub": ("", "sub"),
    **dict.fromkeys(("math", "mi", "mn", "mo", "mrow", "mtext"), ()),
}
"""Elements of formulas, and whether their first and second child is raised or lowered."""

EXTRA = frozenset({"img", *LEFT_OUT, *WRAPPED, *MATH})
_STYLES = (
    "display font-size font-style font-weight mso-element mso-hide mso-special-character opacity text-decoration"
    " mso-text-raise text-decoration-line vertical-align visibility"
)
STYLES = frozenset(written for name in _STYLES.split() for written in (name, name.title(), name.upper()))
"""Their names in each way that programs write them."""

_BOLD = re.compile(r"font-weight\s*:\s*(?:bold|[5-9]00)")
_ITALIC = re.compile(r"font-style\s*:\s*(?:italic|oblique)")
# Google Docs wraps a whole paste in <b style="font-weight:normal">, and writes bold as a styled span.
_NOT_BOLD = re.compile(r"font-weight\s*:\s*(?:normal|[1-4]00)")
_NOT_ITALIC = re.compile(r"font-style\s*:\s*normal")
_HIDDEN = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*(?:hidden|collapse)|(?:opacity|font-size)\s*:\s*0(?![.0-9]*[1-9])|line-through"
    r"|mso-hide\s*:\s*all|mso-element\s*:\s*comment|mso-special-character\s*:\s*comment"
)
_COMMENT = "#_msocom_"
"""Where the mark of a comment leads in Word."""
_SCRIPT = re.compile(r"vertical-align\s*:\s*(sup|sub)|mso-text-raise\s*:\s*(-?)[1-9]")


class Marks(NamedTuple):
    """Formats of a run of text, outermost first, in the order in which the editor nests them."""

    link: str = ""
    strong: str = ""
    em: str = ""

    @property
    def tags(self) -> tuple[str, ...]:
        return tuple(filter(None, self))


class Look(NamedTuple):
    """Formats of the text inside an open inline element."""

    marks: Marks = Marks()
    script: Script = ""


def is_hidden(tag: str, attributes: dict[str, str]) -> bool:
    return (
        tag in LEFT_OUT
        or "hidden" in attributes
        or attributes.get("href", "").startswith(_COMMENT)
        or is_hidden_by(_style(attributes))
    )


def is_hidden_by(style: str) -> bool:
    return _HIDDEN.search(style) is not None


def script_of(style: str) -> Script:
    """Return whether a style raises or lowers text."""
    match = _SCRIPT.search(style)
    if match is None:
        return ""
    return "sub" if match[1] == "sub" or match[2] else "sup"


def looking(outer: Look, tag: str, attributes: dict[str, str]) -> Look:
    scripts: dict[str, Script] = {"sup": "sup", "sub": "sub"}
    script = scripts.get(tag) or script_of(_style(attributes)) or outer.script
    return Look(_marked(outer.marks, tag, attributes), script)


def _style(attributes: dict[str, str]) -> str:
    """Return the style of an element, and that of its classes (``style_sheets.py``), in small letters."""
    return f"{attributes.get('style', '')};{attributes.get('class', '')}".lower()


def _marked(outer: Marks, tag: str, attributes: dict[str, str]) -> Marks:
    if tag == "a":
        address = meant_address(attributes.get("href", ""))
        title = NEWLINES.sub(" ", attributes.get("title", "")).strip()
        if not address:
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
