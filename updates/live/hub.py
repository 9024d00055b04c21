"""One hub per event and process: it follows the log and feeds this process's readers.

Order and completeness come from the database. A nudge, the hub's own process or the registry's tick only say
*when* to look; losing one costs time, never an update.
"""

import asyncio
import logging
from collections import deque
from collections.abc import Mapping
from contextlib import suppress
from functools import cache, partial
from random import uniform

from django.conf import settings

from updates.choices import EventStatus
from updates.publishing.events import start_epoch

from .connection import UNAVAILABLE, WAITING_AT_MOST, Reader
from .frames import Frame, Standing, bye, heartbeat, look, reset, sync, without
from .receipts import receipts
from .tasks import keep_running
from .threads import in_thread

logger = logging.getLogger(__name__)

RING = 512
"""Frames kept to serve reconnects from memory; a reader further behind is sent to catch-up."""

RING_BYTES = 16_000_000
"""The same bound in characters, for events with very long updates."""

REPLAY_AT_MOST = WAITING_AT_MOST // 2
"""Frames replayed to one reader; one that missed more is served faster by catch-up."""

SLICE = 200
"""Readers fed between two pauses that let the event loop do other work."""

LOOK_AGAIN_AFTER = 0.25
"""Seconds within which readers ahead of this hub share one look at the database."""

BETWEEN_GOODBYES = 0.005
"""Seconds between two readers when the server stops, so that they do not all come back at once."""

RETURNS_PER_SECOND = 50
"""Readers that a process takes back in a second after it lost them all; 1,000 come back over 20 s."""

LONGEST_SPREAD = 60.0

ENDED = 4410
DRAINING = 4001
GONE = 4404

NOTHING: Mapping[Reader, str] = {}
UNAVAILABLE_BYE = bye("unavailable", retry=(1, 5), mode="ws")


