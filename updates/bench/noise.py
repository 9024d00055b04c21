"""How much a machine's other work disturbs a measurement."""

import time
from collections.abc import Callable, Iterable, Iterator
from statistics import median, quantiles

from .rows import Row

STEADY = 0.1
"""Spread below which enough rounds were measured."""

MOST_REPETITIONS = 3

Rounds = list[list[float]]
"""What was measured, by round and thing."""


def spread(values: list[float]) -> float:
    """Return half the distance between the quartiles, as a share of the median."""
    if len(values) < 2:
        return 0.0
    low, middle, high = quantiles(values, n=4)
    return (high - low) / 2 / middle


def repeated(measure: Callable[[], Rounds]) -> tuple[list[float], Rounds]:
    """Measure two things in turns until their ratio is steady; return the ratio in each round, and the rounds."""
    rounds: Rounds = []
    ratios: list[float] = []
    for _ in range(MOST_REPETITIONS):
        rounds += measure()
        ratios = [second / first for first, second in rounds]
        if spread(ratios) < STEADY:
            break
    return ratios, rounds


def with_noise(rows: Iterable[Row]) -> Iterator[Row]:
    """Time a fixed computation after each row, and add a row that says how much these times differ."""
    times: list[float] = []
    for row in rows:
        times += [_fixed_computation() for _ in range(5)]
        yield row
    slow = quantiles(times, n=10)[-1]
    of = f"{slow:.1f} of {median(times):.1f} ms"
    yield Row("noise: the slowest tenth of a fixed computation against its median", slow / median(times), "×", of=of)


def _fixed_computation() -> float:
    """Return the milliseconds that it took."""
    start = time.perf_counter()
    sum(number * number for number in range(50_000))
    return (time.perf_counter() - start) * 1000
