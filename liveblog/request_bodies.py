"""Bounds the body of a request, and leaves it unparsed until Django asks for it.

Twisted would parse a form by itself, on the event loop and as a whole in memory, before anybody has checked who sends
it; Daphne then hands the whole body on through memory.
"""

from typing import Any, Final

from daphne.http_protocol import WebRequest

MAX_BODY: Final = 25 * 2**20
"""Bytes: the largest photo, and the form around it. ``deploy/nginx.conf`` has the same bound."""

MAX_DISCARDED: Final = 4 * MAX_BODY
"""Bytes that are read and thrown away, so that a browser receives the refusal before the connection is cut."""

TOO_LARGE: Final = b"HTTP/1.1 413 Content Too Large\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"


class BoundedRequest(WebRequest):  # type: ignore[misc]  # Daphne has no types
    """A request with an unparsed body of ``MAX_BODY`` at most."""

    def __init__(self, *args: Any, **options: Any) -> None:  # as Daphne calls it
        self._received = 0
        super().__init__(*args, parsePOSTFormSubmission=False, **options)

    def handleContentChunk(self, data: bytes) -> None:  # noqa: N802 – Twisted's name
        self._received += len(data)
        if self._received <= MAX_BODY:
            super().handleContentChunk(data)
        elif self._received > MAX_DISCARDED:
            self._refuse()

    def requestReceived(self, command: bytes, path: bytes, version: bytes) -> None:  # noqa: N802 – Twisted's name
        if self._received <= MAX_BODY:
            super().requestReceived(command, path, version)
        else:
            self._refuse()

    def _refuse(self) -> None:
        self.channel.transport.write(TOO_LARGE)
        self.channel.loseConnection()
