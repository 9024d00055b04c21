"""Who may neither read nor post at nginx."""

import asyncio

import aiohttp
import pytest

from tests.factories import make_event
from tests.relay.tier import HEADERS, nginx, socket, status_of, tier
from tests.servers import CEILING

pytestmark = [pytest.mark.services, pytest.mark.django_db(transaction=True)]


def test_who_may_not_subscribe(tmp_path):
    event = make_event()
    event.refresh_from_db()

    async def run():
        async with tier(tmp_path) as (machine, _):
            await socket(machine, event)
            own = f"http://127.0.0.1:{machine.for_readers.port}"
            asked = {
                "own": status_of(machine, event.slug, origin=own),
                "none": status_of(machine, event.slug),
                "foreign": status_of(machine, event.slug, origin="https://evil.example"),
                "longer host": status_of(machine, event.slug, origin=f"{own}.evil.example"),
                "no address": status_of(machine, event.slug, origin="null"),
                "other version": status_of(machine, event.slug, query="v=2"),
                "unknown": status_of(machine, "nowhere"),
            }
            return dict(zip(asked, await asyncio.gather(*asked.values()), strict=True))

    assert asyncio.run(run()) == {
        "own": 101, "none": 101,
        "foreign": 403, "longer host": 403, "no address": 403, "other version": 403, "unknown": 403,
    }  # fmt: skip


def test_who_may_not_post(tmp_path):
    async def run():
        async with asyncio.timeout(CEILING), nginx(tmp_path) as machine, aiohttp.ClientSession() as session:
            inside, outside = (f"http://127.0.0.1:{proxy.port}" for proxy in (machine.for_relays, machine.for_readers))
            statuses = []
            for base, headers in ((inside, {}), (inside, {"Authorization": "Bearer guess"}), (outside, HEADERS)):
                async with session.post(f"{base}/events/1/storm", data="{}", headers=headers) as response:
                    statuses.append(response.status)
            async with session.post(f"{inside}/events/1/storm", data="{}", headers=HEADERS) as response:
                return [*statuses, response.status]

    assert asyncio.run(run()) == [403, 403, 502, 202]  # outside it is a page, which the server would not find
