"""Turns superscripts, subscripts and fractions into characters, so that 10<sup>6</sup> becomes 10⁶ in plain text."""

import unicodedata
from typing import Literal

Script = Literal["", "sup", "sub"]

_SUPERSCRIPTS = str.maketrans("0123456789+-−=()ni", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁼⁽⁾ⁿⁱ")
_SUBSCRIPTS = str.maketrans("0123456789+-−=()", "₀₁₂₃₄₅₆₇₈₉₊₋₋₌₍₎")
_FRACTIONS = {unicodedata.normalize("NFKC", sign): sign for sign in "½⅓⅔¼¾⅕⅖⅗⅘⅙⅚⅐⅛⅜⅝⅞⅑⅒↉"}


def scripted(text: str, script: Script) -> str:
    """Return “6” as “⁶”. Words, such as the “th” of 4<sup>th</sup>, are returned unchanged."""
    if not script or not (len(text.strip()) == 1 or any(sign.isdigit() for sign in text)):
        return text
    return text.translate(_SUPERSCRIPTS if script == "sup" else _SUBSCRIPTS)


def fraction(upper: str, lower: str) -> str:
    """Return the fraction of a superscript and a subscript: “½”, or “¹⁷⁄₂₀” if there is no such character."""
    plain = unicodedata.normalize("NFKC", f"{upper.strip()}⁄{lower.strip()}")
    return _FRACTIONS.get(plain, f"{upper.strip()}⁄{lower.strip()}")
