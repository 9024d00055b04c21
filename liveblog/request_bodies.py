"""Bounds the bodies of requests, each and all together, and leaves them unparsed until Django asks for them.

Twisted would parse a form by itself, on the event loop and as a whole in memory, before anybody has checked who sends
it; Daphne then hands the whole body on through memory, where it waits for a thread.
"""

from collections import Counter
from typing import Final

from django.conf import settings

from liveblog.connections import TooManyPieces, large_bodies
from liveblog.proxies import TrustedProxies
from liveblog.request_heads import ReadableRequest
from liveblog.security import ADMIN_PREFIX, RAW_HEADERS, REFUSAL_HEADERS
from updates.networks import network_of

MAX_BODY: Final = 25 * 2**20
"""Bytes, at the desk: the largest photo, and the form around it. ``deploy/nginx.conf`` has the same bound."""

MAX_SMALL_BODY: Final = 64 * 2**10
"""Bytes, elsewhere: readers send receipts, and a sign-in has two short fields."""

MAX_HELD: Final = 4 * MAX_BODY
"""Bytes of larger bodies that the process holds at the same time."""

MAX_HELD_FOR_ONE: Final = MAX_BODY + 5 * 2**20
"""The same for one address: a form with its photo, and parts of another photo."""

MAX_DISCARDED: Final = 4 * MAX_BODY
"""Bytes that are read and thrown away, so that a browser receives the refusal before the connection is cut."""

PIECES_AT_LEAST: Final = 200
BYTES_PER_PIECE: Final = 512
"""A body may come in ``PIECES_AT_LEAST`` pieces, and one more for each ``BYTES_PER_PIECE`` bytes. A piece is a chunk,
or what was read from the line at once. Each costs the event loop some microseconds, however small it is."""

COST_OF_PIECE: Final = 2000
"""Bytes that cost as much as a piece does by itself; it counts towards the pace at which an address is read."""

TOO_LARGE: Final = b"413 Content Too Large"
TOO_MUCH: Final = b"503 Service Unavailable\r\nRetry-After: 5"

SMALL_UNDER_ADMIN: Final = ("login/", "password_change/", "updates/event/welcome/")
"""Addresses that anybody may post to without having signed in."""


class HeldBytes:
    """Counts the bytes of larger bodies that are in memory, by sender."""

    def __init__(self) -> None:
        self.total = 0
        self.of: Counter[str] = Counter()

    def has_room(self, sender: str, more: int) -> bool:
        return self.total + more <= MAX_HELD and self.of[sender] + more <= MAX_HELD_FOR_ONE

    def add(self, sender: str, more: int) -> None:
        self.total += more
        self.of[sender] += more
        if not self.of[sender]:
            del self.of[sender]


held = HeldBytes()


class BoundedRequest(ReadableRequest):
    """A request with an unparsed body, refused if it exceeds the limit of its path, of its sender or of the process."""

    def __init__(self, *args: object, **options: object) -> None:  # as Daphne calls it
        self._received = self._held = self._pieces = 0
        self._refusal = b""
        self._sender = ""
        super().__init__(*args, parsePOSTFormSubmission=False, **options)

    def gotLength(self, length: int | None) -> None:  # noqa: N802 – Twisted's name
        """Refuse by the announced length, before anything is stored."""
        if length is not None and length > self._most():
            self._refusal = TOO_LARGE
        super().gotLength(0 if self._refusal else length)

    def handleContentChunk(self, data: bytes) -> None:  # noqa: N802 – Twisted's name
        self._received += len(data)
        self._pieces += 1
        if self._pieces > PIECES_AT_LEAST + self._received // BYTES_PER_PIECE:
            raise TooManyPieces
        if self._received > MAX_SMALL_BODY:
            self._slow_down(len(data) + COST_OF_PIECE)
        if not self._refusal:
            self._count()
        if not self._refusal:
            super().handleContentChunk(data)
        elif self._received > MAX_DISCARDED:
            self._refuse()

    def requestReceived(self, command: bytes, path: bytes, version: bytes) -> None:  # noqa: N802 – Twisted's name
        if self._refusal:
            self._refuse()
        else:
            super().requestReceived(command, path, version)

    def connectionLost(self, reason: object) -> None:  # noqa: N802 – Twisted's name
        self._let_go()
        super().connectionLost(reason)

    def basic_error(self, *args: object) -> None:
        """Answer what Daphne itself refuses, such as a forbidden character in a header."""
        for name, value in REFUSAL_HEADERS.items():
            self.responseHeaders.setRawHeaders(name, [value])
        super().basic_error(*args)

    def finish(self) -> None:
        self._let_go()
        super().finish()

    def _slow_down(self, more: int) -> None:
        """Keep one sender from filling the loop, even with bodies that are thrown away."""
        self._sender = self._sender or self._network()
        seconds = large_bodies.seconds_to_wait(self._sender, more)
        if seconds > 0:
            self.channel.pause(seconds)

    def _count(self) -> None:
        """Count the bytes that have arrived, not those that are announced."""
        if self._received > self._most():
            self._refusal = TOO_LARGE
        elif self._received > MAX_SMALL_BODY:
            more = self._received - self._held
            if held.has_room(self._sender, more):
                held.add(self._sender, more)
                self._held = self._received
            else:
                self._refusal = TOO_MUCH
        if self._refusal:
            self._let_go()

    def _let_go(self) -> None:
        if self._held:
            held.add(self._sender, -self._held)
            self._held = 0

    def _most(self) -> int:
        path = self.channel._path.partition(b"?")[0].decode("latin-1")
        below = path.removeprefix(ADMIN_PREFIX)
        return MAX_BODY if below != path and not below.startswith(SMALL_UNDER_ADMIN) else MAX_SMALL_BODY

    def _network(self) -> str:
        peer = self.channel.transport.getPeer()
        headers = [(name.lower(), value) for name, values in self.requestHeaders.getAllRawHeaders() for value in values]
        scope = {"type": "http", "client": (getattr(peer, "host", ""), 0), "headers": headers}
        return network_of(str(TrustedProxies(None, settings.TRUSTED_PROXIES).cleaned(scope)["client"][0]))  # type: ignore[arg-type]

    def _refuse(self) -> None:
        self.channel.transport.write(
            b"HTTP/1.1 " + self._refusal + b"\r\n" + RAW_HEADERS + b"Content-Length: 0\r\nConnection: close\r\n\r\n"
        )
        self.channel.loseConnection()
