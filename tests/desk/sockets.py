"""Helpers for a desk's socket."""

import json
import time

from websockets.exceptions import ConnectionClosed

from tests.servers import CEILING


def next_frame(socket, kind, condition=lambda _frame: True):
    """Receive until a frame of this kind fulfils the condition, and return it."""
    end = time.monotonic() + CEILING
    while time.monotonic() < end:
        frame = json.loads(socket.recv(timeout=CEILING))
        if frame["t"] == kind and condition(frame):
            return frame
    raise AssertionError(f"No such {kind} within {CEILING} s")


def at(entry=None, *, writing=True, embargo=False):
    """Return a message with the place of a desk."""
    return json.dumps({"t": "at", "entry": entry, "writing": writing, "embargo": embargo})


def closed(socket):
    """Wait for the close and return its code."""
    try:
        while True:
            socket.recv(timeout=CEILING)
    except ConnectionClosed as end:
        return end.rcvd.code
