"""Daphne with background work, a long listen queue, bounded request bodies and an orderly stop.

Daphne has no ASGI lifespan, so background work starts and stops here.
"""

import asyncio
import ctypes
import gc
import logging
from contextlib import suppress
from socket import socket
from time import monotonic
from types import ModuleType
from typing import Any

import autobahn.websocket.protocol
import daphne.http_protocol
import daphne.server
from daphne.http_protocol import WebRequest
from daphne.server import Server
from daphne.ws_protocol import WebSocketProtocol
from django.urls import get_resolver
from twisted.internet import defer
from twisted.internet import reactor as installed_reactor
from twisted.python.failure import Failure

from liveblog.background_work import work_in_background
from liveblog.connections import BoundedFactory, waiting
from liveblog.process_group import READY
from liveblog.request_bodies import BoundedRequest
from liveblog.websocket_writer import WebSocketWriter
from updates.live.connection import WRITER
from updates.live.hubs import hubs

logger = logging.getLogger(__name__)

reactor: Any = installed_reactor  # its interfaces are from zope, which has no types
"""The types of Twisted do not have ``callWhenRunning``."""

BACKLOG = 2048
"""Connections that may wait to be accepted. Daphne's default of 50 is too few for a busy second."""

DRAIN_WITHIN = 3.0
"""Seconds within which all readers get their ``bye`` when the server stops."""

HANDSHAKE_WITHIN = 20
"""Seconds until a WebSocket that is not accepted is given up: at the desk the session is checked first."""

FIRST_REQUESTS_WITHIN = 1.0
"""Seconds that a connection which was already made has to send its request when the server stops."""

LONGEST_MESSAGE = 16 * 2**10
"""Bytes of a WebSocket message, which is kept until it is complete. Readers send none, desks a few hundred bytes."""

YOUNG_OBJECTS = (10_000, 10, 10)
"""Thresholds of the garbage collector. With Python's own, a burst of new connections spends a third of the processor on
looking through objects that stay. The last one decides how long forms and requests that point at themselves, and have
become old, take memory."""

ARENAS = 2
"""Places from which threads take memory. glibc has eight for each core, and keeps what was freed in each."""

M_ARENA_MAX = -8
"""Of glibc's ``malloc.h``."""

REQUESTS_WITHIN = 10.0
"""Seconds that running requests have to finish when the server stops."""

# Autobahn formats its whole configuration for its debug log at every new connection, even with that log off: a quarter
# of what a connection costs.
_autobahn: ModuleType = autobahn.websocket.protocol
_autobahn.pformat = lambda _: ""  # type: ignore[attr-defined]

# Daphne looks both up by these names
daphne.http_protocol.WebRequest = BoundedRequest
daphne.server.HTTPFactory = BoundedFactory


class LiveServer(Server):  # type: ignore[misc]  # Daphne has no types
    """Runs background work, offers a writer for each WebSocket, and stops in order."""

    line: socket | None = None
    """Connection to the process that watches this one (``liveblog/process_group.py``)."""

    def run(self) -> None:
        _limit_arenas()
        self.ports: list[Any] = []  # zope's interfaces have no types
        self.websocket_handshake_timeout = HANDSHAKE_WITHIN
        self.websocket_max_message_size = self.websocket_max_frame_size = LONGEST_MESSAGE
        reactor.callWhenRunning(self._start)
        super().run()

    def listen_success(self, port: object) -> None:
        self.ports.append(port)
        super().listen_success(port)

    def _start(self) -> None:
        _keep_what_is_loaded()
        self.tasks = [asyncio.ensure_future(work_in_background())]
        if self.line is not None:
            self.tasks.append(asyncio.ensure_future(self._follow_group(self.line)))

    async def _follow_group(self, line: socket) -> None:
        """Say that this process serves, and stop when the one that watches it has ended."""
        line.setblocking(False)
        loop = asyncio.get_running_loop()
        with suppress(ConnectionError):
            await loop.sock_sendall(line, READY)
            await loop.sock_recv(line, 1)
        self.stop()

    def create_application(self, protocol: object, scope: dict[str, object]) -> object:
        if scope["type"] == "websocket":
            scope["extensions"] = {WRITER: WebSocketWriter(protocol)}
        return super().create_application(protocol, scope)

    def kill_all_applications(self) -> "defer.Deferred[None]":
        """Stop in order; Daphne calls this before its reactor stops."""
        return defer.Deferred.fromFuture(asyncio.ensure_future(self._stop())).addErrback(self._log_failure)

    def _log_failure(self, failure: Failure) -> None:
        """Log why the stop failed. Twisted stops nevertheless, and does not report it."""
        logger.error("The server did not stop in order: %s", failure.getTraceback())

    async def _stop(self) -> None:
        """Accept no more connections, close sockets, let requests finish, then cancel what still runs."""
        for port in self.ports:
            _accept_all(port)
            await defer.maybeDeferred(port.stopListening).asFuture(asyncio.get_running_loop())
        for task in self.tasks:
            task.cancel()
        await hubs().drain(DRAIN_WITHIN)
        await self._finish_requests()
        await hubs().stop()
        for details in self.connections.values():
            details.setdefault("application_instance", _done())  # Daphne fails where one has ended
        await super().kill_all_applications().asFuture(asyncio.get_running_loop())

    async def _finish_requests(self) -> None:
        """Wait, up to a limit, for the first requests of accepted connections, for answers, and for sockets that are
        still being opened.
        """
        start = monotonic()
        while monotonic() - start < REQUESTS_WITHIN:
            if requests := self._running_requests():
                await asyncio.wait(requests, timeout=REQUESTS_WITHIN - (monotonic() - start))
            elif self._are_sockets_arriving() or (waiting.are_due and monotonic() - start < FIRST_REQUESTS_WITHIN):
                await asyncio.sleep(0.02)
            else:
                return

    def _are_sockets_arriving(self) -> bool:
        """Return whether a socket is being opened: it has asked, or was accepted and waits for its first frames."""
        handshakes = (each for each in self.connections if isinstance(each, WebSocketProtocol))
        return hubs().arrivals > 0 or any(each.state == each.STATE_CONNECTING for each in handshakes)

    def _running_requests(self) -> list["asyncio.Future[None]"]:
        return [
            details["application_instance"]
            for protocol, details in self.connections.items()
            if isinstance(protocol, WebRequest) and not details.get("application_instance", _done()).done()
        ]


def _limit_arenas() -> None:
    """Have all threads share a few arenas, before there are any."""
    with suppress(AttributeError):  # another C library
        ctypes.CDLL(None).mallopt(M_ARENA_MAX, ARENAS)


def _keep_what_is_loaded() -> None:
    """Leave modules, models and addresses out of garbage collections: they are there until the end."""
    get_resolver().url_patterns  # noqa: B018 – imports all views
    gc.collect()
    gc.freeze()
    gc.set_threshold(*YOUNG_OBJECTS)


def _accept_all(port: Any) -> None:  # zope’s interfaces have no types
    """Accept the connections that the system holds for a port: closing it would break them off."""
    port.numberAccepts = BACKLOG
    port.doRead()


def _done() -> "asyncio.Future[None]":
    future: asyncio.Future[None] = asyncio.get_event_loop().create_future()
    future.set_result(None)
    return future


def endpoint(host: str, port: int) -> str:
    """Return Twisted's description of an address to listen on."""
    interface = host.replace(":", r"\:")
    return f"tcp:port={port}:interface={interface}:backlog={BACKLOG}"


def inherited_endpoint(descriptor: int) -> str:
    """Return Twisted's description of a listening socket that the parent process has opened."""
    return f"fd:fileno={descriptor}"
