"""Everything that a handful of addresses can throw at a site, for some seconds, as a process of its own.

``flooding.py URL EVENT COOKIE SECONDS SIZE PHOTO [KIND …]``: ``SIZE`` 1 is the whole flood, ``KIND`` the part that is
wanted. Nothing is expected of the answers; how often each kind was answered in which way goes to the standard output,
as JSON.
"""

import asyncio
import json
import sys
import time
from collections import Counter
from contextlib import suppress
from pathlib import Path
from urllib.parse import urlsplit

ADDRESSES = {
    "wrong_password": "127.0.0.11",
    "large_body": "127.0.0.12",
    "half_request": "127.0.0.13",
    "slow_upload": "127.0.0.14",
    "socket": "127.0.0.15",
}
"""Each kind has an address of its own, so that none waits behind the new connections of another."""

WRITER = "127.0.0.6"
"""A correspondent's, whose photos are the worst there are."""

SOCKETS = 3000
HALF_REQUESTS = 2000
SLOW_UPLOADS = 200
PASSWORDS = 40
LARGE_BODIES = 10


class Flood:
    def __init__(self, url, event, cookie, seconds, size, only=()):
        self.only = only
        self.address = urlsplit(url)
        self.event, self.cookie, self.size = event, cookie, size
        self.end = time.monotonic() + seconds
        self.answers = Counter()

    async def run(self):
        kinds = {
            self.wrong_password: PASSWORDS,
            self.large_body: LARGE_BODIES,
            self.half_request: HALF_REQUESTS,
            self.slow_upload: SLOW_UPLOADS,
            self.socket: SOCKETS,
            self.worst_photo: 4,
        }
        await asyncio.gather(
            *(
                self.go_on(kind)
                for kind, number in kinds.items()
                if not self.only or kind.__name__ in self.only
                for _ in range(max(1, int(number * self.size)))
            )
        )

    async def go_on(self, kind):
        while time.monotonic() < self.end:
            answer = "no answer"
            with suppress(OSError, TimeoutError, asyncio.IncompleteReadError):
                answer = await asyncio.wait_for(kind(), max(0.1, self.end - time.monotonic()))
            self.answers[f"{kind.__name__}: {answer}"] += 1
            await asyncio.sleep(0.1)  # a flood, and not a measure of how fast this process turns

    async def connect(self, kind):
        source = (ADDRESSES.get(kind, WRITER), 0)
        return await asyncio.open_connection(self.address.hostname, self.address.port, local_addr=source)

    async def ask(self, kind, request, *parts):
        reader, writer = await self.connect(kind)
        try:
            writer.write(request)
            for part in parts:
                writer.write(part)
                await writer.drain()
            return (await reader.readline()).decode("latin-1").strip()[9:12]
        finally:
            writer.close()

    def head(self, method, path, length, **headers):
        lines = [
            f"{method} {path} HTTP/1.1",
            f"Host: {self.address.netloc}",
            f"Content-Length: {length}",
            "Connection: close",
        ]
        return "\r\n".join([*lines, *(f"{name}: {value}" for name, value in headers.items()), "", ""]).encode()

    async def wrong_password(self):
        token = "x" * 32
        body = f"username=noor&password=wrong&csrfmiddlewaretoken={token}".encode()
        headers = {
            "Cookie": f"csrftoken={token}",
            "Origin": f"http://{self.address.netloc}",
            "Content-Type": "application/x-www-form-urlencoded",
        }
        return await self.ask("wrong_password", self.head("POST", "/admin/login/", len(body), **headers), body)

    async def large_body(self):
        length = 24 * 2**20
        path = f"/admin/updates/event/{self.event}/desk/"
        return await self.ask("large_body", self.head("POST", path, length), *([b"x" * 2**20] * 24))

    async def half_request(self):
        reader, writer = await self.connect("half_request")
        try:
            writer.write(b"GET / HTTP/1.1\r\nHost: ")
            return (await reader.readline()).decode("latin-1").strip()[9:12] or "cut"
        finally:
            writer.close()

    async def slow_upload(self):
        reader, writer = await self.connect("slow_upload")
        try:
            writer.write(self.head("POST", f"/admin/updates/event/{self.event}/pictures/", 20 * 2**20))
            while not reader.at_eof():
                writer.write(b"x" * 200)
                await writer.drain()
                with suppress(TimeoutError):
                    return (await asyncio.wait_for(reader.readline(), 0.5)).decode("latin-1").strip()[9:12] or "cut"
            return "cut"
        finally:
            writer.close()

    async def socket(self):
        """Stay as long as the server lets it; the frames are read."""
        reader, writer = await self.connect("socket")
        try:
            writer.write(
                b"GET /ws/events/flood/?v=1&epoch=x&since=0 HTTP/1.1\r\nHost: "
                + self.address.netloc.encode()
                + b"\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
                b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
            )
            status = (await reader.readline()).decode("latin-1")[9:12]
            while data := await reader.read(65536):
                if b'"bye"' in data:
                    return "bye"
            return status
        finally:
            writer.close()

    async def worst_photo(self):
        """A picture whose pixels take as much as is allowed, under another name each time."""
        token, edge = "x" * 32, "edge"
        data = WORST
        fields = {"key": f"{time.monotonic_ns():032x}", "size": len(data), "index": 0, "csrfmiddlewaretoken": token}
        body = b"".join(
            f'--{edge}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
            for name, value in fields.items()
        )
        body += f'--{edge}\r\nContent-Disposition: form-data; name="part"; filename="p"\r\n\r\n'.encode()
        body += data + f"\r\n--{edge}--\r\n".encode()
        headers = {
            "Cookie": f"{self.cookie}; csrftoken={token}",
            "Origin": f"http://{self.address.netloc}",
            "Content-Type": f"multipart/form-data; boundary={edge}",
        }
        path = f"/admin/updates/event/{self.event}/pictures/"
        return await self.ask("worst_photo", self.head("POST", path, len(body), **headers), body)


if __name__ == "__main__":
    WORST = Path(sys.argv[6]).read_bytes()
    flood = Flood(sys.argv[1], sys.argv[2], sys.argv[3], float(sys.argv[4]), float(sys.argv[5]), sys.argv[7:])
    asyncio.run(flood.run())
    json.dump(flood.answers, sys.stdout)
