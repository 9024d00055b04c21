"""Types of settings: read, or refused with the name of the variable and the reason."""

import os
import resource
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import pytest
from django.core.exceptions import ImproperlyConfigured

from liveblog.database_address import parse_database
from liveblog.secret_key import env_secret
from tests.servers import ROOT
from updates import environment
from updates.environment import (
    Variable,
    env_address,
    env_bool,
    env_choice,
    env_choices,
    env_float,
    env_folder,
    env_headers,
    env_hosts,
    env_int,
    env_links,
    env_list,
    env_networks,
    env_origins,
    env_parsed,
    env_port,
    env_prefix,
    env_redis,
    env_site_address,
    env_str,
    env_zone,
    refuse_misspelt,
)
from updates.setting_values import parse_pairs, parse_site_folder, parse_sizes, parse_token


@pytest.fixture(autouse=True)
def variables(monkeypatch):
    """Declarations of this test only."""
    monkeypatch.setattr(environment, "VARIABLES", declared := {})
    return declared


READERS = {
    "switch": partial(env_bool, default=True),
    "seconds": partial(env_float, default=2.0),
    "count": partial(env_int, default=7),
    "port": partial(env_port, default=8000),
    "text": partial(env_str, default="none"),
    "items": partial(env_list, default="a"),
    "hosts": partial(env_hosts, default="localhost"),
    "origins": env_origins,
    "networks": env_networks,
    "choices": partial(env_choices, default=("a",), choices=("a", "b")),
    "choice": partial(env_choice, default="INFO", choices=("INFO", "DEBUG")),
    "zone": partial(env_zone, default="UTC"),
    "links": partial(env_links, default="Live=/"),
    "address": env_address,
    "site": partial(env_site_address, default_text=""),
    "prefix": env_prefix,
    "pairs": partial(env_parsed, default={}, parse=parse_pairs, kind="pairs", default_text=""),
    "sizes": partial(env_parsed, default=[], parse=parse_sizes, kind="list", default_text=""),
    "token": partial(env_parsed, default="", parse=parse_token, kind="name", default_text=""),
    "folder of a site": partial(env_parsed, default=None, parse=parse_site_folder, kind="folder", default_text=""),
    "redis": env_redis,
    "headers": env_headers,
    "database": partial(env_parsed, default={}, parse=parse_database, kind="address", default_text=""),
}


