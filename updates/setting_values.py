"""Values of settings as text: each function returns what the text means, or raises ``ValueError`` with the reason."""

import re
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

AD_SIZES = frozenset(("banner", "medium", "tall"))
TOKEN = re.compile(r"[A-Za-z0-9_-]*")
PATH_SEGMENT = re.compile(r"[A-Za-z0-9._-]+")
HOST = re.compile(r"\*|\[[0-9a-fA-F:.]+\]|\.?[\w.-]+")
ORIGIN = re.compile(r"https?://[^/?#\s]+")
DATABASE_NUMBER = re.compile(r"/?[0-9]{0,5}")
"""The path of an address of Redis. The library takes database 0 for other paths, and 12 for ``/1/2``."""


def parse_switch(text: str) -> bool:
    if text.lower() in {"1", "true", "yes", "on"}:
        return True
    if text.lower() in {"0", "false", "no", "off"}:
        return False
    raise ValueError("use 1 or 0")


def parse_seconds(text: str) -> float:
    try:
        number = float(text)
    except ValueError:
        raise ValueError("not a number") from None
    if not 0 < number < float("inf"):
        raise ValueError("a number of seconds above 0 is needed")
    return number


def parse_count(text: str) -> int:
    if not (text.isascii() and text.isdigit()):
        raise ValueError("a whole number, 0 or more, is needed")
    return int(text)


def parse_port(text: str) -> int:
    if not (text.isascii() and text.isdigit() and int(text) <= 65535):
        raise ValueError("a port is a number from 1 to 65535, or 0 for any that is free")
    return int(text)


def parse_items(text: str) -> list[str]:
    return [item.strip() for item in text.split(",") if item.strip()]


def parse_hosts(text: str) -> list[str]:
    for item in parse_items(text):
        if not HOST.fullmatch(item):
            raise ValueError(f"“{item}” is no host name. Leave out https:// and the port, such as live.example")
    return parse_items(text)


def parse_origins(text: str) -> list[str]:
    for item in parse_items(text):
        if not ORIGIN.fullmatch(item):
            raise ValueError(f"“{item}” is no origin such as https://live.example, without a path")
    return parse_items(text)


def parse_networks(text: str) -> list[IPv4Network | IPv6Network]:
    networks = []
    for item in parse_items(text):
        try:
            networks.append(ip_network(item))
        except ValueError:
            raise ValueError(f"“{item}” is no address or network such as 10.1.0.0/16") from None
    return networks


def parse_zone(text: str) -> str:
    try:
        ZoneInfo(text)
    except (OSError, ValueError, KeyError):
        raise ValueError("no time zone such as Europe/London") from None
    return text


def parse_links(text: str) -> list[tuple[str, str]]:
    links = []
    for item in filter(None, (part.strip() for part in text.split(";"))):
        label, equals, address = item.partition("=")
        if not equals or not address.startswith(("/", "https://", "http://")):
            raise ValueError(f"“{item}” is not Name=address")
        links.append((label.strip(), address.strip()))
    return links


def parse_pairs(text: str) -> dict[str, str]:
    pairs = {}
    for item in filter(None, (part.strip() for part in text.split(";"))):
        key, equals, value = item.partition("=")
        if not equals or not key.strip() or not value.strip():
            raise ValueError(f"“{item}” is not key=value")
        pairs[key.strip()] = value.strip()
    return pairs


def parse_sizes(text: str) -> list[str]:
    sizes = parse_items(text)
    if not sizes or not AD_SIZES.issuperset(sizes):
        raise ValueError(f"name some of {', '.join(sorted(AD_SIZES))}, separated by commas")
    return sizes


def parse_token(text: str) -> str:
    if not TOKEN.fullmatch(text):
        raise ValueError("a name of letters, digits, hyphens, underscores is needed")
    return text


def parse_address(text: str) -> str:
    if not text.startswith(("https://", "http://")) or not host_of(text):
        raise ValueError("an address that begins with https:// is needed")
    return text


def parse_site_address(text: str) -> str:
    """Read the address of this site's host, which has no path."""
    address = parse_address(text).rstrip("/")
    if path := urlsplit(address).path:
        host = address.removesuffix(path)
        raise ValueError(f"write only {host}. If the live blog is below {path}, set URL_PREFIX={path}")
    return address


def parse_site_folder(text: str) -> Path:
    folder = Path(text).absolute()
    if not folder.is_dir():
        raise ValueError("there is no such folder")
    if not any((folder / part).is_dir() for part in ("templates", "static")):
        raise ValueError("it has neither a folder templates nor a folder static")
    return folder


def parse_prefix(text: str) -> str:
    """Read the path below which the site is, such as ``/live``; empty for the whole host."""
    path = text.strip("/")
    parts = path.split("/") if path else []
    if not all(PATH_SEGMENT.fullmatch(part) and part.strip(".") for part in parts):
        raise ValueError("a path such as /live is needed: letters, digits, dots, hyphens, underscores")
    return "".join(f"/{part}" for part in parts)


def parse_redis_address(text: str) -> str:
    parts = urlsplit(text)
    if parts.scheme not in {"redis", "rediss", "unix"} or (parts.scheme != "unix" and not host_of(text)):
        raise ValueError("an address such as redis://127.0.0.1:6379/0 is needed")
    if parts.scheme != "unix" and not DATABASE_NUMBER.fullmatch(parts.path):
        raise ValueError("the database of Redis is a number: redis://127.0.0.1:6379/0")
    if parts.query:
        _check_redis_options(text)
    return text


def _check_redis_options(text: str) -> None:
    """Raise ``ValueError`` for an option that the library would refuse at the first connection, hours later perhaps."""
    from redis.asyncio import ConnectionPool  # noqa: PLC0415 – takes 0.2 s, which an address without options saves
    from redis.exceptions import RedisError  # noqa: PLC0415

    try:
        ConnectionPool.from_url(text).make_connection()  # type: ignore[no-untyped-call]  # does not connect yet
    except (RedisError, TypeError, ValueError) as error:
        reason = str(error).rpartition("() ")[2]
        raise ValueError(f"Redis does not take the options behind “?”: {reason}") from None


def host_of(address: str) -> str:
    """Return the host of an address; raises ``ValueError`` for a port that is none."""
    parts = urlsplit(address)
    try:
        parts.port  # noqa: B018 – reading it checks it
    except ValueError:
        raise ValueError("the port is a number from 1 to 65535") from None
    return parts.hostname or ""


def parse_headers(text: str) -> dict[str, str]:
    headers = {}
    for item in filter(None, (part.strip() for part in text.split(";"))):
        header, colon, value = item.partition(":")
        if not colon or not header.strip() or not value.strip():
            raise ValueError("each header is Name: value")
        headers[header.strip()] = value.strip()
    return headers
