"""How a posted body reaches Django: unread, and of a bounded size.

Twisted would read a form a second time by itself, on the event loop and as a whole into memory, before anybody has
asked who sends it; Daphne then hands the whole body on through memory.
"""

from typing import Any, Final

from daphne.http_protocol import WebRequest

LARGEST_BODY: Final = 25 * 2**20
"""Bytes: the largest photo, and the form around it. ``deploy/nginx.conf`` says the same."""

READ_AT_MOST: Final = 4 * LARGEST_BODY
"""Bytes that are read and thrown away so that a browser hears why, before the line is cut."""

TOO_LARGE: Final = b"HTTP/1.1 413 Content Too Large\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"


class BoundedRequest(WebRequest):  # type: ignore[misc]
    """A request whose body nobody has parsed, and of which no more is kept than the largest may have."""

    def __init__(self, *args: Any, **options: Any) -> None:
        self._received = 0
        super().__init__(*args, parsePOSTFormSubmission=False, **options)

    def handleContentChunk(self, data: bytes) -> None:  # noqa: N802 – Twisted's name
        self._received += len(data)
        if self._received <= LARGEST_BODY:
            super().handleContentChunk(data)
        elif self._received > READ_AT_MOST:
            self._refuse()

    def requestReceived(self, command: bytes, path: bytes, version: bytes) -> None:  # noqa: N802 – Twisted's name
        if self._received <= LARGEST_BODY:
            super().requestReceived(command, path, version)
        else:
            self._refuse()

    def _refuse(self) -> None:
        self.channel.transport.write(TOO_LARGE)
        self.channel.loseConnection()
