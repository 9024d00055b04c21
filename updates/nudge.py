"""The nudge: after a commit, tell hubs that an event has moved.

A nudge carries no truth and may be lost; every hub also looks at the database by itself.
So this never raises and never makes a correspondent wait: in a server process the hubs are told
directly and the channel layer is used from the server's own loop; in any other process the layer gets
``DEADLINE`` seconds.
"""

import asyncio
import logging
from collections.abc import Callable
from secrets import token_hex

from asgiref.sync import async_to_sync
from channels.layers import get_channel_layer

logger = logging.getLogger(__name__)

DEADLINE = 0.2
"""Seconds a nudge may take before it is given up."""

PROCESS = token_hex(8)
"""Names this process in its nudges: it needs none of its own."""

failures = 0
"""Nudges of this process that the channel layer did not take."""

_listener: Callable[[int], None] | None = None


def listen(listener: Callable[[int], None]) -> None:
    """Register this process's hubs, for its lifetime; they then also pass the nudge on, from their own loop.

    A request must never send it by itself: it would wait for a loop that ends before it does.
    """
    global _listener  # noqa: PLW0603 – one server per process, so one listener per process
    _listener = listener


def group_name(event_id: int) -> str:
    return f"event.{event_id}"


def event_moved(event_id: int) -> None:
    """Tell every hub that an event has a new head. Call it after the commit."""
    if _listener is not None:
        _listener(event_id)
    elif not _in_memory():
        async_to_sync(send_nudge)(event_id)


async def send_nudge(event_id: int) -> None:
    """Send the nudge over the channel layer; a failure is counted and logged, since the hubs' tick makes up for it."""
    global failures  # noqa: PLW0603 – a counter that operators read
    layer = get_channel_layer()
    if layer is None:
        return
    try:
        async with asyncio.timeout(DEADLINE):
            await layer.group_send(group_name(event_id), {"type": "event.moved", "process": PROCESS})
    except Exception as error:  # noqa: BLE001 – whatever a broken Redis raises, the commit has happened
        failures += 1
        logger.warning("Nudge for event %s was not sent (%r); hubs find the change by themselves", event_id, error)


def _in_memory() -> bool:
    """Whether the layer ends at this process, so that nobody would hear."""
    return type(get_channel_layer()).__name__ == "InMemoryChannelLayer"
