"""The line to one reader, as the hub may use it: written to directly, and saying when it takes no more.

Daphne's own ``send`` never waits: whatever a reader does not take is kept in memory, without a bound. Here the
transport tells when more than its buffer (64 KiB) is unsent; frames then wait with the hub, which shares them between
all readers, counts them, and lets go of whoever falls too far behind.

A frame is made once for all readers and written as it is, past Autobahn, which would frame it anew for each of them;
and straight to the socket, past Twisted, while nothing is before it.
Servers without this extension are served by plain ``send``.
"""

from collections.abc import Callable
from functools import lru_cache
from struct import pack
from typing import Any

from twisted.internet.interfaces import IPushProducer
from zope.interface import implementer

EXTENSION = "liveblog.line"
"""Its name among the extensions of a WebSocket's ASGI scope."""

FINAL_TEXT = 0x81


@lru_cache(maxsize=8)
def text_frame(text: str) -> bytes:
    """One unfragmented, unmasked text message (RFC 6455, 5.2); Daphne agrees to no compression."""
    payload = text.encode()
    if len(payload) < 126:
        head = pack("!BB", FINAL_TEXT, len(payload))
    elif len(payload) < 2**16:
        head = pack("!BBH", FINAL_TEXT, 126, len(payload))
    else:
        head = pack("!BBQ", FINAL_TEXT, 127, len(payload))
    return head + payload


@implementer(IPushProducer)
class Line:
    """Wraps Daphne's protocol of one WebSocket. All methods run on the server's loop."""

    def __init__(self, protocol: Any) -> None:
        self._protocol = protocol
        self._on_free: Callable[[], None] | None = None
        self.is_free = True
        # Until the upgrade the HTTP channel was the transport's producer; it would stop reading from a slow reader.
        protocol.transport.unregisterProducer()
        protocol.transport.registerProducer(self, True)
        protocol.onPing = self._answer_ping

    def send(self, text: str) -> None:
        """Write a frame, whether the line is free or not; a closed line drops it."""
        if self._protocol.state != self._protocol.STATE_OPEN:
            return
        frame, transport = text_frame(text), self._protocol.transport
        if not (transport.dataBuffer or transport._tempDataBuffer):  # nothing is before it
            # Twisted would ask the kernel whether the socket takes data, and write in the loop's next turn.
            sent = transport.writeSomeData(frame)
            frame = frame[sent:] if isinstance(sent, int) else frame  # else the line is lost, as write() will find
        if frame:
            transport.write(frame)

    def _answer_ping(self, payload: bytes) -> None:
        """A client that pings and never reads would have us keep every pong."""
        if self.is_free and self._protocol.state == self._protocol.STATE_OPEN:
            self._protocol.sendPong(payload)

    def close(self, code: int) -> None:
        """Say goodbye; a peer that does not answer within a second is cut off by Autobahn."""
        self._protocol.sendClose(code)

    def when_free(self, callback: Callable[[], None]) -> None:
        """Register what runs each time the line takes frames again."""
        self._on_free = callback

    # What the transport calls

    def pauseProducing(self) -> None:  # noqa: N802
        self.is_free = False

    def resumeProducing(self) -> None:  # noqa: N802
        self.is_free = True
        if self._on_free is not None:
            self._on_free()

    def stopProducing(self) -> None:  # noqa: N802
        self.is_free = False
        self._on_free = None
