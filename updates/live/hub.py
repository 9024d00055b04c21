"""One hub per event and process: it reads the event's log and sends it to this process's readers.

Order and completeness come from the database. Nudges, operations of this process and the tick only say *when* to read;
losing one costs time, never an update.
"""

import asyncio
import logging
from collections.abc import Mapping
from contextlib import suppress
from functools import cache, partial
from random import uniform

from django.conf import settings

from updates.choices import EventStatus
from updates.publishing.events import start_epoch

from .backlog import Backlog
from .connection import UNAVAILABLE, Reader
from .delivery_metrics import record_delivery, record_frame
from .frames import EventState, Frame, bye, heartbeat, read_log, reset, sync, without
from .receipts import receipts
from .spread import spread_for
from .tasks import keep_running
from .threads import in_thread

logger = logging.getLogger(__name__)

SLICE = 200
"""Readers sent to between two pauses that let the event loop do other work."""

REREAD_AFTER = 0.25
"""Seconds within which readers ahead of this hub share one read of the database."""

DRAIN_PAUSE = 0.005
"""Seconds between two readers when the server stops, so that they do not all come back at once."""

ENDED = 4410
DRAINING = 4001
GONE = 4404

NO_OTHER_TEXTS: Mapping[Reader, str] = {}
UNAVAILABLE_BYE = bye("unavailable", retry=(1, 5), mode="ws")


