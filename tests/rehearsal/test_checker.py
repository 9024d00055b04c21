"""The checker accepts a correct reader and detects every error. Its inputs are built by hand, without the product."""

import ast
from dataclasses import replace
from pathlib import Path

import pytest

from updates.rehearsal import checker, connection, database, page_parser, posts, protocol, reader, records, staleness
from updates.rehearsal.checker import check
from updates.rehearsal.database import DatabaseState, LogRow
from updates.rehearsal.records import Outage, Post, ReaderRecord, State
from updates.rehearsal.staleness import overlap

GATE = State("gate000000", 1, "put", 10, text="Gateholds", kind="publish")
FERRY = State("ferry00000", 2, "put", 20, pinned=True, text="Ferrysails", kind="publish")
BRIDGE = State("bridge0000", 3, "put", 30, text="Bridgeshut", kind="publish")
GONE = State("bridge0000", 4, "gone", kind="remove")
STATES = (GATE, FERRY, BRIDGE, GONE)


ALL = [Post(f"key-{number}", key, 1, 1) for number, key in enumerate(("gate000000", "ferry00000", "bridge0000"), 1)]
"""Each was acknowledged."""


def a_truth():
    log = {state.seq: LogRow(100.0 + state.seq, state, (state.text,) if state.text else ()) for state in STATES}
    newest = {state.id: log[state.seq] for state in STATES}
    return DatabaseState("epoch", 4, 2, newest, log, {post.key: post.public_id for post in ALL})


def a_trace():
    """A reader that has received everything, starting with an empty page."""
    newest = {state.id: state for state in STATES}
    progress = [(100.0, 0), (101.1, 1), (102.1, 2), (104.2, 4)]
    known = {state: state.seq for state in STATES}
    return ReaderRecord("reader 0", "socket", "epoch", 0, newest, 2, known, progress)


def verdict_on(record, posts=ALL, outages=()):
    return check("calm", a_truth(), [record], list(posts), list(outages))


def test_reader_that_has_everything_is_right():
    verdict = verdict_on(a_trace())
    assert verdict.is_clean
    assert (verdict.acknowledged, verdict.readers, verdict.delivered) == (3, 1, 2)


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
    record.applied[replace(BRIDGE, text="Bridgeopen")] = 3


def with_number_that_never_was(record):
    record.applied[replace(BRIDGE, seq=9)] = 9


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
def test_each_kind_of_damage_is_found(harm, count):
    record = a_trace()
    harm(record)
    verdict = verdict_on(record)
    assert not verdict.is_clean
    assert verdict.problems
    assert count is None or getattr(verdict, count)


@pytest.mark.parametrize("post", [Post("key-9", "gate000000", 1, 1), Post("key-1", "other00000", 1, 1)])
def test_acknowledged_post_that_the_database_lacks_is_lost(post):
    verdict = verdict_on(a_trace(), [*ALL, post])
    assert (verdict.lost, verdict.is_clean) == (1, False)


def test_log_with_a_hole_is_seen():
    broken = a_truth()
    del broken.log[2]
    assert "the log has gaps in its numbers" in check("calm", broken, [], ALL, []).problems


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


@pytest.mark.parametrize(
    "module", [checker, connection, page_parser, posts, reader, records, database, protocol, staleness]
)
def test_reader_and_checker_import_nothing_of_the_product(module):
    own = {"records", "database", "posts", "staleness", "page_parser", "protocol", "connection", "reader"}
    for node in ast.walk(ast.parse(Path(module.__file__).read_text())):
        if isinstance(node, ast.ImportFrom):
            assert node.level == 0 or (node.level == 1 and node.module in own)
            assert not (node.module or "").startswith(("updates", "liveblog"))


def test_post_that_is_there_twice_is_seen():
    """Under its own id and, with other words or none, under one that nobody knows."""
    acknowledged = ALL[:2]
    verdict = check("calm", truth_with_keys(*acknowledged), [], acknowledged, [])
    assert (verdict.lost, verdict.doubled) == (0, 1)
    assert "bridge0000 is in the database, but nobody posted it" in verdict.problems[0]


def truth_with_keys(*posts):
    return replace(a_truth(), keys={post.key: post.public_id for post in posts})


@pytest.mark.parametrize(
    ("due", "outages", "words"),
    [
        (101.0, [], ""),
        (0.0, [], ""),
        (106.0, [], "5.0 s before its time"),
        (90.0, [], "11.0 s after its time"),
        (90.0, [Outage(91.0, 100.0)], ""),
    ],
)
def test_scheduled_post_appears_at_its_time(due, outages, words):
    """It was published at 101."""
    acknowledged = [replace(ALL[0], due=due), *ALL[1:]]
    verdict = check("calm", a_truth(), [], acknowledged, outages)
    assert words in " ".join(verdict.problems)
    assert bool(verdict.problems) is bool(words)


def test_scheduled_post_that_nobody_published_is_lost():
    verdict = check("calm", a_truth(), [], [*ALL, Post("key-9", "later00000", 1, 1, 101.0)], [])
    assert verdict.lost == 1
    assert "Does the scheduler run?" in verdict.problems[0]


@pytest.mark.parametrize(("known", "is_repeated"), [(3, False), (4, True)])
def test_state_is_as_new_as_what_its_sender_knew(known, is_repeated):
    """Change 4 has removed what change 3 had published."""
    record = a_trace()
    record.applied[BRIDGE] = known
    verdict = verdict_on(record)
    assert bool(verdict.disordered) is is_repeated
    assert ("repeated as it was at 3, though it had changed at 4" in " ".join(verdict.problems)) is is_repeated


def test_waits_without_an_outage_have_a_bound():
    record = a_trace()
    record.progress = [(100.0, 0), (140.0, 4)]
    assert "slow" in " ".join(verdict_on(record).problems)
    assert verdict_on(record, outages=[Outage(100.0, 139.0)]).is_clean
