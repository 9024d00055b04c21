"""Load generator: sends requests to a server as fast as it answers, in a separate process.

Reads a ``Plan`` as JSON from standard input; writes the requests per second, by round and address, to standard output.
"""

import asyncio
import json
import sys
import time

import aiohttp

from .load_plan import Plan


class UnexpectedStatus(RuntimeError):
    """Ends a measurement, since the speed of an error means nothing."""


async def measure(plan: Plan) -> list[list[float]]:
    """Return requests per second by round and address. Addresses take turns, so that disturbances affect all alike."""
    connector = aiohttp.TCPConnector(limit=plan.connections)
    headers = {"Accept-Encoding": "gzip, br"} | plan.headers
    turn = plan.seconds / plan.rounds / len(plan.addresses)
    async with aiohttp.ClientSession(connector=connector, headers=headers, auto_decompress=False) as session:
        for address in plan.addresses:
            await _request(session, address, plan)
        return [[await _rate(session, address, plan, turn) for address in plan.addresses] for _ in range(plan.rounds)]


async def _rate(session: aiohttp.ClientSession, address: str, plan: Plan, seconds: float) -> float:
    start = time.monotonic()
    counts = await asyncio.gather(
        *(_request_until(session, address, plan, start + seconds) for _ in range(plan.connections))
    )
    return sum(counts) / (time.monotonic() - start)


async def _request_until(session: aiohttp.ClientSession, address: str, plan: Plan, end: float) -> int:
    count = 0
    while time.monotonic() < end or not count:
        await _request(session, address, plan)
        count += 1
    return count


async def _request(session: aiohttp.ClientSession, address: str, plan: Plan) -> None:
    async with session.get(address) as response:
        await response.read()
        if response.status not in plan.statuses:
            raise UnexpectedStatus(f"{address} answered {response.status}")


def main() -> None:
    plan = Plan(**json.load(sys.stdin))
    json.dump(asyncio.run(measure(plan)), sys.stdout)


if __name__ == "__main__":
    main()
