"""nginx, two server processes, PostgreSQL and Redis, each a process of its own that can be killed and started again."""

import asyncio
import os
import re
import shutil
import signal
import sys
import urllib.request
from contextlib import asynccontextmanager
from pathlib import Path
from random import Random
from urllib.error import URLError
from urllib.parse import urlsplit

import aiohttp
from django.conf import settings
from yarl import URL

from tests.admin.desk_forms import entry_form, text
from tests.nginx import AROUND, SHIPPED, shipped_for
from tests.servers import CEILING, ROOT, collect_static, held_port
from updates.rehearsal.processes import Process
from updates.rehearsal.protocol import Addresses, ReaderOptions
from updates.rehearsal.reader import Reader
from updates.rehearsal.records import ReaderRecord
from updates.rehearsal.stores import PostgreSQL, redis_process

PASSWORD = "grey harbour quay 71"
NETWORK_ERRORS = (aiohttp.ClientError, OSError, TimeoutError)


def answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=2) as answer:
            return answer.status == 200
    except (URLError, OSError):
        return False


class Stack:
    """The parts by name: ``server 1``, ``server 2``, ``PostgreSQL``, ``Redis`` and ``nginx``."""

    def __init__(self, folder: Path, connections: int = 512, **variables: str) -> None:
        self.folder = folder
        self.connections = connections
        """Those of a worker of nginx."""
        self.variables = variables
        self.store = PostgreSQL(folder)
        self.places = [held_port() for _ in range(3)]
        *self.ports, port = (place.getsockname()[1] for place in self.places)
        self.address = f"http://127.0.0.1:{port}"
        self.site_name = "Harbour Post"
        self.parts: dict[str, Process] = {}

    async def start(self) -> None:
        await self.store.start()
        self.parts["PostgreSQL"] = self.store._process
        self.parts["Redis"] = redis_process(self.folder, self.folder / "redis.socket")
        await self.parts["Redis"].start()
        await self.manage("migrate", "--verbosity", "0")
        collect_static()
        shutil.copytree(settings.STATIC_ROOT, self.folder / "static")
        await self.manage("createsuperuser", "--noinput", "--username", "ines", "--email", "ines@harbour.example")
        for number, port in enumerate(self.ports, start=1):
            self.parts[f"server {number}"] = self._server(port)
            await self.parts[f"server {number}"].start()
        self.parts["nginx"] = self._nginx()
        await self.parts["nginx"].start()

    async def end(self) -> None:
        for name in ("nginx", "server 1", "server 2", "Redis"):
            if name in self.parts:
                await self.parts[name].end()
        await self.store.end()
        for place in self.places:
            place.close()

    async def kill(self, name: str) -> None:
        """Kill a part, nginx with its workers: alone they would go on serving, and outlive the test."""
        part = self.parts[name]
        if name == "nginx":
            os.killpg(part.running.pid, signal.SIGKILL)
        await part.end(signal.SIGKILL)

    async def restart(self, name: str) -> None:
        """Start a part that has ended, a server with the present environment."""
        self.parts[name].environment = self.environment if name.startswith("server") else None
        await self.parts[name].start()

    async def manage(self, *arguments: str) -> None:
        command = [sys.executable, "manage.py", *arguments]
        process = await asyncio.create_subprocess_exec(*command, cwd=ROOT, env=self.environment)
        assert await process.wait() == 0, arguments

    @property
    def environment(self) -> dict[str, str]:
        return os.environ | {
            "DATA_DIR": str(self.folder),
            "DATABASE_URL": self.store.url,
            "REDIS_URL": f"unix://{self.folder}/redis.socket",
            "SITE_URL": self.address,
            "SITE_NAME": self.site_name,
            "TRUSTED_PROXIES": "127.0.0.1",
            "EXTRA_APPS": "",
            "LOG_LEVEL": "WARNING",
            "BACKOFF_BASE": "0.5",
            "DJANGO_SUPERUSER_PASSWORD": PASSWORD,
            **self.variables,
        }

    def _server(self, port: int) -> Process:
        command = [sys.executable, str(ROOT / "manage.py"), "serve", "--port", str(port)]
        url = f"http://127.0.0.1:{port}/healthz"
        log = self.folder / f"server-{port}.log"
        return Process(command, log, ready=lambda: answers(url), environment=self.environment)

    def _nginx(self) -> Process:
        program = shutil.which("nginx") or "/usr/sbin/nginx"
        servers = tuple(f"127.0.0.1:{port}" for port in self.ports)
        shipped = shipped_for(SHIPPED.read_text(), servers, str(urlsplit(self.address).port), self.folder)
        shipped = re.sub(r"alias \S+/static/;", f"alias {self.folder}/static/;", shipped)
        (self.folder / "liveblog.conf").write_text(shipped)
        user = "user root;" if os.geteuid() == 0 else ""
        (self.folder / "nginx.conf").write_text(
            AROUND.format(folder=self.folder, user=user, connections=self.connections)
        )
        command = [program, "-c", str(self.folder / "nginx.conf"), "-e", str(self.folder / "error.log")]
        return Process(command, self.folder / "nginx.log", ready=lambda: answers(f"{self.address}/healthz"))