class Hub:
    """Frames of one event and the readers they go to. All methods run on the server's loop."""

    def __init__(self, event_id: int) -> None:
        self.event_id = event_id
        self.standing: Standing | None = None
        self.readers: set[Reader] = set()
        self.idle_since: float | None = asyncio.get_running_loop().time()
        self.reading = 0
        """Readers in all processes, roughly; 0 while that is not known."""
        self.writing = False
        """Whether somebody at the desk writes what readers may be told of."""
        self._ring: deque[Frame] = deque(maxlen=RING)
        self._stale = False
        self._looking: asyncio.Task[None] | None = None
        self._looked_at = float("-inf")
        self._second_look: asyncio.Task[None] | None = None
        self._handed_out = 0
        self._beating = asyncio.create_task(keep_running(self._beat))

    # Following the log

    def poke(self) -> asyncio.Task[None]:
        """Look at the database soon: once, however often this is called meanwhile."""
        self._stale = True
        if self._looking is None:
            self._looking = asyncio.create_task(self._look())
        return self._looking

    async def ready(self) -> None:
        """Wait for the first look."""
        if self.standing is None:
            await asyncio.shield(self.poke())

    async def look_again(self) -> None:
        """Look because a reader knows more or other than this hub: one look, shared by all who ask meanwhile."""
        if self._second_look is None:
            self._second_look = asyncio.create_task(self._look_after_a_while())
        await asyncio.shield(self._second_look)

    async def _look_after_a_while(self) -> None:
        """Not sooner than ``LOOK_AGAIN_AFTER`` the last look, so that nobody makes the database busy by lying."""
        try:
            await asyncio.sleep(self._looked_at + LOOK_AGAIN_AFTER - asyncio.get_running_loop().time())
            await asyncio.shield(self.poke())
        finally:
            self._second_look = None

    async def _look(self) -> None:
        try:
            while self._stale:
                self._stale = False
                before = self.standing
                found = await in_thread(
                    look, self.event_id, before.epoch if before else None, before.head if before else 0
                )
                self._looked_at = asyncio.get_running_loop().time()
                if found is None or not found[0].is_public:
                    self._dismiss(GONE, "gone")
                    return
                await self._adopt(*found)
        except Exception:
            logger.exception("Event %s could not be read; the next tick tries again", self.event_id)
        finally:
            self._looking = None

    async def _adopt(self, standing: Standing, frames: list[Frame]) -> None:
        """Take over what was read, then tell the readers.

        1. Position and ring move first and together, without an ``await``: whoever joins from now on gets these
           frames as backlog and is not in the list made below.
        2. Then the frames go out, in order, in slices.
        """
        before = self.standing
        if before is not None and before.epoch == standing.epoch and standing.head < before.head:
            await self._renumber(standing)
            return
        self.standing = standing
        readers = list(self.readers)
        if before is not None and before.epoch != standing.epoch:
            self._ring.clear()
            await self._send(readers, reset(standing, "epoch"))
            self._handed_out = standing.head
            return
        self._keep(frames)
        try:
            for frame in frames:
                await self._hand_out(readers, frame)
        finally:
            self._handed_out = standing.head  # where it came to grief, the next heartbeat sends readers to catch-up
        if standing.status == EventStatus.ENDED and self.readers:
            self._dismiss(ENDED, "ended")

    def _keep(self, frames: list[Frame]) -> None:
        """What was removed or corrected since is said to nobody any more, also not on the way to its newest state."""
        for frame in frames:
            if frame.renewed:
                self._ring = deque((kept.without(frame.renewed) for kept in self._ring), maxlen=RING)
            self._ring.append(frame)
        kept = sum(len(frame.text) for frame in self._ring)
        while kept > RING_BYTES:
            kept -= len(self._ring.popleft().text)

    async def _renumber(self, standing: Standing) -> None:
        """The database has forgotten numbers that were sent, as after a restore: they will be given again."""
        reason = f"The database is at {standing.head}, readers were sent more: restored from a backup?"
        logger.error("Event %s: %s Its numbering starts anew, open pages load themselves again", self.event_id, reason)
        await in_thread(start_epoch, self.event_id, replacing=standing.epoch, reason=reason)
        self._stale = True

    async def _hand_out(self, readers: list[Reader], frame: Frame) -> None:
        """First it is taken from slow readers what they have not got yet of entries that are in another state now."""
        if frame.renewed:
            forget = cache(partial(without, ids=frame.renewed))  # most wait for the same
            for reader in readers:
                reader.rewrite(forget)
        asking = receipts.texts_that_ask(self.event_id, frame, readers)
        sent = await self._send(readers, frame.text, asking)
        receipts.record_sent(self.event_id, frame, sent, len(asking))

    async def _send(self, readers: list[Reader], text: str, instead: Mapping[Reader, str] = NOTHING) -> int:
        """How many readers took it; some get another text ``instead``."""
        taken = 0
        for number, reader in enumerate(readers, start=1):
            taken += self._push(reader, instead.get(reader, text))
            if number % SLICE == 0:
                await asyncio.sleep(0)
        return taken

    def _push(self, reader: Reader, text: str) -> bool:
        try:
            return reader.push(text)
        except Exception:
            logger.exception("A reader of event %s could not be sent to; the others go on", self.event_id)
            self.readers.discard(reader)
            with suppress(Exception):  # whatever is left of it
                reader.close(UNAVAILABLE, UNAVAILABLE_BYE)
            return False

    # Readers

    async def join(self, reader: Reader, epoch: str, since: int) -> None:
        """Add a reader and bring it from ``since`` to the hub's position."""
        self.idle_since = None  # nobody puts the hub away while somebody is coming in
        try:
            await self.ready()
            if self.standing and (self.standing.epoch != epoch or since > self.standing.head):
                await self.look_again()
            self._add(reader, epoch, since)
        finally:
            self._note_idleness()

    def _add(self, reader: Reader, epoch: str, since: int) -> None:
        """No ``await`` between computing the backlog and adding the reader, so that no frame falls between the two."""
        standing = self.standing
        if standing is None:  # the first look failed: come back soon
            reader.close(UNAVAILABLE, UNAVAILABLE_BYE)
            return
        if standing.status == EventStatus.ENDED:
            reader.close(ENDED, bye("ended", retry=(60, 300), mode="poll"))
            return
        if epoch != standing.epoch or since > standing.head:
            reader.push(reset(standing, "epoch" if epoch != standing.epoch else "ahead"))
        else:
            self._replay(reader, standing, since)
        self.readers.add(reader)

    def _note_idleness(self) -> None:
        if not self.readers:
            self.idle_since = asyncio.get_running_loop().time()

    def _replay(self, reader: Reader, standing: Standing, since: int) -> None:
        missed = [frame for frame in self._ring if frame.seq > since]
        start = missed[0].prev if missed else standing.head
        if since < start or len(missed) > REPLAY_AT_MOST:
            reader.push(sync(standing, standing.head, more=True, spread=self.spread, shown=self._shown))
            return
        reader.push(sync(standing, since, more=False, spread=self.spread, shown=self._shown))
        for frame in missed:
            reader.push(frame.text)

    def leave(self, reader: Reader) -> None:
        reader.stop()
        self.readers.discard(reader)
        self._note_idleness()

    # Life

    @property
    def spread(self) -> float:
        """Seconds over which this event's readers of this process should come back, were they cut off together."""
        wanted = max(settings.BACKOFF_BASE, len(self.readers) / RETURNS_PER_SECOND)
        return round(min(wanted, LONGEST_SPREAD), 1)

    @property
    def shows_readers(self) -> bool:
        return self.standing is not None and self.standing.shows_readers

    @property
    def shows_writing(self) -> bool:
        return self.standing is not None and self.standing.shows_writing

    @property
    def _shown(self) -> dict[str, int | bool]:
        """What the event lets its readers see besides its updates."""
        readers = {"readers": self.reading} if self.shows_readers else {}
        return readers | ({"writing": self.writing} if self.shows_writing else {})

    async def tell_writing(self, writing: bool) -> None:
        """Somebody has begun to write, or nobody does any more."""
        if writing != self.writing:
            self.writing = writing
            await self._tell_life()

    async def _beat(self) -> None:
        while True:
            await asyncio.sleep(settings.HEARTBEAT_EVERY * uniform(0.8, 1.2))  # noqa: S311 – spreads, hides nothing
            if self.standing is not None:
                await self._tell_life()

    async def _tell_life(self) -> None:
        """Tell readers that the line is alive, and the number they should have by now."""
        await self._send(list(self.readers), heartbeat(self._handed_out, spread=self.spread, shown=self._shown))

    def _dismiss(self, code: int, why: str) -> None:
        for reader in self.readers:
            reader.close(code, bye(why, retry=(60, 300), mode="poll"))

    async def drain(self, seconds: float) -> None:
        """Say goodbye to every reader, in ``seconds`` at most, each with a time to come back."""
        readers = list(self.readers)
        pace = min(BETWEEN_GOODBYES, seconds / max(1, len(readers)))
        farewell = bye("restart", retry=(1, 1 + self.spread), mode="ws")
        for reader in readers:
            reader.close(DRAINING, farewell)
            await asyncio.sleep(pace)

    def close(self) -> None:
        for task in (self._beating, self._looking, self._second_look):
            if task is not None:
                task.cancel()
