"""Converts text to the form that the search compares: without accents, capitals and HTML."""

import unicodedata

from updates.untyped import JSONObject

from .sanitize import plain_text


def compared(text: str) -> str:
    """Return text without accents and capitals, so that “Málaga” and “MALAGA” are equal, in any script."""
    apart = unicodedata.normalize("NFKD", text)
    return "".join(sign for sign in apart if not unicodedata.combining(sign)).casefold()


def words_of(content: JSONObject) -> str:
    """Return all words of published content, including its bylines."""
    texts = [content.get("headline", "")]
    for block in content.get("blocks", ()):
        texts.append(plain_text(block.get("html", "")))
        texts += [block.get(name, "") for name in _FIELDS]
    texts += [by["name"] for by in content.get("bylines", ()) if isinstance(by, dict)]
    return compared("\n".join(text for text in texts if text))


_FIELDS = ("text", "attribution", "alt", "caption", "credit", "lead_in", "title", "url")
