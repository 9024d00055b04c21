"""Which addresses of others this server may call: those of the public internet, and hosts that a setting names.

Whoever may enter an address could otherwise make the server call the machines beside it. So the name is checked when it
is entered, and every address behind it each time it is called: the call goes to the very address that was checked.
"""

from collections.abc import Collection
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from typing import Final
from urllib.parse import urlsplit

from yarl import URL

LONGEST: Final = 500
"""Characters of an address, where nothing else is said."""

_LONGEST_LABEL: Final = 63
"""Characters of a part of a host name."""

_GLOBAL_UNICAST: Final = IPv6Network("2000::/3")
_TRANSLATED: Final = IPv6Network("64:ff9b::/96")
"""Where a network translates to IPv4 (NAT64), the last 32 bits are the address that is reached."""


def is_public(address: str) -> bool:
    """Return whether an address is one of the public internet, also one of IPv4 that is written as IPv6."""
    parsed = ip_address(address.partition("%")[0])
    if isinstance(parsed, IPv4Address):
        return parsed.is_global and not parsed.is_multicast
    if inner := parsed.ipv4_mapped or (_last_bits(parsed) if parsed in _TRANSLATED else None):
        return is_public(str(inner))
    return parsed in _GLOBAL_UNICAST and parsed.is_global and parsed.sixtofour is None


def check_public_url(url: str, internal: Collection[str], *, longest: int = LONGEST) -> None:
    """Raise ``ValueError`` unless it is https to a public name, or leads to an ``internal`` one: ``host:port``, or
    ``host:port/path`` for what is below a path.
    """
    if len(url) > longest or not url.isascii() or not url.isprintable() or " " in url or "\\" in url:
        raise ValueError("no address")
    parts = urlsplit(url)
    host, port = parts.hostname or "", parts.port
    if parts.scheme in {"http", "https"} and any(_leads_to(url, each) for each in internal):
        return
    if any(named.partition("/")[0].lower() in _hosts_of(url) for named in internal):
        raise ValueError("another path than the setting names")
    if parts.scheme != "https" or "@" in parts.netloc or (port is not None and port != 443 and port < 1024):
        raise ValueError("no public https address")
    if "." not in host.strip(".") or host.rstrip(".").rpartition(".")[2].isdigit() or ":" in host:
        raise ValueError("no public host name")
    if not all(0 < len(label) <= _LONGEST_LABEL for label in host.removesuffix(".").split(".")):
        raise ValueError("no name that can be looked up")
    if URL(url).host != host:  # as aiohttp reads it, which resolves and checks no literal address
        raise ValueError("an address that programs read in different ways")


def _leads_to(url: str, internal: str) -> bool:
    """Compare the path as it is called, without “..” in any spelling."""
    host, _slash, path = internal.partition("/")
    if "@" in urlsplit(url).netloc or host.lower() not in _hosts_of(url):
        return False
    called, below = URL(url).path, path.strip("/")
    return not below or ((called + "/").startswith(f"/{below}/") and ".." not in called.replace("\\", "/").split("/"))


def _hosts_of(url: str) -> set[str]:
    """Return host and port as they are called, and the host alone if the port is that of the scheme."""
    called = URL(url)
    host = called.host_subcomponent or ""
    return {f"{host}:{called.port}", host} if called.is_default_port() else {f"{host}:{called.port}"}


def _last_bits(address: IPv6Address) -> IPv4Address:
    return IPv4Address(int(address) & 0xFFFFFFFF)
