"""One open page, as its hub sees it."""

import asyncio
import logging
from collections import deque
from collections.abc import Awaitable, Callable, Generator
from typing import Any, Protocol

logger = logging.getLogger(__name__)

WAITING_AT_MOST = 200
"""Frames kept for a reader whose connection is not taking them; beyond it the reader is closed as too slow."""

WAITING_BYTES = 4_000_000
"""The same bound in characters. What waits is shared with the hub and other readers, so most of it costs nothing."""

GRACE = 5.0
"""Seconds that a reader has, once it is to be closed, to take what still waits."""

UNAVAILABLE = 4002
SLOW = 4008
LINE = "liveblog.line"

Send = Callable[[dict[str, object]], Awaitable[None]]


class Line(Protocol):
    """What our server offers as an ASGI extension (``liveblog/lines.py``): a socket to write to without waiting."""

    is_free: bool

    def send(self, text: str) -> None: ...
    def close(self, code: int) -> None: ...
    def when_free(self, callback: Callable[[], None]) -> None: ...


class Reader:
    """Takes frames for one socket; no method waits, so that a slow reader never delays the others."""

    def __init__(self) -> None:
        self._waiting: deque[str] = deque()
        self._waiting_bytes = 0
        self._closing = False

    def push(self, text: str) -> bool:
        """Send a frame, or keep it until the connection takes it; ``False`` where the reader is on its way out."""
        raise NotImplementedError

    def close(self, code: int, farewell: str | None = None) -> None:
        """Close after what waits; the first call counts."""
        raise NotImplementedError

    def stop(self) -> None:
        """The socket is gone: nothing more to send."""
        self._closing = True
        self._waiting.clear()

    def rewrite(self, change: Callable[[str], str]) -> None:
        """Change what still waits, since some of it should not be said any more."""
        if self._waiting:
            self._waiting = deque(map(change, self._waiting))
            self._waiting_bytes = sum(map(len, self._waiting))

    def _wait(self, text: str) -> None:
        if len(self._waiting) < WAITING_AT_MOST and self._waiting_bytes + len(text) <= WAITING_BYTES:
            self._waiting.append(text)
            self._waiting_bytes += len(text)
            return
        self._waiting.clear()  # catch-up has all of it
        self.close(SLOW)

    def _next(self) -> str:
        text = self._waiting.popleft()
        self._waiting_bytes -= len(text)
        return text


def reader_for(scope: dict[str, Any], send: Send) -> Reader:
    line: Line | None = scope.get("extensions", {}).get(LINE)
    return SendingReader(send) if line is None else LineReader(line)


class LineReader(Reader):
    """Writes to the socket at once while it takes frames, and keeps them while it does not."""

    def __init__(self, line: Line) -> None:
        super().__init__()
        self._line = line
        self._end: int | None = None
        self._forcing: asyncio.TimerHandle | None = None
        line.when_free(self._send_waiting)

    def push(self, text: str) -> bool:
        if self._closing:
            return False
        if self._line.is_free and not self._waiting:
            self._line.send(text)
        else:
            self._wait(text)
        return not self._closing

    def close(self, code: int, farewell: str | None = None) -> None:
        if farewell is not None:
            self.push(farewell)
        if self._closing:  # already, or the farewell was one too many
            return
        self._closing = True
        self._end = code
        if self._waiting:
            self._forcing = asyncio.get_running_loop().call_later(GRACE, self._finish)
        else:
            self._finish()

    def stop(self) -> None:
        super().stop()
        if self._forcing is not None:
            self._forcing.cancel()

    def _send_waiting(self) -> None:
        while self._waiting and self._line.is_free:
            self._line.send(self._next())
        if not self._waiting and self._end is not None:
            self._finish()

    def _finish(self) -> None:
        code, self._end = self._end, None
        self.stop()
        if code is not None:
            self._line.close(code)


class SendingReader(Reader):
    """For any other server: its ``send`` is tried at once, and what it makes us wait for waits in a task."""

    def __init__(self, send: Send) -> None:
        super().__init__()
        self._send = send
        self._end: int | None = None
        self._sender: asyncio.Task[None] | None = None

    def push(self, text: str) -> bool:
        if self._closing:
            return False
        if self._sender is None:
            self._try({"type": "websocket.send", "text": text})
        else:
            self._wait(text)
        return not self._closing

    def close(self, code: int, farewell: str | None = None) -> None:
        if self._closing:
            return
        if farewell is not None:
            self.push(farewell)
        self._closing = True
        self._end = code
        if self._sender is None:
            self._try({"type": "websocket.close", "code": code})

    def stop(self) -> None:
        super().stop()
        if self._sender is not None:
            self._sender.cancel()

    def _try(self, message: dict[str, object]) -> None:
        """Most servers only put it into a buffer: a task for each frame and reader would cost more than that."""
        steps = self._send(message).__await__()
        try:
            first = next(steps)
        except StopIteration:
            return
        self._sender = asyncio.create_task(self._send_waiting(_Rest(first, steps)))

    async def _send_waiting(self, rest: Awaitable[None]) -> None:
        try:
            await rest
            while self._waiting:
                await self._send({"type": "websocket.send", "text": self._next()})
            if self._end is not None:
                await self._send({"type": "websocket.close", "code": self._end})
        except Exception:
            logger.exception("A reader could not be sent to and is closed")
            self._closing = True
            await self._send({"type": "websocket.close", "code": UNAVAILABLE})
        finally:
            self._sender = None


class _Rest:
    """An ``await`` that was begun outside of a task: ``first`` is what it waits for, ``steps`` is how it goes on."""

    def __init__(self, first: Any, steps: Generator[Any, Any, None]) -> None:
        self._first = first
        self._steps = steps

    def __await__(self) -> Generator[Any, Any, None]:
        try:
            yield self._first
        except BaseException:
            self._steps.close()
            raise
        yield from self._steps
