"""Header and footer that another system of the newsroom writes, fetched at a release and not while readers wait.

What was fetched is checked and stored as it is: nothing is taken out of it. What cannot be used is refused with the
reason, and the last good one stays.
"""

import os
import tempfile
from dataclasses import dataclass, field
from html.parser import HTMLParser
from http.client import HTTPException, HTTPMessage
from time import monotonic
from typing import Final
from urllib.error import HTTPError
from urllib.parse import urljoin, urlsplit
from urllib.request import Request, urlopen

from django.conf import settings

TIMEOUT: Final = 10.0
"""Seconds for the whole answer."""

LARGEST: Final = 200_000
"""Bytes: it stands in every page."""

VOID: Final = frozenset(
    ("area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr")
)
ENDS_BY_ITSELF: Final = frozenset(("li", "p", "dt", "dd", "option", "tr", "td", "th", "tbody", "thead"))
WHOLE_PAGE: Final = frozenset(("html", "head", "body", "title"))
SOURCES: Final = {
    "script": "script-src",
    "img": "img-src",
    "link": "style-src",
    "iframe": "frame-src",
    "video": "media-src",
}
MEANS: Final = {"script": "src", "img": "src", "link": "href", "iframe": "src", "video": "src"}


class UnusablePart(Exception):
    """Why a header or footer cannot be used."""


@dataclass
class Part(HTMLParser):
    """A piece of HTML, with what is wrong in it and what the policy of pages will block."""

    address: str
    open: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in WHOLE_PAGE and "svg" not in self.open:
            raise UnusablePart(f"it is a whole page: it has <{tag}>. Serve the part alone.")
        if tag not in VOID:
            self.open.append(tag)
        self._note(tag, dict(attrs))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Take ``<path/>`` of a drawing as closed; of other elements the slash means nothing."""
        self.handle_starttag(tag, attrs)
        if tag not in VOID and "svg" in self.open:
            self.open.pop()

    def handle_endtag(self, tag: str) -> None:
        if tag in VOID:
            return
        while self.open and self.open[-1] != tag and self.open[-1] in ENDS_BY_ITSELF:
            self.open.pop()
        if not self.open or self.open[-1] != tag:
            raise UnusablePart(f"</{tag}> closes {f'<{self.open[-1]}>' if self.open else 'nothing'}.")
        self.open.pop()

    def handle_decl(self, decl: str) -> None:
        raise UnusablePart(f"it is a whole page: it begins with <!{decl}>. Serve the part alone.")

    def _note(self, tag: str, attributes: dict[str, str | None]) -> None:
        if tag == "script" and "src" not in attributes and "nonce" not in attributes:
            self.notes.append('an inline <script> does not run without nonce="{{ csp_nonce }}"')
        if handlers := sorted(name for name in attributes if name.startswith("on")):
            self.notes.append(f"{handlers[0]}= of <{tag}> does not run")
        if "style" in attributes or tag == "style":
            self.notes.append(f"the style of <{tag}> has no effect unless CSP_EXTRA allows it")
        self._note_source(tag, attributes.get(MEANS.get(tag, "")))

    def _note_source(self, tag: str, source: str | None) -> None:
        if not source or source.startswith("data:"):
            return
        parts = urlsplit(urljoin(settings.SITE_URL or self.address, source))
        own = urlsplit(settings.SITE_URL).netloc
        allowed = " ".join(settings.CSP_EXTRA.get(SOURCES[tag], ()))
        if parts.netloc != own and parts.netloc not in allowed:
            self.notes.append(
                f"<{tag}> from {parts.netloc} is blocked unless CSP_EXTRA has {SOURCES[tag]} {parts.scheme}://{parts.netloc}"
            )


def stored_part(name: str) -> str:
    """Return the header or footer that was fetched last; empty for none."""
    is_used = {"header": settings.SITE_HEADER_URL, "footer": settings.SITE_FOOTER_URL}[name]
    path = settings.DATA_DIR / "site_parts" / f"{name}.html"
    return path.read_text(encoding="utf-8") if is_used and path.exists() else ""


def store_part(name: str, address: str) -> list[str]:
    """Fetch, check and store a part; return notes for whoever releases. Raise ``UnusablePart`` and keep the old one."""
    text = _fetched(address)
    notes = checked(text, address)
    folder = settings.DATA_DIR / "site_parts"
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile("w", encoding="utf-8", dir=folder, delete=False) as file:
        file.write(text)
    os.replace(file.name, folder / f"{name}.html")  # noqa: PTH105 – in one step
    return notes


def checked(text: str, address: str) -> list[str]:
    """Return what the policy will block. Raises ``UnusablePart`` if the HTML would break the page around it."""
    if not text.strip():
        raise UnusablePart("it is empty.")
    part = Part(address)
    part.feed(text)
    part.close()
    if unclosed := [tag for tag in part.open if tag not in ENDS_BY_ITSELF]:
        raise UnusablePart(f"<{unclosed[-1]}> is not closed.")
    return list(dict.fromkeys(part.notes))


def _fetched(address: str) -> str:
    request = Request(address, headers={"Accept": "text/html"})  # noqa: S310 – the operator's own address
    end = monotonic() + TIMEOUT
    try:
        with urlopen(request, timeout=TIMEOUT) as response:  # noqa: S310 – as above  # nosec B310
            body = b""
            while (more := response.read1(65_536)) and len(body) <= LARGEST:
                body += more
                if monotonic() > end:
                    raise UnusablePart(f"it took longer than {TIMEOUT:g} s.")
            headers: HTTPMessage = response.headers
    except HTTPError as error:
        raise UnusablePart(f"the answer was {error.code}.") from None
    except (OSError, ValueError, HTTPException) as error:
        raise UnusablePart(f"it cannot be fetched: {error}.") from None
    return _decoded(body, headers)


def _decoded(body: bytes, headers: HTTPMessage) -> str:
    if headers.get_content_type() != "text/html":
        raise UnusablePart(f"it is {headers.get_content_type()}, not text/html.")
    if len(body) > LARGEST:
        raise UnusablePart(f"it has more than {LARGEST} bytes.")
    try:
        return body.decode(headers.get_content_charset("utf-8"))
    except (LookupError, UnicodeDecodeError):
        raise UnusablePart("its letters are not in the encoding that it names.") from None