@pytest.mark.parametrize(
    ("kind", "text", "expected"),
    [
        ("switch", "1", True),
        ("switch", "no", False),
        ("switch", "ON", True),
        ("switch", "", True),
        ("seconds", "0.5", 0.5),
        ("seconds", "", 2.0),
        ("count", "0", 0),
        ("port", "", 8000),
        ("text", "", ""),
        ("items", "a.example, b.example,", ["a.example", "b.example"]),
        ("items", "", []),
        ("hosts", "live.example,.paper.example,[::1],*", ["live.example", ".paper.example", "[::1]", "*"]),
        ("origins", "https://a.example,http://b.example:8000", ["https://a.example", "http://b.example:8000"]),
        ("choices", "", []),
        ("choices", "b, a,b", ["b", "a"]),
        ("zone", "Asia/Kolkata", "Asia/Kolkata"),
        ("links", "Live=/; News=https://n.example/?a=b", [("Live", "/"), ("News", "https://n.example/?a=b")]),
        ("site", "https://paper.example/", "https://paper.example"),
        ("pairs", "a=1; b = x=y ;", {"a": "1", "b": "x=y"}),
        ("sizes", "tall, banner,tall", ["tall", "banner", "tall"]),
        ("token", "subscriber_1", "subscriber_1"),
        ("folder of a site", str(ROOT / "examples" / "theme-courier"), ROOT / "examples" / "theme-courier"),
        *(("prefix", text, "/live") for text in ("/live", "live/", "/live/")),
        ("prefix", "/", ""),
        ("prefix", "/news/live", "/news/live"),
        *(
            ("redis", text, text)
            for text in ("unix:///run/a.sock?db=2", "rediss://a?health_check_interval=3", "redis://a/")
        ),
        ("headers", "Authorization: Bearer a:b; X-Kind: soft", {"Authorization": "Bearer a:b", "X-Kind": "soft"}),
    ],
)
def test_value_is_read(monkeypatch, kind, text, expected):
    monkeypatch.setenv("SETTING", text)
    assert READERS[kind]("SETTING", meaning="") == expected


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("switch", "perhaps"),
        *(("seconds", text) for text in ("soon", "0", "-1", "nan", "inf")),
        *(("count", text) for text in ("-1", "1.5", "²", "many")),
        *(("port", text) for text in ("81x5", "65536", "-1")),
        *(("hosts", text) for text in ("https://live.example", "live.example:8000", "a b", "live.example/")),
        *(("origins", text) for text in ("live.example", "https://live.example/", "ftp://live.example")),
        *(("networks", text) for text in ("proxy", "10.0.0.1/8", "10.1.0.0/33")),
        ("choices", "a,c"),
        ("choice", "LOUD"),
        *(("zone", text) for text in ("Europe/Londn", "../etc/passwd", "CEST+99")),
        *(("links", text) for text in ("News", "News=javascript:alert(1)")),
        *(("address", text) for text in ("file:///etc/passwd", "live.example", "https://", "https://a.example:x")),
        ("site", "https://paper.example/live"),
        *(("pairs", text) for text in ("a", "=1", "a=")),
        *(("sizes", text) for text in ("huge", ",")),
        *(("token", text) for text in ("a b", "a=1", "<b>", "ä")),
        *(("folder of a site", text) for text in ("/nowhere", str(ROOT / "docs"))),
        *(("prefix", text) for text in ("https://a.example/live", "/a//b", "/a/../b", "/a b", "/<slug>", "/ä", "/a?b")),
        *(("redis", text) for text in ("127.0.0.1:6379", "localhost", "http://a", "redis://", "redis://a:99999", "redis://[")),
        *(("redis", f"redis://a/{rest}") for rest in ("news", "1/2", "-1", "²", "0?sokket=1", "?db=x", "?protocol=9")),
        ("headers", "no-colon"),
        ("database", "mysql://db"),
        ("database", "postgres://user@db.example"),
        ("database", "postgres://user@db.example:54x2/news"),
        ("database", "postgres://user@db.example/news?sslmod=require"),
        ("database", "sqlite://var/liveblog.sqlite3"),
        ("database", "sqlite://"),
    ],
)  # fmt: skip
def test_value_that_cannot_be_used_is_refused_by_name(monkeypatch, kind, text):
    monkeypatch.setenv("SETTING", text)
    with pytest.raises(ImproperlyConfigured, match=r"^SETTING(=.*)?: \S+ .+"):
        READERS[kind]("SETTING", meaning="")


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("database", "postgres://user:hushhush@db.example:x/news"),
        ("database", "postgres://user:hush@hush@db.example/news?sslmod=require"),
        ("redis", "http://:hushhush@db.example"),
        ("redis", "redis://:hushhush@db.example/0?pasword=hushhush"),
        ("headers", "Fastly-Key hushhush"),
    ],
)
def test_refusal_names_no_secret(monkeypatch, kind, text):
    monkeypatch.setenv("SETTING", text)
    with pytest.raises(ImproperlyConfigured) as refusal:
        READERS[kind]("SETTING", meaning="")
    assert "hush" not in str(refusal.value)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("postgres://user:hush@hush@db.example/news", "postgres://user:…@db.example/news"),
        ("postgres://db.example/news?user=a&password=hush&sslmode=require", "postgres://db.example/news?user=a&password=…&sslmode=require"),
        ("redis://:hush@127.0.0.1:6379/0", "redis://:…@127.0.0.1:6379/0"),
        ("https://hush@purge.example/x?token=hush", "https://…@purge.example/x?token=…"),
        ("postgres://user@db.example/news", "postgres://user@db.example/news"),
    ],
)  # fmt: skip
def test_passwords_of_addresses_are_hidden(monkeypatch, variables, text, shown):
    monkeypatch.setenv("SETTING", text)
    env_str("SETTING", "", "")
    assert variables["SETTING"].shown == shown


def test_source_is_noted_and_secrets_are_hidden(monkeypatch, variables):
    env_str("UNSET", "", "", default_text="the `host`")
    monkeypatch.setenv("TOKEN", "hush")
    env_str("TOKEN", "", "", is_secret=True)
    assert (variables["UNSET"].source, variables["UNSET"].shown) == ("default", "(the host)")
    assert (variables["TOKEN"].source, variables["TOKEN"].shown) == ("environment", "(hidden)")


