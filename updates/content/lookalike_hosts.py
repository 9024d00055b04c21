"""Refuses host names that look like another site's, or that readers cannot reach."""

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from typing import Final

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

_HOME: Final = frozenset({
    "localhost", "localdomain", "local", "internal", "intranet", "private", "corp", "home", "lan", "arpa", "test",
    "invalid",
})  # fmt: skip
"""Top-level names that work only in a local network or nowhere."""

_NUMBER: Final = re.compile(r"\d+|0x[0-9a-f]*")
"""Forms of IP addresses that browsers accept, such as 127.1 and 0x7f.1."""

_EAST_ASIAN: Final = frozenset({"CJK", "HIRAGANA", "KATAKANA", "BOPOMOFO", "HANGUL"})
"""Scripts that may be mixed with each other and with Latin letters."""

_CYRILLIC: Final = dict(zip("асԁеһіјӏорԛѕԝхуѵ", "acdehijlopqswxyv", strict=True))
_LIKE_LATIN: Final = _CYRILLIC | dict(zip("αικνορτυχωηϲϳսոօցզհɡɩı", "aikvoptuxwncjunogqhgii", strict=True))
"""Letters, mostly of other scripts, that look like letters of a known name."""

_SAME_SHAPE: Final = (("rn", "m"), ("vv", "w"), ("0", "o"), ("1", "l"), ("i", "l"))

_WRITE_CYRILLIC: Final = frozenset({"bg", "by", "kg", "kz", "mk", "mn", "rs", "ru", "su", "tj", "ua", "uz"})
"""Country domains in which Cyrillic names are usual, so that they are accepted even if they can be read as Latin."""


def check_host(host: str, known: Iterable[str]) -> None:
    """Refuse a host name with a reason. ``host`` is in its ``xn--`` form; ``known`` are the sites with players."""
    known = frozenset(known)
    if host in known or any(host.endswith(f".{name}") for name in known):
        return
    _check_public(host)
    labels = [_as_written(label) for label in host.split(".")]
    if _reads_as_another(labels) or _known_shapes(known).search(_shape(".".join(labels))):
        raise ValidationError(
            _("This address looks like that of another site, but it leads to %(host)s."),
            code="look-alike",
            params={"host": host},
        )


def _check_public(host: str) -> None:
    last = host.rpartition(".")[2]
    if ":" in host or "." not in host or _NUMBER.fullmatch(last) or last in _HOME:
        raise ValidationError(
            _("Readers cannot reach %(host)s. Enter a public address."), code="private", params={"host": host}
        )


def _as_written(label: str) -> str:
    if not label.startswith("xn--"):
        return label
    try:
        return label[4:].encode().decode("punycode")
    except UnicodeError as error:
        raise ValidationError(_("The name of the site in this address does not exist."), code="address") from error


def _reads_as_another(labels: list[str]) -> bool:
    """Return whether a part of the name mixes two scripts, or has only Cyrillic letters that could be Latin."""
    foreign = labels[-1].isascii() and labels[-1] not in _WRITE_CYRILLIC
    for letters in ({letter for letter in label if unicodedata.category(letter) in ("Ll", "Lo")} for label in labels):
        scripts = {unicodedata.name(letter, "?").split()[0] for letter in letters}
        if len(scripts - _EAST_ASIAN) > 1 or (foreign and letters and letters <= _CYRILLIC.keys()):
            return True
    return False


@lru_cache(maxsize=8)
def _known_shapes(known: frozenset[str]) -> re.Pattern[str]:
    """Return a pattern of names that look like a known one, alone or continued. ``x.com.au`` is not one of them."""
    ends = {name: "$" if len(name.split(".")[-2:][0]) == 1 else "(?:$|[.-])" for name in known}
    shapes = "|".join(sorted(re.escape(_shape(name)) + end for name, end in ends.items()))
    return re.compile(rf"(?:^|\.)(?:{shapes})")


def _shape(name: str) -> str:
    bare = (letter for letter in unicodedata.normalize("NFKD", name) if not unicodedata.combining(letter))
    shape = "".join(_LIKE_LATIN.get(letter, letter) for letter in bare)
    for seen, meant in _SAME_SHAPE:
        shape = shape.replace(seen, meant)
    return shape
