"""Refuses requests whose first lines Daphne cannot read, for which it would log a traceback and answer 500."""

from typing import Final

from liveblog.reader_upgrade import UpgradableRequest
from liveblog.security import RAW_HEADERS

READ_AS_ASCII: Final = (b"sec-websocket-protocol",)
"""Headers that Daphne decodes as ASCII."""

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
        return all(text.isascii() for text in (self.method, self.clientproto, *values))
