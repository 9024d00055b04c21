"""What monitoring can read of a relay, and who may."""

import asyncio
import urllib.request

import pytest
from aiohttp.test_utils import make_mocked_request
from aiohttp.web import HTTPNotFound

from tests.factories import editor_of, make_event, post
from tests.live.test_measurements import values_of
from tests.relay.tier import do, frame, ops, socket, tier
from tests.servers import CEILING, async_wait_until
from updates.live.relay.measurements import _measurements, serve_measurements


@pytest.mark.services
@pytest.mark.django_db(transaction=True)
def test_a_relay_names_readers_posts_and_what_waits(tmp_path):
    event = make_event()
    event.refresh_from_db()
    boss = editor_of(event)

    def fetch(port):
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=CEILING) as answer:
            return values_of(answer.read().decode())

    async def run():
        async with tier(tmp_path) as (machine, relay), serve_measurements("127.0.0.1", 0) as port:
            reader = await socket(machine, event)
            await frame(reader)
            await do(lambda: post(event, "Gate leaking", author=boss))
            await ops(reader)
            (nginx,) = relay.machines
            await async_wait_until(lambda: relay._hubs[event.pk].subscribers.get(nginx) == 1)
            await nginx.flush(CEILING)
            relay.measure()
            return nginx.host, await asyncio.to_thread(fetch, port)

    host, values = asyncio.run(run())
    assert values[("liveblog_tier_readers", host)] == 1
    assert values[("liveblog_tier_posts_waiting", host)] == 0
    assert values[("liveblog_tier_failing", host)] == 0
    assert values[("liveblog_tier_post_seconds_count", host)] >= 2
    assert values[("liveblog_hubs",)] == 1


async def test_other_machines_need_the_token_for_a_relay(settings):
    settings.READYZ_TOKEN = "a-token-of-the-monitor"

    def request(remote, token=""):
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        return make_mocked_request("GET", "/metrics", headers=headers).clone(remote=remote)

    assert (await _measurements(request("127.0.0.1"))).status == 200
    assert (await _measurements(request("192.0.2.7", "a-token-of-the-monitor"))).status == 200
    for refused in (request("192.0.2.7"), request("192.0.2.7", "another"), request("")):
        with pytest.raises(HTTPNotFound):
            await _measurements(refused)
