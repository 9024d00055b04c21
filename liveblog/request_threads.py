"""Threads that handle requests: a limited number, each kept with its database connection.

Django gives each request a new thread, which ends with it and closes its connection, so the next request has to open
both again. Here a request borrows a thread. Nothing passes from one request to the next by a thread: language, time
zone and the like belong to the request's context, and Django checks the connection before and after each request.
"""

import asyncio
import logging
from collections import Counter, OrderedDict, deque
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextvars import copy_context
from functools import partial
from typing import IO, Any, Final, ParamSpec, TypeVar, cast

from asgiref.sync import ThreadSensitiveContext, sync_to_async
from asgiref.typing import ASGIReceiveCallable, ASGISendCallable, HTTPScope
from django.core.exceptions import RequestAborted
from django.core.handlers.asgi import ASGIHandler, get_script_prefix
from django.core.signals import request_started
from django.http import FileResponse
from django.http.response import HttpResponseBase
from django.urls import set_script_prefix

from liveblog.refusals import refuse
from updates.networks import network_of

logger = logging.getLogger(__name__)

P = ParamSpec("P")
T = TypeVar("T")

OVERLOADED: Final = "The server has too much to do at this moment. Please try again in a few seconds."


class Overloaded(Exception):
    """Too many requests are waiting for a thread."""


