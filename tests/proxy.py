"""A TCP line to a server that a test can cut and mend, as a train does in a tunnel."""

import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Event, Lock, Thread
from urllib.parse import urlsplit

CUT = r"WebSocket|net::ERR_(CONNECTION|SOCKET|EMPTY|INTERNET|NETWORK|INCOMPLETE|CONTENT_LENGTH)_"
"""The message on a browser's console for it."""


class Line:
    """A line to an address (``http://…``) or to a Unix socket. ``lead_to`` another one when a server is replaced.

    ``rate``: how many bytes a second pass on their way up; as many as will, without one.
    """

    def __init__(self, target: str | Path, rate: float | None = None) -> None:
        self.lead_to(target)
        self._rate = rate
        self._listener = socket.create_server(("127.0.0.1", 0))
        if rate:  # else what is on its way would lie in our buffer, and the browser would think it sent
            self._listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 16384)
        self._ends: set[socket.socket] = set()
        self._lock = Lock()
        self._threads = [Thread(target=self._serve)]
        self._whole = True
        self._passes = Event()
        self._passes.set()
        path = "" if isinstance(target, Path) else urlsplit(target).path
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}{path}"
        self._threads[0].start()

    def lead_to(self, target: str | Path) -> None:
        self._target = target

    def cut(self) -> None:
        """End all connections; each new one ends at once."""
        with self._lock:
            self._whole = False
            for end in self._ends:
                hang_up(end)

    def mend(self) -> None:
        with self._lock:
            self._whole = True

    def freeze(self) -> None:
        """Half open: connections stay, new ones are taken, and nothing passes."""
        self._passes.clear()

    def cut_and_thaw(self) -> None:
        with self._lock:
            for end in self._ends:
                hang_up(end)
        self._passes.set()

    def close(self) -> None:
        self._passes.set()
        hang_up(self._listener)
        self._listener.close()
        self.cut()
        for thread in self._threads:
            thread.join()

    def _serve(self) -> None:
        while True:
            try:
                near, _ = self._listener.accept()
            except OSError:
                return  # closed
            self._connect(near)

    def _connect(self, near: socket.socket) -> None:
        with self._lock:
            if not self._whole:
                near.close()
                return
            try:
                far = connect(self._target)
            except (ConnectionRefusedError, FileNotFoundError):
                near.close()
                return
            self._ends |= {near, far}
        for ends in ((near, far, self._rate), (far, near, None)):
            self._threads.append(Thread(target=self._carry, args=ends))
            self._threads[-1].start()

    def _carry(self, source: socket.socket, sink: socket.socket, rate: float | None) -> None:
        with suppress(OSError):  # cut
            while data := source.recv(8192 if rate else 65536):
                self._passes.wait()
                if rate:
                    time.sleep(len(data) / rate)  # a thin line takes this long for the bytes; this waits for nothing
                sink.sendall(data)
        hang_up(source)
        hang_up(sink)
        with self._lock:
            self._ends.discard(source)
            source.close()


def connect(target: str | Path) -> socket.socket:
    if isinstance(target, Path):
        far = socket.socket(socket.AF_UNIX)
        try:
            far.connect(str(target))
        except OSError:
            far.close()
            raise
        return far
    address = urlsplit(target)
    return socket.create_connection((address.hostname, address.port))


def hang_up(end: socket.socket) -> None:
    """Close both directions, which also ends reads that wait."""
    with suppress(OSError):  # the other side was quicker
        end.shutdown(socket.SHUT_RDWR)


@contextmanager
def line_to(target: str | Path, rate: float | None = None) -> Iterator[Line]:
    line = Line(target, rate)
    try:
        yield line
    finally:
        line.close()
