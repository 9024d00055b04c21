"""Decodes pictures in a process of its own, so that no file can stop or poison the server.

A decoder is given bytes of strangers. In another process it can be limited in memory, time and file size, it holds no
lock of the server's, its memory is given back, and it can be killed. It never sees the server's environment, and its
answer is read as plain numbers, text and bytes: a decoder that a file has taken over can lie about a picture, no more.
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
"""Uploads that may wait for their turn; each one holds a thread of the requests."""

DEADLINE: Final = 60.0
"""Seconds after which a worker is killed. The slowest file within the limits took 6 s on an idle machine."""

LONGEST_ANSWER: Final = 64 * 1024 * 1024
"""Bytes. An original of 3,200 pixels a side has 41 MB without any compression."""


class Busy(ValidationError):
    """Too many pictures are waiting. Nothing is wrong with the file: it can be sent again as it is."""

    def __init__(self) -> None:
        super().__init__(_("Other pictures are being processed. Send this one again."), code="busy")


class Failed(Exception):
    """The worker gave no picture. ``code`` says why: a refusal of ``picture_file``, or ``died``."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class Answer:
    """What the worker made of a file: values of simple types, and files."""

    values: JSONObject  # JSON of a process that is not trusted: the caller gives each value its type
    files: list[bytes]


class ImageProcess:
    """One worker process, started when it is first needed. It takes one job at a time.

    With ``waiting``, a caller is refused with ``Busy`` when so many wait already.
    """

    def __init__(self, waiting: int | None = None) -> None:
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
        """End the worker: it ends by itself once nothing can be sent to it."""
        process, self._process = self._process, None
        if process is not None:
            _end(process)

    def _exchange(self, job: str, data: bytes) -> Answer:
        """Send a file and read the answer, once more if the worker had just ended by itself after a quiet minute."""
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
        """The timer kills a worker that hangs, which also ends the reading."""
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
        """The worker, started anew where it has ended: after a quiet minute, or a file that took much memory."""
        if self._process is None or self._process.poll() is not None:
            self.close()
            self._process = _start()
        return self._process


def _start() -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", "updates.content.image_worker"],
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
    except OSError:  # it has ended already, with something unsent
        process.kill()
    try:
        process.wait(1)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    stdout.close()


UPLOADS: Final = ImageProcess(WAITING_AT_MOST)
"""Files of strangers, one at a time: each may take up to half a gigabyte for some seconds."""

ORIGINALS: Final = ImageProcess()
"""Files that we keep, which are never large. They do not wait behind uploads: an update is on its way to readers."""

atexit.register(UPLOADS.close)
atexit.register(ORIGINALS.close)
