"""A push service, as a process of its own: the path of an endpoint says how it answers.

``push_service.py FOLDER DESCRIPTOR``: it serves on an inherited listening socket, and writes every message that it
accepts into ``FOLDER/messages``, a line of JSON each.
"""

import asyncio
import base64
import json
import socket
import sys
from pathlib import Path

from aiohttp import web

STATUSES = {"ok": 201, "gone": 410, "missing": 404, "broken": 500, "away": 307}
folder = Path(sys.argv[1])
seen = set()


async def receive(request):
    kind, body = request.match_info["kind"], await request.read()
    if kind == "hang":
        await asyncio.sleep(3600)
    if kind == "busy" and request.path not in seen:
        seen.add(request.path)
        return web.Response(status=429, headers={"Retry-After": "1"})
    status = STATUSES.get(kind, 201)
    if status == 201:
        message = {"path": request.path, "headers": dict(request.headers), "body": base64.b64encode(body).decode()}
        with (folder / "messages").open("a") as messages:
            messages.write(json.dumps(message) + "\n")
    return web.Response(status=status, headers={"Location": "/ok/redirected"} if kind == "away" else {})


async def started(_app):
    (folder / "started").touch()


if __name__ == "__main__":
    app = web.Application()
    app.router.add_post("/{kind}/{number}", receive)
    app.on_startup.append(started)
    web.run_app(app, sock=socket.socket(fileno=int(sys.argv[2])), print=None, handle_signals=True)
