"""URLconf that breaks its server in the ways that ``BROKEN`` names, for test_mutations.py.

It is imported with the first request, before any reader connects.
"""

import os
from itertools import count

from django.urls import path

from updates import publishing
from updates.live import frames, hubs
from updates.live.backlog import Backlog
from updates.live.hub import Hub
from updates.rehearsal.urls import urlpatterns
from updates.scheduling import Scheduler
from updates.views import catch_up

_number = count(1)
_send, _portion, _publish = Hub._send, frames.portion, publishing.publish


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


def posted_twice(*arguments, key, **options):
    """Stores every fifth post once more, under another id."""
    if next(_number) % 5 == 0:
        _publish(*arguments, key=f"{key}-again", **options)
    return _publish(*arguments, key=key, **options)


def with_old_words(self, new):
    """Keeps states of entries that have been removed or changed since."""
    self._frames.extend(new)


def no_nudge(self, event_id):
    """Wakes no hub."""


def broken_desk(request, pk):
    raise RuntimeError("The desk is broken on purpose")


def no_turn(self, now=None):
    """Publishes nothing."""
    return 1.0


for way in os.environ["BROKEN"].split():
    match way:
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
        case "surplus":
            publishing.publish = posted_twice
        case "repeats":
            Backlog.add = with_old_words
        case "nudge":
            hubs.Hubs._event_moved = no_nudge
        case "desk":
            urlpatterns = [path("admin/updates/event/<int:pk>/desk/", broken_desk), *urlpatterns]
        case "scheduler":
            Scheduler.turn = no_turn
