"""The files in ``deploy`` for systemd, containers and Kubernetes, as far as they can be tested without these."""

import configparser
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from contextlib import suppress
from urllib.request import urlopen

import pytest
import yaml
from django.conf import settings

from liveblog.server import DRAIN_WITHIN, FIRST_REQUESTS_WITHIN, REQUESTS_WITHIN
from tests.servers import CEILING, ROOT, collect_static, database_url, environment, held_port, kill, wait_until

DEPLOY = ROOT / "deploy"
UNITS = sorted((DEPLOY / "systemd").glob("*.service"))
DOCKERFILE = (DEPLOY / "docker" / "Dockerfile").read_text().replace("\\\n", "")
COMPOSE = yaml.safe_load((DEPLOY / "docker" / "compose.yaml").read_text())
KUBERNETES = {part["kind"]: part for part in yaml.safe_load_all((DEPLOY / "kubernetes" / "liveblog.yaml").read_text())}
SERVERS = ("web-1", "web-2")

LONGEST_STOP = DRAIN_WITHIN + FIRST_REQUESTS_WITHIN + REQUESTS_WITHIN
"""Seconds that a server process may take to stop in order."""


def documented_settings():
    return set(re.findall(r"^\| `([A-Z_]+)` \|", (ROOT / "docs" / "settings.md").read_text(), re.M))


def unit(path, section="Service"):
    parser = configparser.ConfigParser(strict=False, interpolation=None)
    parser.optionxform = str
    parser.read(path)
    return parser[section]


@pytest.mark.services
@pytest.mark.once
@pytest.mark.parametrize("path", UNITS, ids=lambda path: path.name)
def test_units_are_valid_and_sandboxed(path, tmp_path):
    program = shutil.which("systemd-analyze")
    assert program, "No systemd-analyze; `make test` installs it"
    copy = tmp_path / path.name
    copy.write_text(path.read_text().replace("/srv/liveblog/.venv/bin/python", sys.executable))
    verdict = subprocess.run([program, "verify", "--man=no", copy], capture_output=True, text=True, check=False)
    assert (verdict.returncode, verdict.stderr) == (0, "")
    # 10 is no sandbox at all; systemd calls 2 and less “OK”
    command = [program, "security", "--offline=true", "--threshold=20", copy]
    verdict = subprocess.run(command, capture_output=True, text=True, check=False)
    assert verdict.returncode == 0, verdict.stdout[-200:]


@pytest.mark.parametrize("path", UNITS, ids=lambda path: path.name)
def test_units_stop_in_order_and_have_files_for_every_reader(path):
    service = unit(path)
    assert service["KillMode"] == "mixed"
    assert float(service["TimeoutStopSec"]) > LONGEST_STOP
    assert int(service["LimitNOFILE"]) > 2 * settings.READERS_AT_MOST


@pytest.mark.parametrize("path", UNITS, ids=lambda path: path.name)
def test_units_are_restarted_however_long_the_database_is_gone(path):
    """By default systemd gives a unit up after five quick ends."""
    assert unit(path, "Unit")["StartLimitIntervalSec"] == "0"
    service = unit(path)
    assert service["Restart"] == "always"
    assert float(service["RestartSec"]) >= 2


READ_ONLY = 'mount --make-rprivate / && mount --bind "$0" "$0" && mount -o remount,bind,ro / && exec "$@"'
"""Everything but one folder, as ``ProtectSystem=strict`` and ``ReadWritePaths=`` have it."""


