"""Ask a server as fast as it answers: a process of its own, so that what asks does not slow down what answers.

A ``Plan`` comes in as JSON by standard input; answers per second, by round and address, go out by standard output.
"""

import asyncio
import json
import sys
import time
from dataclasses import dataclass, field

import aiohttp


@dataclass(frozen=True)
class Plan:
    addresses: list[str]
    seconds: float
    rounds: int = 5
    connections: int = 8
    headers: dict[str, str] = field(default_factory=dict)
    statuses: tuple[int, ...] = (200,)


class WrongAnswer(RuntimeError):
    """An answer that does not count: its speed would mean nothing."""


async def measure(plan: Plan) -> list[list[float]]:
    """Answers per second, by round and address. Addresses take turns, so that each meets the machine's moods."""
    connector = aiohttp.TCPConnector(limit=plan.connections)
    headers = {"Accept-Encoding": "gzip, br"} | plan.headers
    turn = plan.seconds / plan.rounds / len(plan.addresses)
    async with aiohttp.ClientSession(connector=connector, headers=headers, auto_decompress=False) as session:
        for address in plan.addresses:
            await _ask(session, address, plan)
        return [[await _rate(session, address, plan, turn) for address in plan.addresses] for _ in range(plan.rounds)]


async def _rate(session: aiohttp.ClientSession, address: str, plan: Plan, seconds: float) -> float:
    start = time.monotonic()
    answered = await asyncio.gather(
        *(_ask_until(session, address, plan, start + seconds) for _ in range(plan.connections))
    )
    return sum(answered) / (time.monotonic() - start)


async def _ask_until(session: aiohttp.ClientSession, address: str, plan: Plan, end: float) -> int:
    answered = 0
    while time.monotonic() < end or not answered:
        await _ask(session, address, plan)
        answered += 1
    return answered


async def _ask(session: aiohttp.ClientSession, address: str, plan: Plan) -> None:
    async with session.get(address) as answer:
        await answer.read()
        if answer.status not in plan.statuses:
            raise WrongAnswer(f"{address} answered {answer.status}")


def main() -> None:
    plan = Plan(**json.load(sys.stdin))
    json.dump(asyncio.run(measure(plan)), sys.stdout)


if __name__ == "__main__":
    main()