class Desk:
    """An editor's browser."""

    def __init__(self, stack: Stack) -> None:
        self.address = stack.address
        self.session = aiohttp.ClientSession(
            cookie_jar=aiohttp.CookieJar(unsafe=True), timeout=aiohttp.ClientTimeout(total=CEILING)
        )
        self.form_address = ""
        self.posted: list[str] = []
        self.refusals: list[object] = []

    async def begin(self) -> str:
        """Log in and make the first live blog; return its address."""
        await self.submit("/admin/login/", {"username": "ines", "password": PASSWORD, "next": "/admin/"})
        desk = await self.submit("/admin/updates/event/new/", {"title": "Storm Maren", "time_zone": "UTC"})
        self.form_address = f"/admin/updates/entry/add/?event={re.search(r'/event/([0-9]+)/', desk)[1]}"
        return "storm-maren"

    async def submit(self, path: str, form: dict[str, str]) -> str:
        """Send a form, and return the address that it leads to."""
        async with self.session.get(self.address + path) as answer:
            page = await answer.text()
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)[1]
        headers = {"Origin": self.address}
        async with self.session.post(
            self.address + path, data=form | {"csrfmiddlewaretoken": token}, headers=headers
        ) as answer:
            assert answer.status == 200, (path, answer.status)
            return answer.url.path

    async def post(self) -> None:
        """Publish an update; like the desk's outbox, send it again with the same key until it is taken."""
        headline = f"Update number {len(self.posted) + 1}."
        cookies = self.session.cookie_jar.filter_cookies(URL(self.address))
        form = entry_form(headline, text("<p>The gate holds.</p>"), key=headline)
        form["csrfmiddlewaretoken"] = cookies["csrftoken"].value
        async with asyncio.timeout(CEILING):
            while (outcome := await self._send(form)) != 302:
                self.refusals.append(outcome)
                await asyncio.sleep(0.2)  # as the outbox does
        self.posted.append(headline)

    async def _send(self, form: dict[str, str]) -> object:
        try:
            async with self.session.post(
                self.address + self.form_address, data=form, headers={"Origin": self.address}, allow_redirects=False
            ) as answer:
                return answer.status
        except NETWORK_ERRORS as error:
            return repr(error)


def headlines(record: ReaderRecord) -> list[str]:
    """Return the headlines on a reader's page, the oldest first, as ``Desk.posted`` has them."""
    numbers = [re.search(r"Updatenumber(\d+)\.", state.text)[1] for state in reversed(record.visible())]
    return [f"Update number {number}." for number in numbers]


@asynccontextmanager
async def open_pages(stack: Stack, slug: str, number: int):
    """Readers who follow an event through nginx, by a client with its own strict reading of the protocol."""
    where = Addresses(stack.address, stack.address.replace("http", "ws", 1))
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as session:
        options = ReaderOptions(base=0.5)
        readers = [
            Reader(session, lambda: where, slug, ReaderRecord(f"reader {each}", "socket"), Random(each), options)
            for each in range(number)
        ]
        await asyncio.gather(*(reader.arrive() for reader in readers))
        try:
            yield readers
        finally:
            await asyncio.gather(*(reader.sleep() for reader in readers))
