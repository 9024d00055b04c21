"""Decodes pictures in a separate process, so that no file can stop or compromise the server.

Decoders process bytes from strangers. In a separate process their memory, time and file size can be limited, they hold
no lock of the server, their memory is freed, and they can be killed. The process does not get the server's environment,
and its answer is read as plain numbers, text and bytes, so a decoder that a file has taken over can only give a wrong
picture.
"""

import atexit
import json
import os
import struct
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from threading import BoundedSemaphore, Lock, Timer
from typing import IO, Final

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from updates.untyped import JSONObject

ROOT: Final = Path(__file__).resolve().parents[2]

WAITING_AT_MOST: Final = 3
"""Uploads that may wait; each one occupies a request thread."""

DEADLINE: Final = 60.0
"""Seconds after which a worker is killed. The slowest file within the limits took 6 s on an idle machine."""

LONGEST_ANSWER: Final = 64 * 1024 * 1024
"""Bytes. An original of 3,200 × 3,200 pixels has 41 MB uncompressed."""


STRANGERS: Final = 15
OURS: Final = 5
"""How much lower than the server's the priority of a worker is. Files of strangers wait for everything else on a busy
machine; publishing waits for the sizes of its originals."""


class Busy(ValidationError):
    """Too many pictures are waiting. The file itself is fine and can be sent again."""

    def __init__(self) -> None:
        super().__init__(_("Other pictures are being processed. Send this one again."), code="busy")


class Failed(Exception):
    """The worker returned no picture. ``code`` is the code of a ``picture_file.Refusal``, or ``died``."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class Answer:
    """Result of the worker: values of simple types, and files."""

    values: JSONObject  # JSON of a process that is not trusted: the caller gives each value its type
    files: list[bytes]


class ImageProcess:
    """One worker process, started when it is first needed. It runs one job at a time.

    If ``waiting`` callers are already waiting, another one is refused with ``Busy``.
    """

    def __init__(self, waiting: int | None = None, niceness: int = STRANGERS) -> None:
        self._niceness = niceness
        self._room = None if waiting is None else BoundedSemaphore(1 + waiting)
        self._turn = Lock()
        self._process: subprocess.Popen[bytes] | None = None

    def run(self, job: str, data: bytes) -> Answer:
        """Run a job of ``image_worker`` on a file. Raises ``Busy`` and ``Failed``."""
        if self._room is not None and not self._room.acquire(blocking=False):
            raise Busy
        try:
            with self._turn:
                return self._exchange(job, data)
        finally:
            if self._room is not None:
                self._room.release()

    @property
    def pid(self) -> int | None:
        return self._process.pid if self._process else None

    def close(self) -> None:
        """Close the worker's input, which ends it."""
        process, self._process = self._process, None
        if process is not None:
            _end(process)

    def _exchange(self, job: str, data: bytes) -> Answer:
        """Send a file and read the answer. Tries again once if the worker had just ended after an idle minute."""
        for is_last_try in (False, True):
            process = self._running()
            try:
                return self._ask(process, job, data)
            except (OSError, EOFError, ValueError, KeyError, TypeError, struct.error) as error:
                self.close()
                if is_last_try or process.returncode != 0:
                    raise Failed("died") from error
        raise AssertionError("unreachable")

    def _ask(self, process: subprocess.Popen[bytes], job: str, data: bytes) -> Answer:
        """Send a file and read the answer. A timer kills a worker that hangs, which also ends the reading."""
        killer = Timer(DEADLINE, process.kill)
        killer.daemon = True
        killer.start()
        try:
            header, files = _exchanged(process, job, data)
        finally:
            killer.cancel()
        if header["ends"]:
            self.close()
        if refusal := header.get("refusal"):
            raise Failed(str(refusal))
        return Answer(dict(header["values"]), files)

    def _running(self) -> subprocess.Popen[bytes]:
        """Return the worker; start it again if it has ended after an idle minute or a file that took much memory."""
        if self._process is None or self._process.poll() is not None:
            self.close()
            self._process = _start(self._niceness)
        return self._process


def _start(niceness: int) -> subprocess.Popen[bytes]:
    return subprocess.Popen(  # noqa: S603 – our own program
        [sys.executable, "-m", "updates.content.image_worker", str(niceness)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        cwd=ROOT,
        env={"PATH": os.defpath, "LANG": "C.UTF-8"},  # no secret of the server
        start_new_session=True,  # Ctrl-C is for the server, which ends its worker
    )


def _exchanged(process: subprocess.Popen[bytes], job: str, data: bytes) -> tuple[JSONObject, list[bytes]]:
    stdin, stdout = _pipes(process)
    stdin.write(struct.pack(">16sI", job.encode(), len(data)))
    stdin.write(data)
    stdin.flush()
    header = json.loads(_read(stdout, struct.unpack(">I", _read(stdout, 4))[0]))
    return header, [_read(stdout, int(length)) for length in header["files"]]


def _read(stream: IO[bytes], length: int) -> bytes:
    if not 0 <= length <= LONGEST_ANSWER:
        raise ValueError(f"an answer of {length} bytes")
    data = stream.read(length)
    if len(data) < length:
        raise EOFError("the worker has ended")
    return data


def _pipes(process: subprocess.Popen[bytes]) -> tuple[IO[bytes], IO[bytes]]:
    if process.stdin is None or process.stdout is None:
        raise TypeError("a worker without pipes")
    return process.stdin, process.stdout


def _end(process: subprocess.Popen[bytes]) -> None:
    stdin, stdout = _pipes(process)
    try:
        stdin.close()
    except OSError:  # it has ended before it read everything
        process.kill()
    try:
        process.wait(1)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    stdout.close()


UPLOADS: Final = ImageProcess(WAITING_AT_MOST)
"""Decodes uploads, one at a time, because each may take half a gigabyte for some seconds."""

ORIGINALS: Final = ImageProcess(niceness=OURS)
"""Scales stored originals, which are never large, in a second process, so that publishing does not wait for uploads."""

CARDS: Final = ImageProcess(2)
"""Draws share cards, which anybody may ask for, so that few of the threads for readers can wait for it."""

atexit.register(UPLOADS.close)
atexit.register(ORIGINALS.close)
atexit.register(CARDS.close)
