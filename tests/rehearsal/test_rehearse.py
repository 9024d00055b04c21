"""The command with every fault, on a small scale."""

import json
import os
import pty
import re
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from tests.servers import ROOT, end, environment, kill, wait_until
from updates.rehearsal.faults import FAULTS
from updates.rehearsal.management.commands.rehearse import fault_names
from updates.rehearsal.report import as_json
from updates.rehearsal.run import split
from updates.rehearsal.stack import Plan

on_postgres = settings.DATABASES["default"]["ENGINE"].endswith("postgresql")

NOT_ON_POSTGRES = {
    *("reconnect-storm", "slow-reader", "asleep", "stale-cache", "nudges-alone"),
    *("redis-stop", "redis-freeze", "rolling-restart"),
    *("calm", "burst"),  # part of others, such as "join-at-full-rate"
}
"""Faults that have nothing to do with the database: there ``make prove`` alone runs them.

They break a reader's line, a process or Redis, which "redis-half-open" does there, and tests/live/test_redis.py in
each way.
"""


def rehearse(*arguments, errors=subprocess.PIPE):
    command = [sys.executable, "manage.py", "rehearse", *arguments]
    return subprocess.run(
        command, cwd=ROOT, env=environment(), stdout=subprocess.PIPE, stderr=errors, text=True, timeout=400, check=False
    )


@pytest.mark.long
@pytest.mark.database
@pytest.mark.services
def test_nothing_is_lost_whatever_breaks():
    """On SQLite: one process, as `make run` has it. On PostgreSQL: two, with Redis between them."""
    stack = ["--database", "postgres", "--redis", "--processes", "2"] if on_postgres else []
    plan = Plan("postgres", redis=True, processes=2) if on_postgres else Plan()
    faults, _not_run = split([name for name in FAULTS if not on_postgres or name not in NOT_ON_POSTGRES], plan)
    chosen = [option for name in faults for option in ("--fault", name)]
    made = rehearse("--readers", "10", "--posts", "30", *chosen, "--json", *stack)
    assert made.stdout, made.stderr
    result = json.loads(made.stdout)
    assert [row["problems"] for row in result["faults"]] == [[] for _ in result["faults"]]
    assert (made.returncode, result["clean"], result["not_run"]) == (0, True, {})
    assert [row["fault"] for row in result["faults"]] == faults
    for row in result["faults"]:
        assert row["acknowledged"] >= 24  # a restore loses some
        assert row["delivered"] > row["readers"]


def test_all_are_tried_and_those_that_the_stack_cannot_have_are_named():
    everything = fault_names(["all"])
    of_the_tier = [name for name in FAULTS if FAULTS[name].tier]
    others = [name for name in FAULTS if name not in of_the_tier]
    _, not_run = split(everything, Plan("postgres", redis=True, processes=2))
    assert (list(not_run), [name for name in everything if name not in not_run]) == (of_the_tier, others)
    runnable, not_run = split(everything, Plan())
    assert not_run["redis-stop"].startswith("it needs Redis")
    assert sorted([*runnable, *not_run]) == sorted(FAULTS)
    assert json.loads(as_json([], not_run, {}))["not_run"] == not_run


@pytest.mark.long
@pytest.mark.services
def test_recorded_live_blog_can_be_rehearsed(tmp_path):
    recording = tmp_path / "storm.json"
    entries = [
        {"headline": f"Gate {number} holds", "time": f"2031-03-13T11:{number:02}:00Z",
         "blocks": [{"kind": "text", "text": "Water < the wall & rising."}]}
        for number in range(12)
    ]  # fmt: skip
    recording.write_text(json.dumps({"event": {"title": "Storm"}, "entries": entries}))
    watching, terminal = pty.openpty()
    with ThreadPoolExecutor(1) as beside:
        reading = beside.submit(read_terminal, watching)
        try:
            made = rehearse(
                "--event", str(recording), "--speed", "600", "--readers", "5", "--fault", "calm", errors=terminal
            )
        finally:
            os.close(terminal)
    assert made.returncode == 0, made.stdout
    assert made.stdout.splitlines()[2].split()[:3] == ["calm", "15", "5"]
    output = reading.result().decode()
    assert re.search(r"\[#*\.+\] +\d+% calm", output), output
    assert output.endswith("\r\x1b[K")  # and the line is empty again


def read_terminal(descriptor):
    """Read all that is written to the other end, until it is closed: a full terminal would stop whoever writes."""
    output = b""
    with open(descriptor, "rb", buffering=0) as terminal, suppress(OSError):  # noqa: PTH123 – no path
        while part := terminal.read(4096):
            output += part
    return output


@pytest.mark.long
@pytest.mark.services
@pytest.mark.parametrize("moment", ["migrate", "serve"])
def test_a_rehearsal_that_is_ended_leaves_no_process_behind(tmp_path, moment):
    """Ended while it sets up, and while readers and editors are at work."""
    command = [sys.executable, "manage.py", "rehearse", "--readers", "5", "--posts", "1000", "--rate", "5"]
    running = subprocess.Popen(command, cwd=ROOT, env=environment() | {"TMPDIR": str(tmp_path)}, start_new_session=True)
    try:
        wait_until(lambda: running.poll() is not None or works_at(moment, tmp_path), f"manage.py {moment}")
        assert end(running) == 128 + signal.SIGTERM
    finally:
        kill(running)
    wait_until(lambda: not started_in(tmp_path), "the end of every process")
    assert list(tmp_path.iterdir()) == []


def works_at(command, folder):
    return any(f"\0{command}\0".encode() in read(process / "cmdline") for process in started_in(folder))


def started_in(folder):
    """Processes whose environment names the folder."""
    named = f"DATA_DIR={folder}/".encode()
    return [process for process in Path("/proc").glob("[0-9]*") if named in read(process / "environ")]


def read(file):
    """Nothing where the process has ended meanwhile, or is somebody else's."""
    try:
        return file.read_bytes()
    except OSError:
        return b""


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--fault", "earthquake"], "Use one of: all, calm"),
        (["--rate", "0"], "greater than 0"),
        (["--event", "nowhere.json"], "nowhere.json is not an exported live blog"),
        (["--readers", "0"], "--readers"),
        (["--posts", "many"], "--posts"),
        (["--speed", "20"], "--event"),
        (["--database", "mysql"], "--database must be sqlite, postgres"),
        (["--fault", "redis-stop"], "redis-stop cannot be run: it needs Redis"),
        (
            ["--fault", "calm", "--fault", "hub-behind"],
            "hub-behind cannot be run: it needs 2 server",
        ),
    ],
)
def test_what_cannot_be_rehearsed_is_refused(arguments, words):
    with pytest.raises(CommandError, match=words):
        call_command("rehearse", *arguments)


def test_absent_programs_are_named(monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(CommandError, match=r"redis-server is missing\. Install it"):
        call_command("rehearse", "--redis", "--fault", "calm")


def test_every_fault_has_a_description():
    assert all(fault.description for fault in FAULTS.values())
    assert os.linesep not in "".join(FAULTS)
