"""Threads that answer requests: a bounded number of them, kept together with their database connections.

Django gives each request a thread of its own and lets it die; with it dies the connection, and the next request pays
for both anew. Here a request borrows a thread. What must not pass from one request to the next does not live in the
thread: language, time zone and the like follow the context of the request, and Django looks after each connection
at both ends of a request.
"""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from typing import Any

from asgiref.sync import ThreadSensitiveContext, sync_to_async
from django.core.handlers.asgi import ASGIHandler
from django.http import HttpRequest
from django.http.response import HttpResponseBase

Scope = dict[str, Any]
Receive = Callable[[], Awaitable[Any]]
Send = Callable[[Any], Awaitable[None]]


class Thread(ThreadPoolExecutor):
    """One thread, and whether it is at work."""

    def __init__(self, number: int) -> None:
        super().__init__(max_workers=1, thread_name_prefix=f"request-{number}")
        self.latest: Future[Any] | None = None

    def submit(self, *args: Any, **kwargs: Any) -> Future[Any]:
        self.latest = super().submit(*args, **kwargs)
        return self.latest


class Threads:
    """Lends threads to requests, the last one given back first; ``at_most`` 0 stands for any number.

    All methods run on the server's loop. Daphne hands a request over when its body is there and takes the answer
    without waiting for the reader, so a slow line holds no thread.
    """

    def __init__(self, at_most: int) -> None:
        self.at_most = at_most
        self.made = 0
        self._idle: list[Thread] = []
        self._waiting: deque[asyncio.Future[Thread]] = deque()

    async def borrow(self) -> Thread:
        if self._idle:
            return self._idle.pop()
        if not self.at_most or self.made < self.at_most:
            self.made += 1
            return Thread(self.made)
        turn: asyncio.Future[Thread] = asyncio.get_running_loop().create_future()
        self._waiting.append(turn)
        try:
            return await turn
        except asyncio.CancelledError:
            if turn.done() and not turn.cancelled():
                self._lend(turn.result())
            raise

    def give_back(self, thread: Thread) -> None:
        """A request that was given up may leave its thread at work: nobody gets it before that is done."""
        if thread.latest is None or thread.latest.done():
            self._lend(thread)
        else:
            loop = asyncio.get_running_loop()
            thread.latest.add_done_callback(lambda _: loop.call_soon_threadsafe(partial(self.give_back, thread)))

    def _lend(self, thread: Thread) -> None:
        while self._waiting:
            turn = self._waiting.popleft()
            if not turn.done():
                turn.set_result(thread)
                return
        self._idle.append(thread)


class Pages(ASGIHandler):
    """Django over HTTP: a request runs from the first middleware to the last in the one thread it borrows.

    Django's own handler crosses from loop to thread and back for each middleware, though all of ours, and all views,
    are synchronous.
    """

    def __init__(self, threads: Threads) -> None:
        super().__init__()
        self.threads = threads

    def load_middleware(self, is_async: bool = False) -> None:
        super().load_middleware(is_async=False)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        thread = await self.threads.borrow()
        try:
            async with ThreadSensitiveContext(executor=thread):
                await super().__call__(scope, receive, send)
        finally:
            self.threads.give_back(thread)

    async def get_response_async(self, request: HttpRequest) -> HttpResponseBase:
        return await sync_to_async(self.get_response)(request)
