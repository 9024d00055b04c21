"""Servers of others that the product calls (a CDN, a hub), each a process that records what it is sent.

``python -m MODULE FOLDER DESCRIPTOR`` serves on an inherited listening socket. ``FOLDER/records`` gets a line of JSON
for each, ``FOLDER/status`` holds the status of answers, and whoever has a lock on ``FOLDER/hold`` keeps them back.
"""

import fcntl
import json
import socket
import sys
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from tests.servers import CEILING, address_of, listening_socket, start_server, wait_until


class Recorder(BaseHTTPRequestHandler):
    """The process: a subclass says what it records."""

    folder: Path

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.arrived(body)
        with (self.folder / "hold").open("a") as lock:
            fcntl.flock(lock, fcntl.LOCK_SH)
        status = int((self.folder / "status").read_text())
        self.answering(body, status)
        self.send_response(status)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def arrived(self, body: bytes) -> None:
        """Called before the answer may be kept back."""

    def answering(self, body: bytes, status: int) -> None:
        """Called when the answer goes out."""

    def record(self, **values) -> None:
        with (self.folder / "records").open("ab", buffering=0) as records:  # in one piece, whatever its length
            records.write(f"{json.dumps(values)}\n".encode())

    def log_message(self, *_):
        pass

    @classmethod
    def serve(cls) -> None:
        cls.folder = Path(sys.argv[1])
        server = ThreadingHTTPServer(("127.0.0.1", 0), cls, bind_and_activate=False)
        server.socket = socket.socket(fileno=int(sys.argv[2]))
        (cls.folder / "started").touch()
        server.serve_forever()


@dataclass
class Recording:
    """What a test sees of the process."""

    url: str
    folder: Path

    @property
    def records(self):
        file = self.folder / "records"
        whole = file.read_text().rpartition("\n")[0] if file.exists() else ""
        return [json.loads(line) for line in whole.splitlines()]

    def answer(self, status):
        new = self.folder / "status.new"  # as a whole: the process may be reading it
        new.write_text(str(status))
        new.replace(self.folder / "status")

    @contextmanager
    def held(self):
        """Let calls arrive and keep their answers back."""
        with (self.folder / "hold").open("a") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield


@contextmanager
def recording(kind: type[Recording], module: str, folder: Path, path: str = ""):
    """Run a recorder, which answers 200 until it is told otherwise."""
    listener = listening_socket()
    server = kind(f"{address_of(listener)}{path}", folder)
    server.answer(200)
    process = start_server([sys.executable, "-m", module, str(folder)], listener)
    try:
        wait_until((folder / "started").exists, "it serves: calls have a deadline")
        yield server
    finally:
        process.terminate()
        process.wait(CEILING)
