"""What can break, by name. Each fault breaks something while the editors post, and mends it again."""

import asyncio
import signal
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from .cache import StaleCache
from .deaf import Deaf
from .traces import Outage
from .wire import Places

if TYPE_CHECKING:
    from .show import Show
    from .stack import Server

BROKEN_FOR = 3.0
"""Seconds that something stays broken."""


@dataclass(frozen=True)
class Fault:
    name: str
    happens: Callable[["Show"], Awaitable[None]]
    says: str
    redis: bool = False
    processes: int = 1


FAULTS: dict[str, Fault] = {}


def fault(
    name: str, *, redis: bool = False, processes: int = 1
) -> Callable[[Callable[["Show"], Awaitable[None]]], Callable[["Show"], Awaitable[None]]]:
    """Register a fault; what its function says of itself is what the command prints."""

    def register(happens: Callable[["Show"], Awaitable[None]]) -> Callable[["Show"], Awaitable[None]]:
        FAULTS[name] = Fault(name, happens, (happens.__doc__ or "").strip(), redis, processes)
        return happens

    return register


@asynccontextmanager
async def outage(show: "Show") -> AsyncIterator[None]:
    start = time.time()
    try:
        yield
    finally:
        show.outages.append(Outage(start, time.time()))


@fault("calm")
async def calm(show: "Show") -> None:
    """Nothing breaks."""
    await show.post()


@fault("burst")
async def burst(show: "Show") -> None:
    """All posts at once, without a pause."""
    show.editors.rate = None
    await show.post()


