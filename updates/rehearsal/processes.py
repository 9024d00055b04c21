"""Processes that a rehearsal starts, signals and ends."""

import asyncio
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

from django.core.management import CommandError

STARTS_WITHIN = 60.0
ENDS_WITHIN = 60.0
"""Goodbyes take up to 3 s, running requests 10 s, and a thread that waits for a locked database another 20 s."""


def find_program(name: str, package: str, *folders: Path) -> str:
    path = shutil.which(name, path=os.pathsep.join([*map(str, folders), os.environ.get("PATH", "")]))
    if path is None:
        raise CommandError(
            f"{name} is missing. Install it (on Debian: apt-get install {package}) or rehearse without it."
        )
    return path


class Process:
    """One program, in its own session: Ctrl-C reaches only the rehearsal, which then ends the program."""

    def __init__(
        self,
        command: list[str],
        log: Path,
        *,
        ready: Callable[[], bool],
        environment: dict[str, str] | None = None,
        user: str | None = None,
        descriptors: tuple[int, ...] = (),
    ) -> None:
        self.command = command
        self.log = log
        self.ready = ready
        self.environment = environment
        self.user = user
        self.descriptors = descriptors
        """File descriptors that the process inherits."""
        self.running: subprocess.Popen[bytes] | None = None

    async def start(self) -> None:
        with self.log.open("ab") as output:
            self.running = subprocess.Popen(  # noqa: S603, ASYNC220 – our own command; it returns at once
                self.command,
                stdout=output,
                stderr=output,
                env=self.environment,
                user=self.user,
                pass_fds=self.descriptors,
                start_new_session=True,
            )
        end = time.monotonic() + STARTS_WITHIN
        while not await asyncio.to_thread(self.ready):
            if self.running.poll() is not None or time.monotonic() > end:
                log = self.log.read_text(errors="replace")[-2000:]
                raise CommandError(f"{self.command[0]} did not start:\n{log}")
            await asyncio.sleep(0.05)  # polling interval

    def send(self, number: signal.Signals) -> None:
        if self.running is not None and self.running.poll() is None:
            self.running.send_signal(number)

    async def end(self, number: signal.Signals = signal.SIGTERM) -> None:
        """Signal the process to end and wait. Kills it and raises ``CommandError`` if it does not end in time."""
        if self.running is None:
            return
        self.send(signal.SIGCONT)
        self.send(number)
        try:
            await asyncio.to_thread(self.running.wait, ENDS_WITHIN)
        except subprocess.TimeoutExpired:
            self.running.kill()
            await asyncio.to_thread(self.running.wait)
            log = self.log.read_text(errors="replace")[-2000:]
            command = " ".join(self.command[:3])
            raise CommandError(f"{command} did not end within {ENDS_WITHIN:.0f} s of {number.name}:\n{log}") from None

    @property
    def has_ended(self) -> bool:
        return self.running is not None and self.running.poll() is not None

    def resident_megabytes(self) -> float:
        if self.running is None:
            return 0.0
        status = Path(f"/proc/{self.running.pid}/status").read_text()
        kilobytes = next(row.split()[1] for row in status.splitlines() if row.startswith("VmRSS"))
        return int(kilobytes) / 1024
