"""Our server with an application that answers when it is told to: how a stop treats what is still running.

A request works as operations do: in a thread of requests, and at its end with a nudge to other processes. A socket
waits for the database, whose threads are busy until then.
"""

import os
import sys
from pathlib import Path

import django
from asgiref.sync import ThreadSensitiveContext, sync_to_async

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "liveblog.settings")
django.setup()

from liveblog import server  # noqa: E402 – needs Django's settings
from liveblog.asgi import by_protocol  # noqa: E402 – needs Django's settings
from liveblog.request_threads import RequestThread  # noqa: E402 – needs Django's settings
from liveblog.server import LiveServer, inherited_endpoint  # noqa: E402
from tests.servers import wait_until  # noqa: E402
from updates.live import threads  # noqa: E402
from updates.nudge import event_moved  # noqa: E402

go_on, descriptor = Path(sys.argv[1]), int(sys.argv[2])


def say(word):
    sys.stdout.write(f"{word}\n")
    sys.stdout.flush()


def work():
    say("asked")
    wait_until(go_on.exists, "the test lets the answer go")
    event_moved(1)


thread = RequestThread(1)


def hold_threads_of_hubs():
    for _ in range(threads._pool._max_workers):
        threads._pool.submit(wait_until, go_on.exists, "the test lets the sockets go on")


async def application(scope, receive, send):
    if scope["type"] == "websocket":
        hold_threads_of_hubs()
        await by_protocol(scope, receive, send)
        return
    async with ThreadSensitiveContext(executor=thread):
        await sync_to_async(work)()
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b"answered"})


for limit in ("REQUESTS_WITHIN", "FIRST_REQUESTS_WITHIN"):
    setattr(server, limit, float(os.environ.get(limit, getattr(server, limit))))
LiveServer(application, endpoints=[inherited_endpoint(descriptor)]).run()
say("ended")
