"""How much more several server processes answer than one, on all cores of the machine.

The process that asks shares the cores with them. Its share is given to the several processes, which would have it if
another machine asked.
"""

import os
import re
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median

from .events import Newsroom
from .hits import Rate, rate
from .rows import Row
from .site import ENDS_WITHIN, NO_LIMITS, ROOT, STARTS_WITHIN, ServerFailed

PROCESSES = 4
CONNECTIONS = 128
ROUNDS = 3
ADDRESS = re.compile(r"http://127\.0\.0\.1:\d+")


def processes(newsroom: Newsroom, folder: Path, seconds: float) -> Iterator[Row]:
    cores = len(os.sched_getaffinity(0))
    with group(folder, 1) as one, group(folder, PROCESSES) as several:
        for what, path in (("empty view", "/healthz"), ("event page", newsroom.small.get_absolute_url())):
            pairs = [[rate(site + path, CONNECTIONS, seconds) for site in (one, several)] for _ in range(ROUNDS)]
            ratios = [all_of_them(many, cores) / single.responses for single, many in pairs]
            single, many = (median(each.responses for each in rates) for rates in zip(*pairs, strict=True))
            of = f"{many:,.0f}/s of {single:,.0f}/s while {median(pair[1].cores for pair in pairs):.1f} cores asked"
            name = f"{PROCESSES} processes on {cores} cores against one, {what}"
            must = 1.7 if cores > 1 else None
            yield Row(name, median(ratios), "×", must=must, more_is_better=True, of=of)


def all_of_them(measured: Rate, cores: int) -> float:
    """Return the responses per second that processes on all cores would give if another machine asked."""
    return measured.responses * cores / max(cores - measured.cores, cores / 4)


@contextmanager
def group(folder: Path, number: int) -> Iterator[str]:
    """Run a number of server processes on one address, which is yielded when all of them answer."""
    command = [sys.executable, str(ROOT / "manage.py"), "serve", "--port", "0", "--processes", str(number)]
    environment = os.environ | NO_LIMITS
    with (
        (folder / f"group-{number}.log").open("w") as log,
        subprocess.Popen(  # noqa: S603 – our own command
            command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=log, text=True
        ) as process,
    ):
        try:
            assert process.stdout is not None  # noqa: S101 – a pipe
            address = ADDRESS.search(process.stdout.readline())
            if address is None:
                raise ServerFailed(f"The server processes did not start: {log.name}")
            for _ in range(20 * number):  # the system spreads connections, so each process has to answer some of them
                urllib.request.urlopen(f"{address[0]}/healthz", timeout=STARTS_WITHIN).close()  # noqa: S310  # nosec B310
            yield address[0]
        finally:
            process.terminate()
            process.wait(ENDS_WITHIN)
