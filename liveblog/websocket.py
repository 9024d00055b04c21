"""A reader's WebSocket after its upgrade: a plain object on a plain socket.

Daphne's way to serve a WebSocket keeps some 30 kB of each one: Twisted's transport, Autobahn's protocol, a queue, a
task and what the ASGI application holds. A reader's socket only sends, so this is all that stays of it.

A frame is encoded once for all readers and written straight to the socket. What a reader does not take of one frame is
kept here; further frames wait in the hub, which shares them between all readers, counts them, and closes readers that
fall too far behind. Of what a client sends, nothing is kept but the beginning of a control frame.
"""

import asyncio
import ctypes
import socket
from collections.abc import Callable
from contextlib import suppress
from random import uniform
from time import monotonic
from typing import Final

from liveblog.websocket_frames import (
    Head,
    Opcode,
    ProtocolViolation,
    close_frame,
    frame,
    read_head,
    text_frame,
    unmasked,
)

READ_AT_ONCE: Final = 4096
"""Bytes."""

ANSWERS_WITHIN: Final = 1.0
"""Seconds that a client has to answer a close, or to take the rest of a frame before it."""

PING_AFTER: Final = 20.0
"""Seconds of silence after which a client is asked whether it is still there."""

PONG_WITHIN: Final = 30.0

CHECK_EVERY: Final = 2.0

SLICE: Final = 200
"""Sockets that are checked between two pauses that let the event loop do other work."""

LONGEST_MESSAGE: Final = 16 * 2**10
"""Bytes of a client's message above which the connection is cut off without a farewell."""

MOST_FRAMES: Final = 50
"""Frames of a client between two checks, above which the connection is cut off: reading and answering costs time."""

TOO_BIG: Final = 1009
POLICY: Final = 1008
PROTOCOL_ERROR: Final = 1002
NORMAL: Final = 1000

open_sockets: set["WebSocket"] = set()

_send = ctypes.PyDLL(None).send
"""The system's ``send``, called while this thread keeps Python's lock. Python's own lets other threads have the lock at
every call; beside a busy one, a frame then waits up to 5 ms to get it back. The socket never blocks, so nobody else
waits long.
"""
_send.argtypes = (ctypes.c_int, ctypes.c_char_p, ctypes.c_size_t, ctypes.c_int)
_send.restype = ctypes.c_ssize_t


def do_nothing() -> None:
    """Take the place of the callbacks of a socket that is closed."""


