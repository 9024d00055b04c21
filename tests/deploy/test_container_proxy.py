"""The proxy's image: nginx with our configuration as its Dockerfile changes it, behind another proxy that ends TLS."""

import json
import re
import shlex
import subprocess
from contextlib import ExitStack, closing
from http.client import HTTPConnection

import pytest
import yaml
from websockets.sync.client import connect

from tests.factories import make_event
from tests.nginx import SHIPPED, nginx_before
from tests.servers import CEILING, ROOT, running_site

pytestmark = [pytest.mark.services, pytest.mark.once, pytest.mark.django_db(transaction=True)]

DOCKER = ROOT / "deploy" / "docker"
COMPOSE = yaml.safe_load((DOCKER / "compose.yaml").read_text())
NETWORK = COMPOSE["networks"]["inside"]["ipam"]["config"][0]["subnet"]
SERVERS = ("web-1", "web-2")

OUTER_PROXY = "127.0.0.9"
"""Address of the proxy that ends TLS, in place of the gateway of the containers' network."""

LIMIT = 2
PRODUCTION = {
    "HTTPS": "1",
    "SECRET_KEY": "a harbour wall of fifty granite blocks and one brass bell 71",
    "SITE_URL": "https://live.example",
    "ALLOWED_HOSTS": "live.example,127.0.0.1",
    "TRUSTED_PROXIES": "127.0.0.1",
    "SOCKETS_PER_ADDRESS": str(LIMIT),
}


def changed_by_the_image(folder):
    """Apply the ``sed`` of the Dockerfile to our configuration."""
    lines = (DOCKER / "Dockerfile").read_text().replace("\\\n", "").splitlines()
    run = next(line for line in lines if "sed -i" in line)
    copy = folder / "default.conf"
    copy.write_text(SHIPPED.read_text())
    changes = shlex.split(run.partition("sed -i")[2].replace("/etc/nginx/conf.d/default.conf", str(copy)))
    subprocess.run(["sed", "-i", *changes], check=True)
    return copy.read_text()


def test_image_of_the_proxy_changes_the_marked_lines(tmp_path):
    text = changed_by_the_image(tmp_path)
    assert "server_name _;" in text
    assert re.findall(r"server (\S+) max_fails=0;", text) == [f"{name}:8000" for name in SERVERS]
    assert "/srv/liveblog/var/" in text  # where the volume is


def test_proxies_are_believed_from_the_network_of_the_containers_only():
    assert re.findall(r"set_real_ip_from (.+);", (DOCKER / "nginx.conf").read_text()) == [NETWORK]
    assert COMPOSE["services"]["web-1"]["environment"]["TRUSTED_PROXIES"] == NETWORK
    assert COMPOSE["services"]["proxy"]["ports"] == ["127.0.0.1:8000:80"]


def as_in_the_container(folder):
    """What the image includes in its `http { }`, on this machine's addresses and without its log files."""
    block = re.search(r"^http \{\n(.*)^\}", (DOCKER / "nginx.conf").read_text(), re.M | re.S)[1]
    block = re.sub(r"^    (include|access_log|error_log) .*\n", "", block, flags=re.M)
    text = changed_by_the_image(folder).replace("server_name _;", "server_name live.example;")
    text = text.replace(
        "server web-1:8000 max_fails=0;\n    server web-2:8000 max_fails=0;", "server 127.0.0.1:8000 max_fails=0;"
    )
    return block.replace(NETWORK, OUTER_PROXY) + text


@pytest.fixture(scope="module")
def front(tmp_path_factory, django_db_setup):
    folder = tmp_path_factory.mktemp("container")
    with (
        running_site(folder / "site.log", **PRODUCTION) as site,
        nginx_before(folder, site.url, text=as_in_the_container(folder)) as url,
    ):
        yield url


def test_pages_are_served_to_who_came_by_https_and_others_are_redirected(front, transactional_db):
    assert response(front, {"X-Forwarded-Proto": "https"}) == (200, None)
    assert response(front, {"X-Forwarded-Proto": "http"}) == (301, "https://live.example/")
    assert response(front, {}) == (301, "https://live.example/")


def test_readers_count_by_their_own_address(front, transactional_db):
    readers = [f"203.0.113.{number}" for number in range(LIMIT + 1)]
    assert first_frames(front, OUTER_PROXY, readers) == ["sync"] * (LIMIT + 1)
    assert first_frames(front, OUTER_PROXY, ["203.0.113.77"] * (LIMIT + 1)) == ["sync"] * LIMIT + ["bye"]


def test_addresses_that_readers_invent_do_not_help(front, transactional_db):
    invented = [f"198.51.100.{number}, 203.0.113.88" for number in range(LIMIT + 1)]
    assert first_frames(front, OUTER_PROXY, invented) == ["sync"] * LIMIT + ["bye"]
    others = [f"198.51.100.{number}" for number in range(LIMIT + 1)]
    assert first_frames(front, "127.0.0.3", others) == ["sync"] * LIMIT + ["bye"]


def response(url, headers):
    """Status and Location of the front page, as the outer proxy asks for it."""
    host = url.removeprefix("http://")
    with closing(HTTPConnection(host, timeout=CEILING, source_address=(OUTER_PROXY, 0))) as line:
        line.request("GET", "/", headers={"Host": "live.example"} | headers)
        answer = line.getresponse()
        return answer.status, answer.headers["Location"]


def first_frames(url, source, forwarded_for):
    """The kinds of the first frames of readers who are there at the same time, all connected from one address."""
    event = make_event()
    address = f"{url.replace('http', 'ws')}/ws/events/{event.slug}/?v=1&epoch={event.epoch}&since=0"

    def first_frame(stack, forwarded):
        headers = {"X-Forwarded-For": forwarded, "X-Forwarded-Proto": "https"}
        reader = connect(address, additional_headers=headers, source_address=(source, 0), open_timeout=CEILING)
        return json.loads(stack.enter_context(reader).recv(CEILING))["t"]

    with ExitStack() as stack:
        return [first_frame(stack, forwarded) for forwarded in forwarded_for]
