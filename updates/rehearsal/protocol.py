"""Frames and time limits of the protocol, for the readers of a rehearsal."""

import json
from dataclasses import dataclass
from functools import lru_cache

import aiohttp

from .page_parser import state_of
from .records import JSONObject, State

BASE = 1.0
CAP = 60.0
SILENCE = 2.5
FIRST_FRAME_WITHIN = 10.0
LONG_WAIT = 3.0
"""Seconds. A reader that waits longer for its socket polls catch-up in the meantime."""

PERMANENT_CLOSE = 4400
RESET_WITHIN = 5.0
NETWORK_ERRORS = (aiohttp.ClientError, OSError, TimeoutError)


@dataclass(frozen=True)
class Addresses:
    """Addresses of a server. They may differ at each attempt."""

    http: str
    socket: str


@dataclass
class Frame:
    """Frame, parsed once for all readers. It must not be changed."""

    kind: str
    data: JSONObject
    states: tuple[State, ...]


@lru_cache(maxsize=2048)
def parse(text: str) -> Frame:
    data = json.loads(text)
    return Frame(data.get("t", ""), data, tuple(state_of(item) for item in data.get("items", ())))


@dataclass
class ReaderOptions:
    """Options of a reader; times in seconds."""

    poll_every: float = 1.0
    base: float = BASE
    polls_only: bool = False


@dataclass
class Wait:
    """Bounds of the random wait before the next socket. ``ends``: never connect again."""

    low: float
    high: float
    polls: bool = False
    ends: bool = False
