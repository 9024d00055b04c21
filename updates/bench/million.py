"""Simulates a million readers: who returns when a machine is lost, and what shared caches leave of their requests.

``python -m updates.bench.million docs/images`` draws the charts of docs/performance.md.
"""

import sys
from collections import Counter
from pathlib import Path
from random import Random

from .plot import Axis, Points, chart

PATIENCE = 3.0
"""Seconds within which a reader that waits longer for its socket uses catch-up (docs/protocol.md)."""

CACHED_FOR = 1.0
"""Seconds for which a shared cache may keep a catch-up response."""

POLL_EVERY = 10.0
JITTER = 0.3


def returns(readers: int, spread: float, *, seed: int = 1) -> Counter[int]:
    """Return how many sockets are opened in each second after all of a machine's readers were cut off."""
    random = Random(seed)  # noqa: S311 – seeded, so that the chart can be drawn again
    return Counter(int(random.uniform(0, spread)) for _ in range(readers))


def catch_ups(readers: int, spread: float, *, seed: int = 1) -> Counter[int]:
    """Return how many catch-up requests the same readers send in each second until they have sockets."""
    random = Random(seed)  # noqa: S311 – as above
    requests: Counter[int] = Counter()
    for _ in range(readers):
        until = random.uniform(0, spread)
        at = random.uniform(0, PATIENCE) if until > PATIENCE else until
        while at < until:
            requests[int(at)] += 1
            at += POLL_EVERY * random.uniform(1 - JITTER, 1 + JITTER)
    return requests


def reaching_origin(rate: float, caches: int, addresses: int) -> float:
    """Return how many of ``rate`` requests a second pass caches that collapse them: the first for each address and
    cache, and the next one only after the response has expired.
    """
    each = rate / caches / addresses
    return caches * addresses * each / (1 + each * CACHED_FOR)


def _curve(counts: Counter[int], seconds: int) -> Points:
    return [(second + 0.5, counts.get(second, 0)) for second in range(seconds)]


def herd(readers: int = 100_000, spread: float = 60.0) -> str:
    lines = {
        f"sockets, spread over {spread:.0f} s": _curve(returns(readers, spread), 70),
        "catch-up requests in the meantime": _curve(catch_ups(readers, spread), 70),
        "sockets, had they only a back-off of 1 s": _curve(returns(readers, 1.0), 3),
    }
    x = Axis("seconds after one of ten machines was lost", 0, 70)
    y = Axis("a second", 100, 1_000_000, is_log=True)
    return chart(f"{readers:,} readers return to the other nine machines", x, y, lines)


def collapsing(caches: int = 10, addresses: int = 3) -> str:
    readers = [round(10 ** (power / 8)) for power in range(16, 49)]
    rates = [number / POLL_EVERY for number in readers]
    lines = {
        "sent by readers": list(zip(readers, rates, strict=True)),
        f"reach the server processes, {caches} caches": [
            (number, reaching_origin(rate, caches, addresses)) for number, rate in zip(readers, rates, strict=True)
        ],
        "… with one cache before the others": [
            (number, reaching_origin(rate, 1, addresses)) for number, rate in zip(readers, rates, strict=True)
        ],
    }
    x, y = Axis("readers, all without a socket", 100, 1_000_000, is_log=True), Axis("a second", 1, 100_000, is_log=True)
    return chart("Catch-up requests if everybody polls", x, y, lines)


def main(folder: Path) -> None:
    (folder / "herd.svg").write_text(herd())
    (folder / "collapsing.svg").write_text(collapsing())


if __name__ == "__main__":
    main(Path(sys.argv[1]))
