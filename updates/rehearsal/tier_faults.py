"""Faults of the readers' tier: of nginx with nchan, and of the relays."""

import asyncio
import signal
from typing import TYPE_CHECKING

from .faults import BROKEN_FOR, fault, outage

if TYPE_CHECKING:
    from .fault_run import FaultRun
    from .tier import Tier

FROZEN_FOR = 30.0
"""Seconds for which relays stand still: many heartbeats."""


def _tier(run: "FaultRun") -> "Tier":
    tier = run.stack.tier
    assert tier is not None  # noqa: S101 – guaranteed by ``tier=True``
    return tier


@fault("relay-killed", tier=True)
async def relay_killed(run: "FaultRun") -> None:
    """All relays are killed, and started again a while later."""
    tier = _tier(run)
    async with run.posting(), outage(run):
        await tier.end_relays(signal.SIGKILL)
        await asyncio.sleep(BROKEN_FOR)  # the fault itself
        await tier.start_relays()


@fault("relay-replaced", tier=True)
async def relay_replaced(run: "FaultRun") -> None:
    """One relay after the other is stopped and started again; readers must not notice."""
    async with run.posting():
        for relay in _tier(run).relays:
            await relay.end()
            await relay.start()


@fault("relay-frozen", tier=True)
async def relay_frozen(run: "FaultRun") -> None:
    """All relays stand still for half a minute (SIGSTOP): no frames, no heartbeats, and no closed connection."""
    tier = _tier(run)
    async with run.posting(), outage(run):
        for relay in tier.relays:
            relay.send(signal.SIGSTOP)
        await asyncio.sleep(FROZEN_FOR)  # the fault itself
        for relay in tier.relays:
            relay.send(signal.SIGCONT)


@fault("nchan-restarted", tier=True)
async def nchan_restarted(run: "FaultRun") -> None:
    """One nginx ends with all its channels, and is started again a while later; the readers of the other one must not
    notice."""
    machine = _tier(run).machines[0]
    async with run.posting(), outage(run):
        await machine.end()
        await asyncio.sleep(BROKEN_FOR)  # the fault itself
        await machine.start()


@fault("nginx-reloaded", tier=True)
async def nginx_reloaded(run: "FaultRun") -> None:
    """Every nginx reads its configuration anew, which closes all sockets and forgets all channels."""
    async with run.posting(), outage(run):
        for machine in _tier(run).machines:
            machine.send(signal.SIGHUP)
        await run.crowd.connected(within=run.load.timeout, anew=True)


@fault("nginx-frozen", tier=True)
async def nginx_frozen(run: "FaultRun") -> None:
    """One nginx stands still (SIGSTOP): posts to it hang, and must not delay the other one."""
    machine = _tier(run).machines[0]
    async with run.posting(), outage(run):
        machine.send_to_all(signal.SIGSTOP)
        await asyncio.sleep(BROKEN_FOR)  # the fault itself
        machine.send_to_all(signal.SIGCONT)
