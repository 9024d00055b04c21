"""Refuses requests whose first lines Daphne or Django cannot read: they would log a traceback and answer 500."""

from typing import Final

from django.utils.http import parse_header_parameters

from liveblog.reader_upgrade import UpgradableRequest
from liveblog.security import RAW_HEADERS

READ_AS_ASCII: Final = (b"sec-websocket-protocol",)
"""Headers that Daphne decodes as ASCII."""

LONGEST_TYPE: Final = 1000
"""Characters of a content type."""

UTF_8: Final = ("utf-8", "utf8")
"""Names of the only character set of forms: pages are in it, and Python has others that are no text, or slow."""

BAD_REQUEST: Final = b"HTTP/1.1 400 Bad Request\r\n" + RAW_HEADERS + b"Content-Length: 0\r\nConnection: close\r\n\r\n"


class ReadableRequest(UpgradableRequest):
    """A request whose method and headers can be decoded."""

    def process(self) -> object:
        self.requestHeaders.removeHeader(b"daphne-root-path")  # Daphne would decode it, and believe it
        if self._is_readable():
            return super().process()
        self.channel.transport.write(BAD_REQUEST)
        self.channel.loseConnection()
        return None

    def _is_readable(self) -> bool:
        values = [value for name in READ_AS_ASCII for value in self.requestHeaders.getRawHeaders(name, [])]
        kinds = self.requestHeaders.getRawHeaders(b"content-type", [])
        return all(text.isascii() for text in (self.method, self.clientproto, *values)) and all(
            is_readable_type(kind.decode("latin-1"), has_body=self.method == b"POST") for kind in kinds
        )


def is_readable_type(kind: str, *, has_body: bool) -> bool:
    """Return whether Django can read a content type, and text in its character set."""
    if len(kind) > LONGEST_TYPE or "\0" in kind:
        return False
    try:
        _name, parameters = parse_header_parameters(kind)
    except ValueError:
        return False
    return not has_body or parameters.get("charset", "utf-8").lower() in UTF_8
