"""Runs a rehearsal: one stack, one fault after another."""

import asyncio
import signal
import tempfile
from collections.abc import Callable
from pathlib import Path

from django.core.management import CommandError

from . import tier_faults  # noqa: F401 – registers its faults
from .fault_run import FaultRun, Load, Recording
from .faults import FAULTS, missing_for
from .records import Verdict
from .stack import Plan, Stack


async def rehearse(
    plan: Plan,
    names: list[str],
    load: Load,
    recording: Recording | None,
    report_progress: Callable[[str, float], None],
) -> tuple[list[Verdict], dict[str, str]]:
    """Run faults by name. Returns a verdict for each, and the reason by name for those that were not run.

    ``report_progress`` is called with the current fault and the share that is done. SIGTERM cancels the run, like
    Ctrl-C, so that every process it started is ended.
    """
    task = asyncio.current_task()
    if task is not None:
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, task.cancel)
    runnable, not_run = split(names, plan)
    verdicts: list[Verdict] = []
    with tempfile.TemporaryDirectory(prefix="liveblog-rehearsal.") as folder:
        stack = Stack(plan, Path(folder))
        try:
            await stack.start()
            for done, name in enumerate(runnable):
                run = FaultRun(stack, FAULTS[name], load, recording)
                progress = asyncio.create_task(_report_progress(run, done, len(runnable), report_progress))
                try:
                    verdicts.append(await run.run())
                finally:
                    progress.cancel()
            report_progress("", 1.0)
        finally:
            await _end(stack, verdicts)
    return verdicts, not_run


def split(names: list[str], plan: Plan) -> tuple[list[str], dict[str, str]]:
    """Return the faults that the stack can have, and the reason by name for the others."""
    missing = {
        name: missing_for(FAULTS[name], redis=plan.redis, processes=plan.processes, tier=plan.tier) for name in names
    }
    not_run = {name: reason for name, reason in missing.items() if reason}
    return [name for name in names if name not in not_run], not_run


async def _end(stack: Stack, verdicts: list[Verdict]) -> None:
    """End the stack. A server that does not end becomes a problem of the last fault, so the verdicts are not lost."""
    try:
        await stack.end()
    except CommandError as error:
        if not verdicts:
            raise
        verdicts[-1].problems.append(str(error))


async def _report_progress(run: FaultRun, done: int, total: int, report_progress: Callable[[str, float], None]) -> None:
    while True:
        report_progress(run.fault.name, (done + run.progress) / total)
        await asyncio.sleep(0.5)
