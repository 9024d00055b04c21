"""Reads environment variables by type, and notes each with its default and meaning for docs/settings.md.

A value that cannot be used stops the start with a sentence that names the variable and the reason.
"""

import os
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from difflib import get_close_matches
from ipaddress import IPv4Network, IPv6Network
from pathlib import Path
from typing import Final, TypeVar

from django.core.exceptions import ImproperlyConfigured

from .setting_values import (
    parse_address,
    parse_count,
    parse_headers,
    parse_hosts,
    parse_items,
    parse_links,
    parse_networks,
    parse_origins,
    parse_port,
    parse_prefix,
    parse_redis_address,
    parse_seconds,
    parse_site_address,
    parse_switch,
    parse_zone,
)

T = TypeVar("T")


@dataclass(frozen=True)
class Variable:
    """A declared environment variable."""

    name: str
    kind: str
    default: str
    """As the documentation shows it."""
    meaning: str
    is_secret: bool = False
    value: object = None
    source: str = "default"

    @property
    def shown(self) -> str:
        """The value in force, without secrets."""
        if self.is_secret and self.value:
            return "(hidden)"
        text = os.environ.get(self.name, "") if self.source == "environment" else _text(self.value)
        if not text and self.source == "default" and self.default:
            return f"({self.default.replace('`', '')})"
        return hide_password(text)

    def with_value(self, value: object, source: str) -> "Variable":
        return replace(self, value=value, source=source)


VARIABLES: Final[dict[str, Variable]] = {}
"""Every variable that was declared, by its name."""


def env_str(name: str, default: str, meaning: str, *, is_secret: bool = False, default_text: str = "") -> str:
    variable = Variable(name, "text", default_text or _code(default), meaning, is_secret)
    return _read(variable, default, str, may_be_empty=True)


def env_bool(name: str, default: bool, meaning: str) -> bool:
    return _read(Variable(name, "0 or 1", _code(str(int(default))), meaning), default, parse_switch)


def env_float(name: str, default: float, meaning: str, *, default_text: str = "") -> float:
    """Read seconds: a number above zero, because each of these is a pause or interval."""
    return _read(Variable(name, "seconds", default_text or _code(f"{default:g}"), meaning), default, parse_seconds)


def env_int(name: str, default: int, meaning: str) -> int:
    """Read a count; 0 often means “without a limit”."""
    return _read(Variable(name, "number", _code(str(default)), meaning), default, parse_count)


def env_port(name: str, default: int, meaning: str) -> int:
    return _read(Variable(name, "number", _code(str(default)), meaning), default, parse_port)


def env_list(name: str, default: str, meaning: str, *, default_text: str = "") -> list[str]:
    """Read items separated by commas."""
    variable = Variable(name, "list", default_text or _code(default), meaning)
    return _read(variable, parse_items(default), parse_items, may_be_empty=True)


def env_hosts(name: str, default: str, meaning: str) -> list[str]:
    """Read host names separated by commas, each without scheme and port."""
    variable = Variable(name, "list", _code(default), meaning)
    return _read(variable, parse_items(default), parse_hosts, may_be_empty=True)


def env_origins(name: str, meaning: str) -> list[str]:
    """Read origins separated by commas, such as ``https://live.example``."""
    return _read(Variable(name, "list", "", meaning), [], parse_origins)


def env_networks(name: str, meaning: str) -> list[IPv4Network | IPv6Network]:
    """Read addresses or networks separated by commas, such as ``127.0.0.1,10.1.0.0/16``."""
    return _read(Variable(name, "list", "", meaning), [], parse_networks)


def env_choices(
    name: str, default: tuple[str, ...], choices: tuple[str, ...], meaning: str, *, default_text: str = ""
) -> list[str]:
    """Read some of ``choices``, separated by commas; an empty value means none."""

    def chosen(text: str) -> list[str]:
        items = parse_items(text)
        if unknown := [item for item in items if item not in choices]:
            raise ValueError(f"“{unknown[0]}” is none of {', '.join(choices)}")
        return list(dict.fromkeys(items))

    variable = Variable(name, "list", default_text or _code(",".join(default)), meaning)
    return _read(variable, list(default), chosen, may_be_empty=True)


def env_choice(name: str, default: str, choices: tuple[str, ...], meaning: str) -> str:
    def chosen(text: str) -> str:
        if text not in choices:
            raise ValueError(f"use one of {', '.join(choices)}")
        return text

    return _read(Variable(name, "name", _code(default), meaning), default, chosen)


def env_zone(name: str, default: str, meaning: str) -> str:
    return _read(Variable(name, "name", _code(default), meaning), default, parse_zone)


def env_links(name: str, default: str, meaning: str, *, default_text: str = "") -> list[tuple[str, str]]:
    """Read links separated by semicolons, such as ``Live=/;News=https://news.example/``."""
    variable = Variable(name, "links", default_text or _code(default), meaning)
    return _read(variable, parse_links(default), parse_links, may_be_empty=True)


