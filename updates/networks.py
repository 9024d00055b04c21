"""Whose requests are counted together."""

from ipaddress import IPv6Address, ip_address


def network_of(address: str) -> str:
    """Return the address itself; of IPv6 the /64 that one customer has. What is no address, such as a Unix socket's
    empty one, is returned as it is."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return address
    if not isinstance(parsed, IPv6Address):
        return address
    return str(parsed.ipv4_mapped) if parsed.ipv4_mapped else parsed.exploded[:19]
