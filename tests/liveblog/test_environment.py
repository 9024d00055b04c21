"""Settings from the environment: read with their types, or refused by name at the start."""

from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from liveblog.environment import (
    env_address,
    env_bool,
    env_choices,
    env_database,
    env_float,
    env_headers,
    env_links,
    env_list,
    env_secret,
)


@pytest.mark.parametrize(("value", "expected"), [("1", True), ("no", False), ("ON", True), ("", True)])
def test_switch_is_read(monkeypatch, value, expected):
    monkeypatch.setenv("SWITCH", value)
    assert env_bool("SWITCH", default=True) is expected


def test_switch_that_is_neither_is_refused(monkeypatch):
    monkeypatch.setenv("SWITCH", "perhaps")
    with pytest.raises(ImproperlyConfigured, match="SWITCH=perhaps"):
        env_bool("SWITCH", default=True)


@pytest.mark.parametrize("value", ["soon", "0", "-1", "nan", "inf"])
def test_seconds_that_are_no_pause_are_refused(monkeypatch, value):
    monkeypatch.setenv("EVERY", value)
    with pytest.raises(ImproperlyConfigured, match=f"EVERY={value}"):
        env_float("EVERY", 2.0)


def test_list_and_links_are_read(monkeypatch):
    monkeypatch.setenv("HOSTS", "a.example, b.example,")
    monkeypatch.setenv("LINKS", "Live=/; News=https://news.example/?a=b")
    assert env_list("HOSTS") == ["a.example", "b.example"]
    assert env_links("LINKS", "") == [("Live", "/"), ("News", "https://news.example/?a=b")]


@pytest.mark.parametrize(("value", "expected"), [("", []), ("b", ["b"]), ("b, a,b", ["b", "a"])])
def test_choices_are_read(monkeypatch, value, expected):
    monkeypatch.setenv("APPS", value)
    assert env_choices("APPS", ("a",), ("a", "b")) == expected


def test_choices_have_a_default_and_refuse_others(monkeypatch):
    assert env_choices("APPS", ("a",), ("a", "b")) == ["a"]
    monkeypatch.setenv("APPS", "a,c")
    with pytest.raises(ImproperlyConfigured, match="APPS: “c” is none of a, b"):
        env_choices("APPS", ("a",), ("a", "b"))


@pytest.mark.parametrize("value", ["News", "News=javascript:alert(1)"])
def test_link_that_leads_nowhere_is_refused(monkeypatch, value):
    monkeypatch.setenv("LINKS", value)
    with pytest.raises(ImproperlyConfigured, match="LINKS"):
        env_links("LINKS", "")


def test_headers_and_addresses(monkeypatch):
    monkeypatch.setenv("HEADERS", "Authorization: Bearer a:b; X-Kind: soft")
    assert env_headers("HEADERS") == {"Authorization": "Bearer a:b", "X-Kind": "soft"}
    monkeypatch.setenv("HEADERS", "no-colon")
    with pytest.raises(ImproperlyConfigured, match="HEADERS"):
        env_headers("HEADERS")
    assert env_address("ADDRESS") == ""
    monkeypatch.setenv("ADDRESS", "file:///etc/passwd")
    with pytest.raises(ImproperlyConfigured, match="ADDRESS"):
        env_address("ADDRESS")


def test_secret_is_made_once_and_for_its_owner_only(monkeypatch, tmp_path):
    monkeypatch.delenv("SECRET", raising=False)
    first = env_secret("SECRET", tmp_path / "secret")
    assert first == env_secret("SECRET", tmp_path / "secret")
    assert len(first) > 50
    assert (tmp_path / "secret").stat().st_mode & 0o777 == 0o600


def test_database_addresses(monkeypatch):
    monkeypatch.setenv("DB", "postgres://user:p%40ss@db.example:5433/news?sslmode=require")
    found = env_database("DB", Path("x"))
    assert (found["USER"], found["PASSWORD"], found["HOST"], found["PORT"], found["NAME"]) == (
        "user",
        "p@ss",
        "db.example",
        "5433",
        "news",
    )
    assert found["OPTIONS"]["sslmode"] == "require"
    monkeypatch.setenv("DB", "mysql://db")
    with pytest.raises(ImproperlyConfigured, match="DB"):
        env_database("DB", Path("x"))
