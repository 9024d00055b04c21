"""``/metrics`` of a relay, which serves nothing else, on an address of its own."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from aiohttp import web
from prometheus_client import CONTENT_TYPE_LATEST

from updates import metrics
from updates.live.readiness import may_see_state


@asynccontextmanager
async def serve_measurements(host: str, port: int) -> AsyncIterator[int]:
    """Respond for as long as the context is open, and yield the port: with 0 the system chooses one. Raises ``OSError``
    where the address cannot be used.
    """
    application = web.Application()
    application.router.add_get("/metrics", _measurements)
    runner = web.AppRunner(application, access_log=None)
    await runner.setup()
    try:
        await web.TCPSite(runner, host, port).start()
        yield int(runner.addresses[0][1])
    finally:
        await runner.cleanup()


async def _measurements(request: web.Request) -> web.Response:
    """Respond to this machine and to those who have the token; 404 to others."""
    if not may_see_state(request.remote or "", request.headers.get("Authorization", "")):
        raise web.HTTPNotFound
    headers = {"Content-Type": CONTENT_TYPE_LATEST, "Cache-Control": "no-store"}
    return web.Response(body=metrics.exposition(), headers=headers)
