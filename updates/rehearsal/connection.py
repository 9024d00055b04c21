"""Socket of a reader, which records every departure from ``docs/protocol.md``.

Frames must be contiguous, and no seq of an id may arrive twice on one connection. What a server repeats to a reader
that comes back must be as new as what it has sent to others before. Behind nginx, two relays post every frame: there,
what a reader has already is skipped, as the protocol says, and the first frame may have any number. So a gap between it
and the next operations is no error: after a reload of nginx, a relay that has not read everything may post the first
frame. The reader closes the gap by catch-up.
"""

import asyncio
from typing import TYPE_CHECKING

import aiohttp

from .protocol import BASE, FIRST_FRAME_WITHIN, PERMANENT_CLOSE, SILENCE, Frame, Wait, parse
from .records import JSONObject

if TYPE_CHECKING:
    from .reader import Reader


class Connection:
    """One socket from its first frame until it closes."""

    def __init__(self, reader: "Reader", place: str) -> None:
        self.reader = reader
        self._place = (place, reader.record.epoch)
        self._sent_before = reader.sent_by.get(self._place, 0)
        self.has_begun = False
        self._is_shared = False
        self._joined_with: Frame | None = None
        """First frame of a socket that nginx holds, until operations follow it."""
        self._position: int | None = None
        self._timeout = FIRST_FRAME_WITHIN
        self._seen: set[tuple[str, int]] = set()
        self._bye: JSONObject | None = None
        self._catch_ups: set[asyncio.Task[None]] = set()

    async def receive(self, socket: aiohttp.ClientWebSocketResponse) -> Wait | None:
        """Receive until the socket closes. Returns when to connect again; ``None`` means the usual wait."""
        try:
            while True:
                message = await socket.receive(timeout=self._timeout)
                if message.type != aiohttp.WSMsgType.TEXT:
                    return self._wait_after(socket.close_code)
                frame = parse(message.data)
                if frame.kind == "reset" or self._is_of_other_epoch(frame):
                    await self.reader.reload(frame.data["epoch"])
                    return Wait(0.0, BASE)
                self._take(frame)
        finally:
            for task in self._catch_ups:
                task.cancel()

    def _wait_after(self, code: int | None) -> Wait | None:
        code = (self._bye or {}).get("code", code)
        if code is not None and code >= PERMANENT_CLOSE:
            return Wait(0.0, 0.0, ends=True)
        if self._bye is not None:
            low, high = self._bye["retry"]
            return Wait(low, high, polls=self._bye["mode"] == "poll")
        return None

    def _is_of_other_epoch(self, frame: Frame) -> bool:
        own = self.reader.record.epoch
        return frame.kind in {"ops", "hb"} and frame.data.get("epoch", own) != own

    def _take(self, frame: Frame) -> None:
        data = frame.data
        if "hb" in data:
            self._read_terms(frame)
        if frame.kind == "bye":
            self._bye = data
        elif self._position is None and frame.kind != "sync":
            self._record_error(f"{frame.kind} arrived before sync")
        elif frame.kind == "sync":
            self._sync(frame)
        elif frame.kind == "ops":
            self._ops(frame)
        elif frame.kind == "hb":
            self.reader.spread = data.get("spread", self.reader.spread)
            self._catch_up_to(data["seq"])
            self._position = max(
                self._position or 0, data["seq"]
            )  # it may announce an operation that is too large to send

    def _read_terms(self, frame: Frame) -> None:
        """Read what a first frame says of the connection; frames that nginx sends to everybody all say it."""
        data, reader = frame.data, self.reader
        self.has_begun = True
        reader.attempts = 0
        self._timeout = SILENCE * data["hb"]
        reader.spread = data.get("spread", BASE)
        if frame.kind != "sync" and self._position is None:
            self._is_shared = True
            self._joined_with = frame
            self._position = max(reader.record.position, data.get("prev", 0))

    def _sync(self, frame: Frame) -> None:
        data, reader = frame.data, self.reader
        if self._position is not None:
            self._record_error("a second sync")
        self._position = data["head"]
        if data["epoch"] != reader.record.epoch:
            self._record_error(f"sync of epoch {data['epoch']}, requested with {reader.record.epoch}")
        reader.apply(frame.states, max(data["head"], self._sent_before))
        if data["more"]:
            self._catch_up_to(data["head"])
        else:
            reader.reached(data["head"])

    def _ops(self, frame: Frame) -> None:
        data, reader = frame.data, self.reader
        prev, seq = data["prev"], data["seq"]
        before = self._position or 0
        if self._is_shared and seq <= before:
            return  # of the other relay, or older than the page
        if seq <= before or (prev > before and self._joined_with is None):
            self._record_error(f"ops {prev}–{seq} after {self._position}")
        if frame is not self._joined_with:
            self._joined_with = None
        numbers = [state.seq for state in frame.states]
        if numbers != sorted(numbers) or not all(prev < number <= seq for number in numbers):
            self._record_error(f"ops {prev}–{seq} with items {numbers}")
        for state in frame.states:
            if (state.id, state.seq) in self._seen and not (self._is_shared and state.seq <= before):
                reader.record.doubled.append(f"{reader.record.name}: {state.id} with number {state.seq} arrived twice")
            self._seen.add((state.id, state.seq))
        self._position = seq
        reader.apply(frame.states, seq if self._is_shared else max(seq, self._sent_before))
        reader.sent_by[self._place] = max(seq, reader.sent_by.get(self._place, 0))
        if prev > reader.record.position:
            self._catch_up_to(seq)
            return
        reader.reached(seq)
        reader.counted(data["count"], seq)

    def _catch_up_to(self, seq: int) -> None:
        if seq > self.reader.record.position:
            task = asyncio.create_task(self.reader.catch_up(seq))
            self._catch_ups.add(task)
            task.add_done_callback(self._catch_ups.discard)

    def _record_error(self, error: str) -> None:
        self.reader.record.disordered.append(f"{self.reader.record.name}: {error}")