@fault("join-at-full-rate")
async def join_at_full_rate(show: "Show") -> None:
    """Readers open the page in waves while posts come without a pause."""
    show.editors.rate = None
    waves = 5
    async with show.posting():
        for _ in range(waves):
            await show.crowd.join(max(1, show.readers // waves))


@fault("kill-between-commit-and-nudge")
async def kill(show: "Show") -> None:
    """A server is killed after it has committed a post and before it told anybody; then it is started again."""
    async with show.posting():
        show.editors.killer = "next"
        victim = await show.first_to_end()
        async with outage(show):
            await victim.start()


@fault("rolling-restart")
async def rolling_restart(show: "Show") -> None:
    """Every server is asked to stop and started again, one after the other, with its readers attached."""
    async with show.posting():
        for server in show.stack.servers:
            async with outage(show):
                await server.end()
                await server.start()


@fault("reconnect-storm")
async def reconnect_storm(show: "Show") -> None:
    """All lines of all readers are cut in the same moment."""
    await show.crowd.connected(ceiling=60)
    before, sockets = await show.queries("hub"), sum(trace.sockets for trace in show.crowd.traces())
    # Without posts until all are back, so that what the hubs ask is asked for the sockets alone.
    async with outage(show):
        back = asyncio.create_task(show.crowd.connected(ceiling=120, anew=True))
        await asyncio.sleep(0)  # it has counted them
        for server in show.stack.servers:
            server.line.cut()
        show.notes["all back"] = await back
    came = sum(trace.sockets for trace in show.crowd.traces()) - sockets
    asked = await show.queries("hub") - before
    show.notes["sockets"] = came
    show.notes["queries per socket"] = round(asked / max(1, came), 4)
    if asked > len(show.stack.servers) or not show.notes["all back"]:
        show.problems.append(f"{asked} queries for {came} sockets that came back")
    await show.post()


@fault("slow-reader")
async def slow_reader(show: "Show") -> None:
    """Some clients never read: half of them are silent, half keep sending."""
    server = show.stack.servers[0]
    sizes = [server.resident_megabytes()]
    deaf = [await Deaf.connect(server.port, show.slug, *await show.standing(), sends=bool(n % 2)) for n in range(10)]
    weighing = asyncio.create_task(_weigh(server, sizes))
    await show.post()
    weighing.cancel()
    show.notes["server grew by MB"] = round(max(sizes) - sizes[0], 1)
    for client in deaf:
        await client.leave()


async def _weigh(server: "Server", sizes: list[float]) -> None:
    while True:
        await asyncio.sleep(0.5)
        sizes.append(server.resident_megabytes())


@fault("asleep")
async def asleep(show: "Show") -> None:
    """A third of the readers close their laptops for a while."""
    async with show.posting():
        await show.crowd.sleep(1 / 3)
        await show.share_posted(0.7)
        show.crowd.wake()


@fault("stale-cache")
async def stale_cache(show: "Show") -> None:
    """A shared cache before the server answers as old as its headers allow, and lines are cut again and again."""
    async with StaleCache(show.stack.servers[0].base) as cache:
        show.places = lambda server: Places(cache.base, server.places.socket)
        async with show.posting():
            for share in (0.2, 0.4, 0.6, 0.8):
                await show.share_posted(share)
                for server in show.stack.servers:
                    server.line.cut()
        await show.settle()
        show.notes["stale answers"] = cache.stale_answers
        show.places = lambda server: server.places


@fault("restore-backup")
async def restore_backup(show: "Show") -> None:
    """The database is put back to a backup and its numbering started anew, as docs/operations.md says."""
    stack = show.stack
    await show.post(0.3)
    async with outage(show):
        await stack.stop_servers()
        await stack.store.backup()
        await stack.start_servers()
    kept = list(show.editors.posts)
    await show.post(0.3)
    await show.settle()
    async with outage(show):
        await stack.stop_servers()
        await stack.store.restore()
        await stack.manage("new_epoch", show.slug)
        await stack.start_servers()
    show.notes["posts lost by the restore itself"] = len(show.editors.posts) - len(kept)
    show.editors.posts[:] = kept
    show.editors.forget()
    await show.post(0.4)


@fault("hub-behind", processes=2)
async def hub_behind(show: "Show") -> None:
    """Readers of one server come to another, which was frozen meanwhile and knows less than they do."""
    first, other = show.stack.servers[:2]
    async with show.posting():
        other.send(signal.SIGSTOP)
        show.editors.avoid = other
        async with outage(show):
            await asyncio.sleep(BROKEN_FOR)  # the fault itself
        first.line.cut()
        show.places = lambda _: other.places
        other.send(signal.SIGCONT)
        show.editors.avoid = None
    await show.settle()
    show.places = lambda server: server.places


@fault("redis-stop", redis=True)
async def redis_stop(show: "Show") -> None:
    """Redis ends, and is started again."""
    redis = show.stack.redis
    async with show.posting():
        await redis.end()  # type: ignore[union-attr] # asked for by ``redis=True``
        await asyncio.sleep(BROKEN_FOR)  # the fault itself
        await redis.start()  # type: ignore[union-attr]


@fault("redis-freeze", redis=True)
async def redis_freeze(show: "Show") -> None:
    """Redis takes everything and answers nothing (SIGSTOP)."""
    redis = show.stack.redis
    async with show.posting():
        redis.send(signal.SIGSTOP)  # type: ignore[union-attr]
        await asyncio.sleep(BROKEN_FOR)  # the fault itself
        redis.send(signal.SIGCONT)  # type: ignore[union-attr]


@fault("redis-half-open", redis=True)
async def redis_half_open(show: "Show") -> None:
    """The line to Redis stays open, and nothing passes it any more; in the end it is cut."""
    line = show.stack.redis_line
    async with show.posting():
        line.freeze()  # type: ignore[union-attr]
        await asyncio.sleep(BROKEN_FOR)  # the fault itself
        line.cut()  # type: ignore[union-attr]
        line.thaw()  # type: ignore[union-attr]


def refusal(one: Fault, *, redis: bool, processes: int) -> str:
    """Why a fault cannot be rehearsed with this stack; empty where it can."""
    if one.redis and not redis:
        return "it needs Redis (--redis)"
    if one.processes > processes:
        return f"it needs {one.processes} server processes (--processes {one.processes})"
    return ""
