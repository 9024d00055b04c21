"""Superscripts, subscripts and fractions as characters, so that 10<sup>6</sup> stays 10⁶ in plain text."""

import unicodedata
from typing import Literal

Script = Literal["", "sup", "sub"]

_SUPERSCRIPTS = str.maketrans("0123456789+-−=()ni", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁼⁽⁾ⁿⁱ")
_SUBSCRIPTS = str.maketrans("0123456789+-−=()", "₀₁₂₃₄₅₆₇₈₉₊₋₋₌₍₎")
_FRACTIONS = {unicodedata.normalize("NFKC", sign): sign for sign in "½⅓⅔¼¾⅕⅖⅗⅘⅙⅚⅐⅛⅜⅝⅞⅑⅒↉"}


def scripted(text: str, script: Script) -> str:
    """“6” as “⁶”. Words such as the “th” of 4<sup>th</sup> stay plain letters."""
    if not script or not (len(text.strip()) == 1 or any(sign.isdigit() for sign in text)):
        return text
    return text.translate(_SUPERSCRIPTS if script == "sup" else _SUBSCRIPTS)


def fraction(upper: str, lower: str) -> str:
    """Of a superscript and a subscript: “½”, and “¹⁷⁄₂₀” where there is no character for it."""
    plain = unicodedata.normalize("NFKC", f"{upper.strip()}⁄{lower.strip()}")
    return _FRACTIONS.get(plain, f"{upper.strip()}⁄{lower.strip()}")