class Hub:
    """The frames and readers of one event. All methods run on the server's loop."""

    def __init__(self, event_id: int) -> None:
        self.event_id = event_id
        self.state: EventState | None = None
        self.readers: set[Reader] = set()
        self.idle_since: float | None = asyncio.get_running_loop().time()
        self.reader_count = 0
        """Readers in all processes, rounded; 0 while unknown."""
        self.is_writing = False
        """Whether somebody at the desk is writing an update."""
        self.backlog = Backlog()
        self._is_stale = False
        self._reading: asyncio.Task[None] | None = None
        self._read_at = float("-inf")
        self._rereading: asyncio.Task[None] | None = None
        self._sent_up_to = 0
        self._heartbeats = asyncio.create_task(keep_running(self._send_heartbeats))

    # Reading the log

    def wake(self) -> asyncio.Task[None]:
        """Read the log soon: once, however often this is called until then."""
        self._is_stale = True
        if self._reading is None:
            self._reading = asyncio.create_task(self._read())
        return self._reading

    async def ready(self) -> None:
        """Wait until the log was read for the first time."""
        if self.state is None:
            await asyncio.shield(self.wake())

    async def finish_sending(self) -> None:
        """Wait until the readers have what is being read."""
        if self._reading is not None:
            await asyncio.shield(self._reading)

    async def reread(self) -> None:
        """Read the log because a reader is ahead of this hub or of another epoch; such readers share one read."""
        if self._rereading is None:
            self._rereading = asyncio.create_task(self._reread_later())
        await asyncio.shield(self._rereading)

    async def _reread_later(self) -> None:
        """Wait for ``REREAD_AFTER`` since the last read, so that forged positions do not keep the database busy."""
        try:
            await asyncio.sleep(self._read_at + REREAD_AFTER - asyncio.get_running_loop().time())
            await asyncio.shield(self.wake())
        finally:
            self._rereading = None

    async def _read(self) -> None:
        try:
            while self._is_stale:
                self._is_stale = False
                epoch, head = (self.state.epoch, self.state.head) if self.state else (None, 0)
                result = await in_thread(read_log, self.event_id, epoch, head)
                self._read_at = asyncio.get_running_loop().time()
                if result is None or not result[0].is_public:
                    self._dismiss(GONE, "gone")
                    return
                await self._adopt(*result)
        except Exception:
            logger.exception("Event %s could not be read; the next tick tries again", self.event_id)
        finally:
            self._reading = None

    async def _adopt(self, state: EventState, frames: list[Frame]) -> None:
        """Adopt the state that was read, then send the frames.

        1. State and backlog change first and together, without an ``await``: a reader that joins from now on gets these
           frames from the backlog and is not in the list made below.
        2. Then the frames are sent, in order, in slices.
        """
        before = self.state
        if before is not None and before.epoch == state.epoch and state.head < before.head:
            await self._renumber(state)
            return
        self.state = state
        readers = list(self.readers)
        if before is not None and before.epoch != state.epoch:
            self.backlog.clear()
            await self._send(readers, self._new_epoch(state))
            self._sent_up_to = state.head
            return
        self.backlog.add(frames)
        try:
            for frame in frames:
                await self._send_frame(readers, frame)
            if frames and readers:
                record_delivery(state, self.open_pages)
        finally:
            self._sent_up_to = state.head  # after an error the next heartbeat sends readers to catch-up
        if state.status == EventStatus.ENDED and self.readers:
            self._dismiss(ENDED, "ended")

    def _new_epoch(self, state: EventState) -> str:
        return reset(state, "epoch")

    async def _renumber(self, state: EventState) -> None:
        """Start a new epoch: after a restore the database will give numbers again that were already sent."""
        reason = f"The database is at {state.head}, readers were sent more: restored from a backup?"
        logger.error("Event %s: %s Its numbering starts anew, open pages load themselves again", self.event_id, reason)
        await in_thread(start_epoch, self.event_id, replacing=state.epoch, reason=reason)
        self._is_stale = True

    async def _send_frame(self, readers: list[Reader], frame: Frame) -> None:
        """Send a frame, after older states of its entries were dropped from what waits for slow readers."""
        if frame.renewed:
            drop = cache(partial(without, ids=frame.renewed))  # most wait for the same texts
            for reader in readers:
                reader.rewrite(drop)
        await self._deliver(readers, frame)

    async def _deliver(self, readers: list[Reader], frame: Frame) -> None:
        texts = receipts.texts_that_ask(self.event_id, frame, readers)
        sent = await self._send(readers, frame.text, texts)
        record_frame(frame, sent)
        receipts.record_sent(self.event_id, frame, sent, requested=len(texts))

    async def _send(self, readers: list[Reader], text: str, other_texts: Mapping[Reader, str] = NO_OTHER_TEXTS) -> int:
        """Return how many readers took it; some have a text of their own in ``other_texts``."""
        taken = 0
        for start in range(0, len(readers), SLICE):
            if start:
                await asyncio.sleep(0)
            taken += self._push(readers[start : start + SLICE], text, other_texts)
        return taken

    def _push(self, readers: list[Reader], text: str, other_texts: Mapping[Reader, str]) -> int:
        """Send to some readers at once. Every step of this loop is multiplied by the number of readers."""
        taken = 0
        for reader in readers:
            try:
                taken += reader.push(other_texts.get(reader, text))
            except Exception:
                logger.exception("Sending to a reader of event %s failed; the others go on", self.event_id)
                self.readers.discard(reader)
                with suppress(Exception):  # its connection is broken
                    reader.close(UNAVAILABLE, UNAVAILABLE_BYE)
        return taken

    # Readers

    @property
    def open_pages(self) -> int:
        return len(self.readers)

    async def join(self, reader: Reader, epoch: str, since: int) -> None:
        """Add a reader and send it what came after ``since``."""
        self.idle_since = None  # keeps the hub until the reader is in
        try:
            await self.ready()
            if self.state and (self.state.epoch != epoch or since > self.state.head):
                await self.reread()
            self._add(reader, epoch, since)
        finally:
            self._note_idleness()

    def _add(self, reader: Reader, epoch: str, since: int) -> None:
        """Replay the backlog to a reader and add it, without an ``await`` in between, so that it misses no frame."""
        state = self.state
        if state is None:  # the first read failed
            reader.close(UNAVAILABLE, UNAVAILABLE_BYE)
            return
        if state.status == EventStatus.ENDED:
            reader.close(ENDED, bye("ended", retry=(60, 300), mode="poll"))
            return
        if epoch != state.epoch or since > state.head:
            reader.push(reset(state, "epoch" if epoch != state.epoch else "ahead"))
        else:
            self._replay(reader, state, since)
        self.readers.add(reader)

    def _note_idleness(self) -> None:
        if not self.readers:
            self.idle_since = asyncio.get_running_loop().time()

    def _replay(self, reader: Reader, state: EventState, since: int) -> None:
        missed = self.backlog.after(since, state.head)
        if missed is None:
            reader.push(sync(state, state.head, more=True, spread=self.spread, extras=self._extras))
            return
        reader.push(sync(state, since, more=False, spread=self.spread, extras=self._extras))
        for frame in missed:
            reader.push(frame.text)

    def leave(self, reader: Reader) -> None:
        reader.stop()
        self.readers.discard(reader)
        self._note_idleness()

    @property
    def spread(self) -> float:
        """Seconds over which this process's readers of the event should come back after they were cut off together."""
        return spread_for(len(self.readers))

    @property
    def shows_readers(self) -> bool:
        return self.state is not None and self.state.shows_readers

    @property
    def shows_writing(self) -> bool:
        return self.state is not None and self.state.shows_writing

    @property
    def _extras(self) -> dict[str, int | bool]:
        """Return what the event shows readers besides its updates."""
        readers = {"readers": self.reader_count} if self.shows_readers else {}
        return readers | ({"writing": self.is_writing} if self.shows_writing else {})

    async def set_writing(self, is_writing: bool) -> None:
        """Tell readers when somebody begins to write, and when nobody writes any more."""
        if is_writing != self.is_writing:
            self.is_writing = is_writing
            await self._send_heartbeat()

    async def _send_heartbeats(self) -> None:
        while True:
            await asyncio.sleep(settings.HEARTBEAT_EVERY * uniform(0.8, 1.2))  # noqa: S311 – spreads the load, hides nothing
            if self.state is not None:
                await self._send_heartbeat()

    async def _send_heartbeat(self) -> None:
        """Tell readers that the connection is alive, and the number they should have by now."""
        await self._send(list(self.readers), heartbeat(self._sent_up_to, spread=self.spread, extras=self._extras))

    def _dismiss(self, code: int, reason: str) -> None:
        for reader in self.readers:
            reader.close(code, bye(reason, retry=(60, 300), mode="poll"))

    async def drain(self, seconds: float) -> None:
        """Close every reader, within ``seconds``, each with a time to come back."""
        readers, farewell = list(self.readers), self.farewell
        pause = min(DRAIN_PAUSE, seconds / max(1, len(readers)))
        for reader in readers:
            reader.close(DRAINING, farewell)
            await asyncio.sleep(pause)

    @property
    def farewell(self) -> str:
        return bye("restart", retry=(1, 1 + self.spread), mode="ws")

    def close(self) -> None:
        for task in (self._heartbeats, self._reading, self._rereading):
            if task is not None:
                task.cancel()
