"""Databases and Redis of a rehearsal's own: fresh, on the loopback, gone afterwards."""

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

from .processes import Process, program


class SQLite:
    """One file. Backup and restore are copies, made while no server runs."""

    def __init__(self, folder: Path) -> None:
        self.file = folder / "rehearsal.sqlite3"
        self.url = f"sqlite://{self.file}"

    async def start(self) -> None:
        """There is nothing to start."""

    async def end(self) -> None:
        """There is nothing to end."""

    async def backup(self) -> None:
        await asyncio.to_thread(shutil.copy, self.file, self.file.with_suffix(".backup"))

    async def restore(self) -> None:
        for beside in ("-wal", "-shm"):
            self.file.with_name(self.file.name + beside).unlink(missing_ok=True)
        await asyncio.to_thread(shutil.copy, self.file.with_suffix(".backup"), self.file)


class PostgreSQL:
    """A cluster of its own, or an empty database that was named. Backup and restore are copies by ``TEMPLATE``."""

    def __init__(self, folder: Path, url: str = "") -> None:
        self.url = url
        self._folder = folder
        self._process: Process | None = None

    async def start(self) -> None:
        if self.url:
            return
        initdb = program("initdb", "postgresql", *_debian_folders())
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
        made = subprocess.run(  # noqa: S603 – a program found above
            [initdb, "-D", str(data), *options], capture_output=True, text=True, check=False, cwd="/", user=_owner()
        )
        if made.returncode:
            raise CommandError(f"initdb did not make a database:\n{made.stderr[-2000:]}")

    async def end(self) -> None:
        if self._process is not None:
            await self._process.end(signal.SIGINT)  # without waiting for its clients

    async def backup(self) -> None:
        await self._copy(self._name, f"{self._name}_backup")

    async def restore(self) -> None:
        await self._copy(f"{self._name}_backup", self._name)

    @property
    def _name(self) -> str:
        return urlsplit(self.url).path.strip("/")

    async def _copy(self, source: str, target: str) -> None:
        beside = urlunsplit(urlsplit(self.url)._replace(path="/postgres"))
        await self._run(beside, f'DROP DATABASE IF EXISTS "{target}" WITH (FORCE)')
        await self._run(beside, f'CREATE DATABASE "{target}" TEMPLATE "{source}"')

    async def _run(self, url: str, sql: str) -> None:
        async with await psycopg.AsyncConnection.connect(url, autocommit=True) as connection:
            await connection.execute(sql)  # the names are our own


def _owner() -> str | None:
    """PostgreSQL refuses to be root's."""
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
    """Redis on a Unix socket only."""
    server = program("redis-server", "redis-server")
    options = ["--port", "0", "--unixsocket", str(address), "--save", "", "--appendonly", "no", "--dir", str(folder)]
    return Process([server, *options], folder / "redis.log", ready=lambda: _pongs(address))


def _pongs(address: Path) -> bool:
    with socket.socket(socket.AF_UNIX) as line:
        line.settimeout(2)
        if line.connect_ex(str(address)):
            return False
        line.sendall(b"PING\r\n")
        return line.recv(16).startswith(b"+PONG")
