"""With Redis between processes: nudges arrive at once, and nothing hangs on them."""

import asyncio
import shutil
import signal
import socket
import subprocess
import sys
from contextlib import ExitStack

import pytest

from tests.factories import make_event
from tests.live.test_sockets import follow
from tests.proxy import line_to
from tests.readers import PageReader, same_down_to_the_fold
from tests.servers import CEILING, ROOT, end, environment, kill, readiness, running_site, wait_until
from updates import nudge
from updates.doctor.findings import Level
from updates.doctor.inside import examine_inside

pytestmark = [pytest.mark.services, pytest.mark.django_db(transaction=True), pytest.mark.once]

NEVER = "3600"
"""Seconds to the next tick: what arrives has come by a nudge."""


def answers(address):
    with socket.socket(socket.AF_UNIX) as probe:
        return probe.connect_ex(str(address)) == 0


def start_redis(folder):
    """Redis on a Unix socket in the folder, which no other process can have."""
    program = shutil.which("redis-server")
    assert program, "No redis-server; `make test` installs it"
    address = folder / "redis.socket"
    command = [program, "--port", "0", "--unixsocket", str(address), "--save", "", "--dir", str(folder)]
    with (folder / "redis.log").open("a") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log)
    process.address = address
    process.url = f"unix://{address}"
    try:
        wait_until(lambda: answers(address), "Redis answers")
    except AssertionError:
        kill(process)
        raise
    return process


def stop(process):
    process.send_signal(signal.SIGCONT)
    end(process)


@pytest.fixture
def redis(tmp_path):
    process = start_redis(tmp_path)
    process.followers = []
    with ExitStack() as stack:
        stack.callback(lambda: [stop(follower) for follower in process.followers])
        stack.callback(stop, process)
        yield process


def post_elsewhere(event, headline, redis_url, deadline=nudge.DEADLINE):
    """In a process of its own, which has no hub and sends a nudge through Redis within the deadline.

    Where only a nudge brings the update, it has longer: a busy machine may take more than its 0.2 s to connect.
    """
    script = (
        "from tests.factories import post; from updates import nudge; from updates.models import Event;"
        f"nudge.DEADLINE = {deadline};"
        f"post(Event.objects.get(pk={event.pk}), {headline!r})"
    )
    command = [sys.executable, "manage.py", "shell", "-c", script]
    subprocess.run(command, cwd=ROOT, env=environment(REDIS_URL=redis_url), check=True, timeout=2 * CEILING)


async def followed(site, event, count, act, *arguments):
    """What a connected reader has after so many more updates, which come of an act."""
    connected = asyncio.Event()
    reader = asyncio.create_task(follow(site, event, event.head + count, connected.set))
    async with asyncio.timeout(CEILING):
        await connected.wait()
    await asyncio.to_thread(act, *arguments)
    return (await reader)[0]


def test_nudge_of_another_process_arrives_without_a_tick(transactional_db, tmp_path, redis):
    event = make_event()
    event.refresh_from_db()
    slow = {"REDIS_URL": redis.url, "RECONCILE_EVERY": NEVER, "HEARTBEAT_EVERY": NEVER}
    with running_site(tmp_path / "server.log", **slow) as site:
        reader = asyncio.run(followed(site, event, 1, post_elsewhere, event, "By a nudge", redis.url, CEILING))
        same_down_to_the_fold(reader.state(), PageReader.of(site.get(f"/{event.slug}/")).state())


def test_posts_go_on_and_arrive_when_redis_is_gone(transactional_db, tmp_path, redis):
    event = make_event()
    event.refresh_from_db()
    with running_site(tmp_path / "server.log", REDIS_URL=redis.url) as site:
        redis.terminate()
        redis.wait(CEILING)
        reader = asyncio.run(followed(site, event, 1, post_elsewhere, event, "By the tick", redis.url))
        assert [html for _, html in reader.state().entries if "By the tick" in html]


def test_doctor_finds_nothing_wrong_with_redis(settings, redis):
    settings.REDIS_URL = redis.url
    layer = {"BACKEND": "channels_redis.pubsub.RedisPubSubChannelLayer", "CONFIG": {"hosts": [redis.url]}}
    settings.CHANNEL_LAYERS = {"default": layer}
    finding = next(finding for finding in examine_inside() if finding.check == "redis")
    assert (finding.level, finding.message) == (Level.OK, "delivers nudges")


def redis_is(site, word):
    """Whether it is said to be so by a process that is ready: a broken Redis costs time only."""
    status, report = readiness(site)
    return (status, report["ready"]) == (200, True) and report["redis"].startswith(word)


def freeze(redis, line):
    redis.send_signal(signal.SIGSTOP)
    return lambda: redis.send_signal(signal.SIGCONT)


def half_open(redis, line):
    line.freeze()
    return line.cut_and_thaw


def restart(redis, line):
    stop(redis)
    return lambda: redis.followers.append(start_redis(line.folder))


@pytest.mark.parametrize("break_it", [freeze, half_open, restart])
def test_broken_redis_is_noticed_reported_and_taken_up_again(transactional_db, tmp_path, redis, break_it):
    """While it is broken every failed probe looks for updates; afterwards nothing but a nudge can bring one."""
    event = make_event()
    event.refresh_from_db()
    with line_to(redis.address) as line:
        line.folder = tmp_path
        through = line.url.replace("http:", "redis:") + "/0"
        pace = {"RECONCILE_EVERY": NEVER, "REDIS_PROBE_EVERY": "0.3", "HEARTBEAT_EVERY": NEVER}
        with running_site(tmp_path / "server.log", REDIS_URL=through, **pace) as site:
            wait_until(lambda: redis_is(site, "ok"), "Redis carries nudges")
            reader = asyncio.run(followed(site, event, 2, act_while_broken, site, event, break_it, redis, line))
    titles = [html for _, html in reader.state().entries]
    assert any("While it is broken" in html for html in titles)
    assert any("After it" in html for html in titles)


def act_while_broken(site, event, break_it, redis, line):
    mend = break_it(redis, line)
    wait_until(lambda: redis_is(site, "gone"), "the break is noticed")
    post_elsewhere(event, "While it is broken", redis.url)
    mend()
    wait_until(lambda: redis_is(site, "ok"), "the recovery is noticed")
    post_elsewhere(event, "After it", redis.url, CEILING)


def test_without_redis_there_is_none_to_miss(site):
    def state():
        """As soon as the readers of an earlier test have left, and the database has answered in time."""
        status, report = readiness(site)
        return status == 200 and report["readers"] == 0 and report

    assert wait_until(state, "it is ready and nobody reads") == {
        "ready": True,
        "pid": site.process.pid,
        "database": "ok",
        "missing": {},
        "redis": "off",
        "ending": False,
        "readers": 0,
        "nudges_failed": 0,
        "websub": "off",
        "purge": "off",
        "purges_failed": 0,
    }


def test_publishing_does_not_wait_for_a_frozen_redis(transactional_db, redis):
    """The command ends, though Redis answers nothing: a nudge has a deadline."""
    event = make_event()
    redis.send_signal(signal.SIGSTOP)
    post_elsewhere(event, "Redis is frozen", redis.url)
    event.refresh_from_db()
    assert event.entry_count == 1
