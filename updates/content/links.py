"""Addresses of links as their writer meant them: with a scheme, and without the wrapper of a mail program."""

import re
from collections.abc import Callable
from urllib.parse import SplitResult, parse_qs, urlsplit

from django.conf import settings

from .allowed import LINK_SCHEMES

_COMPLETE = re.compile(rf"(?:https?://|(?:{'|'.join(set(LINK_SCHEMES) - {'http', 'https'})}):)\S", re.IGNORECASE)
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]{0,30}:", re.IGNORECASE)
_INSIDE = re.compile(r"[\t\r\n]+")  # browsers leave them out of addresses, too
_LONGEST = 4000  # characters of an address that is unwrapped
_DEEPEST = 3  # wrappers around each other


def meant_address(typed: str) -> str:
    """Return where a link leads: https:// or mailto: is added where it was left out, a path is one of this site.

    Empty if it leads nowhere.
    """
    address = unwrapped(_INSIDE.sub("", typed).strip())
    if _COMPLETE.match(address):
        return address
    if address.startswith("//"):
        return _on_the_web(f"https:{address}")
    if address.startswith("/"):
        return f"{settings.SITE_URL}{address}" if own_path(address) else ""
    if _SCHEME.match(address):
        return ""
    name, at, host = address.partition("@")
    if at and name and not set(name) & set("/?#\\ "):
        return f"mailto:{address}" if _is_host(host) else ""
    return _on_the_web(f"https://{address}")


def own_path(address: str) -> str | None:
    """Return a path of this site; ``None`` for anything else, also for what browsers take for another host."""
    is_path = address.startswith("/") and not address.startswith("//") and not set(address) & set("\\ \t\r\n")
    return address if is_path else None


def _on_the_web(address: str) -> str:
    try:
        parts = urlsplit(address)
        return address if "@" not in parts.netloc and _is_host(parts.hostname or "") and " " not in address else ""
    except ValueError:  # such as an unclosed bracket
        return ""


def _is_host(host: str) -> bool:
    labels = host.split(".")
    is_name = all(label and not set(label) & set("\\\"'<>()[]{}|^` \t:/?#@") for label in labels)
    return len(labels) > 1 and is_name and len(labels[-1]) > 1 and not labels[-1].isdigit()


def unwrapped(address: str) -> str:
    """Return the address inside the wrapper that a mail program or a web search has put around it.

    A wrapper may hold the address of the person who got the mail. One that cannot be read is dropped.
    """
    for _depth in range(_DEEPEST):
        inner = _inner(address)
        if inner is None:
            return address
        address = inner
    return address


def unwrapped_text(text: str) -> str:
    """Return text with the wrapped addresses in it replaced by those that they wrap."""
    if not any(mark in text for mark in ("safelinks.protection.outlook.com", "urldefense.com")):
        return text
    return " ".join(unwrapped(word) for word in text.split(" "))


def _inner(address: str) -> str | None:
    """Return the wrapped address, empty if it cannot be read; ``None`` if nothing is wrapped."""
    if not address.lower().startswith(("http://", "https://")) or len(address) > _LONGEST:
        return None
    try:
        parts = urlsplit(address)
    except ValueError:
        return None
    host = (parts.hostname or "").lower()
    read = next((read for end, path, read in _WRAPPERS if _ends(host, end) and parts.path.startswith(path)), None)
    if read is None:
        return None
    inner = read(parts, address)
    return inner if inner.lower().startswith(("http://", "https://", "mailto:")) else ""


def _ends(host: str, end: str) -> bool:
    return host == end or host.endswith(f".{end}")


def _parameter(*names: str) -> Callable[[SplitResult, str], str]:
    def read(parts: SplitResult, _address: str) -> str:
        try:
            values = parse_qs(parts.query, max_num_fields=100)
        except ValueError:
            return ""
        return next((values[name][0] for name in names if name in values), "")

    return read


def _between_underscores(_parts: SplitResult, address: str) -> str:
    """Read “https://urldefense.com/v3/__https://example.org/__;!!…”."""
    return address.partition("/v3/__")[2].rpartition("__;")[0]


_WRAPPERS: tuple[tuple[str, str, Callable[[SplitResult, str], str]], ...] = (
    ("safelinks.protection.outlook.com", "/", _parameter("url")),
    ("statics.teams.cdn.office.net", "/evergreen-assets/safelinks/", _parameter("url")),
    ("urldefense.com", "/v3/__", _between_underscores),
    ("www.google.com", "/url", _parameter("q", "url")),
    ("l.facebook.com", "/l.php", _parameter("u")),
)
"""End of the host, start of the path, and how to read the address inside."""