def env_address(name: str, meaning: str, *, default_text: str = "") -> str:
    """Read the address of another machine; empty for none."""
    return _read(Variable(name, "address", default_text, meaning), "", parse_address)


def env_site_address(name: str, meaning: str, *, default_text: str) -> str:
    return _read(Variable(name, "address", default_text, meaning), "", parse_site_address)


def env_prefix(name: str, meaning: str) -> str:
    return _read(Variable(name, "path", "", meaning), "", parse_prefix)


def env_redis(name: str, meaning: str) -> str:
    return _read(Variable(name, "address", "", meaning), "", parse_redis_address)


def env_headers(name: str, meaning: str) -> dict[str, str]:
    """Read headers, ``Name: value``, separated by semicolons. The values may be secrets."""
    return _read(Variable(name, "headers", "", meaning, is_secret=True), {}, parse_headers)


def env_folder(name: str, default: Path, meaning: str, *, default_text: str) -> Path:
    """Read a folder that this process can write to, or make."""
    return writable(_read(Variable(name, "folder", default_text, meaning), default, Path), name)


def env_parsed(name: str, default: T, parse: Callable[[str], T], meaning: str, *, kind: str, default_text: str) -> T:
    """Read a value of a type of its own. ``parse`` raises ``ValueError`` with the reason, which must name no secret."""
    return _read(Variable(name, kind, default_text, meaning), default, parse)


def refuse_misspelt(environment: dict[str, str]) -> None:
    """Raise ``ImproperlyConfigured`` for a variable that is nearly the name of one that is not set, or has its letters.

    Names below five letters are left alone. See docs/decisions/0026-misspelt-settings-stop-the-start.md.
    """
    unset = [name for name in VARIABLES if name not in environment and len(name) >= SHORTEST]
    for name in environment:
        bare = name.upper().removeprefix("LIVEBLOG_")
        if name in VARIABLES or len(bare) < SHORTEST:
            continue
        exchanged = [each for each in unset if sorted(each) == sorted(bare)]
        if close := exchanged or get_close_matches(bare, unset, n=1, cutoff=LIKENESS):
            raise ImproperlyConfigured(
                f"{name} is no setting of the live blog. Did you mean {close[0]}? Rename it; if another program needs "
                f"{name}, set {close[0]} as well."
            )


def refuse_placeholders() -> None:
    """Raise ``ImproperlyConfigured`` for a setting that still is what ``deploy/systemd/liveblog.env.example`` has."""
    for name in VARIABLES:
        if PLACEHOLDER in os.environ.get(name, ""):
            raise ImproperlyConfigured(f"{name} still has “{PLACEHOLDER}” of the example. Enter a value of your own.")


PLACEHOLDER: Final = "change-me"


SHORTEST: Final = 5
LIKENESS: Final = 0.87
"""Of 1: ``SITE_ULR`` and ``SITE_URL`` are 0.875 alike, ``TEST_DATABASE_URL`` and ``DATABASE_URL`` 0.83."""


def hide_password(text: str) -> str:
    """Replace the password of an address, also one among its options."""
    text = re.sub(r"(https?://)\S*@", r"\1…@", text)
    text = re.sub(r"(://[^:/@\s]*):\S*@", r"\1:…@", text)
    return re.sub(r"((?:password|token|key|secret)=)[^&\s]+", r"\1…", text, flags=re.IGNORECASE)


def writable(folder: Path, name: str) -> Path:
    """Return the folder, if this process can write to it or make it."""
    place = folder.absolute()
    while not place.exists() and place != place.parent:
        place = place.parent
    if not place.is_dir():
        raise ImproperlyConfigured(f"{name}: {place} is no folder, so {folder} cannot be made.")
    if not os.access(place, os.W_OK | os.X_OK):
        raise ImproperlyConfigured(
            f"{name}: {place} cannot be written by this user. Change its owner, or name another."
        )
    return folder


def shut_to_others(path: Path) -> Path:
    """Close a file or folder to other users of the machine, if it exists."""
    if path.exists():
        mode = path.stat().st_mode
        if mode & 0o077 and path.stat().st_uid == os.geteuid():
            path.chmod(mode & 0o700)
    return path


def note(variable: Variable) -> None:
    """Keep a variable for the documentation and ``manage.py settings``."""
    VARIABLES[variable.name] = variable


def _read(variable: Variable, default: T, parse: Callable[[str], T], *, may_be_empty: bool = False) -> T:
    text = os.environ.get(variable.name)
    if text is None or (not text and not may_be_empty):
        note(replace(variable, value=default))
        return default
    try:
        value = parse(text)
    except ValueError as error:
        value_part = "" if variable.is_secret or "://" in text else f"={text}"
        raise ImproperlyConfigured(f"{variable.name}{value_part}: {error}") from None
    note(replace(variable, value=value, source="environment"))
    return value


def _code(default: str) -> str:
    return f"`{default}`" if default else ""


def _text(value: object) -> str:
    if isinstance(value, list | tuple):
        return ",".join("=".join(item) if isinstance(item, tuple) else str(item) for item in value)
    if isinstance(value, bool):
        return str(int(value))
    return str(value) if value else ""
