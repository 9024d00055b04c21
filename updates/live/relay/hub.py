"""The hub of one event in a relay: it sends every frame once to each nginx, which sends it to all readers."""

import asyncio
from collections.abc import Callable, Sequence
from functools import partial

from django.conf import settings

from updates.live.connection import Reader
from updates.live.delivery_metrics import record_frame
from updates.live.frames import VERSION, EventState, Frame, heartbeat
from updates.live.hub import Hub
from updates.live.receipts import receipts
from updates.live.spread import spread_for
from updates.rendering import as_json

from .nginx import Claim, Nginx, Post

RETURNS_PER_SECOND = 1000
"""Readers that come back to a machine in a second after it lost them all: TLS handshakes are most of the work."""


class Channel(Reader):
    """All readers of an event in the tier; to the hub they are one."""

    __slots__ = ("_hub",)

    def __init__(self, hub: "RelayHub") -> None:
        super().__init__()
        self._hub = hub

    @property
    def is_closed(self) -> bool:
        return self._is_closing

    def push(self, text: str) -> bool:
        self._hub.announce(text)
        return True

    def close(self, code: int, farewell: str | None = None) -> None:
        """Say goodbye, then delete the channel: nchan closes its sockets, but with a code of its own."""
        if self._is_closing:
            return
        self._is_closing = True
        self._hub.end(f'{farewell[:-1]},"code":{code}}}' if farewell else None)

    def rewrite(self, change: Callable[[str], str]) -> None:
        for nginx in self._hub.machines:
            nginx.rewrite(self._hub.channel_name, change)

    def _begin_closing(self) -> None:
        """Do nothing: ``close`` has done all."""


class RelayHub(Hub):
    """Call ``begin`` once the loop runs; it may be called again after it has failed."""

    def __init__(self, event_id: int, machines: Sequence[Nginx]) -> None:
        super().__init__(event_id)
        self.machines = machines
        self.idle_since = None  # it is kept for as long as the event has sockets
        self.channel = Channel(self)
        self.subscribers: dict[Nginx, int] = {}
        """Readers on each machine, as of its last answer."""

    @property
    def channel_name(self) -> str:
        """A page of another version of the protocol asks for another channel."""
        return f"{VERSION}/{self.state.slug}" if self.state else ""

    @property
    def has_begun(self) -> bool:
        return self.channel in self.readers

    async def begin(self) -> None:
        """Begin to follow the event, and let readers in by a first frame."""
        await self.ready()
        if self.state is None:  # it could not be read
            return
        newest = await asyncio.gather(*(nginx.newest(self.channel_name) for nginx in self.machines))
        await self.wake()  # now the database has everything that was posted, unless it was restored
        epoch, head = self.state.epoch, self.state.head
        if any(frame.get("epoch") == epoch and frame.get("seq", 0) > head for frame, _ in newest):
            await self._renumber(self.state)
            await self.wake()
        for nginx in self.machines:
            nginx.channels.append(self.channel_name)
        self.readers.add(self.channel)
        self.renew()

    def renew(self, only: Nginx | None = None) -> None:
        """Post the event's number anew, to all machines or to one that has lost it."""
        if self.has_begun and not self.channel.is_closed:
            self._post(heartbeat(self._sent_up_to), self._claim(self._sent_up_to), [only] if only else self.machines)

    def announce(self, text: str) -> None:
        """Post a text that is no frame of the log."""
        self._post(text, self._claim(self.state.head if self.state else 0), self.machines)

    def end(self, farewell: str | None) -> None:
        """Post a farewell, and delete the channel."""
        for nginx in self.machines:
            if self.channel_name in nginx.channels:
                nginx.channels.remove(self.channel_name)
            for text in (farewell, None) if farewell else (None,):
                nginx.add(Post(self.channel_name, text))

    def _post(self, text: str, claim: Claim, machines: Sequence[Nginx], frame: Frame | None = None) -> None:
        """Post a text with the terms of the connection; of a ``frame`` it is noted how many readers got it."""
        whole = f"{text[:-1]},{self._terms}}}"
        for nginx in machines:
            nginx.add(Post(self.channel_name, whole, claim, partial(self._note_taken, nginx, frame)))

    def _claim(self, seq: int, *, is_heartbeat: bool = True) -> Claim:
        return Claim(self.state.epoch if self.state else "", seq, self._extras, is_heartbeat)

    @property
    def open_pages(self) -> int:
        return sum(self.subscribers.values())

    @property
    def spread(self) -> float:
        return spread_for(max(self.subscribers.values(), default=0), RETURNS_PER_SECOND)

    @property
    def _terms(self) -> str:
        """What a page needs to know of a connection, whichever frame it gets first."""
        epoch = self.state.epoch if self.state else ""
        terms = {"epoch": epoch, "hb": settings.HEARTBEAT_EVERY, "spread": self.spread}
        return as_json(terms | self._extras)[1:-1]

    def _note_taken(self, nginx: Nginx, frame: Frame | None, readers: int, is_ours: bool) -> None:
        self.subscribers[nginx] = readers
        if frame is not None and is_ours:
            record_frame(frame, readers)
            receipts.record_sent(self.event_id, frame, readers, requested=0, process=nginx.name)

    async def _deliver(self, _readers: list[Reader], frame: Frame) -> None:
        """Post a frame without a token for receipts, which all readers would return.

        The first heartbeat announces what was read before the relay has begun.
        """
        if self.has_begun:
            self._post(frame.text, self._claim(frame.seq, is_heartbeat=False), self.machines, frame)

    def _new_epoch(self, state: EventState) -> str:
        """Make a heartbeat, of which the terms name the epoch: a reset would also reach those who join later."""
        return heartbeat(state.head)

    async def _send_heartbeat(self) -> None:
        self.renew()
