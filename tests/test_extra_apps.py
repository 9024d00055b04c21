"""The product starts and serves without each of the apps beside it, and imports none of them."""

import ast
import subprocess
import sys

import pytest

from tests.factories import make_event, post
from tests.servers import ROOT, environment, running_site

pytestmark = pytest.mark.long

EXTRA_APPS = ("demo", "rehearsal", "bench")

LOADED = """
import sys, django
django.setup()
import liveblog.asgi, liveblog.server, liveblog.urls, updates.admin, updates.views.reader
print(sorted({".".join(name.split(".")[:2]) for name in sys.modules if name.startswith("updates.")}))
"""


@pytest.mark.services
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("left_out", EXTRA_APPS)
def test_product_serves_without_the_app(left_out, tmp_path):
    event = make_event()
    entry = post(event, "The gate holds")
    others = ",".join(app for app in EXTRA_APPS if app != left_out)

    with running_site(tmp_path / "server.log", EXTRA_APPS=others) as site:
        assert "The gate holds" in site.get(entry.get_absolute_url())
        assert "csrfmiddlewaretoken" in site.get("/admin/login/")

    assert "ERROR" not in (tmp_path / "server.log").read_text()


def test_product_alone_loads_none_of_the_apps():
    loaded = run_python("-c", LOADED, EXTRA_APPS="")

    assert {f"updates.{app}" for app in EXTRA_APPS}.isdisjoint(ast.literal_eval(loaded))


COMMANDS = {"demo": "demo", "rehearsal": "rehearse", "bench": "bench"}


@pytest.mark.parametrize(("app", "command"), COMMANDS.items())
def test_each_command_comes_with_its_app(app, command):
    assert "usage:" in run_python("manage.py", command, "--help", EXTRA_APPS=app)


def test_no_command_comes_without_its_app():
    commands = run_python("manage.py", "help", EXTRA_APPS="").split()

    assert "serve" in commands
    assert set(COMMANDS.values()).isdisjoint(commands)


def test_real_site_has_none_of_them_and_a_checkout_has_all():
    code = "from django.conf import settings; print(settings.EXTRA_APPS)"
    on_https = {
        "HTTPS": "1",
        "SECRET_KEY": "x" * 50,
        "SITE_URL": "https://live.example",
        "TRUSTED_PROXIES": "127.0.0.1",
    }

    assert run_python("-c", code).strip() == str(list(EXTRA_APPS))
    assert run_python("-c", code, **on_https).strip() == "[]"


def run_python(*arguments, **more):
    inherited = {name: value for name, value in environment().items() if name != "EXTRA_APPS"}
    done = subprocess.run(
        [sys.executable, *arguments],
        cwd=ROOT,
        env=inherited | {"DJANGO_SETTINGS_MODULE": "liveblog.settings"} | more,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout
