"""The servers of a rehearsal: real processes, a database, perhaps Redis, and a line to each that can be broken."""

import asyncio
import os
import secrets
import signal
import socket
import sys
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.error import URLError

from .processes import Process
from .protocol import Addresses
from .proxy import Line
from .stores import PostgreSQL, SQLite, redis_process

ROOT = Path(__file__).resolve().parent.parent.parent
MANAGE = [sys.executable, str(ROOT / "manage.py")]

PACE = {"HEARTBEAT_EVERY": "2", "BACKOFF_BASE": "0.5"}
"""Shorter than a newsroom's, so that silence is noticed within a rehearsal."""


BACKLOG = 2048
"""Connections that may wait to be accepted, as many as for a server that opens its port itself."""


@dataclass(frozen=True)
class Plan:
    database: str = "sqlite"
    """``sqlite``, ``postgres``, or the ``postgres://`` address of an empty database."""
    redis: bool = False
    processes: int = 1
    environment: Mapping[str, str] = field(default_factory=dict)
    """More variables for the servers."""


class Server(Process):
    """One Daphne process, and the line that readers reach it by.

    It inherits a listening socket, a new one at each start, so no other process can be taken for it.
    """

    def __init__(self, number: int, folder: Path, environment: dict[str, str]) -> None:
        self.port = 0
        self.line = Line()
        super().__init__([], folder / f"server{number}.log", ready=self._answers, environment=environment)

    @property
    def base(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    async def start(self) -> None:
        with socket.create_server(("127.0.0.1", 0), backlog=BACKLOG) as listener:
            self.port = self.line.target = listener.getsockname()[1]
            self.descriptors = (listener.fileno(),)
            self.command = [*MANAGE, "serve", "--fd", str(listener.fileno())]
            await super().start()

    async def end(self, number: signal.Signals = signal.SIGTERM) -> None:
        try:
            await super().end(number)
        finally:
            self.line.target = 0  # the port may be another process's from now on

    @property
    def addresses(self) -> Addresses:
        return Addresses(f"http://127.0.0.1:{self.line.port}", f"ws://127.0.0.1:{self.line.port}")

    def _answers(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.base}/healthz", timeout=2) as answer:  # noqa: S310 – our own server
                return bool(answer.status == 200)
        except (URLError, OSError):
            return False


class Stack:
    """Everything a rehearsal starts. ``start`` and ``end`` are called once; ``end`` also after a failed start."""

    def __init__(self, plan: Plan, folder: Path) -> None:
        self.plan = plan
        self.folder = folder
        self.token = secrets.token_hex(16)
        self.store = SQLite(folder) if plan.database == "sqlite" else PostgreSQL(folder, _address(plan.database))
        self.redis: Process | None = None
        self.redis_line: Line | None = None
        self.servers: list[Server] = []

    async def start(self) -> None:
        await self.store.start()
        if self.plan.redis:
            address = self.folder / "redis.socket"
            self.redis = redis_process(self.folder, address)
            await self.redis.start()
            self.redis_line = Line(address)
            await self.redis_line.open()
        (self.folder / "static").mkdir()  # empty, see settings.py; WhiteNoise warns where it is absent
        await self.manage("migrate", "--verbosity", "0")
        self.servers = [Server(number, self.folder, self.environment) for number in range(self.plan.processes)]
        for server in self.servers:
            await server.line.open()
            await server.start()

    async def end(self) -> None:
        """Whatever was started, and also where one of them does not end as it should."""
        endings = [server.end() for server in self.servers]
        endings += [server.line.close() for server in self.servers]
        endings += [self.redis_line.close()] if self.redis_line else []
        outcomes: list[Any] = await asyncio.gather(*endings, return_exceptions=True)
        if self.redis is not None:
            outcomes += await asyncio.gather(self.redis.end(), return_exceptions=True)
        outcomes += await asyncio.gather(self.store.end(), return_exceptions=True)
        for outcome in outcomes:
            if isinstance(outcome, Exception):
                raise outcome

    @property
    def environment(self) -> dict[str, str]:
        given = {
            "DATA_DIR": str(self.folder),
            "DATABASE_URL": self.store.url,
            "DJANGO_SETTINGS_MODULE": "updates.rehearsal.settings",
            "REHEARSAL_TOKEN": self.token,
            "EXTRA_APPS": "",
            "REDIS_URL": f"redis://127.0.0.1:{self.redis_line.port}" if self.redis_line else "",
            "LOG_LEVEL": "WARNING",
        }
        kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG", "PYTHONWARNINGS") if name in os.environ}
        return {**kept, **PACE, **given, **self.plan.environment}

    async def manage(self, *arguments: str) -> None:
        """Run a command of the product on the rehearsal's database."""
        made = await asyncio.create_subprocess_exec(
            *MANAGE, *arguments, env=self.environment, stdout=asyncio.subprocess.DEVNULL
        )
        try:
            failed = await made.wait()
        except asyncio.CancelledError:  # whoever ends the rehearsal takes the folder away that it works in
            made.kill()
            await made.wait()
            raise
        if failed:
            raise RuntimeError(f"manage.py {' '.join(arguments)} failed")

    async def stop_servers(self) -> None:
        await asyncio.gather(*(server.end() for server in self.servers))

    async def start_servers(self) -> None:
        for server in self.servers:
            await server.start()


def _address(database: str) -> str:
    return "" if database == "postgres" else database
