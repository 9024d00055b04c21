"""Addresses from titles of any script."""

import regex
from anyascii import anyascii
from django.utils.text import slugify

LONGEST = 80
_HAN = regex.compile(r"(\p{Han})")


def slug_of(title: str) -> str:
    """Return the title in Latin letters, cut at a word; “live-blog” where nothing of it can be written in them."""
    words = slugify(anyascii(_HAN.sub(r" \1 ", title)[: 4 * LONGEST])).replace("_", "-").strip("-")
    if len(words) > LONGEST:
        words = words[: LONGEST + 1].rpartition("-")[0] or words[:LONGEST]
    return words or "live-blog"
