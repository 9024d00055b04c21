"""Faults by name. Each breaks something while the editors post, and repairs it."""

import asyncio
import signal
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from .protocol import Addresses
from .records import Outage
from .stale_cache import StaleCache
from .stalled_client import StalledClient

if TYPE_CHECKING:
    from .fault_run import FaultRun
    from .stack import Server

FEW = 30
"""Posts of a fault that is not about their number."""

NUDGED_WITHIN = 10.0
"""Seconds after the last post, on a busy machine: nudges take some milliseconds."""

BROKEN_FOR = 3.0
"""Seconds for which something stays broken."""


@dataclass(frozen=True)
class Fault:
    name: str
    perform: Callable[["FaultRun"], Awaitable[None]]
    description: str
    redis: bool = False
    processes: int = 1
    nudges: bool = False
    """Whether a nudge must reach every server process."""
    tier: bool | None = None
    """Whether it needs the readers' tier, or server processes that hold the sockets themselves."""


FAULTS: dict[str, Fault] = {}


def fault(
    name: str, *, redis: bool = False, processes: int = 1, nudges: bool = False, tier: bool | None = None
) -> Callable[[Callable[["FaultRun"], Awaitable[None]]], Callable[["FaultRun"], Awaitable[None]]]:
    """Register a fault. The docstring of its function is its description."""

    def register(perform: Callable[["FaultRun"], Awaitable[None]]) -> Callable[["FaultRun"], Awaitable[None]]:
        FAULTS[name] = Fault(name, perform, (perform.__doc__ or "").strip(), redis, processes, nudges, tier)
        return perform

    return register


@asynccontextmanager
async def outage(run: "FaultRun") -> AsyncIterator[None]:
    start = time.time()
    try:
        yield
    finally:
        run.outages.append(Outage(start, time.time()))


@fault("calm")
async def calm(run: "FaultRun") -> None:
    """A run without a fault."""
    await run.post()


@fault("burst")
async def burst(run: "FaultRun") -> None:
    """Posts without a pause."""
    run.editors.rate = None
    await run.post()


