"""How many inputs a target is given, and what one input may cost."""

import os
import time
from contextlib import contextmanager
from pathlib import Path

from hypothesis import HealthCheck, Phase, settings

settings.register_profile(  # a failure is not made smaller, which takes minutes where an input needs a server
    "gate", derandomize=True, database=None, phases=[Phase.generate], report_multiple_bugs=False
)
settings.register_profile("prove", derandomize=False)

PROFILE = os.environ.get("FUZZ_PROFILE", "gate")
"""``gate`` tries the same inputs each time, so that a change fails for what it changed; ``prove`` tries others."""

SHARE = {"gate": 0.5, "prove": 60}[PROFILE]
"""Half a minute for all targets in the gate, an hour in ``make prove``."""


def examples(number):
    """Settings of a target: half as many inputs in the gate, many times as many in ``make prove``.

    Bounds are measured here, not by Hypothesis.
    """
    return settings(
        settings.get_profile(PROFILE),
        max_examples=int(number * SHARE),
        deadline=None,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.function_scoped_fixture],
    )


@contextmanager
def within(seconds=5.0, megabytes=64):
    """Fail if the block takes more processor time than any machine needs, or this process more memory at its peak."""
    began, before = time.process_time(), most_memory()
    yield
    took, more = time.process_time() - began, most_memory() - before
    assert took <= seconds, f"took {took:.2f} s of the processor"
    assert more <= megabytes * 1024, f"took {more // 1024} MB"


def most_memory(pid="self"):
    """Kilobytes that a process has had at most."""
    return int(Path(f"/proc/{pid}/status").read_text().split("VmHWM:")[1].split()[0])
