"""One open page, as its hub sees it."""

import asyncio
import logging
from collections import deque
from collections.abc import Awaitable, Callable

logger = logging.getLogger(__name__)

WAITING_AT_MOST = 200
"""Frames kept for a reader whose connection is not taking them; beyond it the reader is closed as too slow."""

SLOW = 4008

Send = Callable[[dict[str, object]], Awaitable[None]]


class Reader:
    """Hands frames to one socket from a task of its own, so that a slow one never delays the others."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self._waiting: deque[dict[str, object]] = deque()
        self._sender: asyncio.Task[None] | None = None
        self._closing = False

    def push(self, text: str) -> None:
        """Queue a frame; returns at once."""
        if self._closing:
            return
        if len(self._waiting) >= WAITING_AT_MOST:
            self._waiting.clear()
            self.close(SLOW)
            return
        self._put({"type": "websocket.send", "text": text})

    def close(self, code: int, farewell: str | None = None) -> None:
        """Close after what is queued; the first call counts."""
        if self._closing:
            return
        if farewell is not None:
            self._put({"type": "websocket.send", "text": farewell})
        self._put({"type": "websocket.close", "code": code})
        self._closing = True

    def stop(self) -> None:
        """The socket is gone: nothing more to send."""
        self._closing = True
        self._waiting.clear()
        if self._sender is not None:
            self._sender.cancel()

    def _put(self, message: dict[str, object]) -> None:
        self._waiting.append(message)
        if self._sender is None:
            self._sender = asyncio.create_task(self._send_waiting())

    async def _send_waiting(self) -> None:
        try:
            while self._waiting:
                await self._send(self._waiting.popleft())
        except Exception:
            logger.exception("A reader could not be sent to and is closed")
            self._closing = True
            await self._send({"type": "websocket.close", "code": 1011})
        finally:
            self._sender = None
