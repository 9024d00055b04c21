"""The process that decodes pictures: reads jobs from standard input and writes answers to standard output.

A job is its name (16 bytes), the length of a file (4 bytes, big endian) and the file. An answer is the length of a
JSON header (4 bytes), the header, and the files it announces: ``{"values": {…}, "files": [lengths], "ends": bool}``,
or ``refusal`` with a code in the place of the values. ``ends`` says that this process ends now.
"""

import json
import os
import resource
import select
import struct
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import IO, Final

from . import card_drawing, picture_file
from .picture_file import Made, Refusal

MEMORY: Final = 1_200 * 1024 * 1024
"""Bytes of address space. The largest files within the limits take 430 MB beside 70 MB of program."""

PROCESSOR: Final = 30
"""Seconds of processor time for one job; the kernel ends the process after that."""

IDLE: Final = 60.0
"""Seconds without a job after which the process ends, so that an idle server does not pay for it."""

RESIDENT: Final = 250 * 1024 * 1024
"""Bytes of peak memory above which the process ends after its job, because the C library does not return memory."""

JOBS: Final[dict[str, Callable[[bytes], Made]]] = {
    "read": picture_file.read,
    "sizes": picture_file.sizes,
    "preview": picture_file.preview,
    "card": card_drawing.draw_card,
}


def main() -> None:
    stdin, stdout = sys.stdin.buffer, sys.stdout.buffer
    limit(int(sys.argv[1]))
    while select.select([stdin], [], [], IDLE)[0] and (head := stdin.read(20)):
        name, length = struct.unpack(">16sI", head)
        data = stdin.read(length)
        if len(data) < length:
            return
        header, files = run(name.rstrip(b"\0").decode(), data)
        ends = most_memory() > RESIDENT
        answer(stdout, header | {"ends": ends, "files": [len(file) for file in files]}, files)
        if ends:
            return
        del data, files


def limit(niceness: int) -> None:
    """Limit memory to ``MEMORY``, forbid files and core dumps, and take a lower priority than the server."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    os.nice(niceness)


def run(name: str, data: bytes) -> tuple[dict[str, object], list[bytes]]:
    """Run a job within its processor time; return the header and the files of the answer."""
    used = int(time.process_time())
    resource.setrlimit(resource.RLIMIT_CPU, (used + PROCESSOR, resource.getrlimit(resource.RLIMIT_CPU)[1]))
    try:
        made = JOBS[name](data)
    except Refusal as refusal:
        return {"refusal": refusal.code}, []
    except MemoryError:
        return {"refusal": "too_costly"}, []
    return {"values": made.values}, made.files


def most_memory() -> int:
    """Return the peak memory of this process in bytes. ``ru_maxrss`` would include the server that started it."""
    try:
        status = Path("/proc/self/status").read_text()
    except FileNotFoundError:  # not Linux
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return int(status.partition("VmHWM:")[2].split()[0]) * 1024


def answer(stream: IO[bytes], header: dict[str, object], files: list[bytes]) -> None:
    head = json.dumps(header).encode()
    stream.write(struct.pack(">I", len(head)))
    stream.write(head)
    for file in files:
        stream.write(file)
    stream.flush()


if __name__ == "__main__":
    main()
