"""One socket of an independent reader, which writes down whatever is not as ``docs/protocol.md`` has it.

Frames must follow each other, and no number may come twice on one connection.
"""

import asyncio
from typing import TYPE_CHECKING, Any

import aiohttp

from .wire import BASE, FIRST_FRAME_WITHIN, FOR_GOOD, SILENCE, Frame, Wait, parse

if TYPE_CHECKING:
    from .reader import Reader


class Connection:
    """One socket, from its first frame to its end."""

    def __init__(self, reader: "Reader") -> None:
        self.reader = reader
        self.lived = False
        self._position: int | None = None
        self._patience = FIRST_FRAME_WITHIN
        self._seen: set[tuple[str, int]] = set()
        self._farewell: dict[str, Any] | None = None
        self._questions: set[asyncio.Task[None]] = set()

    async def follow(self, socket: aiohttp.ClientWebSocketResponse) -> Wait | None:
        """Until the socket ends; ``None`` asks for the usual wait."""
        try:
            while True:
                message = await socket.receive(timeout=self._patience)
                if message.type != aiohttp.WSMsgType.TEXT:
                    return self._after(socket.close_code)
                frame = parse(message.data)
                if frame.kind == "reset":
                    await self.reader.reload(frame.given["epoch"])
                    return Wait(0.0, BASE)
                self._take(frame)
        finally:
            for question in self._questions:
                question.cancel()

    def _after(self, code: int | None) -> Wait | None:
        if code is not None and code >= FOR_GOOD:
            return Wait(0.0, 0.0, ends=True)
        if self._farewell is not None:
            low, high = self._farewell["retry"]
            return Wait(low, high, polls=self._farewell["mode"] == "poll")
        return None

    def _take(self, frame: Frame) -> None:
        given = frame.given
        if frame.kind == "bye":
            self._farewell = given
        elif self._position is None and frame.kind != "sync":
            self._wrong(f"{frame.kind} came before sync")
        elif frame.kind == "sync":
            self._sync(frame)
        elif frame.kind == "ops":
            self._ops(frame)
        elif frame.kind == "hb":
            self.reader.spread = given.get("spread", self.reader.spread)
            self._behind(given["seq"])
            self._position = max(self._position or 0, given["seq"])  # it may stand for an operation too large to send

    def _sync(self, frame: Frame) -> None:
        given, reader = frame.given, self.reader
        if self._position is not None:
            self._wrong("a second sync")
        self.lived = True
        reader.attempts = 0
        self._position = given["head"]
        self._patience = SILENCE * given["hb"]
        reader.spread = given.get("spread", BASE)
        if given["epoch"] != reader.trace.epoch:
            self._wrong(f"sync of epoch {given['epoch']}, asked with {reader.trace.epoch}")
        reader.apply(frame.states)
        if given["more"]:
            self._behind(given["head"])
        else:
            reader.reached(given["head"])

    def _ops(self, frame: Frame) -> None:
        given, reader = frame.given, self.reader
        prev, seq = given["prev"], given["seq"]
        if self._position is None or prev > self._position or seq <= self._position:
            self._wrong(f"ops {prev}–{seq} after {self._position}")
        numbers = [state.seq for state in frame.states]
        if numbers != sorted(numbers) or not all(prev < number <= seq for number in numbers):
            self._wrong(f"ops {prev}–{seq} with items {numbers}")
        for state in frame.states:
            if (state.id, state.seq) in self._seen:
                reader.trace.doubled.append(f"{reader.trace.name}: {state.id} with number {state.seq} came twice")
            self._seen.add((state.id, state.seq))
        self._position = seq
        reader.apply(frame.states)
        if prev > reader.trace.mine:
            self._behind(seq)
            return
        reader.reached(seq)
        reader.counted(given["count"], seq)

    def _behind(self, told: int) -> None:
        if told > self.reader.trace.mine:
            question = asyncio.create_task(self.reader.catch_up(told))
            self._questions.add(question)
            question.add_done_callback(self._questions.discard)

    def _wrong(self, what: str) -> None:
        self.reader.trace.disordered.append(f"{self.reader.trace.name}: {what}")
