"""Threads that handle requests: a limited number, each kept with its database connection.

Django gives each request a new thread, which ends with it and closes its connection, so the next request has to open
both again. Here a request borrows a thread. Nothing passes from one request to the next by a thread: language, time
zone and the like belong to the request's context, and Django checks the connection before and after each request.
"""

import asyncio
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from typing import Any, Final, ParamSpec, TypeVar

from asgiref.sync import ThreadSensitiveContext, sync_to_async
from asgiref.typing import ASGIReceiveCallable, ASGISendCallable, HTTPScope
from django.core.handlers.asgi import ASGIHandler
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from liveblog.refusals import refuse

P = ParamSpec("P")
T = TypeVar("T")

OVERLOADED: Final = "The server has too much to do at this moment. Please try again in a few seconds."


class Overloaded(Exception):
    """Too many requests are waiting for a thread."""


class RequestThread(ThreadPoolExecutor):
    """A thread and its latest work."""

    def __init__(self, number: int, initializer: Callable[[], None] | None = None) -> None:
        super().__init__(max_workers=1, thread_name_prefix=f"request-{number}", initializer=initializer)
        self.latest: Future[Any] | None = None  # of whatever the work returns

    def submit(self, work: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        self.latest = future = super().submit(work, *args, **kwargs)
        return future


class RequestThreads:
    """Lends threads to requests, the last one returned first; ``limit`` 0 stands for any number.

    When ``waiting`` requests wait already, a further one is refused with ``Overloaded``.

    All methods run on the server's loop. Daphne hands a request over when its body is complete and takes the response
    without waiting for the reader, so a slow connection holds no thread.
    """

    def __init__(self, limit: int, waiting: int | None = None, initializer: Callable[[], None] | None = None) -> None:
        self.limit = limit
        self.most_waiting = waiting
        self.initializer = initializer
        self.made = 0
        self._idle: list[RequestThread] = []
        self._waiting: deque[asyncio.Future[RequestThread]] = deque()

    async def borrow(self) -> RequestThread:
        if self._idle:
            return self._idle.pop()
        if not self.limit or self.made < self.limit:
            self.made += 1
            return RequestThread(self.made, self.initializer)
        if self.most_waiting is not None and self.count_waiting() >= self.most_waiting:
            raise Overloaded
        turn: asyncio.Future[RequestThread] = asyncio.get_running_loop().create_future()
        self._waiting.append(turn)
        try:
            return await turn
        except asyncio.CancelledError:
            if turn.done() and not turn.cancelled():
                self._lend(turn.result())
            raise

    @property
    def idle(self) -> int:
        return len(self._idle)

    def give_back(self, thread: RequestThread) -> None:
        """Take a thread back. One that still works for a cancelled request is lent again when it has finished."""
        if thread.latest is None or thread.latest.done():
            self._lend(thread)
        else:
            loop = asyncio.get_running_loop()
            thread.latest.add_done_callback(lambda _: loop.call_soon_threadsafe(partial(self.give_back, thread)))

    def count_waiting(self) -> int:
        while self._waiting and self._waiting[0].done():  # given up
            self._waiting.popleft()
        return len(self._waiting)

    def _lend(self, thread: RequestThread) -> None:
        while self._waiting:
            turn = self._waiting.popleft()
            if not turn.done():
                turn.set_result(thread)
                return
        self._idle.append(thread)


class ThreadedHandler(ASGIHandler):
    """Django over HTTP: a request runs from the first middleware to the last in the one thread that it borrows.

    Django's own handler crosses from loop to thread and back for each middleware, though all of ours, and all views,
    are synchronous.
    """

    def __init__(self, threads_for: Callable[[HTTPScope], RequestThreads]) -> None:
        super().__init__()
        self.threads_for = threads_for

    def load_middleware(self, is_async: bool = False) -> None:
        super().load_middleware(is_async=False)

    async def __call__(  # type: ignore[override]  # django-stubs knows scopes as dicts only
        self, scope: HTTPScope, receive: ASGIReceiveCallable, send: ASGISendCallable
    ) -> None:
        threads = self.threads_for(scope)
        try:
            thread = await threads.borrow()
        except Overloaded:
            await refuse(send, 503, OVERLOADED, retry_after=5)
            return
        try:
            async with ThreadSensitiveContext(executor=thread):
                await super().__call__(scope, receive, send)  # type: ignore[arg-type]  # as above
        finally:
            threads.give_back(thread)

    async def get_response_async(self, request: HttpRequest) -> HttpResponseBase:
        return await sync_to_async(self.get_response)(request)
