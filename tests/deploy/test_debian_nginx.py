"""The configuration that we ship fits into Debian's own, by the steps of docs/deployment.md."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.nginx import SHIPPED
from tests.servers import ROOT

DEBIAN = Path("/etc/nginx/nginx.conf")

pytestmark = [
    pytest.mark.services,
    pytest.mark.once,
]


@pytest.fixture
def check(tmp_path):
    """Run ``nginx -t`` on Debian's file, with everything below a folder of this test."""
    assert DEBIAN.exists(), "No nginx of Debian; `make test` installs it"
    ours = SHIPPED.read_text().replace("listen 80;", "listen 127.0.0.1:0;").replace("/var/cache", f"{tmp_path}/cache")
    (tmp_path / "liveblog.conf").write_text(ours.replace("127.0.0.1:0;", "127.0.0.1:18080;"))
    debian = DEBIAN.read_text().replace("include /etc/nginx/conf.d/*.conf;", f"include {tmp_path}/liveblog.conf;")
    debian = debian.replace("include /etc/nginx/sites-enabled/*;", "").replace("/run/nginx.pid", f"{tmp_path}/pid")
    debian = re.sub(r"/var/log/nginx/(\w+)\.log", rf"{tmp_path}/\1.log", debian)
    (tmp_path / "nginx.conf").write_text(debian)

    def run():
        program = shutil.which("nginx") or "/usr/sbin/nginx"
        return subprocess.run(
            [program, "-t", "-c", tmp_path / "nginx.conf", "-e", tmp_path / "error.log"],
            capture_output=True, text=True, check=False,
        )  # fmt: skip

    return run


def test_debians_nginx_takes_the_file_once_the_folder_of_its_cache_is_there(check, tmp_path):
    steps = (ROOT / "docs" / "deployment.md").read_text()
    assert "mkdir --parents /var/cache/nginx\n" in steps.split("nginx -t")[0].replace("    ", "")
    assert check().returncode != 0
    (tmp_path / "cache" / "nginx").mkdir(parents=True)
    done = check()
    assert done.returncode == 0, done.stderr
