"""Our server with an application that answers when it is told to: how a stop treats a request that is still running."""

import asyncio
import os
import sys
from pathlib import Path

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "liveblog.settings")
django.setup()

from liveblog.server import LiveServer, endpoint  # noqa: E402 – needs Django's settings
from tests.servers import wait_until  # noqa: E402

port, go_on = int(sys.argv[1]), Path(sys.argv[2])


def wait():
    sys.stdout.write("asked\n")
    sys.stdout.flush()
    wait_until(go_on.exists, "the test lets the answer go")


async def application(scope, receive, send):
    await asyncio.to_thread(wait)
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b"answered"})


LiveServer(application, endpoints=[endpoint("127.0.0.1", port)]).run()
