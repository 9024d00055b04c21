"""A relay of this process, and nginx with nchan in the configuration that we ship."""

import asyncio
import json
from contextlib import asynccontextmanager

import aiohttp
import websockets

from tests.live.test_hub import in_thread
from tests.servers import CEILING
from updates.live.relay.relay import Relay
from updates.rehearsal.tier import Nginx

TOKEN = "hush"
HEADERS = {"Authorization": f"Bearer {TOKEN}", "Accept": "text/json"}


@asynccontextmanager
async def running(*machines):
    """A relay of this process, which posts to these."""
    timeout = aiohttp.ClientTimeout(total=CEILING)
    async with aiohttp.ClientSession(headers=HEADERS, timeout=timeout) as session:
        relay = Relay([f"http://127.0.0.1:{machine.for_relays.port}" for machine in machines], session)
        work = asyncio.create_task(relay.run())
        try:
            yield relay
            await relay.finish()
        finally:
            work.cancel()
            await asyncio.gather(work, return_exceptions=True)


@asynccontextmanager
async def nginx(folder, number=0, heartbeat=25.0):
    machine = Nginx(number, folder, [9], TOKEN, heartbeat)
    for proxy in (machine.for_readers, machine.for_relays):
        await proxy.open()
    await machine.start()
    try:
        yield machine
    finally:
        await machine.for_readers.close()
        await machine.for_relays.close()
        await machine.end()


@asynccontextmanager
async def tier(folder):
    async with asyncio.timeout(CEILING), nginx(folder) as machine, running(machine) as relay:
        yield machine, relay


async def socket(machine, event, *, version=1, **options):
    """Open a socket as soon as the relay follows the event."""
    url = f"{machine.addresses.socket}/ws/events/{event.slug}/?v={version}&epoch={event.epoch}&since=0"
    while True:
        try:
            return await websockets.connect(url, open_timeout=CEILING, **options)
        except websockets.InvalidStatus as refusal:
            if refusal.response.status_code != 403:
                raise
        await asyncio.sleep(0.02)  # between two attempts


async def frame(reader):
    return json.loads(await reader.recv())


async def ops(reader, seq=0):
    """The next operations, up to a number at least."""
    while (message := await frame(reader))["t"] != "ops" or message["seq"] < seq:
        pass
    return message


async def status_of(machine, event, **options):
    """How a handshake is refused; 101 where it is not."""
    query = options.pop("query", "v=1")
    url = f"{machine.addresses.socket}/ws/events/{event}/?{query}"
    try:
        async with websockets.connect(url, open_timeout=CEILING, **options):
            return 101
    except websockets.InvalidStatus as refusal:
        return refusal.response.status_code


def do(operation, *arguments):
    return asyncio.to_thread(in_thread, operation, *arguments)
