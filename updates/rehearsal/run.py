"""A whole rehearsal: one stack, one fault after the other."""

import asyncio
import signal
import tempfile
from collections.abc import Callable
from pathlib import Path

from django.core.management import CommandError

from .faults import FAULTS, refusal
from .show import Cast, Recording, Show
from .stack import Plan, Stack
from .traces import Verdict


async def rehearse(
    plan: Plan,
    names: list[str],
    cast: Cast,
    recording: Recording | None,
    tell: Callable[[str, float], None],
) -> tuple[list[Verdict], dict[str, str]]:
    """Run faults by name; returns a verdict for each, and why others were not run.

    ``tell`` hears again and again which fault it is at, and what part of all is done. SIGTERM cancels it, as Ctrl-C
    does, so that nothing it started is left behind.
    """
    running = asyncio.current_task()
    if running is not None:
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, running.cancel)
    refused = {name: refusal(FAULTS[name], redis=plan.redis, processes=plan.processes) for name in names}
    not_run = {name: reason for name, reason in refused.items() if reason}
    runnable = [name for name in names if name not in not_run]
    verdicts: list[Verdict] = []
    with tempfile.TemporaryDirectory(prefix="liveblog-rehearsal.") as folder:
        stack = Stack(plan, Path(folder))
        try:
            await stack.start()
            for done, name in enumerate(runnable):
                show = Show(stack, FAULTS[name], cast, recording)
                telling = asyncio.create_task(_tell_of(show, done, len(runnable), tell))
                try:
                    verdicts.append(await show.run())
                finally:
                    telling.cancel()
            tell("", 1.0)
        finally:
            await _end(stack, verdicts)
    return verdicts, not_run


async def _end(stack: Stack, verdicts: list[Verdict]) -> None:
    """A server that does not end is a problem of the last fault, and no reason to keep the verdicts back."""
    try:
        await stack.end()
    except CommandError as error:
        if not verdicts:
            raise
        verdicts[-1].problems.append(str(error))


async def _tell_of(show: Show, done: int, whole: int, tell: Callable[[str, float], None]) -> None:
    while True:
        tell(show.one.name, (done + show.progress) / whole)
        await asyncio.sleep(0.5)
