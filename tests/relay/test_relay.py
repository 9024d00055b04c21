"""A relay and a real nginx with nchan, in the configuration that we ship: what readers get at its sockets."""

import asyncio
import json

import pytest
from django.db import connection

from tests.factories import editor_of, make_event, post
from tests.relay.tier import do, frame, nginx, ops, running, socket, tier
from tests.servers import CEILING, async_wait_until, wait_until
from updates import publishing
from updates.choices import ChangeKind
from updates.live.relay.nginx import Claim, Post
from updates.models import Delivery, Event, ReaderCount
from updates.models.guard import writing
from updates.publishing.events import start_epoch
from updates.queries.receipts import receipts_of
from updates.rehearsal.stalled_client import StalledClient

pytestmark = [pytest.mark.services, pytest.mark.django_db(transaction=True)]


def test_every_frame_names_the_terms_and_the_newest_one_meets_who_arrives(tmp_path, settings):
    event = make_event(shows_reader_count=True)
    event.refresh_from_db()
    boss = editor_of(event)

    async def run():
        async with tier(tmp_path) as (machine, _):
            early = await socket(machine, event)
            first = await frame(early)
            entry = await do(lambda: post(event, "Gate leaking", author=boss))
            news = await ops(early)
            met = await frame(await socket(machine, event))
            await do(lambda: publishing.remove(entry.pk, boss))
            removal = await ops(early, news["seq"] + 1)
            return first, news, met, removal, await frame(await socket(machine, event))

    first, news, met, removal, met_later = asyncio.run(run())
    terms = {"epoch": event.epoch, "hb": 25, "spread": settings.BACKOFF_BASE, "readers": 0}
    assert first == {"t": "hb", "seq": event.head} | terms
    assert news.items() >= {"t": "ops", "prev": event.head}.items() | terms.items()
    assert met == news
    assert "ask" not in news  # all readers would return the token
    assert [(item["op"], item.get("title")) for item in removal["items"]] == [("del", None)]
    assert met_later == removal  # what was removed is with nobody any more


def test_readers_of_an_ended_event_are_told_and_others_are_refused(tmp_path):
    event = make_event()
    event.refresh_from_db()
    boss = editor_of(event)

    async def run():
        async with tier(tmp_path) as (machine, relay):
            reader = await socket(machine, event)
            await do(lambda: publishing.change_state(event.pk, ChangeKind.END, boss))
            frames = [json.loads(text) async for text in reader]
            await async_wait_until(lambda: not relay._hubs)
            await do(lambda: publishing.change_state(event.pk, ChangeKind.REOPEN, boss))
            again = await frame(await socket(machine, event))
            return frames, reader.close_code, again

    frames, code, again = asyncio.run(run())
    assert frames[-2]["items"][-1]["status"] == "ended"
    assert frames[-1].items() >= {"t": "bye", "why": "ended", "code": 4410, "mode": "poll"}.items()
    assert code == 1001  # nchan knows no other
    assert again["t"] in {"hb", "ops"}
    assert again["seq"] > frames[-2]["seq"]


def test_an_event_that_is_no_longer_public_closes_its_sockets(tmp_path):
    event = make_event()
    event.refresh_from_db()

    def hide():
        with writing():
            Event.objects.filter(pk=event.pk).update(status="draft")

    async def run():
        async with tier(tmp_path) as (machine, _):
            reader = await socket(machine, event)
            await do(hide)
            return [json.loads(text) async for text in reader][-1]

    assert asyncio.run(run()).items() >= {"t": "bye", "why": "gone", "code": 4404}.items()


def test_a_new_epoch_reaches_readers_and_who_comes_later(tmp_path):
    event = make_event()
    event.refresh_from_db()

    async def run():
        async with tier(tmp_path) as (machine, _):
            reader = await socket(machine, event)
            await do(lambda: start_epoch(event.pk))
            while (message := await frame(reader))["epoch"] == event.epoch:
                pass
            return message, await frame(await socket(machine, event))

    told, met = asyncio.run(run())
    event.refresh_from_db()
    assert told == met
    assert told.items() >= {"t": "hb", "epoch": event.epoch, "seq": event.head}.items()


