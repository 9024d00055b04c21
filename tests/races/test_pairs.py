"""Any two operations at the same moment come out as one after the other.

For each ordered pair the second one commits between the call of the first and its lock, and the outcome is compared
with running them in turn. Where the second one changes nothing both are the same, so such a pair is left out. Some
pairs run in the gate, all of them with RACES=all.
"""

import json
import os
from collections import defaultdict
from contextlib import contextmanager
from difflib import unified_diff
from zlib import crc32

import pytest
import time_machine
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection

from tests.publishing.races import in_thread
from tests.races.newsroom import NOW
from tests.races.outcome import outcome
from tests.races.scenarios import SCENARIOS, TAKING_NO_MOMENT, operations
from updates.models import Entry
from updates.publishing import EntryResult, Refused

LOCKS = {"sqlite": ("BEGIN",), "postgresql": ('UPDATE "updates_event"', 'INSERT INTO "updates_event"')}
"""How the statement begins by which a transaction takes its lock."""

ONE_IN = 1 if os.environ.get("RACES") == "all" else 48
"""How many pairs there are for each that runs."""

PLACE = 0 if connection.vendor == "sqlite" else ONE_IN // 2
"""The place of those that run: other pairs on PostgreSQL than on SQLite."""


BY_NAME = {scenario.name: scenario for scenario in SCENARIOS}


def test_each_operation_has_a_scenario():
    assert {scenario.operation for scenario in SCENARIOS} == operations() | TAKING_NO_MOMENT


def test_each_scenario_alone_changes_something(newsroom):
    room, saved = newsroom
    with time_machine.travel(NOW, tick=False):
        idle = [each.name for each in SCENARIOS if _is_idle(each, each.state or "published", room, saved)]
    assert idle == ["assign:lower"]  # a live blog needs at least one editor


IDLE = {}
"""Whether operations change nothing when they come first, by their names and the state of the entry."""


def _is_idle(scenario, state, room, saved):
    """Return whether an operation that comes first changes nothing, such as one that is refused."""
    if (scenario.name, state) not in IDLE:
        saved.restore()
        _attempt(scenario, room, room.entries[state])
        IDLE[scenario.name, state] = saved.is_current()
    return IDLE[scenario.name, state]


@pytest.mark.parametrize("first", SCENARIOS, ids=lambda scenario: scenario.name)
def test_operation_overtaken_before_its_lock(first, newsroom):
    with time_machine.travel(NOW, tick=False):
        failures = [
            difference
            for state, seconds in _partners(first).items()
            for locks in [_locks_alone(first, state, *newsroom)]
            for second in seconds
            if locks > 1 or not _is_idle(second, state, *newsroom)
            for difference in _differences(first, second, state, locks, *newsroom)
        ]
    assert not failures, "\n\n".join(failures)


def _partners(first):
    """Return the operations that overtake the first one, by the state of the entry: at least one."""
    distances = {
        (second.name, state): (crc32(f"{first.name}/{second.name}/{state}".encode()) - PLACE) % ONE_IN
        for second in SCENARIOS
        for state in sorted({first.state, second.state} - {""} or {"published"})
    }
    nearest = min(distances.values())
    partners = defaultdict(list)
    for (name, state), distance in distances.items():
        if distance == nearest:
            partners[state].append(BY_NAME[name])
    return partners


def _locks_alone(first, state, room, saved):
    """Return before how many locks an operation can be overtaken: until then it runs as it does alone."""
    saved.restore()
    with _at_each_lock(lambda _number: None) as locks:
        _attempt(first, room, room.entries[state])
    # On PostgreSQL it may still hold the first lock when it takes the next one.
    return len(locks) if connection.vendor == "sqlite" else len(locks[:1])


def _differences(first, second, state, locks, room, saved):
    pk = room.entries[state]

    def run_first():
        return _attempt(first, room, pk)

    def run_second():
        return _attempt(second, room, pk)

    saved.restore()
    in_turn = [in_thread(run_second), run_first(), outcome()]
    for lock in range(1, locks + 1):
        saved.restore()
        with _at_each_lock(lambda number, lock=lock: in_thread(run_second) if number == lock else None) as results:
            result = run_first()
        raced = [results[lock - 1], result, outcome()]
        if raced != in_turn and not (lock > 1 and raced == _other_turn(run_first, run_second, saved)):
            yield f"{second.name} before lock {lock} of {first.name}, {state}:\n" + _diff(in_turn, raced)


def _other_turn(run_first, run_second, saved):
    """An operation of several transactions may also count as done before the other one."""
    saved.restore()
    result = run_first()
    return [run_second(), result, outcome()]


def _attempt(scenario, room, pk):
    try:
        result = scenario.call(room, pk)
    except (Refused, PermissionDenied, ValidationError, Entry.DoesNotExist) as refusal:
        return f"{type(refusal).__name__}: {refusal}"
    if isinstance(result, EntryResult):
        return f"new: {result.is_new}"
    return type(result).__name__


@contextmanager
def _at_each_lock(call):
    """Call something with 1, 2, 3 … right before each lock that this thread takes. Yields the list of results."""
    results = []

    def intercept(execute, sql, params, many, context):
        if sql.startswith(LOCKS[connection.vendor]):
            results.append(call(len(results) + 1))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(intercept):
        yield results


def _diff(expected, actual):
    lines = [[*outcomes[:2], *_pretty(outcomes[2])] for outcomes in (expected, actual)]
    return "\n".join(unified_diff(*lines, "in turn", "raced", n=0, lineterm=""))


def _pretty(text):
    return json.dumps(json.loads(text), indent=1).splitlines()
