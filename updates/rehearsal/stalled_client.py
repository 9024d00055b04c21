"""Client that opens a socket and never reads from it."""

import asyncio
import socket

EMPTY_MESSAGE = b"\x81\x80\x00\x00\x00\x00"
"""Empty text message, masked as clients must mask it."""


class StalledClient:
    def __init__(self, connection: socket.socket, *, sends: bool) -> None:
        self._socket = connection
        self._sending = asyncio.create_task(self._send()) if sends else None

    @classmethod
    async def connect(cls, port: int, slug: str, epoch: str, head: int, *, sends: bool) -> "StalledClient":
        connection = socket.socket()
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        connection.setblocking(False)
        loop = asyncio.get_running_loop()
        await loop.sock_connect(connection, ("127.0.0.1", port))
        await loop.sock_sendall(
            connection,
            f"GET /ws/events/{slug}/?v=1&epoch={epoch}&since={head} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n"
            "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
            "Sec-WebSocket-Key: MDEyMzQ1Njc4OWFiY2RlZg==\r\n\r\n".encode(),
        )
        return cls(connection, sends=sends)

    async def _send(self) -> None:
        loop = asyncio.get_running_loop()
        try:
            while True:
                await loop.sock_sendall(self._socket, EMPTY_MESSAGE)
                await asyncio.sleep(0.1)
        except OSError:
            return  # the server has closed the connection

    async def leave(self) -> None:
        if self._sending is not None:
            self._sending.cancel()
            await asyncio.gather(self._sending, return_exceptions=True)
        self._socket.close()
