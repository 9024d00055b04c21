"""Any two operations at the same moment come out as one after the other.

For each ordered pair the second one commits between the call of the first and its lock, and the outcome is compared
with running them in turn. Some pairs run in the gate, all of them with RACES=all.
"""

import os
from contextlib import contextmanager
from difflib import unified_diff
from itertools import count
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

ONE_IN = 1 if os.environ.get("RACES") == "all" else 24
"""How many pairs there are for each that runs."""


def test_each_operation_has_a_scenario():
    assert {scenario.operation for scenario in SCENARIOS} == operations() | TAKING_NO_MOMENT


def test_each_scenario_alone_changes_something(newsroom):
    room, saved = newsroom
    with time_machine.travel(NOW, tick=False):
        idle = list(filter(None, (_is_idle(scenario, room, saved) for scenario in SCENARIOS)))
    assert idle == [("Refused: A live blog needs at least one editor.", "assign:lower")]


def _is_idle(scenario, room, saved):
    saved.restore()
    before = outcome()
    result = _attempt(scenario, room, room.entries[scenario.state or "published"])
    return outcome() == before and (result, scenario.name)


@pytest.mark.parametrize("first", SCENARIOS, ids=lambda scenario: scenario.name)
def test_operation_overtaken_before_its_lock(first, newsroom):
    with time_machine.travel(NOW, tick=False):
        failures = [
            difference
            for second, state in _partners(first)
            for difference in _differences(first, second, state, *newsroom)
        ]
    assert not failures, "\n\n".join(failures)


def _partners(first):
    for second in SCENARIOS:
        for state in sorted({first.state, second.state} - {""} or {"published"}):
            if crc32(f"{first.name}/{second.name}/{state}".encode()) % ONE_IN == 0:
                yield second, state


def _differences(first, second, state, room, saved):
    pk = room.entries[state]

    def run_first():
        return _attempt(first, room, pk)

    def run_second():
        return _attempt(second, room, pk)

    saved.restore()
    in_turn = [in_thread(run_second), run_first(), outcome()]
    for lock in count(1) if connection.vendor == "sqlite" else [1]:  # on PostgreSQL the first may still be held
        saved.restore()
        with _before_lock(lock, run_second) as overtaking:
            result = run_first()
        if not overtaking:
            return
        raced = [*overtaking, result, outcome()]
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
def _before_lock(number, call):
    """Call something in another thread right before the lock of this number that this thread takes.

    Yields a list that gets the result; it stays empty if there are fewer locks.
    """
    locks, results = count(1), []

    def intercept(execute, sql, params, many, context):
        if sql.startswith(LOCKS[connection.vendor]) and next(locks) == number:
            results.append(in_thread(call))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(intercept):
        yield results


def _diff(expected, actual):
    lines = [[str(line) for part in parts for line in part.splitlines()] for parts in (expected, actual)]
    return "\n".join(unified_diff(*lines, "in turn", "raced", n=0, lineterm=""))
