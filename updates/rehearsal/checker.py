"""Compares the final state of every reader, and every state it received, with the database.

Imports nothing of the product.
"""

from functools import lru_cache

from .database import DatabaseState, LogRow
from .posts import check_posts
from .records import Outage, Post, ReaderRecord, State, Verdict
from .staleness import measure

MAX_PROBLEMS = 20
"""Number of problems that are listed. The counts include all."""


def check(
    fault: str, database: DatabaseState, records: list[ReaderRecord], posts: list[Post], outages: list[Outage]
) -> Verdict:
    """Return the verdict on one fault. The database must have every one of ``posts``."""
    verdict = Verdict(fault, acknowledged=len(posts), readers=len(records))
    check_posts(verdict, database, posts, outages)
    if sorted(database.log) != list(range(1, database.head + 1)):
        verdict.problems.append("the log has gaps in its numbers")
    comparison = _Comparison(database)
    for record in records:
        _check_end(verdict, database, record, comparison)
        _check_received(verdict, database, record, comparison)
        verdict.doubled += len(record.doubled)
        verdict.disordered += len(record.disordered)
        verdict.problems += record.doubled + record.disordered
    verdict.problems = verdict.problems[:MAX_PROBLEMS]
    measure(verdict, database, records, outages)
    return verdict


class _Comparison:
    """Compares states with the log. Cached, because most readers receive the same states."""

    def __init__(self, database: DatabaseState) -> None:
        self.at_its_seq = lru_cache(maxsize=None)(lambda state: matches(state, database.log.get(state.seq)))
        self.at_the_end = lru_cache(maxsize=None)(lambda state: matches(state, database.entries.get(state.id)))


def matches(state: State, row: LogRow | None) -> bool:
    """Tell whether a state is that of a row of the log.

    Pages do not show the kind of a change, and removed entries have no order.
    """
    if row is None:
        return False
    expected = row.state
    same = (state.id, state.seq, state.op) == (expected.id, expected.seq, expected.op) and state.kind in {
        "",
        expected.kind,
    }
    if not same or state.op == "gone" or state.id == "event":
        return same
    same = state.order == expected.order
    if state.op == "put":
        same = same and (state.pinned, state.key) == (expected.pinned, expected.key)
    return same and all(words in state.text for words in row.words)


def _check_end(verdict: Verdict, database: DatabaseState, record: ReaderRecord, comparison: _Comparison) -> None:
    """Compare the page of a reader with the database, down to the floor of the page."""
    if record.epoch != database.epoch or record.position < database.head:
        verdict.problems.append(
            f"{record.name} stopped at {record.epoch} {record.position}, not {database.epoch} {database.head}"
        )
    states = record.visible()
    expected = expected_ids(database, record.floor)
    by_id = {state.id: state for state in states}
    for key in expected:
        if key in by_id and comparison.at_the_end(by_id[key]):
            verdict.delivered += 1
        else:
            verdict.lost += 1
            verdict.problems.append(f"{record.name}: {key} is {by_id.get(key, 'missing')}")
    extra = [state.id for state in states if state.id not in expected]
    verdict.lost += len(extra)
    verdict.problems += [f"{record.name}: {key} should not be there" for key in extra]
    order = [state.id for state in states if state.id in expected]
    if order != [key for key in expected if key in by_id]:
        verdict.disordered += 1
        verdict.problems.append(f"{record.name}: the order is {order}")
    if record.count != database.count:
        verdict.problems.append(f"{record.name}: counts {record.count} updates, not {database.count}")


def expected_ids(database: DatabaseState, floor: int) -> list[str]:
    """Return the ids of the entries on a page with this floor, newest first."""
    entries = [
        (row.state.order or 0, key)
        for key, row in database.entries.items()
        if key != "event" and row.state.op != "gone"
    ]
    return [key for order, key in sorted(entries, reverse=True) if order > floor]


def _check_received(verdict: Verdict, database: DatabaseState, record: ReaderRecord, comparison: _Comparison) -> None:
    """Compare every state that a reader received with the log, and with what its sender knew by then."""
    wrong = [state for state in record.applied if not comparison.at_its_seq(state)]
    replaced = database.replaced_by
    old = [state for state, known in record.applied.items() if replaced.get((state.id, state.seq), known + 1) <= known]
    verdict.disordered += len(wrong) + len(old)
    verdict.problems += [f"{record.name}: number {state.seq} was delivered as {state}" for state in wrong]
    verdict.problems += [
        f"{record.name}: {state.id} was repeated as it was at {state.seq}, though it had changed at "
        f"{replaced[state.id, state.seq]}"
        for state in old
    ]
