"""What tests say to a desk's socket and hear from it."""

import json
import time

from websockets.exceptions import ConnectionClosed

from tests.servers import CEILING


def hear(socket, kind, condition=lambda _frame: True):
    """The next frame of a kind that is as wanted."""
    end = time.monotonic() + 30
    while time.monotonic() < end:
        frame = json.loads(socket.recv(timeout=CEILING))
        if frame["t"] == kind and condition(frame):
            return frame
    raise AssertionError(f"No such {kind} within 30 s")


def at(entry=None, *, writing=True, embargo=False):
    """What a desk says of itself."""
    return json.dumps({"t": "at", "entry": entry, "writing": writing, "embargo": embargo})


def closed(socket):
    """With which code."""
    try:
        while True:
            socket.recv(timeout=CEILING)
    except ConnectionClosed as end:
        return end.rcvd.code
