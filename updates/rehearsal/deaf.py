"""A client that shakes hands and never reads."""

import asyncio
import socket

MASKED_NOTHING = b"\x81\x80\x00\x00\x00\x00"
"""An empty text message, as clients have to mask it."""


class Deaf:
    def __init__(self, line: socket.socket, *, sends: bool) -> None:
        self._line = line
        self._sending = asyncio.create_task(self._send()) if sends else None

    @classmethod
    async def connect(cls, port: int, slug: str, epoch: str, head: int, *, sends: bool) -> "Deaf":
        line = socket.socket()
        line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        line.setblocking(False)
        loop = asyncio.get_running_loop()
        await loop.sock_connect(line, ("127.0.0.1", port))
        await loop.sock_sendall(
            line,
            f"GET /ws/events/{slug}/?v=1&epoch={epoch}&since={head} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n"
            "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
            "Sec-WebSocket-Key: MDEyMzQ1Njc4OWFiY2RlZg==\r\n\r\n".encode(),
        )
        return cls(line, sends=sends)

    async def _send(self) -> None:
        loop = asyncio.get_running_loop()
        try:
            while True:
                await loop.sock_sendall(self._line, MASKED_NOTHING)
                await asyncio.sleep(0.1)
        except OSError:
            return  # the server has had enough of it

    async def leave(self) -> None:
        if self._sending is not None:
            self._sending.cancel()
            await asyncio.gather(self._sending, return_exceptions=True)
        self._line.close()
