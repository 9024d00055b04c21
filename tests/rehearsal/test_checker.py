"""The checker accepts a correct reader and detects every error. Its inputs are built by hand, without the product."""

import ast
from dataclasses import replace
from pathlib import Path

import pytest

from updates.rehearsal import checker, connection, database, page_parser, protocol, reader, records
from updates.rehearsal.checker import check, overlap
from updates.rehearsal.database import DatabaseState, LogRow
from updates.rehearsal.records import Outage, Post, ReaderRecord, State

GATE = State("gate000000", 1, "put", 10, text="Gateholds", kind="publish")
FERRY = State("ferry00000", 2, "put", 20, pinned=True, text="Ferrysails", kind="publish")
BRIDGE = State("bridge0000", 3, "put", 30, text="Bridgeshut", kind="publish")
GONE = State("bridge0000", 4, "gone", kind="remove")
STATES = (GATE, FERRY, BRIDGE, GONE)


def a_truth():
    log = {state.seq: LogRow(100.0 + state.seq, state, (state.text,) if state.text else ()) for state in STATES}
    newest = {state.id: log[state.seq] for state in STATES}
    return DatabaseState("epoch", 4, 2, newest, log, {"key-1": "gate000000"})


def a_trace():
    """A reader that has received everything, starting with an empty page."""
    newest = {state.id: state for state in STATES}
    progress = [(100.0, 0), (101.1, 1), (102.1, 2), (104.2, 4)]
    return ReaderRecord("reader 0", "socket", "epoch", 0, newest, 2, set(STATES), progress)


def verdict_on(record, posts=(), outages=()):
    return check("calm", a_truth(), [record], list(posts), list(outages))


def test_reader_that_has_everything_is_right():
    verdict = verdict_on(a_trace(), [Post("key-1", "gate000000", 1, 1)])
    assert verdict.is_clean
    assert (verdict.acknowledged, verdict.readers, verdict.delivered) == (1, 1, 2)


def without_entry(record):
    del record.states["gate000000"]


def with_older_text(record):
    record.states["gate000000"] = replace(GATE, text="Gatebreaks")


def with_other_place(record):
    record.states["gate000000"] = replace(GATE, order=25)


def with_unpinned(record):
    record.states["ferry00000"] = replace(FERRY, pinned=False)


def with_removed_one(record):
    record.states["bridge0000"] = BRIDGE


def with_stranger(record):
    record.states["stranger00"] = replace(GATE, id="stranger00", order=5)


def stopped_early(record):
    record.progress.pop()


def with_other_count(record):
    record.count = 3


def with_wrong_step(record):
    record.applied.add(replace(BRIDGE, text="Bridgeopen"))


def with_number_that_never_was(record):
    record.applied.add(replace(BRIDGE, seq=9))


def with_frame_twice(record):
    record.doubled.append("gate000000 twice")


def with_frames_reordered(record):
    record.disordered.append("ops 3–4 after 2")


@pytest.mark.parametrize(
    ("harm", "count"),
    [
        (without_entry, "lost"),
        (with_older_text, "lost"),
        (with_other_place, "lost"),
        (with_unpinned, "lost"),
        (with_removed_one, "lost"),
        (with_stranger, "lost"),
        (stopped_early, None),
        (with_other_count, None),
        (with_wrong_step, "disordered"),
        (with_number_that_never_was, "disordered"),
        (with_frame_twice, "doubled"),
        (with_frames_reordered, "disordered"),
    ],
)
def test_harm_is_seen(harm, count):
    record = a_trace()
    harm(record)
    verdict = verdict_on(record)
    assert not verdict.is_clean
    assert verdict.problems
    assert count is None or getattr(verdict, count)


@pytest.mark.parametrize("post", [Post("key-2", "gate000000", 1, 1), Post("key-1", "other00000", 1, 1)])
def test_acknowledged_post_that_the_database_lacks_is_lost(post):
    verdict = verdict_on(a_trace(), [post])
    assert (verdict.lost, verdict.is_clean) == (1, False)


def test_log_with_a_hole_is_seen():
    broken = a_truth()
    del broken.log[2]
    assert "the log has gaps in its numbers" in check("calm", broken, [], [], []).problems


def test_entries_below_the_floor_are_on_older_pages():
    record = a_trace()
    record.floor = 10
    without_entry(record)
    assert verdict_on(record).is_clean


def test_staleness_counts_from_the_commit_and_leaves_outages_out():
    """Commits at 101 … 104; the reader had them at 101.1, 102.1 and, both at once, 104.2."""
    calm = verdict_on(a_trace())
    assert calm.staleness == {"p50": pytest.approx(0.2), "p95": pytest.approx(1.2), "max": pytest.approx(1.2)}
    broken = verdict_on(a_trace(), outages=[Outage(103.0, 104.0)])
    assert broken.staleness["max"] == pytest.approx(0.2)
    assert broken.with_outages["max"] == pytest.approx(1.2)


@pytest.mark.parametrize(
    ("outages", "seconds"),
    [([(0, 5), (3, 6)], 6), ([(0, 1), (2, 3)], 2), ([(-5, 50)], 10), ([(11, 12)], 0), ([(4, 6), (0, 9)], 9)],
)
def test_outages_that_overlap_count_once(outages, seconds):
    assert overlap(0, 10, [Outage(*outage) for outage in outages]) == seconds


@pytest.mark.parametrize("module", [checker, connection, page_parser, reader, records, database, protocol])
def test_reader_and_checker_import_nothing_of_the_product(module):
    own = {"records", "database", "page_parser", "protocol", "connection", "reader"}
    for node in ast.walk(ast.parse(Path(module.__file__).read_text())):
        if isinstance(node, ast.ImportFrom):
            assert node.level == 0 or (node.level == 1 and node.module in own)
            assert not (node.module or "").startswith(("updates", "liveblog"))
