"""The settings as a whole: what does not fit together stops the start with a sentence."""

import gc
import re
import subprocess
import sys
from importlib.util import module_from_spec, spec_from_file_location

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command
from django.db import InternalError, OperationalError, ProgrammingError

from liveblog.__main__ import CommandLine, main
from liveblog.secret_key import _make, env_secret
from tests.servers import ROOT, environment
from updates import environment as declarations
from updates.checks import check_ad_template, check_alert_key, check_fonts
from updates.environment import VARIABLES, refuse_misspelt
from updates.management.start_checks import check_folders, database_problem

OF_OTHERS = """
    PATH HOME USER SHELL LANG LANGUAGE LC_ALL TERM PWD OLDPWD HOSTNAME HOSTTYPE LOGNAME MAIL TMPDIR TZ EDITOR PAGER
    DISPLAY HTTP_PROXY HTTPS_PROXY NO_PROXY http_proxy https_proxy no_proxy ALL_PROXY SSL_CERT_FILE SSL_CERT_DIR
    DEBIAN_FRONTEND VIRTUAL_ENV PYTHONPATH PYTHONWARNINGS PYTHONDONTWRITEBYTECODE PIP_INDEX_URL
    DJANGO_SETTINGS_MODULE DJANGO_DEBUG DJANGO_SECRET_KEY WEB_CONCURRENCY DYNO KUBERNETES_PORT
    KUBERNETES_SERVICE_HOST LIVEBLOG_PORT LIVEBLOG_SERVICE_HOST LIVEBLOG_SERVICE_PORT REDIS_PORT REDIS_HOST
    REDIS_SERVICE_HOST REDIS_PASSWORD REDIS_TLS_URL POSTGRES_USER POSTGRES_DB POSTGRES_PASSWORD PGHOST PGPORT PGUSER
    PGPASSWORD PGDATABASE TEST_DATABASE_URL DATABASE_HOST DATABASE_NAME SENTRY_DSN INVOCATION_ID JOURNAL_STREAM
    LISTEN_FDS LISTEN_PID NOTIFY_SOCKET SYSTEMD_EXEC_PID STATE_DIRECTORY RUNTIME_DIRECTORY LOGS_DIRECTORY
    CONFIGURATION_DIRECTORY CREDENTIALS_DIRECTORY MAINPID WATCHDOG_USEC GITHUB_ACTIONS CI GITHUB_TOKEN AWS_REGION
    AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY S3_BUCKET CHROMIUM FIREFOX XDG_RUNTIME_DIR XDG_DATA_HOME
    SITE_PACKAGES VERSION RELEASE NODE_ENV SECRET TOKEN LOG_FORMAT HOST HOSTS NAME URL TITLE
    PROMETHEUS_MULTIPROC_DIR OTEL_EXPORTER_OTLP_ENDPOINT FORWARDED_ALLOW_IPS ALLOWED_ORIGINS CORS_ALLOWED_ORIGINS
    TRUSTED_HOSTS
"""


@pytest.fixture
def start(monkeypatch, tmp_path):
    """Read the settings anew with the given variables."""
    monkeypatch.setattr(declarations, "VARIABLES", {})
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("DATA_DIR", str(tmp_path))

    def read(**variables):
        for name, value in variables.items():
            monkeypatch.setenv(name, value)
        product = _executed("updates", "variables")
        monkeypatch.setitem(sys.modules, "updates.variables", product)
        return _executed("liveblog", "settings")

    return read


def _executed(package, name):
    spec = spec_from_file_location(f"{package}.{name}", ROOT / package / f"{name}.py")
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


SAFE = {"HTTPS": "1", "TRUSTED_PROXIES": "127.0.0.1", "SITE_URL": "https://live.example", "SECRET_KEY": "x" * 50}


