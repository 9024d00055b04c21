"""A shared cache that answers as old as it may: ``s-maxage=1, stale-while-revalidate=3`` allow four seconds."""

import re
import time

import aiohttp
from aiohttp import web


class StaleCache:
    """Before one server; sockets do not go through it."""

    def __init__(self, server: str) -> None:
        self._server = server
        self._kept: dict[str, tuple[float, web.Response]] = {}
        self.base = ""
        self.stale_answers = 0

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
        asked = request.path_qs
        if asked in self._kept:
            at, kept = self._kept[asked]
            if time.monotonic() < at:
                self.stale_answers += 1
                return _again(kept)
        async with self._session.get(self._server + asked) as answer:
            headers = {name: answer.headers[name] for name in ("Content-Type", "ETag") if name in answer.headers}
            made = web.Response(body=await answer.read(), status=answer.status, headers=headers)
            until = time.monotonic() + lifetime(answer.headers.get("Cache-Control", ""))
            self._kept[asked] = (until, made)
            return _again(made)


def _again(kept: web.Response) -> web.Response:
    return web.Response(body=kept.body, status=kept.status, headers=kept.headers)


def lifetime(cache_control: str) -> float:
    """Seconds that an answer may still be given: fresh, and then stale while another one is fetched."""
    named = dict(re.findall(r"(s-maxage|stale-while-revalidate)=(\d+)", cache_control))
    return float(named.get("s-maxage", 0)) + float(named.get("stale-while-revalidate", 0))
