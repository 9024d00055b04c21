"""With Redis between processes: nudges arrive at once, and nothing hangs on them."""

import asyncio
import shutil
import socket
import subprocess
import sys

import pytest

from tests.factories import make_event
from tests.live.test_sockets import follow
from tests.readers import PageReader, same_down_to_the_fold
from tests.servers import CEILING, ROOT, environment, free_port, running_site, wait_until

pytestmark = [pytest.mark.services, pytest.mark.django_db(transaction=True)]

NEVER = "3600"
"""Seconds to the next tick: what arrives has come by a nudge."""


def answers(port):
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


@pytest.fixture
def redis(tmp_path):
    program = shutil.which("redis-server")
    assert program, "No redis-server; `make test` installs it"
    port = free_port()
    command = [program, "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir", str(tmp_path)]
    with (tmp_path / "redis.log").open("w") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log)
    process.url = f"redis://127.0.0.1:{port}/0"
    wait_until(lambda: answers(port), "Redis answers")
    yield process
    process.terminate()
    process.wait(CEILING)


def post_elsewhere(event, headline, redis_url):
    """In a process of its own, which has no hub and tells the others through Redis."""
    script = (
        "from tests.factories import post; from updates.models import Event;"
        f"post(Event.objects.get(pk={event.pk}), {headline!r})"
    )
    command = [sys.executable, "manage.py", "shell", "-c", script]
    subprocess.run(command, cwd=ROOT, env=environment(REDIS_URL=redis_url), check=True, timeout=60)


async def followed(site, event, headline, redis_url):
    """A reader that had everything before the post, and what it has after it."""
    connected = asyncio.Event()
    reader = asyncio.create_task(follow(site, event, event.head + 1, connected.set))
    async with asyncio.timeout(CEILING):
        await connected.wait()
    await asyncio.to_thread(post_elsewhere, event, headline, redis_url)
    return await reader


def test_nudge_of_another_process_arrives_without_a_tick(transactional_db, tmp_path, redis):
    event = make_event()
    event.refresh_from_db()
    slow = {"REDIS_URL": redis.url, "RECONCILE_EVERY": NEVER, "HEARTBEAT_EVERY": NEVER}
    with running_site(tmp_path / "server.log", **slow) as site:
        reader, _ = asyncio.run(followed(site, event, "By a nudge", redis.url))
        same_down_to_the_fold(reader.shown(), PageReader.of(site.get(f"/{event.slug}/")).shown())


def test_posts_go_on_and_arrive_when_redis_is_gone(transactional_db, tmp_path, redis):
    event = make_event()
    event.refresh_from_db()
    with running_site(tmp_path / "server.log", REDIS_URL=redis.url) as site:
        redis.terminate()
        redis.wait(CEILING)
        reader, _ = asyncio.run(followed(site, event, "By the tick", redis.url))
        assert [html for _, html in reader.shown().entries if "By the tick" in html]
