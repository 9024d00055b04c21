"""A project with its own users, addresses and frame includes the installed package, as docs/django-project.md shows."""

import json
import os
import re
import subprocess
import sys
import urllib.request
from urllib.error import HTTPError

import pytest
from websockets.sync.client import connect

from tests.readers import attribute
from tests.servers import CEILING, ROOT, address_of, end, listening_socket, start_server

pytestmark = [pytest.mark.services, pytest.mark.once, pytest.mark.long]

SETTINGS = """
from pathlib import Path
BASE_DIR = Path(__file__).parent
SECRET_KEY = "a key of this project's own, which signs its sessions"
ALLOWED_HOSTS = ["127.0.0.1"]
AUTH_USER_MODEL = "paper.Member"
ROOT_URLCONF = "paper.urls"
ASGI_APPLICATION = "paper.asgi.application"
DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": BASE_DIR / "paper.sqlite3"}}
STATIC_URL = "/static/"
INSTALLED_APPS = [
    "paper", "django.contrib.admin", "django.contrib.auth", "django.contrib.contenttypes", "django.contrib.sessions",
    "django.contrib.messages", "django.contrib.staticfiles",
]
MIDDLEWARE = [
    "django.contrib.sessions.middleware.SessionMiddleware", "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware", "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
]
TEMPLATES = [{"BACKEND": "django.template.backends.django.DjangoTemplates", "DIRS": [], "APP_DIRS": True}]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
SITE_NAME = "The Paper"
"""
MODELS = """
from django.contrib.auth.models import AbstractUser

class Member(AbstractUser):
    pass
"""
FRAME = """<!doctype html><html><head>{% block paper_head %}{% endblock %}</head>
<body class="paper"><h6>The Paper</h6>{% block paper_body %}{% endblock %}</body></html>"""

SET_UP = """
import os, sys
os.environ["DJANGO_SETTINGS_MODULE"] = "paper.settings"
import django
django.setup()
from django.core.management import call_command
call_command("makemigrations", "paper", verbosity=0)
call_command("migrate", verbosity=0)
call_command("check", "--fail-level", "WARNING")
import liveblog, updates
from django.contrib.staticfiles import finders
from django.utils.translation import gettext, override
with override("ar"):
    assert gettext("Corrections") != "Corrections"
print(updates.__file__, liveblog.__file__, finders.find("css/reader.css"), finders.find("bundles/front.js"))
from paper.models import Member
from updates import publishing
from updates.choices import ChangeKind
from updates.publishing import EntryContent, EventDetails, TextContent
writer = Member.objects.create_superuser("ines", password="a long enough one", first_name="Ines")
event = publishing.create_event(EventDetails(title="Storm Maren", slug="storm"), writer)
publishing.change_state(event.pk, ChangeKind.OPEN, writer)
publishing.publish(event.pk, EntryContent("The gate held", (TextContent("<p>It did.</p>"),)), writer)
"""

PUBLISH = """
import django
django.setup()
from paper.models import Member
from updates import publishing
from updates.models import Event
from updates.publishing import EntryContent, TextContent
content = EntryContent("The second surge passed", (TextContent("<p>At noon.</p>"),))
publishing.publish(Event.objects.get().pk, content, Member.objects.get())
"""


@pytest.fixture
def wheel(tmp_path):
    folder = tmp_path / "wheel"
    run(ROOT, {}, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder))
    return next(folder.glob("*.whl"))


@pytest.fixture
def project(wheel, tmp_path):
    """The project, with the package in a folder of its own, so that nothing comes from the checkout."""
    folder = tmp_path / "project"
    folder.mkdir()
    run(folder, {}, "-m", "pip", "install", "--quiet", "--no-deps", "--no-index", "--target", "installed", str(wheel))
    page = (ROOT / "docs" / "django-project.md").read_text()
    (folder / "paper" / "templates" / "updates").mkdir(parents=True)
    (folder / "paper" / "__init__.py").touch()
    (folder / "paper" / "models.py").write_text(MODELS)
    (folder / "paper" / "templates" / "paper.html").write_text(FRAME)
    (folder / "paper" / "settings.py").write_text(SETTINGS + shown_in(page, "paper/settings.py"))
    for name in ("paper/urls.py", "paper/asgi.py", "paper/templates/updates/base.html"):
        (folder / name).write_text(shown_in(page, name))
    (folder / "manage.py").write_text("from django.core import management\nmanagement.execute_from_command_line()\n")
    checked = run(
        folder, variables(folder) | {"DJANGO_SETTINGS_MODULE": "liveblog.settings"}, "-m", "liveblog", "settings"
    )
    assert "Ellery Signal" in checked.stdout
    origin = run(folder, variables(folder), "-c", SET_UP).stdout.split()[-4:]
    assert all(place.startswith(str(folder / "installed")) for place in origin)
    return folder


def shown_in(page, name):
    """The indented block that follows the first mention of a file."""
    block = re.search(rf"`{re.escape(name)}`.*?\n\n((?:    [^\n]*\n|\n)+)", page, re.DOTALL)[1]
    return re.sub(r"^    ", "", block, flags=re.MULTILINE)


def variables(folder):
    return {
        "PYTHONPATH": f"{folder}{os.pathsep}{folder / 'installed'}",
        "DJANGO_SETTINGS_MODULE": "paper.settings",
        "DATA_DIR": str(folder / "data"),
    }


def run(folder, more, *command):
    inherited = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    done = subprocess.run(
        [sys.executable, *command], cwd=folder, env=inherited | more, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done


@pytest.fixture
def address(project):
    listener = listening_socket()
    place = address_of(listener)
    environment = {"PATH": os.environ["PATH"]} | variables(project)
    with (project / "server.log").open("w") as log:
        command = [sys.executable, "manage.py", "serve", "--fd"]
        process = start_server(command, listener, stdout=log, stderr=log, env=environment, cwd=project)
    try:
        yield place
    finally:
        end(process)


def get(address):
    with urllib.request.urlopen(address, timeout=CEILING) as response:
        return response.read().decode()


def test_package_serves_in_a_project_with_its_own_users_frame_and_prefix(address, project):
    page = get(f"{address}/live/storm/")
    assert '<body class="paper"><h6>The Paper</h6>' in page
    assert "The gate held" in page
    assert "Ines" in page
    for link in re.findall(r'(?:href|data-changes|data-socket|action)="(/[^"]*)"', page):
        assert link.startswith(("/live/", "/static/")), link
    assert "The gate held" in get(address + re.search(r'href="(/live/storm/\w{10}/)"', page)[1])
    assert "The gate held" in get(f"{address}/live/storm/feed.rss")
    assert "The Paper" in get(f"{address}/admin/login/?next=/admin/")
    with pytest.raises(HTTPError, match="404"):
        get(f"{address}/live/nothing/")
    check_that_an_open_page_gets_the_next_update(address, project, page)


def check_that_an_open_page_gets_the_next_update(address, project, page):
    socket, epoch, seq = (attribute(f"data-{name}", page) for name in ("socket", "epoch", "seq"))
    query = f"?v=1&epoch={epoch}&since={seq}"
    with connect(address.replace("http", "ws", 1) + socket + query, origin=address, open_timeout=CEILING) as reader:
        frames = [json.loads(reader.recv(CEILING))]
        run(project, variables(project), "-c", PUBLISH)
        while frames[-1]["t"] != "ops":
            frames.append(json.loads(reader.recv(CEILING)))
    assert [item["title"] for item in frames[-1]["items"] if item.get("title")] == ["The second surge passed"]
