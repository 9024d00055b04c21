"""Names of sites that pass for another's, or that readers cannot reach."""

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
"""Last labels that mean something in one's own network only, or nothing at all."""

_NUMBER: Final = re.compile(r"\d+|0x[0-9a-f]*")
"""Browsers take 127.1 and 0x7f.1 for an address, too."""

_EAST_ASIAN: Final = frozenset({"CJK", "HIRAGANA", "KATAKANA", "BOPOMOFO", "HANGUL"})
"""Written together, and beside Latin letters; all other scripts stand alone in a name."""

_CYRILLIC: Final = dict(zip("асԁеһіјӏорԛѕԝхуѵ", "acdehijlopqswxyv", strict=True))
_LIKE_LATIN: Final = _CYRILLIC | dict(zip("αικνορτυχωηϲϳսոօցզհɡɩı", "aikvoptuxwncjunogqhgii", strict=True))
"""Letters, most of them of other scripts, that a hurried eye takes for those of a known name."""

_SAME_SHAPE: Final = (("rn", "m"), ("vv", "w"), ("0", "o"), ("1", "l"), ("i", "l"))

_WRITE_CYRILLIC: Final = frozenset({"bg", "by", "kg", "kz", "mk", "mn", "rs", "ru", "su", "tj", "ua", "uz"})
"""Countries where a Cyrillic name before a Latin ending is a name, also one that could be read as Latin."""


def check_host(host: str, known: Iterable[str]) -> None:
    """Refuse a host with its reason. ``host`` is in the form that is looked up; ``known`` are sites with players."""
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
    """Letters of two scripts in one part of the name; or Cyrillic ones only, each of which could be Latin."""
    foreign = labels[-1].isascii() and labels[-1] not in _WRITE_CYRILLIC
    for letters in ({letter for letter in label if unicodedata.category(letter) in ("Ll", "Lo")} for label in labels):
        scripts = {unicodedata.name(letter, "?").split()[0] for letter in letters}
        if len(scripts - _EAST_ASIAN) > 1 or (foreign and letters and letters <= _CYRILLIC.keys()):
            return True
    return False


@lru_cache(maxsize=8)
def _known_shapes(known: frozenset[str]) -> re.Pattern[str]:
    """Of a known name, or of one that goes on behind its end; but ``x.com.au`` is nobody's but its own."""
    ends = {name: "$" if len(name.split(".")[-2:][0]) == 1 else "(?:$|[.-])" for name in known}
    shapes = "|".join(sorted(re.escape(_shape(name)) + end for name, end in ends.items()))
    return re.compile(rf"(?:^|\.)(?:{shapes})")


def _shape(name: str) -> str:
    bare = (letter for letter in unicodedata.normalize("NFKD", name) if not unicodedata.combining(letter))
    shape = "".join(_LIKE_LATIN.get(letter, letter) for letter in bare)
    for seen, meant in _SAME_SHAPE:
        shape = shape.replace(seen, meant)
    return shape