def test_a_database_that_was_set_back_without_a_relay_gets_a_new_epoch(tmp_path):
    event = make_event()
    event.refresh_from_db()
    post(event, "Lost with the restore")

    def set_back():
        with writing():
            Event.objects.filter(pk=event.pk).update(head=event.head)

    async def run():
        async with asyncio.timeout(CEILING), nginx(tmp_path) as machine:
            async with running(machine):
                reader = await socket(machine, event)
            await do(set_back)
            async with running(machine):
                while (await frame(reader))["epoch"] == event.epoch:
                    pass

    asyncio.run(run())
    before = event.epoch
    event.refresh_from_db()
    assert event.epoch != before


def test_readers_are_counted_by_machine_and_not_twice_by_two_relays(tmp_path, settings):
    settings.HEARTBEAT_EVERY = 0.2
    event = make_event(shows_reader_count=True)
    event.refresh_from_db()
    boss = editor_of(event)

    def reported():
        return list(ReaderCount.objects.filter(readers=11).values_list("event", flat=True))

    async def run():
        async with (
            asyncio.timeout(CEILING),
            nginx(tmp_path) as machine,
            running(machine),
            running(machine) as relay,
        ):
            readers = [await socket(machine, event) for _ in range(11)]
            await async_wait_until(lambda: relay._hubs[event.pk].reader_count == 10)
            await do(lambda: post(event, "Gate leaking", author=boss))
            await ops(readers[0])
            await do(wait_until, Delivery.objects.filter(sent=11).exists, "it is noted to how many it was sent")
            return await do(wait_until, reported, "all are reported: ten are rounded to ten as well")

    assert asyncio.run(run()) == [event.pk]
    event.refresh_from_db()
    receipts = receipts_of(event.pk, event.head)
    assert (receipts.sent, receipts.requested) == (11, 0)


def test_a_second_relay_leaves_out_what_the_first_has_posted(tmp_path):
    event = make_event()
    event.refresh_from_db()
    boss = editor_of(event)

    async def run():
        async with (
            asyncio.timeout(CEILING),
            nginx(tmp_path) as machine,
            running(machine) as first,
            running(machine) as second,
        ):
            reader = await socket(machine, event)
            await do(lambda: post(event, "Gate leaking", author=boss))
            seq = (await ops(reader))["seq"]
            await async_wait_until(lambda: all(r._hubs[event.pk]._sent_up_to >= seq for r in (first, second)))
            await asyncio.gather(*(relay.machines[0].flush(CEILING) for relay in (first, second)))
            posted = [relay.machines[0].posted for relay in (first, second)]
            (late,) = second.machines
            taken = []
            hub = second._hubs[event.pk]
            claim = Claim(event.epoch, seq, {}, is_heartbeat=False)
            late.add(Post(hub.channel_name, "never seen", claim, lambda *given: taken.append(given)))
            await async_wait_until(lambda: taken)
            return posted, [relay.machines[0].posted for relay in (first, second)], taken

    before, after, taken = asyncio.run(run())
    assert after == before
    assert taken == [(1, False)]


def test_a_reader_that_never_reads_is_closed(tmp_path, settings):
    settings.HEARTBEAT_EVERY = 1.0
    event = make_event()
    event.refresh_from_db()

    async def run():
        async with asyncio.timeout(CEILING), nginx(tmp_path, heartbeat=1) as machine, running(machine) as relay:
            await socket(machine, event)  # until it can be followed; it reads
            client = await StalledClient.connect(machine.port, event.slug, event.epoch, event.head, sends=False)
            hub = relay._hubs[event.pk]
            await async_wait_until(lambda: 2 in hub.subscribers.values())
            await async_wait_until(lambda: 1 in hub.subscribers.values())
            await client.leave()

    asyncio.run(run())


def test_channels_that_nginx_has_forgotten_come_back(tmp_path):
    event = make_event()
    event.refresh_from_db()

    async def run():
        async with tier(tmp_path) as (machine, _):
            before = await socket(machine, event)
            await frame(before)
            await machine.end()  # with all its channels
            await machine.start()
            return await frame(await socket(machine, event))

    assert asyncio.run(run())["seq"] == event.head


def test_a_machine_that_hangs_delays_no_other(tmp_path):
    event = make_event()
    event.refresh_from_db()
    boss = editor_of(event)

    async def run():
        async with asyncio.timeout(CEILING), nginx(tmp_path) as one, nginx(tmp_path, 1) as two, running(one, two):
            first, second = await socket(one, event), await socket(two, event)
            one.for_relays.freeze()
            await do(lambda: post(event, "Gate leaking", author=boss))
            news = await ops(second)
            one.for_relays.thaw()
            return news, await ops(first)

    there, here = asyncio.run(run())
    assert there["items"] == here["items"]
    connection.close()
