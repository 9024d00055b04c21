"""Connections on which the server waits for a request: how long it waits, and for how many of one sender.

Twisted itself ends a connection on which nothing comes for a minute, but one byte a minute would keep it. A connection
whose request is being answered, or that has become a WebSocket, does not count here. It counts again when its answer is
complete, and is ended if the client does not take the answer in time.
"""

import asyncio
from collections import Counter
from time import monotonic
from typing import Any, Final

from daphne.http_protocol import HTTPFactory
from django.conf import settings
from twisted.web import http

from liveblog.proxies import TrustedProxies
from liveblog.security import RAW_HEADERS
from updates.networks import network_of

IDLE: Final = 60
"""Seconds until a connection without a request ends. nginx closes its own after 30 (``deploy/nginx.conf``), so it never
sends a request on one that is just being closed here."""

REQUEST_WITHIN: Final = 20.0
"""Seconds that a request may take from its first byte to its last, and one more for each ``MIN_RATE`` bytes."""

MIN_RATE: Final = 1000
"""Bytes a second; slow mobile networks send three times as much. It holds for answers, too."""

MAX_WAITING_FOR_ONE: Final = 100
"""Connections of one address, or IPv6 network, on which the server waits."""

MAX_WAITING: Final = 2000
"""The same for all addresses together."""

MAX_UNSENT_FOR_ONE: Final = 16 * 2**20
MAX_UNSENT: Final = 100 * 2**20
"""Most bytes of unsent answers in memory: for one address, and for all together."""

GRACE: Final = 2.0
"""Seconds for which a new connection is never ended as surplus, so that many who come at once are served."""

SWEEP_EVERY: Final = 1.0

NEW_AT_ONCE: Final = 200
NEW_PER_SECOND: Final = 50
"""New connections of one address that are read; further ones wait for their turn. A handshake costs the server's loop
some milliseconds, so thousands of one address would keep everybody else waiting. Off with ``SOCKETS_PER_ADDRESS`` 0."""

MAX_UNREAD_FOR_ONE: Final = 1000
"""Connections of one address that wait for their turn. Each is an open file, so further ones are ended at once."""

BODIES_AT_ONCE: Final = 50 * 2**20
BODIES_PER_SECOND: Final = 50 * 2**20
"""Bytes of large bodies of one address that are read, also to be thrown away. Without a limit, a few connections on a
fast line fill the loop with reading."""

BAD_REQUEST: Final = b"HTTP/1.1 400 Bad Request\r\n" + RAW_HEADERS + b"Content-Length: 0\r\nConnection: close\r\n\r\n"
TIMEOUT: Final = b"HTTP/1.1 408 Request Timeout\r\n" + RAW_HEADERS + b"Content-Length: 0\r\nConnection: close\r\n\r\n"


class TooManyPieces(Exception):
    """A request's body comes in many small chunks, each of which costs as much as a large one."""


class WaitingConnections:
    """The connections on which the server waits, the longest wait first."""

    def __init__(self) -> None:
        self.channels: dict[BoundedChannel, None] = {}

    def sweep(self) -> None:
        """End connections that take too long, and the oldest of one sender, or of all, if there are too many."""
        now = monotonic()
        of: Counter[str] = Counter()
        unsent: Counter[str] = Counter()
        total = unsent_in_all = 0
        for channel in reversed(list(self.channels)):
            if channel.is_late(now):
                channel.time_out()
                continue
            if channel.waits_since > now:  # not read yet
                continue
            size, sender = channel.unsent, channel.sender
            total, unsent_in_all = total + 1, unsent_in_all + size
            of[sender] += 1
            unsent[sender] += size
            are_many = total > MAX_WAITING or (sender and of[sender] > MAX_WAITING_FOR_ONE)
            is_much = unsent_in_all > MAX_UNSENT or (sender and unsent[sender] > MAX_UNSENT_FOR_ONE)
            is_surplus = (are_many or (size and is_much)) and now - channel.waits_since > GRACE
            if is_surplus or (size and channel.is_overdue(now)):
                self.channels.pop(channel)
                channel.transport.abortConnection()

    @property
    def are_due(self) -> bool:
        """Whether a first request, or the rest of one, is still expected."""
        return any(channel.is_new or channel.has_begun for channel in self.channels)

    async def sweep_repeatedly(self) -> None:
        while True:
            self.sweep()
            for each in (new_connections, large_bodies):
                each.forget_past()
            await asyncio.sleep(SWEEP_EVERY)


waiting = WaitingConnections()