@pytest.mark.services
@pytest.mark.django_db(transaction=True)
def test_unit_starts_a_server_that_writes_only_its_data_and_stops_in_time(tmp_path):
    """Its command in its folder with the example's settings, as systemd would run it; root can shut the rest, too."""
    service = unit(DEPLOY / "systemd" / "liveblog@.service")
    assert (service["WorkingDirectory"], service["ReadWritePaths"]) == ("/srv/liveblog", "/srv/liveblog/var")
    example = dict(re.findall(r"^([A-Z_]+)=(.*)$", (DEPLOY / "systemd" / "liveblog.env.example").read_text(), re.M))
    variables = environment() | example | {"SECRET_KEY": "a harbour wall of fifty granite blocks and a bell 71"}
    variables |= {"DATABASE_URL": database_url(), "READYZ_TOKEN": "", "REDIS_URL": ""}
    place = held_port()
    port = place.getsockname()[1]
    command = service["ExecStart"].replace("/srv/liveblog/.venv/bin/python", sys.executable).replace("%i", str(port))
    shut = ["unshare", "--mount", "sh", "-c", READ_ONLY, str(settings.DATA_DIR)] if os.geteuid() == 0 else []
    collect_static()
    log = tmp_path / "log"
    with log.open("w") as output:
        server = subprocess.Popen(
            [*shut, *shlex.split(command)],
            cwd=ROOT,
            env=variables,
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
    try:
        wait_until(lambda: _is_ready(server, port, log), f"the server is ready; its log: {log}")
        assert "Traceback" not in log.read_text()
        for probe in probes(port):
            subprocess.run([sys.executable, "-c", probe], check=True)
        server.terminate()
        assert server.wait(float(service["TimeoutStopSec"])) == 0
    finally:
        kill(server)
        place.close()


def probes(port):
    """Programs by which Docker and Kubernetes ask inside the container, for a server that has another port."""
    pod = KUBERNETES["Deployment"]["spec"]["template"]["spec"]["containers"][0]
    health = json.loads(re.search(r"HEALTHCHECK .*CMD (\[\"python\".*\])", DOCKERFILE)[1])
    commands = [health, pod["readinessProbe"]["exec"]["command"]]
    assert [command[:2] for command in commands] == [["python", "-c"]] * 2
    return [
        command[2].replace(":8000/", f":{port}/").replace("timeout=2", f"timeout={CEILING}") for command in commands
    ]


def _is_ready(server, port, log):
    assert server.poll() is None, log.read_text()
    with suppress(OSError), urlopen(f"http://127.0.0.1:{port}/readyz", timeout=CEILING) as answer:
        return json.load(answer)["ready"]
    return False


def test_containers_stop_in_order_and_have_files_for_every_reader():
    for name in SERVERS:
        service = COMPOSE["services"][name]
        assert float(service["stop_grace_period"].removesuffix("s")) > LONGEST_STOP
        assert service["ulimits"]["nofile"] > 2 * settings.READERS_AT_MOST
        assert service["read_only"]
        assert service["cap_drop"] == ["ALL"]
    pod = KUBERNETES["Deployment"]["spec"]["template"]["spec"]
    pause = int(pod["containers"][0]["lifecycle"]["preStop"]["exec"]["command"][1])
    assert pod["terminationGracePeriodSeconds"] > pause + LONGEST_STOP


def test_files_name_no_unknown_setting():
    example = re.findall(r"^([A-Z_]+)=", (DEPLOY / "systemd" / "liveblog.env.example").read_text(), re.M)
    names = {*example, *COMPOSE["services"]["web-1"]["environment"], *KUBERNETES["ConfigMap"]["data"]}
    assert {"SECRET_KEY", "TRUSTED_PROXIES"} <= names
    assert names - documented_settings() == set()


def test_probes_ask_for_health_and_readiness():
    pod = KUBERNETES["Deployment"]["spec"]["template"]["spec"]["containers"][0]
    paths = {pod["livenessProbe"]["httpGet"]["path"], pod["startupProbe"]["httpGet"]["path"]}
    paths |= set(re.findall(r"127\.0\.0\.1(?::8000)?(/\w+)", DOCKERFILE + str(pod["readinessProbe"])))
    assert paths == {"/healthz", "/readyz"}


def test_image_copies_all_that_a_server_needs():
    ignored = (DEPLOY / "docker" / "Dockerfile.dockerignore").read_text().splitlines()
    copied = [shlex.split(line)[1] for line in DOCKERFILE.splitlines() if line.startswith("COPY ")]
    assert {"liveblog", "updates", "templates", "static", "locale", "manage.py"} <= {name.strip("/") for name in copied}
    for name in copied:
        assert (ROOT / name).exists(), name
        assert f"!{name}" in ignored, name