def test_folder_that_cannot_be_made_is_refused(monkeypatch, tmp_path):
    read = partial(env_folder, "FOLDER", tmp_path, "", default_text="")
    monkeypatch.setenv("FOLDER", str(tmp_path / "new" / "below"))
    assert read() == tmp_path / "new" / "below"
    (tmp_path / "file").touch()
    monkeypatch.setenv("FOLDER", str(tmp_path / "file" / "below"))
    with pytest.raises(ImproperlyConfigured, match=r"FOLDER: .*file is no folder"):
        read()


def test_folder_that_cannot_be_written_is_refused(monkeypatch, tmp_path):
    monkeypatch.setenv("FOLDER", str(tmp_path / "below"))
    monkeypatch.setattr(os, "access", lambda *_: False)  # the superuser, who may run this, may write to each folder
    with pytest.raises(ImproperlyConfigured, match=f"FOLDER: {tmp_path} cannot be written"):
        env_folder("FOLDER", tmp_path, "", default_text="")


def test_secret_is_made_once_and_for_its_owner_only(monkeypatch, tmp_path):
    monkeypatch.delenv("SECRET", raising=False)
    first = env_secret("SECRET", tmp_path / "secret", "")
    assert first == env_secret("SECRET", tmp_path / "secret", "", may_be_made=False)
    assert len(first) > 50
    assert (tmp_path / "secret").stat().st_mode & 0o777 == 0o600


def test_secret_that_a_full_disk_has_left_empty_is_made_anew(monkeypatch, tmp_path):
    monkeypatch.delenv("SECRET", raising=False)
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, before[1]))  # files may be made and not filled
    try:
        with pytest.raises(OSError, match="File too large"):
            env_secret("SECRET", tmp_path / "secret", "")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    with pytest.raises(ImproperlyConfigured, match="SECRET is missing"):
        env_secret("SECRET", tmp_path / "secret", "", may_be_made=False)
    with ThreadPoolExecutor(8) as processes:
        made = set(processes.map(lambda _: env_secret("SECRET", tmp_path / "secret", ""), range(50)))
    assert {len(secret) > 50 for secret in made} == {True}
    assert made == {env_secret("SECRET", tmp_path / "secret", "", may_be_made=False)}
    assert [path.name for path in tmp_path.iterdir()] == ["secret"]


def test_secret_that_must_be_given_is_not_made(monkeypatch, tmp_path):
    monkeypatch.delenv("SECRET", raising=False)
    with pytest.raises(ImproperlyConfigured, match="SECRET is missing"):
        env_secret("SECRET", tmp_path / "secret", "", may_be_made=False)
    assert list(tmp_path.iterdir()) == []


def test_database_address_is_read():
    database = parse_database("postgres://user:p%40ss@db.example:5433/news?sslmode=require")
    read = [database[name] for name in ("USER", "PASSWORD", "HOST", "PORT", "NAME")]
    assert read == ["user", "p@ss", "db.example", "5433", "news"]
    assert database["OPTIONS"]["sslmode"] == "require"


NAMES = ("DATABASE_URL", "REDIS_URL", "SITE_URL", "SITE_NAME", "ALLOWED_HOSTS", "TIME_ZONE", "PORT", "DEBUG", "HTTPS")


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("DATABSE_URL", "DATABASE_URL"),
        ("DATABASE_ULR", "DATABASE_URL"),
        ("database_url", "DATABASE_URL"),
        ("LIVEBLOG_DATABASE_URL", "DATABASE_URL"),
        ("LIVEBLOG_SITE_NAM", "SITE_NAME"),
        ("REDIS_URI", "REDIS_URL"),
        ("SITE_ULR", "SITE_URL"),
        ("ALLOWED_HOST", "ALLOWED_HOSTS"),
        ("TIMEZONE", "TIME_ZONE"),
    ],
)
def test_misspelt_variable_is_refused_with_what_was_meant(variables, name, meant):
    variables |= {each: Variable(each, "", "", "") for each in NAMES}
    with pytest.raises(ImproperlyConfigured, match=f"^{name} is no setting .* Did you mean {meant}"):
        refuse_misspelt({"PATH": "/bin", name: "x"})
    refuse_misspelt({name: "x", meant: "y"})
