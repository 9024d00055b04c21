"""Shared cache that serves responses for as long as their headers allow.

``s-maxage=1, stale-while-revalidate=3`` allow four seconds.
"""

import re
import time

import aiohttp
from aiohttp import web


class StaleCache:
    """Cache in front of one server. Sockets do not pass it."""

    def __init__(self, server: str) -> None:
        self._server = server
        self._stored: dict[str, tuple[float, web.Response]] = {}
        self.base = ""
        self.stale_responses = 0

    async def __aenter__(self) -> "StaleCache":
        self._session = aiohttp.ClientSession()
        app = web.Application()
        app.router.add_get("/{path:.*}", self._answer)
        self._runner = web.AppRunner(app, access_log=None)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        port = self._runner.addresses[0][1]
        self.base = f"http://127.0.0.1:{port}"
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._runner.cleanup()
        await self._session.close()

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        path = request.path_qs
        if path in self._stored:
            expires, stored = self._stored[path]
            if time.monotonic() < expires:
                self.stale_responses += 1
                return _copy(stored)
        async with self._session.get(self._server + path) as response:
            headers = {name: response.headers[name] for name in ("Content-Type", "ETag") if name in response.headers}
            fresh = web.Response(body=await response.read(), status=response.status, headers=headers)
            expires = time.monotonic() + lifetime(response.headers.get("Cache-Control", ""))
            self._stored[path] = (expires, fresh)
            return _copy(fresh)


def _copy(response: web.Response) -> web.Response:
    """Copy a response, because aiohttp sends each one only once."""
    return web.Response(body=response.body, status=response.status, headers=response.headers)


def lifetime(cache_control: str) -> float:
    """Return the seconds for which a response may be served, fresh and stale together."""
    seconds = dict(re.findall(r"(s-maxage|stale-while-revalidate)=(\d+)", cache_control))
    return float(seconds.get("s-maxage", 0)) + float(seconds.get("stale-while-revalidate", 0))
