"""Whose requests are counted together."""

from functools import lru_cache
from ipaddress import IPv4Address, IPv6Address, ip_address


@lru_cache(maxsize=200)
def parsed_address(address: str) -> IPv4Address | IPv6Address | None:
    """Return an IP address, or ``None`` for anything else. Each connection needs that of its sender several times."""
    try:
        return ip_address(address)
    except ValueError:
        return None


@lru_cache(maxsize=200)
def network_of(address: str) -> str:
    """Return the address itself; of IPv6 the /64 that one customer has. What is no address, such as a Unix socket's
    empty one, is returned as it is."""
    parsed = parsed_address(address)
    if not isinstance(parsed, IPv6Address):
        return address
    return str(parsed.ipv4_mapped) if parsed.ipv4_mapped else parsed.exploded[:19]
