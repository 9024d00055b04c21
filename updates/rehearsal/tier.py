"""The readers' tier: nginx with nchan, in the configuration that we ship, and the relays that post to it."""

import math
import os
import signal
import socket
import sys
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path

from django.core.management import CommandError

from .processes import Process, find_program
from .protocol import Addresses
from .proxy import BreakableProxy

ROOT = Path(__file__).resolve().parent.parent.parent
SHIPPED = ROOT / "deploy" / "nginx-nchan.conf"
MODULE = Path("/usr/lib/nginx/modules/ngx_nchan_module.so")
"""Where Debian's libnginx-mod-nchan puts it."""

BACKLOG = 2048

AROUND = """
load_module {module};
worker_processes 1;
daemon off;
pid {folder}/nginx.pid;
error_log {folder}/error.log;
{user}
events {{ worker_connections {connections}; }}
http {{
    access_log off;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    {main}
}}
"""


def missing_programs() -> str:
    """Return why no nginx with nchan can be started; empty if one can."""
    if not MODULE.exists():
        return "nchan is not installed (on Debian: apt-get install nginx libnginx-mod-nchan)"
    return ""


def shipped(
    *, upstreams: Sequence[int], readers: int, relays: int, folder: Path, token: str, heartbeat: float = 25.0
) -> str:
    """Return the shipped configuration with the lines changed that an operator changes. ``readers`` and ``relays`` are
    the ports for both."""
    text = SHIPPED.read_text()
    servers = " ".join(f"server 127.0.0.1:{port} max_fails=0;" for port in upstreams)
    for there, here in {
        "server 127.0.0.1:8000 max_fails=0;": servers,
        "listen 80 backlog=8192;": f"listen 127.0.0.1:{readers};",
        "server_name live.example;": "server_name localhost;",
        "/var/cache/nginx/liveblog": f"{folder}/cache",
        "listen 127.0.0.1:8090;": f"listen 127.0.0.1:{relays};",
        '"Bearer change-me"': f'"Bearer {token}"',
        "nchan_websocket_ping_interval 30;": f"nchan_websocket_ping_interval {math.ceil(1.2 * heartbeat)};",
        "nchan_message_timeout 45s;": f"nchan_message_timeout {math.ceil(1.8 * heartbeat)}s;",
    }.items():
        if text.count(there) != 1:
            raise CommandError(f"{SHIPPED} has no single “{there}”, which depends on the place.")
        text = text.replace(there, here)
    return text


def without_limits(text: str) -> str:
    """Lift the limits of one address, from which all readers of a measurement come."""
    text = text.replace("limit_conn liveblog_sockets 4000;", "limit_conn liveblog_sockets 65000;")
    return text.replace("rate=50r/s", "rate=100000r/s")


