"""The address that a request comes from, as sign-ins count it."""

from ipaddress import IPv6Address, ip_address

from django.http import HttpRequest

_NETWORK_BITS = 64
"""One household or office usually has a whole IPv6 network of this size, and could try each address of it."""


def client_address(request: HttpRequest) -> str | None:
    """Return the client's address, for IPv6 that of its network. ``TRUSTED_PROXIES`` has already been applied."""
    try:
        address = ip_address(request.META.get("REMOTE_ADDR") or "")
    except ValueError:
        return None
    if not isinstance(address, IPv6Address):
        return str(address)
    if address.ipv4_mapped:
        return str(address.ipv4_mapped)
    host_bits = 128 - _NETWORK_BITS
    return str(IPv6Address(int(address) >> host_bits << host_bits))
