"""One reader's socket, as its hub sees it."""

import asyncio
import logging
from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable
from typing import Protocol, cast

from asgiref.typing import ASGISendCallable, ASGISendEvent, WebSocketScope

from updates.metrics import CLOSES

from .tasks import first_step

logger = logging.getLogger(__name__)

MAX_WAITING = 200
"""Frames kept for a reader whose connection does not take them; above it the reader is closed as too slow."""

MAX_WAITING_LENGTH = 4_000_000
"""The same bound in characters. The texts are shared with the hub and other readers, so most of it costs nothing."""

GRACE = 5.0
"""Seconds that a reader has to accept the waiting frames while it is being closed."""

UNAVAILABLE = 4002
SLOW = 4008
WRITER = "liveblog.writer"
"""Name of a ``Writer`` among the extensions of a WebSocket's ASGI scope."""
UPGRADE = "liveblog.upgrade"
"""Name of an ``Upgrade`` among them."""


class Writer(Protocol):
    """An ASGI extension of our server (``liveblog/websocket_writer.py``), which writes without waiting."""

    is_writable: bool

    def send(self, text: str) -> None: ...
    def close(self, code: int) -> None: ...
    def when_writable(self, callback: Callable[[], None]) -> None: ...


class Upgrade(Protocol):
    """An ASGI extension of our server (``liveblog/reader_upgrade.py``). Calling it accepts the socket and takes it
    over: nothing of ASGI is needed any more. The callbacks are called for each message, of which nothing is kept, and
    once when the socket is closed.
    """

    def __call__(self, on_message: Callable[[], None], on_close: Callable[[], None]) -> Writer: ...


class Reader(ABC):
    """Takes frames for one socket. No method waits, so a slow reader never delays the others."""

    __slots__ = ("_close_code", "_is_closing", "_waiting", "_waiting_length")

    def __init__(self) -> None:
        self._waiting: list[str] = []  # short, and empty in almost all readers: a deque takes ten times as much memory
        self._waiting_length = 0
        self._is_closing = False
        self._close_code: int | None = None

    @abstractmethod
    def push(self, text: str) -> bool:
        """Send a frame, or keep it until the connection takes it; ``False`` where the reader is being closed."""

    def close(self, code: int, farewell: str | None = None) -> None:
        """Close after the waiting frames and a farewell; the first call counts."""
        if farewell is not None:
            self.push(farewell)
        if self._is_closing:  # already, or the farewell was one frame too many
            return
        self._is_closing = True
        self._close_code = code
        CLOSES.labels(code).inc()
        self._begin_closing()

    def stop(self) -> None:
        """Drop the waiting frames, because the socket is closed."""
        self._is_closing = True
        self._waiting.clear()

    def rewrite(self, change: Callable[[str], str]) -> None:
        """Change the waiting frames, for example to drop removed text from them."""
        if self._waiting:
            self._waiting = list(map(change, self._waiting))
            self._waiting_length = sum(map(len, self._waiting))

    @abstractmethod
    def _begin_closing(self) -> None: ...

    def _wait(self, text: str) -> None:
        if len(self._waiting) < MAX_WAITING and self._waiting_length + len(text) <= MAX_WAITING_LENGTH:
            self._waiting.append(text)
            self._waiting_length += len(text)
            return
        self._waiting.clear()  # catch-up has all of it
        self.close(SLOW)

    def _next(self) -> str:
        text = self._waiting.pop(0)
        self._waiting_length -= len(text)
        return text


def reader_for(scope: WebSocketScope, send: ASGISendCallable) -> Reader:
    writer = (scope.get("extensions") or {}).get(WRITER)
    return AsgiReader(send) if writer is None else DirectReader(cast(Writer, writer))


class DirectReader(Reader):
    """Writes frames to the socket while it accepts them; otherwise keeps them."""

    __slots__ = ("_deadline", "_writer")

    def __init__(self, writer: Writer) -> None:
        super().__init__()
        self._writer = writer
        self._deadline: asyncio.TimerHandle | None = None
        writer.when_writable(self._send_waiting)

    def push(self, text: str) -> bool:
        if self._is_closing:
            return False
        if self._writer.is_writable and not self._waiting:
            self._writer.send(text)
            return True
        self._wait(text)
        return not self._is_closing

    def stop(self) -> None:
        super().stop()
        if self._deadline is not None:
            self._deadline.cancel()

    def _begin_closing(self) -> None:
        if self._waiting:
            self._deadline = asyncio.get_running_loop().call_later(GRACE, self._finish)
        else:
            self._finish()

    def _send_waiting(self) -> None:
        while self._waiting and self._writer.is_writable:
            self._writer.send(self._next())
        if not self._waiting and self._close_code is not None:
            self._finish()

    def _finish(self) -> None:
        code, self._close_code = self._close_code, None
        self.stop()
        if code is not None:
            self._writer.close(code)


class AsgiReader(Reader):
    """Uses the ``send`` of any other server: calls it directly, and continues in a task if it waits."""

    def __init__(self, send: ASGISendCallable) -> None:
        super().__init__()
        self._send = send
        self._sender: asyncio.Task[None] | None = None

    def push(self, text: str) -> bool:
        if self._is_closing:
            return False
        if self._sender is None:
            self._try(_text(text))
        else:
            self._wait(text)
        return not self._is_closing

    def stop(self) -> None:
        super().stop()
        if self._sender is not None:
            self._sender.cancel()

    def _begin_closing(self) -> None:
        if self._sender is None and self._close_code is not None:
            self._try(_close(self._close_code))

    def _try(self, message: ASGISendEvent) -> None:
        """Send without a task where possible: most servers only fill a buffer, and a task costs more than that."""
        rest = first_step(self._send(message))
        if rest is not None:
            self._sender = asyncio.create_task(self._send_waiting(rest))

    async def _send_waiting(self, rest: Awaitable[None]) -> None:
        try:
            await rest
            while self._waiting:
                await self._send(_text(self._next()))
            if self._close_code is not None:
                await self._send(_close(self._close_code))
        except Exception:
            logger.exception("Sending to a reader failed; it is closed")
            self._is_closing = True
            await self._send(_close(UNAVAILABLE))
        finally:
            self._sender = None


def _text(text: str) -> ASGISendEvent:
    return {"type": "websocket.send", "bytes": None, "text": text}


def _close(code: int) -> ASGISendEvent:
    return {"type": "websocket.close", "code": code, "reason": None}