class Nginx(Process):
    """One machine. It gets new ports at each start; the proxies before them keep theirs."""

    def __init__(self, number: int, folder: Path, upstreams: Sequence[int], token: str, heartbeat: float) -> None:
        self.folder = folder / f"nginx{number}"
        self.folder.mkdir()
        self.upstreams, self.token, self.heartbeat = upstreams, token, heartbeat
        self.port = 0
        self.for_readers, self.for_relays = BreakableProxy(), BreakableProxy()
        program = find_program("nginx", "nginx libnginx-mod-nchan", Path("/usr/sbin"))
        command = [program, "-c", str(self.folder / "nginx.conf"), "-e", str(self.folder / "error.log")]
        super().__init__(command, self.folder / "error.log", ready=self._answers)

    async def start(self) -> None:
        with ExitStack() as stack:
            listeners = [stack.enter_context(socket.create_server(("127.0.0.1", 0), backlog=BACKLOG)) for _ in range(2)]
            ports = [listener.getsockname()[1] for listener in listeners]
            self.descriptors = tuple(listener.fileno() for listener in listeners)
            self._configure(*ports)
            await super().start()
        self.port = self.for_readers.target = ports[0]
        self.for_relays.target = ports[1]

    def _configure(self, readers: int, relays: int) -> None:
        main = shipped(
            upstreams=self.upstreams, readers=readers, relays=relays, folder=self.folder, token=self.token,
            heartbeat=self.heartbeat,
        )  # fmt: skip
        (self.folder / "nginx.conf").write_text(around(without_limits(main), self.folder))
        self.port = readers
        # How nginx hands its sockets to a newer nginx
        self.environment = {"PATH": os.environ["PATH"], "NGINX": "".join(f"{fd};" for fd in self.descriptors)}

    def send_to_all(self, number: signal.Signals) -> None:
        """Signal the process and its workers."""
        self.send(number)
        if self.running is not None:
            children = Path(f"/proc/{self.running.pid}/task/{self.running.pid}/children").read_text()
            for child in children.split():
                os.kill(int(child), number)

    async def end(self, number: signal.Signals = signal.SIGTERM) -> None:
        self.for_readers.target = self.for_relays.target = 0
        await super().end(number)

    @property
    def addresses(self) -> Addresses:
        return Addresses(f"http://127.0.0.1:{self.for_readers.port}", f"ws://127.0.0.1:{self.for_readers.port}")

    def _answers(self) -> bool:
        with socket.socket() as line:
            line.settimeout(1)
            return line.connect_ex(("127.0.0.1", self.port)) == 0 and (self.folder / "nginx.pid").exists()


def around(main: str, folder: Path, connections: int = 9000) -> str:
    """Return a whole configuration. The folder gets nginx's files."""
    # Workers of a process that is root would be nobody, who may not read a temporary folder.
    user = "user root;" if os.geteuid() == 0 else ""
    return AROUND.format(module=MODULE, folder=folder, user=user, main=main, connections=connections)


class Relay(Process):
    def __init__(self, number: int, folder: Path, environment: Mapping[str, str], to: Sequence[str]) -> None:
        options = [option for address in to for option in ("--to", address)]
        command = [sys.executable, str(ROOT / "manage.py"), "relay", *options]
        self._starts = 0
        super().__init__(command, folder / f"relay{number}.log", ready=self._has_started, environment=dict(environment))

    async def start(self) -> None:
        self._starts = self._logged_starts()
        await super().start()

    def _has_started(self) -> bool:
        return self._logged_starts() > self._starts

    def _logged_starts(self) -> int:
        return self.log.read_bytes().count(b"Relaying to ") if self.log.exists() else 0


class Tier:
    """Two machines and two relays before the server processes, whose ports are ``upstreams``."""

    def __init__(self, folder: Path, environment: Mapping[str, str], upstreams: Sequence[int]) -> None:
        if reason := missing_programs():
            raise CommandError(f"--tier nchan: {reason}.")
        token, heartbeat = environment["RELAY_TOKEN"], float(environment["HEARTBEAT_EVERY"])
        self.machines = [Nginx(number, folder, upstreams, token, heartbeat) for number in range(2)]
        self._folder, self._environment = folder, environment
        self.relays: list[Relay] = []

    async def start(self) -> None:
        for machine in self.machines:
            await machine.for_readers.open()
            await machine.for_relays.open()
            await machine.start()
        to = [f"http://127.0.0.1:{machine.for_relays.port}" for machine in self.machines]
        self.relays = [Relay(number, self._folder, self._environment, to) for number in range(2)]
        await self.start_relays()

    async def start_relays(self) -> None:
        for relay in self.relays:
            await relay.start()

    async def end_relays(self, number: signal.Signals = signal.SIGTERM) -> None:
        for relay in self.relays:
            await relay.end(number)

    async def end(self) -> None:
        try:
            await self.end_relays()
        finally:
            for machine in self.machines:
                await machine.for_readers.close()
                await machine.for_relays.close()
                await machine.end()
