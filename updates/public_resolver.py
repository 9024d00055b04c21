"""Names of others' hosts, resolved to addresses that may be called. A module of its own, because most commands do
without the HTTP client, which takes long to import.
"""

import socket
from collections.abc import Collection
from errno import EADDRNOTAVAIL

from aiohttp.abc import ResolveResult
from aiohttp.resolver import ThreadedResolver

from .public_addresses import is_public


class PublicResolver(ThreadedResolver):
    """Resolves names to addresses of the public internet only; ``internal`` hosts (``host:port``) to any."""

    def __init__(self, internal: Collection[str]) -> None:
        super().__init__()
        self._internal = internal

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        results = await super().resolve(host, port, family)
        if f"{host}:{port}" in self._internal:
            return results
        public = [result for result in results if is_public(result["host"])]
        if not public:
            raise OSError(EADDRNOTAVAIL, f"{host} has no public address")
        return public