class Turns:
    """Spaces out the reading from each sender: ``at_once`` units immediately, the rest at a steady pace."""

    def __init__(self, at_once: int, per_second: int) -> None:
        self._per_second = per_second
        self._ahead = at_once / per_second
        self._next: dict[str, float] = {}

    def seconds_to_wait(self, sender: str, amount: int = 1) -> float:
        """Take the next turns of a sender; return the seconds until then, 0 or less for at once."""
        now = monotonic()
        turn = max(now, self._next.get(sender, now))
        self._next[sender] = turn + amount / self._per_second
        return turn - now - self._ahead

    def ahead_of(self, sender: str) -> float:
        """Return how many units of a sender still wait for their turn."""
        return (self._next.get(sender, 0.0) - monotonic() - self._ahead) * self._per_second

    def forget_past(self) -> None:
        now = monotonic()
        self._next = {sender: turn for sender, turn in self._next.items() if turn > now}


new_connections = Turns(NEW_AT_ONCE, NEW_PER_SECOND)
large_bodies = Turns(BODIES_AT_ONCE, BODIES_PER_SECOND)


HTTPChannel: Any = http.HTTPChannel  # most of its methods have no types


class BoundedChannel(HTTPChannel):  # type: ignore[misc]  # as above
    """An HTTP connection with a limit for the time that a request takes to arrive."""

    sender = ""
    """Empty for trusted proxies, which send the requests of many readers."""

    waits_since = 0.0
    is_new = True
    """Whether it has not sent a request yet."""

    _begun: float | None = None
    _received = 0
    _unsent = 0
    """Bytes that were unsent when the answer was complete."""

    def connectionMade(self) -> None:  # noqa: N802 – Twisted's name
        host = str(getattr(self.transport.getPeer(), "host", ""))
        is_proxy = TrustedProxies(None, settings.TRUSTED_PROXIES).trusts(host)  # type: ignore[arg-type]
        self.sender = "" if is_proxy else network_of(host)
        self._wait()
        super().connectionMade()
        if self.sender and settings.SOCKETS_PER_ADDRESS:
            self._take_turn()

    def _take_turn(self) -> None:
        if new_connections.ahead_of(self.sender) >= MAX_UNREAD_FOR_ONE:
            self.transport.abortConnection()
        elif (delay := new_connections.seconds_to_wait(self.sender)) > 0:
            self.waits_since += delay
            self.pause(delay)

    def dataReceived(self, data: bytes) -> None:  # noqa: N802 – Twisted's name
        if self._begun is None:
            self._begun = monotonic()
        self._received += len(data)
        super().dataReceived(data)

    def rawDataReceived(self, data: bytes) -> None:  # noqa: N802 – Twisted's name
        try:
            super().rawDataReceived(data)
        except TooManyPieces:
            self._respondToBadRequestAndDisconnect()

    def allContentReceived(self) -> None:  # noqa: N802 – Twisted's name
        waiting.channels.pop(self, None)
        self.is_new = False
        super().allContentReceived()

    def requestDone(self, request: Any) -> None:  # noqa: N802 – Twisted's name, which has no types
        self._wait()  # first: the next request may have come already
        super().requestDone(request)

    def connectionLost(self, reason: Any) -> None:  # noqa: N802 – as above
        waiting.channels.pop(self, None)
        super().connectionLost(reason)

    def pause(self, seconds: float) -> None:
        """Read nothing for some seconds; what comes meanwhile waits in the sender's system."""
        self.transport.pauseProducing()
        self.callLater(seconds, self._read_on)

    @property
    def unsent(self) -> int:
        """Bytes that the transport still has to send."""
        waiting_parts = sum(map(len, self.transport._tempDataBuffer))
        return len(self.transport.dataBuffer) - int(self.transport.offset) + waiting_parts

    @property
    def has_begun(self) -> bool:
        return self._begun is not None

    def _respondToBadRequestAndDisconnect(self) -> None:  # noqa: N802 – Twisted's name
        """Answer what is not HTTP."""
        self.transport.write(BAD_REQUEST)
        self.loseConnection()

    def is_late(self, now: float) -> bool:
        return self._begun is not None and now - self._begun > REQUEST_WITHIN + self._received / MIN_RATE

    def is_overdue(self, now: float) -> bool:
        """Return whether the whole answer should have been taken by now."""
        return now - self.waits_since > REQUEST_WITHIN + self._unsent / MIN_RATE

    def time_out(self) -> None:
        waiting.channels.pop(self, None)
        self.transport.write(TIMEOUT)
        self.timeoutConnection()

    def _read_on(self) -> None:
        is_usable = self.transport.connected and not self.transport.disconnecting
        if is_usable and not self._waitingForTransport:  # else Twisted reads on when enough of the answers was taken
            self.transport.resumeProducing()

    def _wait(self) -> None:
        self.waits_since = monotonic()
        self._begun = None
        self._received = 0
        self._unsent = self.unsent
        waiting.channels[self] = None


class BoundedFactory(HTTPFactory):  # type: ignore[misc]  # Daphne has no types
    """Makes the connections of a server."""

    protocol = BoundedChannel
    timeOut = IDLE  # noqa: N815 – Twisted's name
