"""What readers of a rehearsal know of the wire: its frames, its times, and how long to wait."""

import json
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import aiohttp

from .markup import state_of
from .traces import State

BASE = 1.0
CAP = 60.0
SILENCE = 2.5
FIRST_FRAME_WITHIN = 10.0
LONG_WAIT = 3.0
"""Seconds: a reader that waits longer for its socket asks catch-up meanwhile."""

FOR_GOOD = 4400
RESET_WITHIN = 5.0
WHATEVER_BREAKS = (aiohttp.ClientError, OSError, TimeoutError)


@dataclass(frozen=True)
class Places:
    """Where a reader finds its event: it may be another address at each attempt."""

    http: str
    socket: str


@dataclass
class Frame:
    """Parsed once for all readers of a rehearsal, and read only."""

    kind: str
    given: dict[str, Any]
    states: tuple[State, ...]


@lru_cache(maxsize=2048)
def parse(text: str) -> Frame:
    given = json.loads(text)
    return Frame(given.get("t", ""), given, tuple(state_of(item) for item in given.get("items", ())))


@dataclass
class Habits:
    """How a reader behaves, in seconds."""

    poll_every: float = 1.0
    base: float = BASE
    polls_only: bool = False


@dataclass
class Wait:
    """When to try the socket again; polling meanwhile or not."""

    low: float
    high: float
    polls: bool = False
    ends: bool = False
