"""Compares what readers ended with, and every step on the way, with the database. Knows nothing of hub and client."""

from collections.abc import Iterable
from functools import lru_cache

from .traces import Outage, Post, State, Trace, Verdict
from .truth import Step, Truth

TOLD_AT_MOST = 20
"""Problems spelled out; the counts are complete."""


def check(fault: str, truth: Truth, traces: list[Trace], posts: list[Post], outages: list[Outage]) -> Verdict:
    """The verdict on one fault. ``posts`` are those that the database must have."""
    verdict = Verdict(fault, acknowledged=len(posts), readers=len(traces))
    missing = [post for post in posts if truth.keys.get(post.key) != post.public_id]
    verdict.lost += len(missing)
    verdict.problems += [f"acknowledged and not in the database: {post.key}" for post in missing]
    if sorted(truth.steps) != list(range(1, truth.head + 1)):
        verdict.problems.append("the log's numbers have holes")
    right = _Right(truth)
    for trace in traces:
        _check_end(verdict, truth, trace, right)
        _check_steps(verdict, trace, right)
        verdict.doubled += len(trace.doubled)
        verdict.disordered += len(trace.disordered)
        verdict.problems += trace.doubled + trace.disordered
    verdict.problems = verdict.problems[:TOLD_AT_MOST]
    _measure(verdict, truth, traces, outages)
    return verdict


class _Right:
    """Whether a state is what the log says of its number; asked once for all readers that were given the same."""

    def __init__(self, truth: Truth) -> None:
        self.at_its_step = lru_cache(maxsize=None)(lambda state: is_of(state, truth.steps.get(state.seq)))
        self.at_the_end = lru_cache(maxsize=None)(lambda state: is_of(state, truth.entries.get(state.id)))


def is_of(state: State, step: Step | None) -> bool:
    """A page does not name the kind of a change, and what is gone has no place."""
    if step is None:
        return False
    said = step.state
    same = (state.id, state.seq, state.op) == (said.id, said.seq, said.op) and state.kind in {"", said.kind}
    if not same or state.op == "gone" or state.id == "event":
        return same
    placed = state.order == said.order
    if state.op == "put":
        placed = placed and (state.pinned, state.key) == (said.pinned, said.key)
    return placed and all(words in state.text for words in step.words)


def _check_end(verdict: Verdict, truth: Truth, trace: Trace, right: _Right) -> None:
    """The reader's page is the one that the database would make now, down to the reader's floor."""
    if trace.epoch != truth.epoch or trace.mine < truth.head:
        verdict.problems.append(f"{trace.name} stopped at {trace.epoch} {trace.mine}, not {truth.epoch} {truth.head}")
    shown = trace.shown()
    wanted = wanted_on_page(truth, trace.floor)
    by_id = {state.id: state for state in shown}
    for key in wanted:
        if key in by_id and right.at_the_end(by_id[key]):
            verdict.delivered += 1
        else:
            verdict.lost += 1
            verdict.problems.append(f"{trace.name}: {key} is {by_id.get(key, 'missing')}")
    extra = [state.id for state in shown if state.id not in wanted]
    verdict.lost += len(extra)
    verdict.problems += [f"{trace.name}: {key} should not be there" for key in extra]
    order = [state.id for state in shown if state.id in wanted]
    if order != [key for key in wanted if key in by_id]:
        verdict.disordered += 1
        verdict.problems.append(f"{trace.name}: the order is {order}")
    if trace.count != truth.count:
        verdict.problems.append(f"{trace.name}: counts {trace.count} updates, not {truth.count}")


def wanted_on_page(truth: Truth, floor: int) -> list[str]:
    """Ids of what a page with this floor shows, newest first."""
    found = [
        (step.state.order or 0, key)
        for key, step in truth.entries.items()
        if key != "event" and step.state.op != "gone"
    ]
    return [key for order, key in sorted(found, reverse=True) if order > floor]


def _check_steps(verdict: Verdict, trace: Trace, right: _Right) -> None:
    """Whatever was delivered on the way is what the log says of that number."""
    wrong = [state for state in trace.applied if not right.at_its_step(state)]
    verdict.disordered += len(wrong)
    verdict.problems += [f"{trace.name}: number {state.seq} was delivered as {state}" for state in wrong]


# Staleness


def _measure(verdict: Verdict, truth: Truth, traces: list[Trace], outages: list[Outage]) -> None:
    net, gross = [], []
    for trace in traces:
        broken = outages + trace.away
        for start, end in waits(truth, trace):
            gross.append(end - start)
            net.append(end - start - overlap(start, end, broken))
    verdict.staleness = percentiles(net)
    verdict.with_outages = percentiles(gross)


def waits(truth: Truth, trace: Trace) -> Iterable[tuple[float, float]]:
    """From each commit until this reader had it; what its page already had is left out."""
    if trace.epoch != truth.epoch:
        return
    for (_, before), (at, mine) in zip(trace.progress, trace.progress[1:], strict=False):
        for seq in range(before + 1, min(mine, truth.head) + 1):
            if seq in truth.steps:
                yield truth.steps[seq].at, max(at, truth.steps[seq].at)


def overlap(start: float, end: float, outages: list[Outage]) -> float:
    """Seconds of a stretch that lie in outages, each counted once."""
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
