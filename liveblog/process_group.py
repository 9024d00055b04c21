"""Several server processes on one address: started, watched, restarted and reloaded.

Each process has a listening socket of its own (``SO_REUSEPORT``), so the system spreads connections evenly. This
process opens the sockets and keeps them open, so that no connection is refused while a process is restarted: it waits
for the next one. It serves nothing itself.
"""

import asyncio
import logging
import os
import signal
import socket
import sys
import tempfile
from collections.abc import Coroutine
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from time import monotonic
from typing import Final

from prometheus_client.multiprocess import mark_process_dead

logger = logging.getLogger(__name__)

BACKLOG: Final = 2048
"""Connections that may wait on each socket."""

READY_WITHIN: Final = 60.0
STOPS_WITHIN: Final = 40.0
"""Seconds. A process that stops drains its readers and finishes its requests."""

STABLE_AFTER: Final = 10.0
"""Seconds after which a process counts as running. One that ends earlier is restarted after a longer pause each
time."""

LONGEST_PAUSE: Final = 10.0
READY: Final = b"R"
METRICS: Final = "PROMETHEUS_MULTIPROC_DIR"
"""Variable with the folder in which processes share their measurements."""
NUMBER: Final = "SERVER_PROCESS"
"""Variable with the number of a process, from 1, that this module gives to it."""


@dataclass
class ServerProcess:
    """A running process. It writes to ``line`` when it is ready, and stops when its other end is closed."""

    process: asyncio.subprocess.Process
    line: socket.socket

    async def is_ready(self) -> bool:
        """Wait until it serves; ``False`` where it ends before, or takes too long."""
        try:
            async with asyncio.timeout(READY_WITHIN):
                return await asyncio.get_running_loop().sock_recv(self.line, 1) == READY
        except (TimeoutError, OSError):
            return False

    async def wait(self) -> int:
        status = await self.process.wait()
        self.line.close()
        if folder := os.environ.get(METRICS):
            mark_process_dead(self.process.pid, folder)  # type: ignore[no-untyped-call]
        return status

    async def stop(self) -> None:
        with suppress(ProcessLookupError):
            self.process.terminate()
        try:
            async with asyncio.timeout(STOPS_WITHIN):
                await self.process.wait()
        except TimeoutError:
            self.process.kill()


@dataclass
class Place:
    """One place in the group: its number, its listening sockets, and the process that serves on them at present."""

    number: int
    listener: socket.socket
    own: socket.socket | None
    """Listens on an address of this process alone, for a proxy that asks whether it is ready."""
    current: ServerProcess | None = None

    async def launch(self) -> ServerProcess:
        ours, theirs = socket.socketpair()
        ours.setblocking(False)
        with theirs, ExitStack() as unless_it_starts:
            unless_it_starts.callback(ours.close)
            process = await asyncio.create_subprocess_exec(
                *self._command(theirs),
                pass_fds=[each.fileno() for each in (self.listener, self.own, theirs) if each is not None],
                env=os.environ | {NUMBER: str(self.number)},
                start_new_session=True,  # Ctrl-C stops the group in order, by this process
            )
            unless_it_starts.pop_all()
        return ServerProcess(process, ours)

    def _command(self, line: socket.socket) -> list[str]:
        own = ["--own-fd", str(self.own.fileno())] if self.own is not None else []
        listener = str(self.listener.fileno())
        return [sys.executable, sys.argv[0], "serve", "--fd", listener, "--line", str(line.fileno()), *own]


class ProcessGroup:
    """All places, until SIGTERM or SIGINT. SIGHUP replaces the processes one after the other."""

    def __init__(self, places: list[Place]) -> None:
        self._places = places
        self._is_ending = asyncio.Event()
        self._reloading = asyncio.Lock()

    async def run(self) -> None:
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self._is_ending.set)
        reloads: set[asyncio.Task[None]] = set()
        loop.add_signal_handler(signal.SIGHUP, lambda: reloads.add(_logged(self.reload())))
        watching = [_logged(self._keep(place)) for place in self._places]
        for task in watching:  # the listener of an unwatched place would get connections that nobody accepts
            task.add_done_callback(lambda _task: self._is_ending.set())
        await self._is_ending.wait()
        for task in (*watching, *reloads):
            task.cancel()
        for place in self._places:
            place.listener.close()  # the processes have theirs, and close them when they have accepted what waits
        await asyncio.gather(*(place.current.stop() for place in self._places if place.current))

    async def _keep(self, place: Place) -> None:
        """Start a process, and another one whenever it ends by itself or cannot be started."""
        ended: ServerProcess | None = None
        pause = 0.0
        while True:
            started_at, reason = monotonic(), "ended"
            try:
                if place.current is ended:  # otherwise a reload has started one meanwhile
                    place.current = await place.launch()
                while (current := place.current) and current is not ended:  # also those by which reloads replace it
                    started_at = monotonic()
                    reason = f"ended with {await current.wait()}"
                    ended = current
            except OSError as error:
                reason = f"cannot be started: {error}"
            pause = 0.0 if monotonic() - started_at > STABLE_AFTER else min(LONGEST_PAUSE, 2 * pause + 1)
            logger.error("Server process %s %s; starting another in %g s", place.number, reason, pause)
            await asyncio.sleep(pause)

    async def reload(self) -> None:
        """Replace each process by a new one when that is ready. One that does not get ready stops the reload."""
        async with self._reloading:
            for place in self._places:
                successor = await _ready_successor(place)
                if successor is None:
                    return
                before, place.current = place.current, successor
                if before is not None:
                    await before.stop()
            logger.warning("All %s server processes were replaced", len(self._places))


async def _ready_successor(place: Place) -> ServerProcess | None:
    problem = "does not get ready"
    try:
        successor = await place.launch()
    except OSError as error:
        problem = f"cannot be started: {error}"
    else:
        if await successor.is_ready():
            return successor
        await successor.stop()
        await successor.wait()  # closes its line and ends its measurements
    logger.error("The new process %s %s; the old ones go on", place.number, problem)
    return None


def _logged(work: Coroutine[None, None, None]) -> asyncio.Task[None]:
    """Start work whose unexpected error is logged when it ends."""
    task = asyncio.get_running_loop().create_task(work)
    task.add_done_callback(_log_error)
    return task


def _log_error(task: asyncio.Task[None]) -> None:
    if not task.cancelled() and (error := task.exception()):
        logger.critical("The watch over the server processes has failed", exc_info=error)


def is_first() -> bool:
    """Return whether this process is the first server process of its group, or the only one."""
    return os.environ.get(NUMBER, "1") == "1"


def listen(host: str, port: int) -> socket.socket:
    """Open a listening socket that shares its address with those of the other processes."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    listener.bind((host, port))
    listener.listen(BACKLOG)
    return listener


def serve_group(listeners: list[socket.socket], own: list[socket.socket]) -> None:
    """Run a process for each listener until this process is stopped."""
    places = [
        Place(number, listener, own[number - 1] if own else None) for number, listener in enumerate(listeners, start=1)
    ]
    with ExitStack() as stack:
        if METRICS not in os.environ:  # so that any process has the measurements of all
            folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="liveblog-metrics-"))
            os.environ[METRICS] = folder
        asyncio.run(_run(places))


async def _run(places: list[Place]) -> None:
    await ProcessGroup(places).run()
