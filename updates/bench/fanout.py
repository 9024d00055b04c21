"""What readers cost a server: processor time per update and to open a socket, memory, and how long an update takes.

These servers are measured in turns: ours, which writes to the socket directly; ours under plain Daphne, where every
frame passes ASGI's ``send``; the design of the Channels tutorial; and nginx with nchan, where it is installed. All have
the same number of readers, messages and bytes, within the same minute, and each sends some updates that do not count at
the start of its turn. Publishing is part of all figures.
"""

import asyncio
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import aiohttp
from django.db import connection

from updates import publishing
from updates.models import Event
from updates.rehearsal.crowd import raise_file_limit, wait_for
from updates.rehearsal.tier import missing_programs
from updates.types import User

from .audience import Audience
from .contenders import DAPHNE, Contender, Costs, nchan, product, serving, tutorial
from .events import Newsroom, content
from .noise import STEADY, spread
from .rows import Row
from .site import ARRIVES_WITHIN, Running, ServerFailed, running
from .tier import nginx

LEAST_ROUNDS, MOST_ROUNDS = 5, 15

BURST = 300


def fan_out(newsroom: Newsroom, folder: Path, readers: int) -> Iterator[Row]:
    raise_file_limit(3 * readers + 1000)  # inherited by the servers
    with ExitStack() as stack:
        start = stack.enter_context
        ours = start(serving(folder))  # a new one: memory that pages have left behind would hide that of readers
        plain = start(serving(folder, *DAPHNE, "liveblog.asgi:application", "--fd"))
        group = start(running(folder, *DAPHNE, "updates.bench.tutorial:application", "--fd"))
        contenders = [product(ours, newsroom.small), product(plain, newsroom.large), tutorial(group)]
        if not missing_programs():
            contenders.append(nchan(start(nginx(folder, "beside"))))
        costs = measure(contenders, readers)
        yield _burst(newsroom, ours, costs[2], readers)
    yield from _of_messages(readers, *costs[:3])
    yield from _of_readers(readers, costs[0], costs[2])
    for bare in costs[3:]:
        yield from _beside_nchan(readers, costs[0], bare)


def measure(contenders: list[Contender], readers: int) -> list[Costs]:
    """Return the costs of each contender: after a round to warm up, as many as it takes until the first is steady."""
    with ExitStack() as stack:
        opened = [stack.enter_context(each.opened(readers)) for each in contenders]
        pairs = [(each, *pair) for each, pair in zip(contenders, opened, strict=True)]
        size = contenders[0].measure(*opened[0], readers, size=1000)
        for contender, crowd, costs in pairs:
            contender.measure(crowd, costs, readers, size)
            costs.messages.clear()
            costs.delays.clear()
        for number in range(1, MOST_ROUNDS + 1):
            for contender, crowd, costs in pairs:
                contender.measure(crowd, costs, readers, size)
            if number >= LEAST_ROUNDS and spread(opened[0][1].messages) < STEADY:
                break
    return [costs for _, costs in opened]


def _of_messages(readers: int, line: Costs, send: Costs, group: Costs) -> Iterator[Row]:
    for how, costs, must, aim in (("plain send", send, 6, None), ("written to the line", line, 20, 40)):
        what = f"fan-out to {readers:,} readers, {how}, against a group member each"
        of = f"{costs.message:.1f} of {group.message:.0f} µs a message, ± {100 * spread(costs.messages):.0f} %"
        yield Row(what, group.message / costs.message, "× less", must=must, aim=aim, more_is_better=True, of=of)


def _of_readers(readers: int, ours: Costs, stock: Costs) -> Iterator[Row]:
    ratio, of = stock.opening / ours.opening, f"{ours.opening:.0f} µs of {stock.opening:.0f} µs"
    yield Row("connect: opening a socket, against stock Daphne", ratio, "× less", must=3, more_is_better=True, of=of)
    of = f"stock Daphne {stock.memory:.1f} KB"
    yield Row("memory of an open reader", ours.memory, "KB a reader", must=16, aim=12, of=of)
    ratio, of = stock.p99 / ours.p99, f"{ours.p99:.1f} of {stock.p99:.0f} ms"
    what = f"p99: from publishing to 99 % of {readers:,} readers, against a group member each"
    yield Row(what, ratio, "× less", must=5, more_is_better=True, of=of)


def _beside_nchan(readers: int, ours: Costs, bare: Costs) -> Iterator[Row]:
    """Compare with nginx, which gets a message of the same length and has no database to write."""
    is_large = readers >= 5000
    of = f"{ours.message:.1f} of {bare.message:.1f} µs"
    what = f"fan-out to {readers:,} readers, publishing included, against nchan"
    yield Row(what, ours.message / bare.message, "×", must=1.2 if is_large else 1.5, of=of)
    of = f"{ours.p99:.1f} of {bare.p99:.1f} ms"
    what = f"p99: from publishing to 99 % of {readers:,} readers, against nchan"
    yield Row(what, ours.p99 / bare.p99, "×", must=1.3 if is_large else None, of=of)


def _burst(newsroom: Newsroom, server: Running, group: Costs, readers: int) -> Row:
    """Measure updates that come faster than they are sent, so that several share a frame."""
    newsroom.small.refresh_from_db()
    cost = asyncio.run(_burst_cost(server, newsroom.small, newsroom.author, readers))
    what, of = f"burst of {BURST} updates, against a group member each", f"{cost:.1f} µs of {group.message:.0f} µs"
    return Row(what, group.message / cost, "× less", must=20, more_is_better=True, of=of)


async def _burst_cost(server: Running, event: Event, author: User, readers: int) -> float:
    """Return the microseconds of processor time per update and reader, until each has the head after the burst."""
    address = f"{server.socket}/ws/events/{event.slug}/?v=1&epoch={event.epoch}&since={event.head}"
    head = event.head + BURST
    async with (
        aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as session,
        Audience(address).connected(session, readers) as audience,
    ):
        before = server.processor_seconds()
        await asyncio.to_thread(_publish_burst, event, author)
        if not await wait_for(lambda: min(audience.heads) >= head, ARRIVES_WITHIN):
            raise ServerFailed(f"{audience.address}: the burst did not reach every reader")
        await asyncio.sleep(0.1)  # lets the server finish its work on the last update
        return (server.processor_seconds() - before) / BURST / readers * 1e6


def _publish_burst(event: Event, author: User) -> None:
    try:
        for _ in range(BURST):
            publishing.publish(event.pk, content(1), author)
    finally:
        connection.close()  # connection of this thread
