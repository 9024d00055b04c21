"""Temporary databases and Redis of a rehearsal."""

import asyncio
import os
import shutil
import signal
import socket
import subprocess
from pathlib import Path
from urllib.parse import quote, urlsplit, urlunsplit

import psycopg
from django.core.management import CommandError

from .processes import Process, find_program


class SQLite:
    """SQLite file. Backup and restore copy it; no server may run meanwhile."""

    def __init__(self, folder: Path) -> None:
        self.file = folder / "rehearsal.sqlite3"
        self.url = f"sqlite://{self.file}"

    async def start(self) -> None:
        """Do nothing: SQLite has no server."""

    async def end(self) -> None:
        """Do nothing: SQLite has no server."""

    async def backup(self) -> None:
        await asyncio.to_thread(shutil.copy, self.file, self.file.with_suffix(".backup"))

    async def restore(self) -> None:
        for suffix in ("-wal", "-shm"):
            self.file.with_name(self.file.name + suffix).unlink(missing_ok=True)
        await asyncio.to_thread(shutil.copy, self.file.with_suffix(".backup"), self.file)


class PostgreSQL:
    """A new cluster, or the empty database at ``url``. Backup and restore copy it with ``TEMPLATE``."""

    def __init__(self, folder: Path, url: str = "") -> None:
        self.url = url
        self._folder = folder
        self._process: Process | None = None

    async def start(self) -> None:
        if self.url:
            return
        initdb = find_program("initdb", "postgresql", *_debian_folders())
        data = self._folder / "postgres"
        await asyncio.to_thread(self._initialise, initdb, data)
        server = str(Path(initdb).with_name("postgres"))
        options = ["-c", "listen_addresses=", "-k", str(data), "-c", "max_connections=200"]
        address = f"postgres://liveblog@/{{}}?host={quote(str(data))}"
        self._process = Process(
            [server, "-D", str(data), *options],
            self._folder / "postgres.log",
            user=_owner(),
            ready=lambda: _answers(address.format("postgres")),
        )
        await self._process.start()
        await self._run(address.format("postgres"), "CREATE DATABASE rehearsal")
        self.url = address.format("rehearsal")

    def _initialise(self, initdb: str, data: Path) -> None:
        data.mkdir()
        if owner := _owner():
            self._folder.chmod(0o755)
            shutil.chown(data, owner)
        options = ["-U", "liveblog", "--auth=trust", "--encoding=UTF8", "--locale=C", "--no-sync"]
        result = subprocess.run(  # noqa: S603 – found by find_program
            [initdb, "-D", str(data), *options], capture_output=True, text=True, check=False, cwd="/", user=_owner()
        )
        if result.returncode:
            raise CommandError(f"initdb failed:\n{result.stderr[-2000:]}")

    async def end(self) -> None:
        if self._process is not None:
            await self._process.end(signal.SIGINT)  # fast shutdown, which does not wait for clients

    async def backup(self) -> None:
        await self._copy(self._name, f"{self._name}_backup")

    async def restore(self) -> None:
        await self._copy(f"{self._name}_backup", self._name)

    @property
    def _name(self) -> str:
        return urlsplit(self.url).path.strip("/")

    async def _copy(self, source: str, target: str) -> None:
        maintenance = urlunsplit(urlsplit(self.url)._replace(path="/postgres"))
        await self._run(maintenance, f'DROP DATABASE IF EXISTS "{target}" WITH (FORCE)')
        await self._run(maintenance, f'CREATE DATABASE "{target}" TEMPLATE "{source}"')

    async def _run(self, url: str, sql: str) -> None:
        async with await psycopg.AsyncConnection.connect(url, autocommit=True) as connection:
            await connection.execute(sql)  # names are generated here


def _owner() -> str | None:
    """Return the user to run as: PostgreSQL refuses to run as root."""
    return "postgres" if os.getuid() == 0 else None


def _debian_folders() -> list[Path]:
    return sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)


def _answers(url: str) -> bool:
    try:
        psycopg.connect(url, connect_timeout=2).close()
    except psycopg.OperationalError:
        return False
    return True


def redis_process(folder: Path, address: Path) -> Process:
    """Return a Redis that listens on a Unix socket only."""
    server = find_program("redis-server", "redis-server")
    options = ["--port", "0", "--unixsocket", str(address), "--save", "", "--appendonly", "no", "--dir", str(folder)]
    return Process([server, *options], folder / "redis.log", ready=lambda: _answers_ping(address))


def _answers_ping(address: Path) -> bool:
    with socket.socket(socket.AF_UNIX) as connection:
        connection.settimeout(2)
        if connection.connect_ex(str(address)):
            return False
        connection.sendall(b"PING\r\n")
        return connection.recv(16).startswith(b"+PONG")
