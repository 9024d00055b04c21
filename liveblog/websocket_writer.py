"""Writes frames to one of Daphne's WebSockets without waiting, and reports when its client does not accept more.

Daphne's own ``send`` never waits: what a client does not accept is kept in memory without a limit. Here the transport
reports when more than its buffer (64 KiB) is unsent. Further frames then wait in the desk's queue, which is bounded.
Readers' sockets are not Daphne's (``liveblog/websocket.py``).
"""

from collections.abc import Callable
from time import monotonic
from typing import Any, Final

from twisted.internet.interfaces import IPushProducer
from zope.interface import implementer

from liveblog.websocket_frames import text_frame

MOST_FRAMES: Final = 200
"""Frames of a client in ``PERIOD``, above which the connection is cut off: each costs Autobahn a tenth of a millisecond
and more. A desk sends a few in a second.
"""

PERIOD: Final = 2.0
"""Seconds."""


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
        self._frames, self._counted_from = 0, monotonic()
        self._begin_frame = protocol.onFrameBegin
        protocol.onFrameBegin = self._count_frame

    def send(self, text: str) -> None:
        """Write a frame, even if the transport is not writable. A closed socket drops it."""
        if self._protocol.state != self._protocol.STATE_OPEN:
            return
        self._protocol.transport.write(text_frame(text))

    def _answer_ping(self, payload: bytes) -> None:
        """Answer a ping only while the client accepts data: otherwise the pongs of one that never reads would fill the
        memory.
        """
        if self.is_writable and self._protocol.state == self._protocol.STATE_OPEN:
            self._protocol.sendPong(payload)

    def _count_frame(self) -> None:
        """Cut off a client that floods the server; Autobahn then drops what is left of its data."""
        now = monotonic()
        if now - self._counted_from > PERIOD:
            self._frames, self._counted_from = 0, now
        self._frames += 1
        self._begin_frame()
        if self._frames > MOST_FRAMES:
            self._protocol.dropConnection(abort=True)

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
