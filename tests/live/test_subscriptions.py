"""Nudges of other processes: one subscription for each event, whatever happens to Redis."""

import asyncio
from contextlib import asynccontextmanager

import pytest
from channels.layers import get_channel_layer

from tests.factories import make_event, post
from tests.live.test_hub import Counting, in_thread
from tests.servers import async_wait_until
from updates import nudge
from updates.live import hubs as hubs_module
from updates.live import subscriptions
from updates.live.hubs import Hubs
from updates.live.subscriptions import Subscriptions

pytestmark = pytest.mark.django_db(transaction=True)


def members(event_id):
    return len(get_channel_layer().groups.get(nudge.group_name(event_id), ()))


async def nudge_of_another_process(event_id):
    message = {"type": "event.moved", "process": "another"}
    await get_channel_layer().group_send(nudge.group_name(event_id), message)


@asynccontextmanager
async def subscribed(*event_ids):
    """Subscriptions, and the list of events that were called back."""
    calls, following = [], Subscriptions()
    callbacks = {event_id: lambda event_id=event_id: calls.append(event_id) for event_id in event_ids}
    for event_id, callback in callbacks.items():
        following.add(event_id, callback)
    await async_wait_until(lambda: set(calls) == set(event_ids))
    calls.clear()
    yield following, calls, callbacks
    for event_id in list(following._tasks):
        following.remove(event_id, callbacks[event_id])
    await async_wait_until(lambda: not any(map(members, event_ids)))


async def test_nudges_of_other_processes_call_back_and_own_ones_do_not():
    async with subscribed(1) as (_following, calls, _callbacks):
        await nudge.send_nudge(1)
        await nudge_of_another_process(1)
        await async_wait_until(lambda: calls)
        assert calls == [1]


async def test_event_that_comes_or_goes_while_redis_is_renewed_has_one_subscription_or_none():
    async with subscribed(1, 2) as (following, calls, callbacks):
        callbacks[3] = lambda: calls.append(3)
        added = []

        def come_and_go(_ended):
            following.remove(2, callbacks[2])
            following.add(3, callbacks[3])
            added.append(following._tasks[3])

        following._tasks[1].add_done_callback(come_and_go)
        await following.renew()

        assert added == [following._tasks[3]]
        await async_wait_until(lambda: [members(event_id) for event_id in (1, 2, 3)] == [1, 0, 1])
        following.remove(3, callbacks[3])
        await async_wait_until(added[0].done)


async def test_renewed_memberships_are_given_back(monkeypatch):
    monkeypatch.setattr(subscriptions, "RENEW_EVERY", 0.01)
    async with subscribed(1) as (_following, calls, _callbacks):
        await async_wait_until(lambda: len(calls) > 30)
        assert members(1) <= 1


def test_hub_reads_once_for_an_operation_of_its_own_process(monkeypatch, settings):
    settings.RECONCILE_EVERY = 3600.0
    monkeypatch.setattr(hubs_module, "Hub", Counting)
    event = make_event()
    event.refresh_from_db()

    async def run():
        hubs = Hubs()
        hub = hubs._hub(event.pk)
        await async_wait_until(lambda: members(event.pk))
        await hub.wake()
        before = hub.reads
        for number in range(10):
            await asyncio.to_thread(in_thread, post, event, f"Update {number}")
            await async_wait_until(lambda head=event.head + number + 1: hub.state.head == head)
            await async_wait_until(lambda: hub._reading is None and not hubs._nudges._tasks)
        await hubs.stop()
        return hub.reads - before

    assert asyncio.run(run()) == 10
