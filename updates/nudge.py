"""Tells hubs, after a commit, that an event has changed.

A nudge carries no data and may be lost, since every hub also reads the database by itself. So this never raises and
never makes a correspondent wait: a server process calls its hubs directly, which then use the channel layer from their
own loop; in any other process the layer gets ``DEADLINE`` seconds.
"""

import asyncio
import logging
from collections.abc import Callable
from secrets import token_hex

from asgiref.sync import async_to_sync
from channels.layers import get_channel_layer

logger = logging.getLogger(__name__)

DEADLINE = 0.2
"""Seconds after which a nudge is given up."""

PROCESS = token_hex(8)
"""Names this process in what it tells others: it ignores its own nudges."""

failures = 0
"""Nudges of this process that the channel layer did not take."""

_listener: Callable[[int], None] | None = None


def listen(listener: Callable[[int], None]) -> None:
    """Register the hubs of this process; from then on they also send its nudges, from their own loop.

    A request must not send them: it would wait for a loop that may end before it.
    """
    global _listener  # noqa: PLW0603 – one server per process, so one listener per process
    _listener = listener


def group_name(event_id: int) -> str:
    return f"event.{event_id}"


def event_moved(event_id: int) -> None:
    """Wake every hub of an event. Call it after the commit."""
    if _listener is not None:
        _listener(event_id)
    elif not _in_memory():
        async_to_sync(send_nudge)(event_id)


async def send_nudge(event_id: int) -> None:
    """Send the nudge over the channel layer; a failure is only counted and logged, since hubs also tick."""
    global failures  # noqa: PLW0603 – a counter that operators read
    layer = get_channel_layer()
    if layer is None:
        return
    try:
        async with asyncio.timeout(DEADLINE):
            await layer.group_send(group_name(event_id), {"type": "event.moved", "process": PROCESS})
    except Exception as error:  # noqa: BLE001 – whatever a broken Redis raises, the commit has happened
        failures += 1
        logger.warning(
            "Nudge for event %s was not sent (%r); other processes find the change by their tick", event_id, error
        )


def _in_memory() -> bool:
    """Return whether the layer reaches no other process."""
    return type(get_channel_layer()).__name__ == "InMemoryChannelLayer"
