"""Writes frames to one WebSocket without waiting, and reports when its reader does not accept more.

Daphne's own ``send`` never waits: what a reader does not accept is kept in memory without a limit. Here the transport
reports when more than its buffer (64 KiB) is unsent. Further frames then wait in the hub, which shares them between all
readers, counts them, and closes readers that fall too far behind.

A frame is encoded once for all readers and written past Autobahn, which would encode it for each of them, and past
Twisted while nothing else waits to be sent. With a server without this extension, plain ``send`` is used.
"""

from collections.abc import Callable
from functools import lru_cache
from struct import pack
from typing import Any

from twisted.internet.interfaces import IPushProducer
from zope.interface import implementer

FINAL_TEXT = 0x81


@lru_cache(maxsize=8)
def text_frame(text: str) -> bytes:
    """Encode one unfragmented, unmasked text message (RFC 6455, 5.2); Daphne agrees to no compression."""
    payload = text.encode()
    if len(payload) < 126:
        head = pack("!BB", FINAL_TEXT, len(payload))
    elif len(payload) < 2**16:
        head = pack("!BBH", FINAL_TEXT, 126, len(payload))
    else:
        head = pack("!BBQ", FINAL_TEXT, 127, len(payload))
    return head + payload


@implementer(IPushProducer)
class WebSocketWriter:
    """Wraps Daphne's protocol of one WebSocket. All methods run on the server's loop."""

    def __init__(self, protocol: Any) -> None:  # Daphne has no types
        self._protocol = protocol
        self._on_writable: Callable[[], None] | None = None
        self.is_writable = True
        # Until the upgrade the HTTP channel was the transport's producer; it would stop reading from a slow reader.
        protocol.transport.unregisterProducer()
        protocol.transport.registerProducer(self, True)
        protocol.onPing = self._answer_ping

    def send(self, text: str) -> None:
        """Write a frame, even if the transport is not writable. A closed socket drops it."""
        if self._protocol.state != self._protocol.STATE_OPEN:
            return
        frame, transport = text_frame(text), self._protocol.transport
        if not (transport.dataBuffer or transport._tempDataBuffer):  # nothing waits to be sent before it
            # Twisted would ask the kernel whether the socket takes data, and write in the loop's next turn.
            sent = transport.writeSomeData(frame)
            frame = frame[sent:] if isinstance(sent, int) else frame  # else it is broken, which write() will notice
        if frame:
            transport.write(frame)

    def _answer_ping(self, payload: bytes) -> None:
        """Answer a ping only while the reader accepts data: otherwise the pongs of one that never reads would fill the
        memory.
        """
        if self.is_writable and self._protocol.state == self._protocol.STATE_OPEN:
            self._protocol.sendPong(payload)

    def close(self, code: int) -> None:
        """Send a close frame; Autobahn cuts off a peer that does not answer within a second."""
        self._protocol.sendClose(code)

    def when_writable(self, callback: Callable[[], None]) -> None:
        """Set the function to call each time that frames are accepted again."""
        self._on_writable = callback

    # Called by the transport

    def pauseProducing(self) -> None:  # noqa: N802
        self.is_writable = False

    def resumeProducing(self) -> None:  # noqa: N802
        self.is_writable = True
        if self._on_writable is not None:
            self._on_writable()

    def stopProducing(self) -> None:  # noqa: N802
        self.is_writable = False
        self._on_writable = None
