"""A real nginx with the configuration that we ship, on a socket that it inherits and in a folder of its own."""

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

from django.conf import settings

from tests.servers import CEILING, ROOT, address_of, listening_socket, wait_until

SHIPPED = ROOT / "deploy" / "nginx.conf"
PREFIXED = ROOT / "deploy" / "nginx-prefix.conf"

AROUND = """
daemon off;
pid {folder}/nginx.pid;
error_log {folder}/error.log;
{user}
events {{ worker_connections {connections}; }}
http {{
    include /etc/nginx/mime.types;
    access_log {folder}/access.log;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    include {folder}/liveblog.conf;
}}
"""


PAPER = """server {
    listen 80;
    server_name live.example;
    location / { default_type text/html; return 200 "<title>The paper</title>"; }
    include liveblog-prefix.conf;
}
"""
"""Somebody's site, which has the live blog below a path."""


def below_a_path() -> str:
    """Follow the steps at the top of the file for a path."""
    return SHIPPED.read_text().partition("server {")[0] + PAPER.replace(
        "include liveblog-prefix.conf;", PREFIXED.read_text()
    )


def shipped_for(text: str, servers: tuple[str, ...], port: str, folder: Path) -> str:
    """Change the lines that an operator has to change; each must exist."""
    for there, here in {
        "server 127.0.0.1:8000 max_fails=0;": " ".join(
            f"server {server.removeprefix('http://')} max_fails=0;" for server in servers
        ),
        "listen 80": f"listen 127.0.0.1:{port}",
        "server_name live.example;": "server_name localhost;",
        "/srv/liveblog/var/static/": f"{settings.STATIC_ROOT}/",
        "/srv/liveblog/var/media/": f"{settings.MEDIA_ROOT}/",
        "/var/cache/nginx/liveblog": f"{folder}/cache",
    }.items():
        assert text.count(there) == 1, there
        text = text.replace(there, here)
    return text


@contextmanager
def nginx_before(folder: Path, *servers: str, text: str = "") -> Iterator[str]:
    """Its address, while it runs in front of one process or several. ``text`` is another configuration."""
    program = shutil.which("nginx") or "/usr/sbin/nginx"
    assert Path(program).exists(), "No nginx; `make test` installs it"
    listener = listening_socket()
    url = address_of(listener)
    (folder / "liveblog.conf").write_text(
        shipped_for(text or SHIPPED.read_text(), servers, url.rpartition(":")[2], folder)
    )
    # Workers of a process that is root would be nobody, who may not read a folder made for a test.
    user = "user root;" if os.geteuid() == 0 else ""
    (folder / "nginx.conf").write_text(AROUND.format(folder=folder, user=user, connections=512))
    with listener:
        descriptor = listener.fileno()
        process = subprocess.Popen(
            [program, "-c", folder / "nginx.conf", "-e", folder / "error.log"],
            env=os.environ | {"NGINX": f"{descriptor};"},  # how nginx hands its sockets to a newer nginx
            pass_fds=[descriptor],
        )
    try:
        wait_until(lambda: _answers(process, url, folder), "nginx answers")
        yield url
    finally:
        process.terminate()
        process.wait(CEILING)


def _answers(process, url: str, folder: Path) -> bool:
    assert process.poll() is None, f"nginx ended at its start: {(folder / 'error.log').read_text()}"
    try:
        return urlopen(f"{url}/healthz", timeout=CEILING).status == 200
    except (URLError, ConnectionError) as error:
        return bool(re.search("HTTP Error", str(error)))
