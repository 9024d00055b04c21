"""Loaded before the settings: tests keep their files in a folder of their own and wait less."""

import atexit
import os
import shutil
import tempfile

_folder = tempfile.mkdtemp(prefix="liveblog-tests-")
atexit.register(shutil.rmtree, _folder, ignore_errors=True)

os.environ["DATA_DIR"] = _folder
os.environ.setdefault("LOG_LEVEL", "WARNING")
os.environ["RECONCILE_EVERY"] = "0.3"
os.environ["HEARTBEAT_EVERY"] = "1"
os.environ["BACKOFF_BASE"] = "0.2"
os.environ["HIDDEN_CLOSE"] = "1"
os.environ["POLL_EVERY"] = "1"