class WebSocket:
    """One open socket, the ``Writer`` of its hub. All methods run on the server's loop."""

    __slots__ = (
        "_descriptor", "_frames", "_heard_at", "_is_open", "_is_pinged", "_on_close", "_on_message", "_on_writable",
        "_received", "_skipped", "_socket", "_unsent", "is_writable",
    )  # fmt: skip

    def __init__(
        self, connection: socket.socket, on_message: Callable[[], None], on_close: Callable[[], None], first: bytes
    ) -> None:
        """Take over a connection that does not block. ``first`` are the bytes to send first: the answer to the
        upgrade. ``on_message`` is called for each message, of which nothing is kept, ``on_close`` once.
        """
        self._socket: socket.socket | None = connection
        self._descriptor = connection.fileno()
        self._on_message = on_message
        self._on_close = on_close
        self._on_writable = do_nothing
        self._heard_at = monotonic() - uniform(0, PING_AFTER / 2)  # noqa: S311 – those who come together are asked apart
        self._is_pinged = False
        self._frames = 0
        """Frames of the client since the last check."""
        self._is_open = self.is_writable = True
        self._received = self._unsent = b""
        self._skipped = 0
        """Bytes of a message that are still to come."""
        open_sockets.add(self)
        asyncio.get_running_loop().add_reader(self._descriptor, self._read)
        self._write(first)

    # As its hub sees it

    def send(self, text: str) -> None:
        """Write a frame, even if the socket is not writable. A closed one drops it."""
        data = text_frame(text)
        if self.is_writable:  # then it is open, and nothing is unsent; this happens once for each reader and frame
            sent = _send(self._descriptor, data, len(data), 0)
            if sent < len(data):
                self._keep_rest(data, sent)
        elif self._is_open:
            self._write(data)

    def close(self, code: int) -> None:
        """Send a close frame, and end the connection when the client has answered."""
        if self._is_open:
            self._write(close_frame(code))
            self._is_open = self.is_writable = False
            asyncio.get_running_loop().call_later(ANSWERS_WITHIN, self.end)

    def when_writable(self, callback: Callable[[], None]) -> None:
        """Set the function to call each time that frames are accepted again."""
        self._on_writable = callback

    # Sending

    def _write(self, data: bytes) -> None:
        if self._socket is None:
            return
        if self._unsent:
            self._unsent += data
            return
        sent = _send(self._descriptor, data, len(data), 0)
        if sent < len(data):
            self._keep_rest(data, sent)

    def _keep_rest(self, data: bytes, sent: int) -> None:
        """Keep what was not sent until the socket takes it, or end a connection that is broken."""
        self.is_writable = False
        loop = asyncio.get_running_loop()
        if self._socket is None:
            return
        try:
            self._unsent = data[sent if sent >= 0 else self._socket.send(data) :]  # raises the error, if it was one
        except (BlockingIOError, InterruptedError):
            self._unsent = data
        except OSError:
            loop.call_soon(self.end)  # not now: the hub may be in the middle of its readers
            return
        loop.add_writer(self._descriptor, self._write_rest)

    def _write_rest(self) -> None:
        data, self._unsent = self._unsent, b""
        if self._socket is not None:
            asyncio.get_running_loop().remove_writer(self._descriptor)
        self._write(data)
        if not self._unsent and self._is_open:
            self.is_writable = True
            self._on_writable()

    # Receiving

    def _read(self) -> None:
        if self._socket is None:
            return
        try:
            data = self._socket.recv(READ_AT_ONCE)
        except (BlockingIOError, InterruptedError):
            return
        except OSError:
            data = b""
        if not data:
            self.end()
            return
        self._heard_at = monotonic()
        self._is_pinged = False
        try:
            self._take(self._received + data)
        except ProtocolViolation:
            self._cut_off(PROTOCOL_ERROR)

    def _take(self, data: bytes) -> None:
        while data and self._socket is not None:
            if self._skipped:
                skipped = min(self._skipped, len(data))
                self._skipped -= skipped
                data = data[skipped:]
                continue
            head = read_head(data)
            if head is None or (head.opcode.is_control and len(data) < head.size + head.length):
                break
            self._frames += 1
            if self._frames > MOST_FRAMES:
                self._cut_off(POLICY)
            elif head.opcode.is_control:
                self._control(head, data)
                data = data[head.size + head.length :]
            elif head.length > LONGEST_MESSAGE:
                self._cut_off(TOO_BIG)
            else:
                self._skipped = head.length
                data = data[head.size :]
                self._on_message()
        self._received = data

    def _control(self, head: Head, data: bytes) -> None:
        if head.opcode is Opcode.PING:
            self._answer_ping(unmasked(data[head.size : head.size + head.length], data[head.size - 4 : head.size]))
        elif head.opcode is Opcode.CLOSE:
            self.close(NORMAL)
            if not self._unsent:
                self.end()

    def _answer_ping(self, payload: bytes) -> None:
        """Answer a ping only while the reader accepts data: otherwise the pongs of one that never reads would fill the
        memory.
        """
        if self.is_writable:
            self._write(frame(Opcode.PONG, payload))

    # Life

    def _cut_off(self, code: int) -> None:
        self.close(code)
        self.end()

    def check(self, now: float) -> None:
        """Ask a client that has been silent whether it is still there, and give up one that does not answer."""
        self._frames = 0
        silent = now - self._heard_at
        if silent > PING_AFTER + PONG_WITHIN:
            self.end()
        elif silent > PING_AFTER and self.is_writable and not self._is_pinged:
            self._is_pinged = True
            self._write(frame(Opcode.PING, b""))

    def end(self) -> None:
        """Close the connection; a second call does nothing."""
        connection, self._socket = self._socket, None
        if connection is None:
            return
        loop = asyncio.get_running_loop()
        loop.remove_reader(self._descriptor)
        loop.remove_writer(self._descriptor)
        with suppress(OSError):
            connection.close()
        open_sockets.discard(self)
        self._is_open = self.is_writable = False
        self._unsent = self._received = b""
        on_close, self._on_close = self._on_close, do_nothing
        self._on_message = self._on_writable = do_nothing
        on_close()


async def check_repeatedly() -> None:
    """Find clients that have gone without a word, until cancelled."""
    while True:
        await asyncio.sleep(CHECK_EVERY)
        now = monotonic()
        for number, each in enumerate(list(open_sockets), start=1):
            each.check(now)
            if number % SLICE == 0:
                await asyncio.sleep(0)
