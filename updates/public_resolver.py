"""Names of others' hosts, resolved to addresses that may be called. A module of its own, because most commands do
without the HTTP client, which takes long to import.
"""

import asyncio
import socket
from collections.abc import Collection
from concurrent.futures import ThreadPoolExecutor
from errno import EADDRNOTAVAIL
from functools import partial

from aiohttp.abc import AbstractResolver, ResolveResult

from .public_addresses import is_public

_threads = ThreadPoolExecutor(32, thread_name_prefix="names")
"""A look-up cannot be cancelled, and a stranger's name server may let it wait. In the threads that the loop shares,
a few such names would keep scheduled updates waiting.
"""


class PublicResolver(AbstractResolver):
    """Resolves names to addresses of the public internet only, and ``internal`` hosts (``host:port``, perhaps with a
    path) to any.
    """

    def __init__(self, internal: Collection[str]) -> None:
        self._internal = {each.partition("/")[0] for each in internal}

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        look_up = partial(socket.getaddrinfo, host, port, family=family, type=socket.SOCK_STREAM)
        results = await asyncio.get_running_loop().run_in_executor(_threads, look_up)
        addresses = [(kind, protocol, str(address[0])) for kind, _type, protocol, _name, address in results]
        if f"{host}:{port}" not in self._internal:
            addresses = [each for each in addresses if is_public(each[2])]
        if not addresses:
            raise OSError(EADDRNOTAVAIL, f"{host} has no public address")
        return [
            ResolveResult(
                hostname=host, host=address, port=port, family=kind, proto=protocol, flags=socket.AI_NUMERICHOST
            )
            for kind, protocol, address in addresses
        ]

    async def close(self) -> None:
        """Hold nothing that must be closed."""
