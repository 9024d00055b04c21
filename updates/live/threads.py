"""Threads for database work of the event loop, separate from those for requests."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import ParamSpec, TypeVar

from django.db import Error as DatabaseError
from django.db import close_old_connections

from updates.database_errors import let_go_of_cursors

P = ParamSpec("P")
R = TypeVar("R")

_pool = ThreadPoolExecutor(max_workers=2, thread_name_prefix="hub")
_pages = ThreadPoolExecutor(max_workers=1, thread_name_prefix="pages")
_desk = ThreadPoolExecutor(max_workers=1, thread_name_prefix="desk")
_background = ThreadPoolExecutor(max_workers=1, thread_name_prefix="background")
_sweep = ThreadPoolExecutor(max_workers=1, thread_name_prefix="sweep")


async def in_thread(function: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
    """Run a blocking function for readers and return its result."""
    return await _run(_pool, function, *args, **kwargs)


async def in_page_thread(function: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
    """Run a short query on which readers' pages wait."""
    return await _run(_pages, function, *args, **kwargs)


async def in_desk_thread(function: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
    """Run a function that reads for the desks, one at a time, so that no frame for readers waits for it."""
    return await _run(_desk, function, *args, **kwargs)


async def in_background_thread(function: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
    """Run a function whose writing is not urgent, one at a time, so that no hub waits for a thread that waits for a
    lock.
    """
    return await _run(_background, function, *args, **kwargs)


async def in_sweep_thread(function: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
    """Run a function that deletes files and rows nobody needs any more, which may take long."""
    return await _run(_sweep, function, *args, **kwargs)


async def _run(pool: ThreadPoolExecutor, function: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:

    def run() -> R:
        close_old_connections()
        try:
            return function(*args, **kwargs)
        except DatabaseError as error:
            let_go_of_cursors(error)
            raise
        finally:
            close_old_connections()

    return await asyncio.get_running_loop().run_in_executor(pool, run)
