"""Answers requests for pages of live blogs from memory, before Django has to do anything.

Such a page is the same for everybody and depends on its live blog's position only: its epoch and head. So an answer is
kept with the position at which it was made, and sent again while the database still has that position. One query reads
the positions for all requests that have arrived by then; none is answered by a query that began before it came, so an
answer is as fresh as one of Django's. A page that is not in memory is drawn once, however many wait for it.
"""

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from functools import lru_cache
from time import monotonic
from typing import Final

from asgiref.typing import ASGIReceiveCallable, ASGISendCallable, ASGISendEvent, HTTPScope
from django.urls import Resolver404, resolve

from updates.metrics import FROM_MEMORY

KEPT_FOR: Final = 10.0
"""Seconds. The page cache behind it keeps a drawn page for longer; this one only spares the way there."""

MAX_ANSWERS: Final = 500
MAX_BYTES: Final = 16 * 2**20

PERSONAL: Final = frozenset({b"cookie", b"authorization", b"range", b"if-modified-since"})
"""Headers of requests that are left to Django: whoever sends one may get another answer."""

ANSWERED_BY: Final = (b"host", b"accept-encoding", b"if-none-match")
"""Headers on which an answer depends."""

KEPT: Final = (200, 304)

Position = tuple[str, int]
"""Epoch and head of a live blog."""

HTTPApplication = Callable[[HTTPScope, ASGIReceiveCallable, ASGISendCallable], Awaitable[None]]

ReadPositions = Callable[[list[str]], Awaitable[dict[str, Position]]]

Key = tuple[object, ...]


@dataclass
class Answer:
    """A response, and when and at which position it was made."""

    events: list[ASGISendEvent] = field(default_factory=list)
    position: Position | None = None
    made_at: float = 0.0

    @property
    def size(self) -> int:
        return sum(len(event["body"]) for event in self.events if event["type"] == "http.response.body")

    @property
    def is_for_everybody(self) -> bool:
        start = self.events[0] if len(self.events) == 2 else None
        if start is None or start["type"] != "http.response.start" or start["status"] not in KEPT:
            return False
        headers = {name.lower(): value for name, value in start["headers"]}
        return b"set-cookie" not in headers and b"'nonce-" not in headers.get(b"content-security-policy", b"")


class Positions:
    """Reads positions for all who have asked since the last read began."""

    def __init__(self, read: ReadPositions) -> None:
        self._read = read
        self._wanted: set[str] = set()
        self._next: asyncio.Task[dict[str, Position]] | None = None
        self._turn = asyncio.Lock()

    async def of(self, slug: str) -> Position | None:
        self._wanted.add(slug)
        if self._next is None:
            self._next = asyncio.create_task(self._read_next())
        return (await asyncio.shield(self._next)).get(slug)

    async def _read_next(self) -> dict[str, Position]:
        async with self._turn:
            wanted, self._wanted, self._next = list(self._wanted), set(), None
            return await self._read(wanted)


class ResponseMemory:
    """An ASGI application that answers for ``application`` where it can. Everything runs on the server's loop."""

    def __init__(self, application: HTTPApplication, read_positions: ReadPositions) -> None:
        self._application = application
        self._positions = Positions(read_positions)
        self._answers: OrderedDict[Key, Answer] = OrderedDict()
        self._size = 0
        self._being_made: dict[Key, asyncio.Future[None]] = {}

    async def __call__(self, scope: HTTPScope, receive: ASGIReceiveCallable, send: ASGISendCallable) -> None:
        slug = slug_of(scope["path"]) if scope["method"] == "GET" else None
        key = _key(scope) if slug else None
        if slug is None or key is None:
            await self._application(scope, receive, send)
            return
        position = await self._position(slug)
        if position and key in self._being_made and not self._has(key, position):
            await asyncio.wait([self._being_made[key]])
            position = await self._position(slug)
        if position and self._has(key, position):
            FROM_MEMORY.inc()
            for event in self._answers[key].events:
                await send(event)
        else:
            await self._ask(slug, key, position, scope, receive, send)

    async def _position(self, slug: str) -> Position | None:
        try:
            return await self._positions.of(slug)
        except Exception:  # noqa: BLE001 – Django meets the same error, logs it and answers
            return None

    def _has(self, key: Key, position: Position) -> bool:
        answer = self._answers.get(key)
        return answer is not None and answer.position == position and monotonic() - answer.made_at < KEPT_FOR

    async def _ask(
        self,
        slug: str,
        key: Key,
        before: Position | None,
        scope: HTTPScope,
        receive: ASGIReceiveCallable,
        send: ASGISendCallable,
    ) -> None:
        """Let Django answer. Keep the answer if the position was the same before and after it was made."""
        answer = Answer(position=before, made_at=monotonic())

        async def send_and_note(event: ASGISendEvent) -> None:
            answer.events.append(event)
            await send(event)

        done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        is_first = self._being_made.setdefault(key, done) is done
        try:
            await self._application(scope, receive, send_and_note)
            if before and answer.is_for_everybody and await self._position(slug) == before:
                self._keep(key, answer)
        finally:
            if is_first:
                del self._being_made[key]
                done.set_result(None)

    def _keep(self, key: Key, answer: Answer) -> None:
        """Keep an answer. Drop those that are too old, which nobody may ask for again, and the oldest for room."""
        if old := self._answers.pop(key, None):
            self._size -= old.size
        self._answers[key] = answer
        self._size += answer.size
        while self._size > MAX_BYTES or len(self._answers) > MAX_ANSWERS or self._is_oldest_too_old():
            self._size -= self._answers.popitem(last=False)[1].size

    def _is_oldest_too_old(self) -> bool:
        oldest = next(iter(self._answers.values()), None)
        return oldest is not None and monotonic() - oldest.made_at >= KEPT_FOR


@lru_cache(maxsize=1000)
def slug_of(path: str) -> str | None:
    """Return the live blog of a page that depends on its position only; ``None`` for any other address."""
    try:
        match = resolve(path)
    except Resolver404:
        return None
    slug: str = match.kwargs.get("slug", "")
    return slug if getattr(match.func, "depends_on_position", False) else None


def _key(scope: HTTPScope) -> Key | None:
    """Return all that an answer depends on besides the position; ``None`` for a request that is left to Django."""
    headers = dict(scope["headers"])
    if not PERSONAL.isdisjoint(headers) or len(headers) != len(list(scope["headers"])):
        return None
    varying = tuple(headers.get(name) for name in ANSWERED_BY)
    return (scope.get("scheme"), *(scope.get("server") or ()), scope["path"], scope["query_string"], *varying)
