"""Several server processes on one address: kept alive, replaced without a refusal, and ended together."""

import json
import os
import resource
import signal
import socket
import subprocess
import sys
import threading
import urllib.request
from contextlib import contextmanager
from urllib.error import HTTPError

import pytest

from tests.servers import CEILING, ROOT, environment, wait_until

pytestmark = [pytest.mark.services, pytest.mark.django_db(transaction=True), pytest.mark.once]


class Group:
    def __init__(self, folder):
        command = [sys.executable, "manage.py", "serve", "--port", "0", "--processes", "2"]
        self.log = folder / "log"
        with self.log.open("w") as log:
            self.process = subprocess.Popen(
                command, cwd=ROOT, env=environment(), stdout=subprocess.PIPE, stderr=log, text=True
            )
        self.url = self.process.stdout.readline().split()[2]

    def end(self, how):
        self.process.send_signal(how)
        self.process.stdout.close()  # nobody else closes it; the processes write to the log
        return self.process.wait(2 * CEILING)

    def pid(self):
        """The process that answers, also that it is not ready: nobody has collected static files."""
        try:
            response = urllib.request.urlopen(f"{self.url}readyz", timeout=CEILING)
        except HTTPError as error:
            response = error
        with response:
            return json.load(response)["pid"]

    def pids(self, number=2):
        """Ask until so many processes have answered."""
        seen = set()
        wait_until(lambda: seen.add(self.pid()) or len(seen) >= number, f"{number} processes answer")
        return seen

    @contextmanager
    def without_files(self):
        """While it can open no file, pipe or socket more: it starts no process."""
        before = resource.prlimit(self.process.pid, resource.RLIMIT_NOFILE)
        resource.prlimit(self.process.pid, resource.RLIMIT_NOFILE, (3, before[1]))
        try:
            yield
        finally:
            resource.prlimit(self.process.pid, resource.RLIMIT_NOFILE, before)

    def wait_for_log(self, words):
        wait_until(lambda: words in self.log.read_text(), f"it logs “{words}”")


@pytest.fixture(scope="module")
def groups(django_db_setup):
    started = []
    yield started
    for group in started:
        group.end(signal.SIGKILL)


@pytest.fixture
def group(groups, tmp_path_factory):
    """One for all tests of this file, and another one after the test that ends it."""
    if not groups or groups[-1].process.poll() is not None:
        groups.append(Group(tmp_path_factory.mktemp("group")))
    return groups[-1]


def is_gone(pid):
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    return False


def refuses(group):
    try:
        urllib.request.urlopen(f"{group.url}healthz", timeout=CEILING).close()
    except OSError:
        return True
    return False


def test_crash_of_one_process_leaves_the_others_and_is_made_good(group, transactional_db):
    before = group.pids()
    victim = min(before)
    os.kill(victim, signal.SIGKILL)
    after = group.pids()
    wait_until(lambda: victim not in group.pids(), "only living processes answer")
    assert before - {victim} <= group.pids() | after


def test_reload_replaces_all_processes_and_refuses_nobody(group, transactional_db):
    before, refused, is_over = group.pids(), [], threading.Event()

    def ask():
        while not is_over.is_set():
            try:
                urllib.request.urlopen(f"{group.url}healthz", timeout=CEILING).close()
            except OSError as error:
                refused.append(error)

    asking = threading.Thread(target=ask)
    asking.start()
    try:
        group.process.send_signal(signal.SIGHUP)
        wait_until(lambda: all(map(is_gone, before)), "the old processes have ended", ceiling=2 * CEILING)
    finally:
        is_over.set()
        asking.join()
    assert refused == []
    assert group.pids().isdisjoint(before)


def test_process_that_cannot_be_started_is_tried_again(group, transactional_db):
    victim = min(group.pids())
    with group.without_files():
        os.kill(victim, signal.SIGKILL)
        group.wait_for_log("cannot be started: [Errno 24]")
    wait_until(lambda: victim not in group.pids(), "another process answers in its place")


def test_reload_that_can_start_no_process_leaves_the_old_ones(group, transactional_db):
    before = group.pids()
    with group.without_files():
        group.process.send_signal(signal.SIGHUP)
        group.wait_for_log("cannot be started: [Errno 24] Too many open files; the old ones go on")
    assert group.pids() == before
    group.process.send_signal(signal.SIGHUP)
    wait_until(lambda: all(map(is_gone, before)), "the next reload replaces them", ceiling=2 * CEILING)


def test_processes_end_with_the_one_that_watches_them(transactional_db, tmp_path):
    group = Group(tmp_path)
    try:
        group.pids()
    finally:
        status = group.end(signal.SIGKILL)
    assert status == -signal.SIGKILL
    wait_until(lambda: refuses(group), "no process listens any more")


def test_stop_ends_all_processes(group, transactional_db):
    pids = group.pids()
    assert group.end(signal.SIGTERM) == 0
    assert all(map(is_gone, pids))


def test_a_port_of_one_process_that_is_taken_is_named():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        command = [sys.executable, "manage.py", "serve", "--port", "0", "--processes", "2", "--own-ports", str(port)]
        run = subprocess.run(command, cwd=ROOT, env=environment(), capture_output=True, text=True, check=False)
    assert run.returncode == 1
    assert f"Port {port} of 127.0.0.1 cannot be used: Address already in use" in run.stderr
    assert "Traceback" not in run.stderr
