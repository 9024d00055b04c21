"""A rehearsal detects every way in which delivery is broken here."""

import asyncio
import os
import shutil
import tempfile
from dataclasses import replace
from pathlib import Path

import pytest

from tests.servers import CEILING, ROOT
from updates.rehearsal import fault_run, faults
from updates.rehearsal.fault_run import FaultRun, Load
from updates.rehearsal.faults import FAULTS
from updates.rehearsal.reader import Reader
from updates.rehearsal.records import ReaderRecord, State
from updates.rehearsal.stack import Plan, Stack

pytestmark = pytest.mark.services

SMALL = Load(readers=6, posts=40, rate=40, editors=2, polling_share=0.0, timeout=6.0)
PATIENT = replace(SMALL, timeout=CEILING)
"""Where readers get everything in the end, and on a busy machine late."""
SLOW = replace(SMALL, rate=8, timeout=4.0)
"""A server without nudges sends two frames a second; at 40 posts a second an update and its change come in one."""


@pytest.fixture(scope="module", autouse=True)
def template(tmp_path_factory):
    """A migrated database, once there is one."""
    QuickStack.template = tmp_path_factory.mktemp("template") / "migrated.sqlite3"


class QuickStack(Stack):
    """Begins with a copy of a migrated database: to migrate one takes as long as the rehearsal itself."""

    template: Path

    async def manage(self, *arguments):
        if arguments[0] == "migrate" and self.template.exists():
            shutil.copy(self.template, self.store.file)
            return
        await super().manage(*arguments)
        if arguments[0] == "migrate":
            shutil.copy(self.store.file, self.template)


def rehearse(broken, processes=1, faults=("calm",), load=SMALL):
    """Return the verdict on each fault; the servers are broken in the ways that ``broken`` names."""
    paths = os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")])
    more = {"DJANGO_SETTINGS_MODULE": "tests.rehearsal.broken_settings", "BROKEN": broken, "PYTHONPATH": paths}

    async def run():
        with tempfile.TemporaryDirectory() as folder:
            stack = QuickStack(Plan(processes=processes, environment=more), Path(folder))
            try:
                await stack.start()
                runs = [FaultRun(stack, FAULTS[name], load, None) for name in faults]
                if processes > 1:  # what is posted to the other is never hidden by a post to this one
                    runs[0].editors.avoid = stack.servers[-1]
                return [await each.run() for each in runs]
            finally:
                await stack.end()

    return asyncio.run(run())


def test_whole_server_passes():
    """Without this, the other tests would prove nothing."""
    (verdict,) = rehearse("nothing", load=PATIENT)
    assert verdict.is_clean, verdict.problems
    assert verdict.delivered


@pytest.mark.parametrize(
    ("broken", "count", "processes"),
    [("order", "disordered", 1), ("once", "doubled", 1), ("skip", "lost", 1), ("tombstones", "lost", 1)],
)
def test_broken_server_is_caught(broken, count, processes):
    (verdict,) = rehearse(broken, processes, load=PATIENT)
    assert not verdict.is_clean
    faults = {name for name in ("lost", "doubled", "disordered") if getattr(verdict, name)}
    assert count in faults
    assert count == "lost" or "lost" not in faults, "it does not only what it is to do"


def test_server_without_reconciler_is_caught():
    """Two processes without Redis: readers of one learn of the other's updates only by the tick."""
    (verdict,) = rehearse("reconciler", processes=2)
    assert verdict.lost
    assert any("stopped at" in problem for problem in verdict.problems)


def test_posts_that_are_stored_twice_a_broken_desk_and_an_absent_scheduler_are_seen(monkeypatch):
    monkeypatch.setattr(fault_run, "LATE", 2.0)
    (verdict,) = rehearse("surplus desk scheduler")
    problems = "\n".join(verdict.problems)
    assert verdict.doubled
    assert "nobody posted it, or under another id" in problems
    assert "the desk answered 500" in problems
    assert verdict.lost
    assert "scheduled, but not published" in problems


def test_repeated_old_words_and_absent_nudges_are_seen(monkeypatch):
    monkeypatch.setattr(faults, "NUDGED_WITHIN", 2.0)
    repeated, slow = rehearse("repeats nudge", faults=("asleep", "nudges-alone"), load=SLOW)
    assert repeated.disordered
    assert any("was repeated as it was at" in problem for problem in repeated.problems)
    assert any("without the regular check" in problem for problem in slow.problems)


class Forgetful(Reader):
    """Forgets an entry after its removal."""

    def apply(self, states, sender_knew):
        super().apply(states, sender_knew)
        for state in states:
            if state.op == "gone":
                del self.record.states[state.id]


@pytest.mark.parametrize(("kind", "is_back"), [(Reader, False), (Forgetful, True)])
def test_reader_that_forgets_removals_shows_what_was_removed(kind, is_back):
    """An older state that arrives late, for example from a stale cache."""
    put = State("gate000000", 1, "put", 10, text="Gateholds", kind="publish")
    reader = kind(None, None, "storm", ReaderRecord("reader 0", "socket"), None)
    for state in (put, replace(put, seq=2, op="gone"), put):
        reader.apply((state,), state.seq)
    assert bool(reader.record.visible()) is is_back
