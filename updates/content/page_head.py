"""Title and picture of a stranger's page, from the beginning of its HTML. Nothing in it can be relied on."""

import codecs
import re
from contextlib import suppress
from dataclasses import dataclass
from html import unescape
from typing import Final
from urllib.parse import urljoin

from django.core.exceptions import ValidationError

from .text import clean_line, truncate

LONGEST_TITLE: Final = 200

_META = re.compile(r"<meta\s([^<>]{1,4000})>", re.IGNORECASE)
_ATTRIBUTE = re.compile(r"""([a-z:-]{1,30})\s?=\s?(?:"([^"]*)"|'([^']*)'|([^\s"'=]+))""", re.IGNORECASE)
_TITLE = re.compile(r"<title(?:\s[^<>]{0,200})?>([^<]{1,2000})", re.IGNORECASE)
_CHARSET = re.compile(rb"""<meta\s[^<>]{0,200}charset\s?=\s?["']?([a-z0-9_-]{2,30})""", re.IGNORECASE)

_NO_CHARSETS: Final = frozenset({"idna", "palmos", "punycode", "raw-unicode-escape", "undefined", "unicode-escape"})
"""Codecs of Python that no page is written in; ``punycode`` takes quadratic time."""

TITLES: Final = ("og:title", "twitter:title")
PICTURES: Final = ("og:image:secure_url", "og:image", "og:image:url", "twitter:image")


@dataclass(frozen=True)
class PageHead:
    title: str = ""
    picture: str = ""
    """Address of its picture; unchecked."""


def read_head(body: bytes, address: str, charset: str = "") -> PageHead:
    """Read the beginning of a page. ``charset`` is the one that the server named."""
    text = _decoded(body, charset)
    named = _metas(text)
    plain = _TITLE.search(text)
    title = next((named[name] for name in TITLES if named.get(name)), plain[1] if plain else "")
    picture = next((named[name] for name in PICTURES if named.get(name)), "")
    with suppress(ValueError):  # an address that is none
        return PageHead(_clean(title), urljoin(address, unescape(picture).strip()) if picture else "")
    return PageHead(_clean(title))


def _metas(text: str) -> dict[str, str]:
    """Return the contents of ``<meta>`` by name or property; of several, the first."""
    found: dict[str, str] = {}
    for tag in _META.finditer(text):
        values = {name.lower(): one or two or three for name, one, two, three in _ATTRIBUTE.findall(tag[1])}
        name = (values.get("property") or values.get("name") or "").lower()
        found.setdefault(name, values.get("content", ""))
    return found


def _decoded(body: bytes, charset: str) -> str:
    declared = _CHARSET.search(body[:4096])
    for name in (charset, declared[1].decode() if declared else ""):
        with suppress(LookupError):
            if name and _is_charset(codecs.lookup(name)):
                return body.decode(name, "replace")
    return body.decode("utf-8", "replace")


def _is_charset(codec: codecs.CodecInfo) -> bool:
    return codec._is_text_encoding and codec.name not in _NO_CHARSETS  # the others decompress


def _clean(title: str) -> str:
    text = "".join(sign if sign.isprintable() else " " for sign in unescape(title))
    try:
        return truncate(clean_line(" ".join(text.split())), LONGEST_TITLE)
    except ValidationError:
        return ""
