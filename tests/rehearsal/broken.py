"""Servers that are broken on purpose, to see that the checker notices. ``BROKEN`` names how; see test_mutations.py.

It is the URLconf of such a server: imported with its first request, before any reader has come.
"""

import os
from itertools import count

from updates.live import frames, hubs
from updates.live.hub import Hub
from updates.rehearsal.urls import urlpatterns as urlpatterns  # noqa: PLC0414 – this is a URLconf
from updates.views import catch_up

_number = count(1)
_send, _portion = Hub._send, frames.portion


def is_ops(text):
    return '"t":"ops"' in text[:20]


async def no_reconciler(self):
    """Posts of other processes are heard of by luck only."""


async def reordered(self, readers, text, *_asking, held=[]):  # noqa: B006 – it remembers
    """Every fourth frame goes out after the one that follows it."""
    if is_ops(text) and next(_number) % 4 == 0:
        held.append(text)
        return 0
    sent = await _send(self, readers, text)
    while held:
        await _send(self, readers, held.pop())
    return sent


async def doubled(self, readers, text, *_asking):
    """Every fourth frame goes out twice."""
    sent = await _send(self, readers, text)
    if is_ops(text) and next(_number) % 4 == 0:
        await _send(self, readers, text)
    return sent


def skipped(event, after, most_bytes):
    """One update in ten is counted in, and never sent."""
    changes, items = _portion(event, after, most_bytes)
    return changes, [item for item in items if item["id"] == "event" or next(_number) % 10]


def no_tombstones(event, after, most_bytes):
    """Removals are kept from readers."""
    changes, items = _portion(event, after, most_bytes)
    return changes, [item for item in items if item["op"] != "del"]


match os.environ["BROKEN"]:
    case "reconciler":
        hubs.Hubs._reconcile = no_reconciler
    case "order":
        Hub._send = reordered
    case "once":
        Hub._send = doubled
    case "skip":
        frames.portion = skipped
    case "tombstones":
        frames.portion = catch_up.portion = no_tombstones
    case "nothing":
        pass
