"""Reads environment variables by type. An invalid value stops the start with its name and the reason."""

import os
import secrets
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured


def env_str(name: str, default: str = "") -> str:
    return os.environ.get(name, default)


def env_bool(name: str, default: bool) -> bool:
    value = os.environ.get(name, "").lower()
    if value in {"1", "true", "yes", "on"}:
        return True
    if value in {"0", "false", "no", "off"}:
        return False
    if value:
        raise ImproperlyConfigured(f"{name}={value}: use 1 or 0")
    return default


def env_float(name: str, default: float) -> float:
    """Read seconds: a number above zero, because each of these is a pause or interval."""
    value = os.environ.get(name, "")
    try:
        number = float(value) if value else default
    except ValueError:
        raise ImproperlyConfigured(f"{name}={value}: not a number") from None
    if not 0 < number < float("inf"):
        raise ImproperlyConfigured(f"{name}={value}: a number of seconds above 0 is needed")
    return number


def env_int(name: str, default: int) -> int:
    """Read a count; 0 often means “without a limit”."""
    value = os.environ.get(name, "")
    if value and not (value.isascii() and value.isdigit()):
        raise ImproperlyConfigured(f"{name}={value}: a whole number, 0 or more, is needed")
    return int(value) if value else default


def env_list(name: str, default: str = "") -> list[str]:
    """Read items separated by commas."""
    return [item.strip() for item in os.environ.get(name, default).split(",") if item.strip()]


def env_networks(name: str) -> list[IPv4Network | IPv6Network]:
    """Read addresses or networks separated by commas, such as ``127.0.0.1,10.1.0.0/16``."""
    networks = []
    for item in env_list(name):
        try:
            networks.append(ip_network(item))
        except ValueError:
            raise ImproperlyConfigured(f"{name}: “{item}” is no address or network such as 10.1.0.0/16") from None
    return networks


def env_choices(name: str, default: tuple[str, ...], choices: tuple[str, ...]) -> list[str]:
    """Read some of ``choices``, separated by commas; an empty value means none."""
    chosen = env_list(name, ",".join(default))
    if unknown := [item for item in chosen if item not in choices]:
        raise ImproperlyConfigured(f"{name}: “{unknown[0]}” is none of {', '.join(choices)}")
    return list(dict.fromkeys(chosen))


def env_links(name: str, default: str) -> list[tuple[str, str]]:
    """Read links separated by semicolons, such as ``Live=/;News=https://news.example/``."""
    links = []
    for item in filter(None, (part.strip() for part in os.environ.get(name, default).split(";"))):
        label, equals, address = item.partition("=")
        if not equals or not address.startswith(("/", "https://", "http://")):
            raise ImproperlyConfigured(f"{name}: “{item}” is not Name=address")
        links.append((label.strip(), address.strip()))
    return links


def env_address(name: str) -> str:
    """Read the address of another machine; empty for none."""
    value = os.environ.get(name, "")
    if value and not value.startswith(("https://", "http://")):
        raise ImproperlyConfigured(f"{name}={value}: an address that begins with https:// is needed")
    return value


def env_headers(name: str) -> dict[str, str]:
    """Read headers, ``Name: value``, separated by semicolons."""
    headers = {}
    for item in filter(None, (part.strip() for part in os.environ.get(name, "").split(";"))):
        header, colon, value = item.partition(":")
        if not colon or not header.strip() or not value.strip():
            raise ImproperlyConfigured(f"{name}: each header is Name: value")  # its value may be a secret
        headers[header.strip()] = value.strip()
    return headers


def shut_to_others(path: Path) -> Path:
    """Close a file or folder to other users of the machine, if it exists."""
    if path.exists():
        mode = path.stat().st_mode
        if mode & 0o077 and path.stat().st_uid == os.geteuid():
            path.chmod(mode & 0o700)
    return path


def env_secret(name: str, file: Path) -> str:
    """Read the variable, or a secret that is created once in ``file``, readable by its owner only."""
    if value := os.environ.get(name):
        return value
    if not file.exists():
        file.parent.mkdir(parents=True, exist_ok=True)
        try:
            with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as new:
                new.write(secrets.token_urlsafe(50))
        except FileExistsError:
            pass  # another process was quicker: use its secret
    return file.read_text()


def env_database(name: str, default_file: Path) -> dict[str, object]:
    """Read ``postgres://user:password@host:port/name?option=value``; a SQLite file if the variable is absent."""
    address = os.environ.get(name, "")
    if not address:
        return _sqlite(default_file)
    parts = urlsplit(address)
    if parts.scheme == "sqlite":
        return _sqlite(Path(parts.path))
    if parts.scheme not in {"postgres", "postgresql"}:
        raise ImproperlyConfigured(f"{name}: only postgres:// and sqlite:/// addresses are understood")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.removeprefix("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": parts.hostname or "",
        "PORT": str(parts.port or ""),
        "CONN_HEALTH_CHECKS": True,  # the pool asks before it lends: a restart of the database costs no request
        "OPTIONS": {
            "pool": {"min_size": 1, "max_size": 24, "timeout": 10},
            "connect_timeout": 5,
            "options": "-c lock_timeout=10s -c statement_timeout=60s",  # nobody waits for a row, or a query, for ever
            **dict(parse_qsl(parts.query)),
        },
    }


def _sqlite(file: Path) -> dict[str, object]:
    """Use a write-ahead log, let writers wait up to 20 s, and acknowledge a commit only when it is on the disk."""
    file.parent.mkdir(parents=True, exist_ok=True)
    return {
        "ENGINE": "liveblog.sqlite",
        "CONN_MAX_AGE": None,  # a connection is its thread's; to open one takes longer than most of what is asked
        "NAME": file,
        "TEST": {"NAME": file.with_name(f"test-{file.name}")},  # a file, since servers under test read it too
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;",
        },
    }
