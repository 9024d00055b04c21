"""Tasks of a server process."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Coroutine, Generator

logger = logging.getLogger(__name__)

RESTART_AFTER = 5.0
"""Seconds after which failed work is started again."""


async def keep_running(work: Callable[[], Awaitable[None]]) -> None:
    """Run work until it returns. After an exception, log it and start again, because nobody would notice that the work
    had stopped.
    """
    while True:
        try:
            await work()
        except Exception:
            logger.exception("%s failed; it begins again in %g s", work.__qualname__, RESTART_AFTER)
        else:
            return
        await asyncio.sleep(RESTART_AFTER)


def start_now(work: Coroutine[object, object, None]) -> asyncio.Task[None] | None:
    """Run a coroutine until it waits for the first time, and the rest of it in a task."""
    rest = first_step(work)
    return None if rest is None else asyncio.create_task(_finish(rest))


def first_step(work: Awaitable[None]) -> Awaitable[None] | None:
    """Run a coroutine until it waits for the first time, and return the rest; ``None`` where it has ended. Most of what
    is started like this never waits, and a task costs more than that.
    """
    steps = work.__await__()
    try:
        first = next(steps)
    except StopIteration:
        return None
    return _Rest(first, steps)


async def _finish(rest: Awaitable[None]) -> None:
    await rest


class _Rest:
    """Continues, in a task, a coroutine that was started outside of one: ``first`` is what it waits for, ``steps`` the
    rest.
    """

    def __init__(self, first: object, steps: Generator[object, object, None]) -> None:
        self._first = first
        self._steps = steps

    def __await__(self) -> Generator[object, object, None]:
        try:
            yield self._first
        except BaseException as error:  # noqa: BLE001 – whatever the first wait ended with
            yield from self._continue_with(error)
        else:
            yield from self._steps

    def _continue_with(self, error: BaseException) -> Generator[object, object, None]:
        try:
            second = self._steps.throw(error)
        except StopIteration:
            return
        yield from _Rest(second, self._steps).__await__()


class Tasks:
    """A group of tasks, referenced until they end so that they are not garbage-collected."""

    def __init__(self) -> None:
        self._tasks: set[asyncio.Task[None]] = set()

    def start(self, work: Coroutine[object, object, None]) -> asyncio.Task[None]:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    def cancel(self) -> None:
        for task in list(self._tasks):
            task.cancel()

    async def wait(self) -> None:
        await asyncio.gather(*self._tasks)


class Soon:
    """Work to start soon. Calls before it starts are combined into one run, and runs never overlap."""

    def __init__(self, work: Callable[[], Coroutine[object, object, None]], tasks: Tasks) -> None:
        self._work, self._tasks = work, tasks
        self._turn = asyncio.Lock()
        self._is_waiting = False

    def __call__(self) -> None:
        if not self._is_waiting:
            self._is_waiting = True
            self._tasks.start(self._run())

    async def _run(self) -> None:
        async with self._turn:
            self._is_waiting = False  # calls from here on need another run
            try:
                await self._work()
            except Exception:
                logger.exception("%s failed", self._work.__qualname__)
