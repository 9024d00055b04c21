"""How long readers waited for what was committed. Imports nothing of the product."""

from collections.abc import Iterable

from .database import DatabaseState
from .records import Outage, ReaderRecord, Verdict

LATEST = 15.0
"""Seconds, outages excluded, within which 95 of 100 waits must end: far above what a busy machine needs."""


def measure(verdict: Verdict, database: DatabaseState, records: list[ReaderRecord], outages: list[Outage]) -> None:
    net, gross = [], []
    for record in records:
        excluded = outages + record.asleep
        for start, end in waits(database, record):
            gross.append(end - start)
            net.append(end - start - overlap(start, end, excluded))
    verdict.staleness = percentiles(net)
    verdict.with_outages = percentiles(gross)
    if verdict.staleness.get("p95", 0.0) > LATEST:
        verdict.problems.append(f"slow: one wait in twenty took over {verdict.staleness['p95']} s")


def waits(database: DatabaseState, record: ReaderRecord) -> Iterable[tuple[float, float]]:
    """Yield start and end of each wait from a commit until the reader had it, except those on its first page."""
    if record.epoch != database.epoch:
        return
    for (_, before), (at, position) in zip(record.progress, record.progress[1:], strict=False):
        for seq in range(before + 1, min(position, database.head) + 1):
            if seq in database.log:
                yield database.log[seq].at, max(at, database.log[seq].at)


def overlap(start: float, end: float, outages: list[Outage]) -> float:
    """Return the seconds between start and end that lie in outages; overlapping outages count once."""
    covered, reached = 0.0, start
    for outage in sorted(outages, key=lambda outage: outage.start):
        low, high = max(outage.start, reached), min(outage.end, end)
        if high > low:
            covered += high - low
            reached = high
    return covered


def percentiles(values: list[float]) -> dict[str, float]:
    if not values:
        return {}
    ordered = sorted(values)

    def at(share: float) -> float:
        return round(ordered[min(len(ordered) - 1, int(len(ordered) * share))], 3)

    return {"p50": at(0.5), "p95": at(0.95), "max": at(1)}