@pytest.mark.parametrize(
    ("variables", "sentence"),
    [
        ({"REDIS_URL": "127.0.0.1:6379"}, "REDIS_URL.*redis://127.0.0.1:6379/0 is needed"),
        ({"DATABSE_URL": "postgres://a@b/c"}, "Did you mean DATABASE_URL?"),
        ({"DATABASE_URL": "postgres://a@b:81x5/c"}, "DATABASE_URL: the port"),
        ({"ALLOWED_HOSTS": "https://live.example"}, "ALLOWED_HOSTS.*is no host name"),
        ({"DATA_DIR": "/dev/null/liveblog"}, "DATA_DIR: /dev/null is no folder"),
        ({"PORT": "81x5"}, "PORT=81x5: a port is"),
        ({"TIME_ZONE": "Europe/Londn"}, "TIME_ZONE=Europe/Londn: no time zone"),
        ({"LOG_LEVEL": "LOUD"}, "LOG_LEVEL=LOUD: use one of"),
        ({"WEBSUB_HUB": "https://hub.example"}, "WEBSUB_HUB needs SITE_URL"),
        ({"VAPID_PRIVATE_KEY": "x"}, "VAPID_PRIVATE_KEY needs VAPID_SUBJECT"),
        ({"HTTSP": "1"}, "Did you mean HTTPS?"),
        (SAFE | {"SECRET_KEY": ""}, "SECRET_KEY is missing"),
        (SAFE | {"SECRET_KEY": "change-me"}, "SECRET_KEY still has “change-me” of the example"),
        ({"DATABASE_URL": "postgres://liveblog:change-me@127.0.0.1/liveblog"}, "DATABASE_URL still has “change-me”"),
        (SAFE | {"SITE_URL": ""}, "HTTPS=1 needs TRUSTED_PROXIES"),
        (SAFE | {"TRUSTED_PROXIES": ""}, "HTTPS=1 needs TRUSTED_PROXIES"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, dict) else "",
)
def test_settings_that_cannot_work_stop_the_start(start, variables, sentence):
    with pytest.raises(ImproperlyConfigured, match=sentence):
        start(**variables)


def test_settings_of_a_site_are_read(start):
    settings = start(**SAFE, DATABASE_URL="postgres://user:hush@db.example/news", REDIS_URL="redis://127.0.0.1:6379/0")
    assert settings.DATABASES["default"]["HOST"] == "db.example"
    assert settings.RECONCILE_EVERY == 2.0
    assert settings.EXTRA_APPS == []
    assert declarations.VARIABLES["DATABASE_URL"].shown == "postgres://user:…@db.example/news"


def test_names_of_other_programs_do_not_stop_the_start():
    refuse_misspelt(dict.fromkeys(OF_OTHERS.split(), ""))


def test_checks_name_a_template_fonts_and_a_key_that_are_not_there(settings):
    assert [*check_ad_template(), *check_fonts(), *check_alert_key()] == []
    settings.AD_TEMPLATE = "nope.html"
    settings.SHARE_CARD_FONTS = ["/nope.ttf"]
    settings.VAPID_PRIVATE_KEY = "nope"
    errors = [*check_ad_template(), *check_fonts(), *check_alert_key()]
    assert [error.id for error in errors] == ["liveblog.E001", "liveblog.E002", "liveblog.E003"]


def test_server_does_not_start_if_it_cannot_store_pictures(settings, tmp_path):
    settings.DATA_DIR, settings.MEDIA_ROOT = tmp_path, tmp_path / "media"
    check_folders()
    (tmp_path / "private").touch()
    with pytest.raises(ImproperlyConfigured, match="private is no folder"):
        check_folders()


def test_secret_that_another_process_has_just_made_is_used(tmp_path, monkeypatch):
    monkeypatch.delenv("SECRET_KEY", raising=False)
    monkeypatch.setattr("updates.environment.VARIABLES", {})
    first = env_secret("SECRET_KEY", tmp_path / "secret_key", "")
    _make(tmp_path / "secret_key")  # as a process does that looked before it was there
    assert env_secret("SECRET_KEY", tmp_path / "secret_key", "") == first


def test_commands_print_the_sentence_and_no_traceback():
    run = subprocess.run(
        [sys.executable, "manage.py", "migrate"],
        cwd=ROOT, env=environment(SITE_NAM="x"), capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert run.returncode == 1
    assert "Did you mean SITE_NAME?" in run.stderr
    assert "Traceback" not in run.stderr


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        (OperationalError("database or disk is full"), "The database did not do it: database or disk is full."),
        (InternalError("cannot execute INSERT in a read-only transaction\nHINT"), "in a read-only transaction."),
        (PermissionError(13, "Permission denied", "/srv/liveblog/var/static"), "var/static cannot be used: Permission"),
        (OSError(28, "No space left on device"), "A file cannot be used: No space left on device."),
        (FileNotFoundError(2, "No such file or directory", "/proc/nope"), "/proc/nope cannot be used: No such file"),
    ],
    ids=str,
)
@pytest.mark.django_db(transaction=True)
def test_whatever_an_operator_has_to_mend_ends_a_command_with_a_sentence(monkeypatch, error, sentence):
    def fail(_command_line):
        raise error

    monkeypatch.setattr("liveblog.__main__.CommandLine.execute", fail)
    monkeypatch.setattr(sys, "argv", ["manage.py", "collectstatic"])
    with pytest.raises(SystemExit, match=re.escape(sentence)):
        main()
    monkeypatch.setattr(sys, "argv", ["manage.py", "collectstatic", "--traceback"])
    with pytest.raises(type(error)):
        main()


@pytest.mark.django_db(transaction=True)
def test_a_database_without_tables_is_not_explained_to_who_makes_them(monkeypatch):
    missing = ProgrammingError('relation "updates_event" does not exist')
    assert database_problem(missing, is_migrating=False) == ""  # the tables are there: the program asks for a wrong one
    monkeypatch.setattr("django.db.migrations.recorder.MigrationRecorder.applied_migrations", lambda _recorder: {})
    assert "Run: manage.py migrate" in database_problem(missing, is_migrating=False)
    assert database_problem(missing, is_migrating=True) == ""


def test_a_command_runs_with_garbage_collected():
    with pytest.raises(SystemExit, match="0"):
        CommandLine(["manage.py", "migrate", "--version"]).execute()
    assert gc.isenabled()


def test_settings_in_force_are_printed_with_their_source_and_no_secret(capsys, settings):
    settings.READYZ_TOKEN = "hush"
    call_command("settings", changed=True)
    printed = capsys.readouterr().out
    assert "hush" not in printed
    rows = {line.split()[0]: line.split()[1:] for line in printed.splitlines()}
    assert rows["DATA_DIR"] == ["environment", str(settings.DATA_DIR)]
    assert rows["READYZ_TOKEN"] == ["liveblog.settings", "(hidden)"]
    assert "SITE_NAME" not in rows
