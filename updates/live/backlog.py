"""The newest frames of an event, by which a hub serves readers that come back from memory."""

from collections import deque
from collections.abc import Iterable

from .connection import MAX_WAITING
from .frames import Frame

MAX_FRAMES = 512
"""A reader further behind is sent to catch-up."""

MAX_LENGTH = 16_000_000
"""The same bound in characters, for events with very long updates."""

MAX_REPLAY = MAX_WAITING // 2
"""Frames replayed to one reader; for one that missed more, catch-up is faster."""


class Backlog:
    def __init__(self) -> None:
        self._frames: deque[Frame] = deque(maxlen=MAX_FRAMES)

    def __len__(self) -> int:
        return len(self._frames)

    def add(self, frames: Iterable[Frame]) -> None:
        """Also drop older states of the same entries: what was removed or corrected must not be sent again."""
        for frame in frames:
            if frame.renewed:
                self._frames = deque((older.without(frame.renewed) for older in self._frames), maxlen=MAX_FRAMES)
            self._frames.append(frame)
        length = sum(len(frame.text) for frame in self._frames)
        while length > MAX_LENGTH:
            length -= len(self._frames.popleft().text)

    def clear(self) -> None:
        self._frames.clear()

    def after(self, since: int, head: int) -> list[Frame] | None:
        """Return the frames after a number, ``None`` if they are not all here or too many to replay.

        ``head`` is the number of the newest change.
        """
        missed = [frame for frame in self._frames if frame.seq > since]
        start = missed[0].prev if missed else head
        return None if since < start or len(missed) > MAX_REPLAY else missed
