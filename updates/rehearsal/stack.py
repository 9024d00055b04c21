"""Server processes, database and optional Redis of a rehearsal, with a breakable proxy in front of each."""

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
from urllib.error import URLError

from .processes import Process
from .protocol import Addresses
from .proxy import BreakableProxy
from .stores import PostgreSQL, SQLite, redis_process
from .tier import Tier

ROOT = Path(__file__).resolve().parent.parent.parent
MANAGE = [sys.executable, str(ROOT / "manage.py")]

INTERVALS = {"HEARTBEAT_EVERY": "2", "BACKOFF_BASE": "0.5"}
"""Shorter than the defaults, so that silence is noticed within a rehearsal."""

BACKLOG = 2048
"""Connections that may wait to be accepted: as many as in ``liveblog/server.py``."""


@dataclass(frozen=True)
class Plan:
    """Databases and processes to start."""

    database: str = "sqlite"
    """``sqlite``, ``postgres``, or the ``postgres://`` address of an empty database."""
    redis: bool = False
    processes: int = 1
    tier: bool = False
    """Whether nginx with nchan holds the sockets of the readers."""
    environment: Mapping[str, str] = field(default_factory=dict)
    """Further variables for the servers."""


class Server(Process):
    """Server process and the proxy that readers connect to.

    The process inherits a listening socket, a new one at each start, so no other process can have its port.
    """

    def __init__(self, number: int, folder: Path, environment: dict[str, str]) -> None:
        self.port = 0
        self.proxy = BreakableProxy()
        super().__init__([], folder / f"server{number}.log", ready=self._answers, environment=environment)

    @property
    def base(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    async def start(self) -> None:
        with socket.create_server(("127.0.0.1", 0), backlog=BACKLOG) as listener:
            self.port = self.proxy.target = listener.getsockname()[1]
            self.descriptors = (listener.fileno(),)
            self.command = [*MANAGE, "serve", "--fd", str(listener.fileno())]
            await super().start()

    async def end(self, number: signal.Signals = signal.SIGTERM) -> None:
        try:
            await super().end(number)
        finally:
            self.proxy.target = 0  # another process may get the port from now on

    @property
    def addresses(self) -> Addresses:
        return Addresses(f"http://127.0.0.1:{self.proxy.port}", f"ws://127.0.0.1:{self.proxy.port}")

    def _answers(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.base}/healthz", timeout=2) as response:  # noqa: S310  # nosec B310
                return bool(response.status == 200)
        except (URLError, OSError):
            return False


class Stack:
    """All processes of a rehearsal. ``start`` and ``end`` are called once; ``end`` also after a failed start."""

    def __init__(self, plan: Plan, folder: Path) -> None:
        self.plan = plan
        self.folder = folder
        self.token = secrets.token_hex(16)
        self.store = SQLite(folder) if plan.database == "sqlite" else PostgreSQL(folder, _address(plan.database))
        self.redis: Process | None = None
        self.redis_proxy: BreakableProxy | None = None
        self.servers: list[Server] = []
        self.tier: Tier | None = None

    async def start(self) -> None:
        await self.store.start()
        if self.plan.redis:
            address = self.folder / "redis.socket"
            self.redis = redis_process(self.folder, address)
            await self.redis.start()
            self.redis_proxy = BreakableProxy(address)
            await self.redis_proxy.open()
        (self.folder / "static").mkdir()  # empty, see settings.py; WhiteNoise warns where it is absent
        await self.manage("migrate", "--verbosity", "0")
        self.servers = [Server(number, self.folder, self.environment) for number in range(self.plan.processes)]
        for server in self.servers:
            await server.proxy.open()
            await server.start()
        if self.plan.tier:
            self.tier = Tier(self.folder, self.environment, [server.proxy.port for server in self.servers])
            await self.tier.start()

    async def end(self) -> None:
        """End every process, then raise the first error."""
        tasks = [self.tier.end()] if self.tier else []
        tasks += [server.end() for server in self.servers]
        tasks += [server.proxy.close() for server in self.servers]
        tasks += [self.redis_proxy.close()] if self.redis_proxy else []
        results: list[object] = await asyncio.gather(*tasks, return_exceptions=True)
        if self.redis is not None:
            results += await asyncio.gather(self.redis.end(), return_exceptions=True)
        results += await asyncio.gather(self.store.end(), return_exceptions=True)
        for result in results:
            if isinstance(result, Exception):
                raise result

    @property
    def environment(self) -> dict[str, str]:
        variables = {
            "DATA_DIR": str(self.folder),
            "DATABASE_URL": self.store.url,
            "DJANGO_SETTINGS_MODULE": "updates.rehearsal.settings",
            "REHEARSAL_TOKEN": self.token,
            "EXTRA_APPS": "",
            "SOCKETS_PER_ADDRESS": "0",  # all readers come from this machine
            "REDIS_URL": f"redis://127.0.0.1:{self.redis_proxy.port}" if self.redis_proxy else "",
            "RELAY_TOKEN": self.token,
            "LOG_LEVEL": "WARNING",
        }
        inherited = {
            name: os.environ[name] for name in ("PATH", "HOME", "LANG", "PYTHONWARNINGS") if name in os.environ
        }
        return {**inherited, **INTERVALS, **variables, **self.plan.environment}

    async def manage(self, *arguments: str) -> None:
        """Run a ``manage.py`` command on the database of the rehearsal."""
        process = await asyncio.create_subprocess_exec(
            *MANAGE, *arguments, env=self.environment, stdout=asyncio.subprocess.DEVNULL
        )
        try:
            status = await process.wait()
        except asyncio.CancelledError:  # its folder is about to be removed
            process.kill()
            await process.wait()
            raise
        if status:
            raise RuntimeError(f"manage.py {' '.join(arguments)} failed")

    async def stop_servers(self) -> None:
        """Stop everything that has the database open."""
        relays = [self.tier.end_relays()] if self.tier else []
        await asyncio.gather(*(server.end() for server in self.servers), *relays)

    async def start_servers(self) -> None:
        for server in self.servers:
            await server.start()
        if self.tier:
            await self.tier.start_relays()

    # What readers connect to

    def addresses_of(self, reader: int) -> Addresses:
        """Return the addresses for a reader, by its number."""
        places = self.tier.machines if self.tier else self.servers
        return places[reader % len(places)].addresses

    def cut(self) -> None:
        """Cut all connections of all readers."""
        tier = self.tier
        proxies = [each.for_readers for each in tier.machines] if tier else [each.proxy for each in self.servers]
        for proxy in proxies:
            proxy.cut()


def _address(database: str) -> str:
    return "" if database == "postgres" else database