class RequestThread(ThreadPoolExecutor):
    """A thread, its latest work, and the sender of the request that has it."""

    def __init__(self, number: int, initializer: Callable[[], None] | None = None) -> None:
        super().__init__(max_workers=1, thread_name_prefix=f"request-{number}", initializer=initializer)
        self.latest: Future[Any] | None = None  # of whatever the work returns
        self.sender = ""
        super().submit(int)  # starts the thread now: a request that began with it would be lost if it cannot start

    def submit(self, work: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        self.latest = future = super().submit(work, *args, **kwargs)
        return future


class RequestThreads:
    """Lends threads to requests, the last one returned first; ``limit`` 0 stands for any number.

    When ``waiting`` requests wait already, a further one is refused with ``Overloaded``. Senders take turns, and one
    has ``for_one`` threads at most, and a quarter of the places to wait: whoever asks for thousands of pages at once
    waits behind the others. No ``sender``, or ``for_one`` 0, stands for no such limit.

    All methods run on the server's loop. Daphne hands a request over when its body is complete and takes the response
    without waiting for the reader, so a slow connection holds no thread.
    """

    def __init__(
        self,
        limit: int,
        waiting: int | None = None,
        initializer: Callable[[], None] | None = None,
        for_one: int = 0,
    ) -> None:
        self.limit = limit
        self.most_waiting = waiting
        self.initializer = initializer
        self.for_one = for_one
        self.made = 0
        self._idle: list[RequestThread] = []
        self._running: Counter[str] = Counter()
        """Requests that have a thread, by sender."""
        self._waiting: OrderedDict[str, deque[asyncio.Future[RequestThread]]] = OrderedDict()
        """By sender, in the order of their turns."""

    async def borrow(self, sender: str = "") -> RequestThread:
        """Wait for a thread. Raises ``Overloaded`` if too many wait, or if the system gives not even one."""
        if self._may_run(sender) and (thread := self._free_thread()):
            return self._lent(thread, sender)
        if self._is_full_for(sender) or not self.made:
            raise Overloaded
        turn: asyncio.Future[RequestThread] = asyncio.get_running_loop().create_future()
        self._waiting.setdefault(sender, deque()).append(turn)
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
        return sum(not turn.done() for turns in self._waiting.values() for turn in turns)

    def _free_thread(self) -> RequestThread | None:
        if self._idle:
            return self._idle.pop()
        if self.limit and self.made >= self.limit:
            return None
        try:
            thread = RequestThread(self.made + 1, self.initializer)
        except RuntimeError as error:  # the system's limit of threads: those that are there serve all
            logger.warning("A thread for requests was not started: %s", error)
            return None
        self.made += 1
        return thread

    def _may_run(self, sender: str) -> bool:
        return not sender or not self.for_one or self._running[sender] < self.for_one

    def _is_full_for(self, sender: str) -> bool:
        if self.most_waiting is None:
            return False
        own = self._waiting.get(sender, ())
        is_greedy = sender and self.for_one and sum(not turn.done() for turn in own) >= self.most_waiting // 4
        return bool(is_greedy) or self.count_waiting() >= self.most_waiting

    def _lent(self, thread: RequestThread, sender: str) -> RequestThread:
        thread.sender = sender
        self._running[sender] += 1
        return thread

    def _lend(self, thread: RequestThread) -> None:
        """Lend a thread that was given back to the next sender."""
        self._running[thread.sender] -= 1
        self._running += Counter()  # drops those without any
        for sender in list(self._waiting):
            if self._may_run(sender) and (turn := self._next_of(sender)):
                turn.set_result(self._lent(thread, sender))
                return
        self._idle.append(thread)

    def _next_of(self, sender: str) -> "asyncio.Future[RequestThread] | None":
        """Take the next request of a sender, unless all were given up, and put the sender behind the others."""
        turns = self._waiting.pop(sender)
        while turns:
            turn = turns.popleft()
            if turn.done():
                continue
            if turns:
                self._waiting[sender] = turns
            return turn
        return None


class ThreadedHandler(ASGIHandler):
    """Django over HTTP: a request runs from its first signal to its last in the one thread that it borrows.

    Django's own handler crosses from loop to thread and back for each middleware, and for the signals before and after
    them, though all of ours, and all views, are synchronous. Each crossing costs some 60 µs and more.
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
            thread = await threads.borrow(network_of((scope.get("client") or ("", 0))[0]))
        except Overloaded:
            await refuse(send, 503, OVERLOADED, retry_after=5)
            return
        try:
            await self._answer(thread, scope, receive, send)
        finally:
            threads.give_back(thread)

    async def _answer(
        self, thread: RequestThread, scope: HTTPScope, receive: ASGIReceiveCallable, send: ASGISendCallable
    ) -> None:
        try:
            body = await self.read_body(receive)
        except RequestAborted:
            return
        context, loop = copy_context(), asyncio.get_running_loop()
        response = await loop.run_in_executor(thread, context.run, self._respond, scope, body)
        if response.streaming:
            sending = self._send_while_connected(thread, response, receive, send)
            await loop.create_task(sending, context=context)
        else:
            await self.send_response(response, send)  # type: ignore[arg-type]  # django-stubs: as above

    def _respond(self, scope: HTTPScope, body: IO[bytes]) -> HttpResponseBase:
        """Return the response; it is closed already, unless its content is still to be read. Runs in the thread."""
        set_script_prefix(get_script_prefix(scope))
        request_started.send(sender=type(self), scope=scope)
        with body:
            request, refusal = self.create_request(scope, body)
            response = cast(HttpResponseBase, refusal if request is None else self.get_response(request))
        response._handler_class = type(self)  # type: ignore[attr-defined]  # django-stubs leave it out
        if isinstance(response, FileResponse):
            response.block_size = self.chunk_size
        if not response.streaming:
            response.close()
        return response

    async def _send_while_connected(
        self, thread: RequestThread, response: HttpResponseBase, receive: ASGIReceiveCallable, send: ASGISendCallable
    ) -> None:
        """Send content that is read piece by piece, until its end or until the client has gone."""
        async with ThreadSensitiveContext(executor=thread):
            sending = asyncio.ensure_future(self.send_response(response, send))  # type: ignore[arg-type]  # as above
            leaving = asyncio.ensure_future(self.listen_for_disconnect(receive))
            try:
                await asyncio.wait([sending, leaving], return_when=asyncio.FIRST_COMPLETED)
            finally:
                sending.cancel()
                leaving.cancel()
                await asyncio.gather(sending, leaving, return_exceptions=True)
                await sync_to_async(response.close)()
        if not sending.cancelled():
            sending.result()  # raises what it has failed with
