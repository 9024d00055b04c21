"""TCP proxy whose connections can be cut or frozen (open, but passing nothing)."""

import asyncio
from pathlib import Path


class BreakableProxy:
    """Proxy between clients and a port or Unix socket of this machine. ``target`` may change at any time."""

    def __init__(self, target: int | Path = 0) -> None:
        self.target = target
        self.port = 0
        self._server: asyncio.Server | None = None
        self._passes = asyncio.Event()
        self._passes.set()
        self._writers: set[asyncio.StreamWriter] = set()

    async def open(self) -> None:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0, backlog=4096)
        self.port = self._server.sockets[0].getsockname()[1]

    async def close(self) -> None:
        self.thaw()
        self.cut()
        if self._server is not None:
            self._server.close()

    def cut(self) -> None:
        """Abort every connection."""
        for writer in self._writers:
            writer.transport.abort()

    def freeze(self) -> None:
        """Keep connections open but pass nothing, until ``thaw``."""
        self._passes.clear()

    def thaw(self) -> None:
        self._passes.set()

    async def _serve(self, from_client: asyncio.StreamReader, to_client: asyncio.StreamWriter) -> None:
        try:
            from_server, to_server = await self._connect()
        except OSError:
            to_client.transport.abort()
            return
        self._writers |= {to_client, to_server}
        directions = (self._carry(from_client, to_server), self._carry(from_server, to_client))
        await asyncio.gather(*directions)
        self._writers -= {to_client, to_server}

    async def _connect(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        if isinstance(self.target, Path):
            return await asyncio.open_unix_connection(self.target)
        return await asyncio.open_connection("127.0.0.1", self.target)

    async def _carry(self, source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
        try:
            while data := await source.read(2**16):
                await self._passes.wait()
                sink.write(data)
                await sink.drain()
            sink.close()
        except (OSError, asyncio.CancelledError):  # the other end is gone, or the rehearsal is over
            sink.transport.abort()
