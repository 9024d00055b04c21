"""Connections on which the server waits for a request: how long it waits, and for how many of one sender.

Twisted itself ends a connection on which nothing comes for a minute, but one byte a minute would keep it. A connection
that has asked and is being answered, or has become a WebSocket, does not count here.
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
"""Seconds until a connection without a request ends. ``deploy/nginx.conf`` gives its own up after 30, so that it never
sends a request on one that is just being closed."""

REQUEST_WITHIN: Final = 20.0
"""Seconds that a request may take from its first byte to its last, and one more for each ``MIN_RATE`` bytes."""

MIN_RATE: Final = 1000
"""Bytes a second; slow mobile networks send three times as much."""

MAX_WAITING_FOR_ONE: Final = 100
"""Connections of one address, or IPv6 network, on which the server waits."""

MAX_WAITING: Final = 2000
"""The same for all addresses together."""

GRACE: Final = 2.0
"""Seconds that no connection is surplus, so that many who come at once are served."""

SWEEP_EVERY: Final = 1.0

BAD_REQUEST: Final = b"HTTP/1.1 400 Bad Request\r\n" + RAW_HEADERS + b"Content-Length: 0\r\nConnection: close\r\n\r\n"
TIMEOUT: Final = b"HTTP/1.1 408 Request Timeout\r\n" + RAW_HEADERS + b"Content-Length: 0\r\nConnection: close\r\n\r\n"


class WaitingConnections:
    """The connections on which the server waits, the longest wait first."""

    def __init__(self) -> None:
        self.channels: dict[BoundedChannel, None] = {}

    def sweep(self) -> None:
        """End connections that take too long, and the oldest of one sender, or of all, if there are too many."""
        now = monotonic()
        of: Counter[str] = Counter()
        total = 0
        for channel in reversed(list(self.channels)):
            if channel.is_late(now):
                channel.time_out()
                continue
            total += 1
            of[channel.sender] += 1
            is_surplus = total > MAX_WAITING or (channel.sender and of[channel.sender] > MAX_WAITING_FOR_ONE)
            if is_surplus and now - channel.waits_since > GRACE:
                self.channels.pop(channel)
                channel.transport.abortConnection()

    @property
    def are_due(self) -> bool:
        """Whether a first request, or the rest of one, is still expected."""
        return any(channel.is_new or channel.has_begun for channel in self.channels)

    async def sweep_repeatedly(self) -> None:
        while True:
            self.sweep()
            await asyncio.sleep(SWEEP_EVERY)


waiting = WaitingConnections()


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

    def connectionMade(self) -> None:  # noqa: N802 – Twisted's name
        host = str(getattr(self.transport.getPeer(), "host", ""))
        is_proxy = TrustedProxies(None, settings.TRUSTED_PROXIES).trusts(host)  # type: ignore[arg-type]
        self.sender = "" if is_proxy else network_of(host)
        self._wait()
        super().connectionMade()

    def dataReceived(self, data: bytes) -> None:  # noqa: N802 – Twisted's name
        if self._begun is None:
            self._begun = monotonic()
        self._received += len(data)
        super().dataReceived(data)

    def allContentReceived(self) -> None:  # noqa: N802 – Twisted's name
        waiting.channels.pop(self, None)
        self.is_new = False
        super().allContentReceived()

    def requestDone(self, request: Any) -> None:  # noqa: N802 – Twisted's name
        self._wait()  # first: the next request may have come already
        super().requestDone(request)

    def connectionLost(self, reason: Any) -> None:  # noqa: N802 – Twisted's name
        waiting.channels.pop(self, None)
        super().connectionLost(reason)

    @property
    def has_begun(self) -> bool:
        return self._begun is not None

    def _respondToBadRequestAndDisconnect(self) -> None:  # noqa: N802 – Twisted's name
        """Answer what is not HTTP."""
        self.transport.write(BAD_REQUEST)
        self.loseConnection()

    def is_late(self, now: float) -> bool:
        return self._begun is not None and now - self._begun > REQUEST_WITHIN + self._received / MIN_RATE

    def time_out(self) -> None:
        waiting.channels.pop(self, None)
        self.transport.write(TIMEOUT)
        self.timeoutConnection()

    def _wait(self) -> None:
        self.waits_since = monotonic()
        self._begun = None
        self._received = 0
        waiting.channels[self] = None


class BoundedFactory(HTTPFactory):  # type: ignore[misc]  # Daphne has no types
    """Makes the connections of a server."""

    protocol = BoundedChannel
    timeOut = IDLE  # noqa: N815 – Twisted's name
