"""Loaded before the settings: tests keep their files in a folder of their own and wait less."""

import atexit
import os
import shutil
import signal
import tempfile
from pathlib import Path

MEMORY = Path("/dev/shm")  # noqa: S108 – folders in it are made by mkdtemp
"""A file system in memory, on Linux: SQLite waits for the disk at each commit, which takes 8 ms on a busy machine."""

ROOM = 1_000_000_000
"""Bytes that must be free there: each worker keeps static files, pictures and a database; containers may have 64 MB."""

COUNTING = {name: value for name, value in os.environ.items() if name.startswith("COVERAGE_")}
"""What ``make coverage`` counts by, for processes that get an environment of their own."""


def _fast_place() -> Path | None:
    if not os.access(MEMORY, os.W_OK) or shutil.disk_usage(MEMORY).free < ROOM:
        return None
    return MEMORY


_folder = tempfile.mkdtemp(prefix="liveblog-tests-", dir=_fast_place())
atexit.register(shutil.rmtree, _folder, ignore_errors=True)

# A shell that runs the tests in the background makes them ignore Ctrl-C, and so the servers that they start.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

os.environ["DATA_DIR"] = _folder
os.environ.setdefault("LOG_LEVEL", "WARNING")
os.environ["RECONCILE_EVERY"] = "0.3"
os.environ["HEARTBEAT_EVERY"] = "1"
os.environ["BACKOFF_BASE"] = "0.2"
os.environ["HIDDEN_CLOSE"] = "1"
os.environ["POLL_EVERY"] = "1"
