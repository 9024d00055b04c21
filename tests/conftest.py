"""Fixtures of every test: static files by their plain names, and empty caches. Says which tests run where.

The whole suite runs on SQLite. What may come out otherwise on PostgreSQL or with the next Django runs there as well.
"""

import gc
import os
import re
from dataclasses import replace
from pathlib import Path
from threading import local

import pytest
from django.apps import apps
from django.core.cache import caches
from django.db import connection
from django.template import Template
from django.test import TransactionTestCase
from hypothesis import settings as hypothesis_settings

from tests.emptying import empty_database
from tests.nginx import below_a_path, nginx_before
from tests.servers import PREFIX, ROOT, running_site, shared

# Made-up inputs are the same in each run, so that a change fails for what it changed.
hypothesis_settings.register_profile("same inputs", derandomize=True, database=None, deadline=None)
if "OTHER_INPUTS" not in os.environ:
    hypothesis_settings.load_profile("same inputs")

BEHIND_NGINX = bool(PREFIX) and "TEST_BEHIND_NGINX" in os.environ
"""Whether the site of most tests has nginx before it; ``make prove`` runs tests so."""

DATABASE = {
    "commands",
    "convergence",
    "desk",
    "exchange",
    "live",
    "models",
    "publishing",
    "races",
    "scheduling",
}
"""Folders of tests that depend on the database: locks, transactions, constraints, order, queries of JSON and text.

In other folders, single files are marked. Rights are decided in Python, from rows that other tests read. Within these
folders, tests of parsers and of what sockets send are marked ``once``.
"""

DJANGO = {
    "accounts",
    "admin",
    "commands",
    "liveblog",
    "models",
    "rendering",
    "views",
}
"""Folders of tests that depend on Django's version: admin, forms, accounts, templates, models, requests.

In other folders, single files are marked. Operations and rights are Python of ours on models: pages of the desk and
of readers run them as well. Within these folders, further cases of a form that other tests send are marked ``once``.
"""

FOLDERS = {"database": DATABASE, "django": DJANGO, "smoke": set[str]()}


def pytest_ignore_collect(collection_path, config):
    """Do not import files of which a step for one mark, ``-m "django and …"``, runs nothing."""
    mark = config.option.markexpr.partition(" ")[0]
    if mark not in FOLDERS or not collection_path.name.startswith("test_") or collection_path.is_dir():
        return None
    if collection_path.relative_to(ROOT / "tests").parts[0] in FOLDERS[mark]:
        return None
    return re.search(rf"mark\.{mark}\b", collection_path.read_text()) is None or None


def pytest_collection_modifyitems(items):
    """Mark tests by their folder, and skip those of apps that EXTRA_APPS leaves out. Begin with the longest, so that no
    worker waits for another's at the end.
    """
    for item in items:
        app = item.path.relative_to(ROOT / "tests").parts[0]
        if app in DATABASE:
            item.add_marker(pytest.mark.database)
        if app == "races":
            item.add_marker(pytest.mark.races)
        if app == "demo":  # each test sets up the whole newsroom
            item.add_marker(pytest.mark.long)
        if app in DJANGO:
            item.add_marker(pytest.mark.django)
        if app in {"demo", "rehearsal", "bench"} and not apps.is_installed(f"updates.{app}"):
            item.add_marker(pytest.mark.skip(reason=f"updates.{app} is not installed: see EXTRA_APPS"))
    items.sort(key=lambda item: not item.get_closest_marker("long"))


@pytest.hookimpl(wrapper=True)
def pytest_collection():
    """Collect without the garbage collector, which would look at all items again and again: a fifth of the time."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.enable()


def pytest_collection_finish():
    """Spare the garbage collector what lives to the end, Django and thousands of tests: a twelfth of the time."""
    gc.freeze()
    gc.set_threshold(5_000, 20, 50)


@pytest.fixture(autouse=True)
def plain_static_files(settings):
    """Hashed names need ``collectstatic``; servers that tests start make them by themselves."""
    Path(settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)  # WhiteNoise warns where it is absent
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.STORAGES = settings.STORAGES | {"staticfiles": plain}


@pytest.fixture(scope="session", autouse=True)
def _record_whole_pages(django_test_environment):
    """Let Django's test client note the context of whole pages only.

    It copies the context of each template, of every form field and included part too: a quarter of a page's time.
    """
    record, inside = Template._render, local()

    def render(template, context):
        if getattr(inside, "page", False):
            return template.nodelist.render(context)
        inside.page = True
        try:
            return record(template, context)
        finally:
            inside.page = False

    Template._render = render
    yield
    Template._render = record


@pytest.fixture(scope="session", autouse=True)
def _quickly_emptied_database():
    """After a test with ``transactional_db``. Saves 0.02 processor seconds on SQLite and 0.13 on PostgreSQL."""
    flush = TransactionTestCase._fixture_teardown
    TransactionTestCase._fixture_teardown = empty_database
    yield
    TransactionTestCase._fixture_teardown = flush


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """As pytest-django does, and end the sessions that are left before PostgreSQL drops the database.

    It learns that a server was killed only when that server's query has ended, and keeps a database somebody uses.
    """
    yield
    if connection.vendor == "postgresql":
        with django_db_blocker.unblock(), connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )


@pytest.fixture(autouse=True)
def quick_hashes(request, settings):
    """Do not hash passwords slowly, except where another process checks them."""
    if not any(map(request.node.get_closest_marker, ("browser", "engines", "services"))):
        settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture(autouse=True)
def empty_caches():
    for cache in caches.all(initialized_only=True):
        cache.clear()


@pytest.fixture(scope="session")
def site(django_db_setup, tmp_path_factory):
    """One server for all tests that need no other; they ask for ``transactional_db``, so that it sees their data."""
    folder = tmp_path_factory.mktemp("site")
    with running_site(folder / "server.log", TRUSTED_PROXIES="127.0.0.1" if BEHIND_NGINX else "") as running:
        shared.append(running.process)
        if not BEHIND_NGINX:
            yield running
            return
        with nginx_before(folder, running.origin, text=below_a_path()) as url:
            yield replace(running, url=url + PREFIX)
