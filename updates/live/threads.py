"""Database work of the hubs, away from the event loop and from the threads that answer requests."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import ParamSpec, TypeVar

from django.db import close_old_connections

P = ParamSpec("P")
R = TypeVar("R")

_pool = ThreadPoolExecutor(max_workers=2, thread_name_prefix="hub")
_beside = ThreadPoolExecutor(max_workers=1, thread_name_prefix="beside")


async def in_thread(function: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
    """Run a blocking function; its database connection is given back afterwards."""
    return await _run(_pool, function, *args, **kwargs)


async def in_thread_beside(function: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
    """The same for what writes and is of no importance: where a lock is held for long, no hub waits for it. One after
    the other, in the order of the calls."""
    return await _run(_beside, function, *args, **kwargs)


async def _run(pool: ThreadPoolExecutor, function: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:

    def run() -> R:
        close_old_connections()
        try:
            return function(*args, **kwargs)
        finally:
            close_old_connections()

    return await asyncio.get_running_loop().run_in_executor(pool, run)