@fault("join-at-full-rate")
async def join_at_full_rate(run: "FaultRun") -> None:
    """Readers open the page in waves while posts come without a pause."""
    run.editors.rate = None
    waves = 5
    async with run.posting():
        for _ in range(waves):
            await run.crowd.join(max(1, run.readers // waves))


@fault("kill-between-commit-and-nudge")
async def kill(run: "FaultRun") -> None:
    """A server is killed between commit and nudge, then started again."""
    async with run.posting():
        run.editors.kill_key = "next"
        victim = await run.first_to_end()
        async with outage(run):
            await victim.start()


@fault("rolling-restart")
async def rolling_restart(run: "FaultRun") -> None:
    """Every server is stopped and started again, one after another, while readers are connected."""
    async with run.posting():
        for server in run.stack.servers:
            async with outage(run):
                await server.end()
                await server.start()


@fault("reconnect-storm")
async def reconnect_storm(run: "FaultRun") -> None:
    """All connections of all readers are cut at once."""
    await run.crowd.connected(within=60)
    before, sockets = await run.queries("hub"), sum(record.sockets for record in run.crowd.records())
    # No posts until all are back, so that every query of the hubs is due to the sockets.
    async with outage(run):
        back = asyncio.create_task(run.crowd.connected(within=120, anew=True))
        await asyncio.sleep(0)  # lets it count the sockets first
        run.stack.cut()
        run.notes["all back"] = await back
    new_sockets = sum(record.sockets for record in run.crowd.records()) - sockets
    queries = await run.queries("hub") - before
    run.notes["sockets"] = new_sockets
    run.notes["queries per socket"] = round(queries / max(1, new_sockets), 4)
    # A hub may read once, and again whenever Redis answers its probe too late, as on a busy machine.
    if queries > max(2 * len(run.stack.servers), new_sockets // 10) or not run.notes["all back"]:
        run.problems.append(f"{queries} queries for {new_sockets} new sockets")
    await run.post()


@fault("nudges-alone", tier=False, nudges=True)
async def nudges_alone(run: "FaultRun") -> None:
    """The servers look for changes once a minute only, so that nudges must bring every one."""
    run.load = replace(run.load, posts=min(run.load.posts, FEW))
    try:
        back = asyncio.create_task(run.crowd.connected(within=run.load.timeout, anew=True))
        await asyncio.sleep(0)  # lets it count the sockets first
        await _restart_with(run, {"RECONCILE_EVERY": "60"})
        await back
        await run.post()
        await run.wait_for_schedule()
        if not await run.crowd.settle(*await run.position(), within=NUDGED_WITHIN):
            run.problems.append(f"without the regular check, readers did not have everything within {NUDGED_WITHIN} s")
    finally:
        await _restart_with(run, {})


async def _restart_with(run: "FaultRun", changes: dict[str, str]) -> None:
    async with outage(run):
        await run.stack.stop_servers()
        for server in run.stack.servers:
            server.environment = run.stack.environment | changes
        await run.stack.start_servers()


@fault("slow-reader", tier=False)
async def slow_reader(run: "FaultRun") -> None:
    """Some clients never read: half of them are silent, half keep sending."""
    server = run.stack.servers[0]
    sizes = [server.resident_megabytes()]
    stalled = [
        await StalledClient.connect(server.port, run.slug, *await run.position(), sends=bool(n % 2)) for n in range(10)
    ]
    weighing = asyncio.create_task(_weigh(server, sizes))
    await run.post()
    weighing.cancel()
    run.notes["server grew by MB"] = round(max(sizes) - sizes[0], 1)
    for client in stalled:
        await client.leave()


async def _weigh(server: "Server", sizes: list[float]) -> None:
    while True:
        await asyncio.sleep(0.5)
        sizes.append(server.resident_megabytes())


@fault("asleep")
async def asleep(run: "FaultRun") -> None:
    """A third of the readers close their laptops for a while."""
    async with run.posting():
        await run.crowd.sleep(1 / 3)
        await run.share_posted(0.7)
        run.crowd.wake()


@fault("stale-cache")
async def stale_cache(run: "FaultRun") -> None:
    """A shared cache serves responses as old as their headers allow, and connections are cut repeatedly."""
    async with StaleCache(run.stack.servers[0].base) as cache:
        run.addresses = lambda number: Addresses(cache.base, run.stack.addresses_of(number).socket)
        async with run.posting():
            for share in (0.2, 0.4, 0.6, 0.8):
                await run.share_posted(share)
                run.stack.cut()
        await run.settle()
        run.notes["stale responses"] = cache.stale_responses
        run.addresses = run.stack.addresses_of


@fault("restore-backup")
async def restore_backup(run: "FaultRun") -> None:
    """The database is restored from a backup and gets a new epoch, as docs/operations.md says."""
    stack = run.stack
    run.editors.schedules = False  # what is due between backup and restore is published twice
    await run.post(0.3)
    async with outage(run):
        await stack.stop_servers()
        await stack.store.backup()
        await stack.start_servers()
    backed_up = list(run.editors.posts)
    await run.post(0.3)
    await run.settle()
    async with outage(run):
        await stack.stop_servers()
        await stack.store.restore()
        await stack.manage("new_epoch", run.slug)
        await stack.start_servers()
    run.notes["posts lost by the restore itself"] = len(run.editors.posts) - len(backed_up)
    run.editors.posts[:] = backed_up
    run.editors.forget_unsaved()
    await run.post(0.4)


@fault("hub-behind", processes=2, tier=False)
async def hub_behind(run: "FaultRun") -> None:
    """Readers move to a server that was frozen and is behind them."""
    first, other = run.stack.servers[:2]
    async with run.posting():
        other.send(signal.SIGSTOP)
        run.editors.avoid = other
        async with outage(run):
            await asyncio.sleep(BROKEN_FOR)  # the fault itself
        first.proxy.cut()
        run.addresses = lambda _: other.addresses
        other.send(signal.SIGCONT)
        run.editors.avoid = None
    await run.settle()
    run.addresses = run.stack.addresses_of


@fault("redis-stop", redis=True)
async def redis_stop(run: "FaultRun") -> None:
    """Redis ends and is started again."""
    redis = run.stack.redis
    async with run.posting():
        await redis.end()  # type: ignore[union-attr] # guaranteed by ``redis=True``
        await asyncio.sleep(BROKEN_FOR)  # the fault itself
        await redis.start()  # type: ignore[union-attr]


@fault("redis-freeze", redis=True)
async def redis_freeze(run: "FaultRun") -> None:
    """Redis accepts requests and does not answer (SIGSTOP)."""
    redis = run.stack.redis
    async with run.posting():
        redis.send(signal.SIGSTOP)  # type: ignore[union-attr]
        await asyncio.sleep(BROKEN_FOR)  # the fault itself
        redis.send(signal.SIGCONT)  # type: ignore[union-attr]


@fault("redis-half-open", redis=True)
async def redis_half_open(run: "FaultRun") -> None:
    """The connection to Redis stays open but passes nothing; finally it is cut."""
    proxy = run.stack.redis_proxy
    async with run.posting():
        proxy.freeze()  # type: ignore[union-attr]
        await asyncio.sleep(BROKEN_FOR)  # the fault itself
        proxy.cut()  # type: ignore[union-attr]
        proxy.thaw()  # type: ignore[union-attr]


def missing_for(fault: Fault, *, redis: bool, processes: int, tier: bool = False) -> str:
    """Return what the stack lacks for a fault; empty if nothing."""
    if fault.redis and not redis:
        return "it needs Redis (--redis)"
    if fault.nudges and processes > 1 and not redis:
        return "it needs Redis between the processes (--redis)"
    if fault.processes > processes:
        return f"it needs {fault.processes} server processes (--processes {fault.processes})"
    if fault.tier and not tier:
        return "it needs nginx with nchan before the servers (--tier nchan)"
    if fault.tier is False and tier:
        return "nginx holds the sockets (--tier nchan)"
    return ""
