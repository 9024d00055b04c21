"""URLconf that breaks its server in the way that ``BROKEN`` names, for test_mutations.py.

It is imported with the first request, before any reader connects.
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
    """Does not learn of updates of other processes."""


async def reordered(self, readers, text, *_asking, held=[]):  # noqa: B006 – it remembers
    """Sends every fourth frame after the next one."""
    if is_ops(text) and next(_number) % 4 == 0:
        held.append(text)
        return 0
    sent = await _send(self, readers, text)
    while held:
        await _send(self, readers, held.pop())
    return sent


async def doubled(self, readers, text, *_asking):
    """Sends every fourth frame twice."""
    sent = await _send(self, readers, text)
    if is_ops(text) and next(_number) % 4 == 0:
        await _send(self, readers, text)
    return sent


def skipped(event, after, most_bytes):
    """Numbers one update in ten and never sends it."""
    changes, items = _portion(event, after, most_bytes)
    return changes, [item for item in items if item["id"] == "event" or next(_number) % 10]


def no_tombstones(event, after, most_bytes):
    """Does not send removals."""
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
