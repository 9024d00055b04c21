"""Words as a search compares them: without accents and capitals, without the marks of HTML."""

import unicodedata

from updates.untyped import JSONObject

from .sanitize import plain_text


def compared(text: str) -> str:
    """“Málaga” and “MALAGA” are the same, in any script that has such marks."""
    apart = unicodedata.normalize("NFKD", text)
    return "".join(sign for sign in apart if not unicodedata.combining(sign)).casefold()


def words_of(content: JSONObject) -> str:
    """All that content says, and who signs it where it is published; its shape stands in ``publishing/content.py``."""
    said = [content.get("headline", "")]
    for block in content.get("blocks", ()):
        said.append(plain_text(block.get("html", "")))
        said += [block.get(name, "") for name in _FIELDS]
    said += [by["name"] for by in content.get("bylines", ()) if isinstance(by, dict)]
    return compared("\n".join(text for text in said if text))


_FIELDS = ("text", "attribution", "alt", "caption", "credit", "lead_in", "title", "url")
