"""How often one address may post without having signed in – sign-ins, receipts and everything else outside the desk –
and how often it may read the API."""

import math
from collections import OrderedDict
from dataclasses import dataclass, field
from time import monotonic
from typing import Final

from asgiref.typing import ASGI3Application, ASGIReceiveCallable, ASGISendCallable, HTTPScope, Scope
from django.conf import settings

from liveblog.refusals import refuse
from liveblog.request_lanes import is_sign_in
from liveblog.security import ADMIN_PREFIX, API_PREFIX
from updates.networks import network_of

POSTS_AT_ONCE: Final = 300
"""Posts of one address in a burst: after a correction a hundred pages of one office may send their receipts."""

POSTS_PER_SECOND: Final = 50.0

ALERTS_AT_ONCE: Final = 30
ALERTS_PER_SECOND: Final = 0.2
"""Subscriptions to alerts of one address; each is a row of the database, and offices share an address."""

MAX_SENDERS: Final = 10_000
"""Most addresses that are stored; with more, the one with the oldest request is dropped."""

TOO_MANY: Final = "Too many requests came from your network. Please try again in {seconds} s."


class RateLimit:
    """Lets each sender do something ``burst`` times at once and ``rate`` times a second from then on."""

    def __init__(self, burst: int, rate: float) -> None:
        self.burst = burst
        self.rate = rate
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()
        """Remaining requests of each sender, and the time of that count."""

    def seconds_to_wait(self, sender: str) -> float:
        """Return 0 and count the request, or return the seconds until one may come."""
        now = monotonic()
        left, at = self._left.pop(sender, (float(self.burst), now))
        left = min(self.burst, left + (now - at) * self.rate)
        is_allowed = left >= 1
        self._left[sender] = (left - is_allowed, now)
        if len(self._left) > MAX_SENDERS:
            self._left.popitem(last=False)
        return 0 if is_allowed else (1 - left) / self.rate


@dataclass(frozen=True)
class LimitedRequests:
    """An ASGI application that answers 429 where one sender asks too often, before a thread or the database knows.

    The scope must have the sender's own address (``liveblog/proxies.py``). Without an address there is no limit.
    """

    application: ASGI3Application
    sign_ins: RateLimit | None
    others: RateLimit
    alerts: RateLimit = field(default_factory=lambda: RateLimit(ALERTS_AT_ONCE, ALERTS_PER_SECOND))
    api: RateLimit | None = None

    async def __call__(self, scope: Scope, receive: ASGIReceiveCallable, send: ASGISendCallable) -> None:
        if scope["type"] == "http" and (seconds := self._seconds_to_wait(scope)):
            text = TOO_MANY.format(seconds=seconds)
            await refuse(send, 429, text, seconds, as_problem=scope["path"].startswith(API_PREFIX))
        else:
            await self.application(scope, receive, send)

    def _seconds_to_wait(self, scope: HTTPScope) -> int:
        limit = self._limit(scope)
        sender = network_of((scope.get("client") or ("", 0))[0])
        return math.ceil(limit.seconds_to_wait(sender)) if limit and sender else 0

    def _limit(self, scope: HTTPScope) -> RateLimit | None:
        if scope["path"].startswith(API_PREFIX):
            return self.api
        if scope["method"] != "POST":
            return None
        if is_sign_in(scope):
            return self.sign_ins
        if scope["path"].startswith(ADMIN_PREFIX):
            return None
        return self.alerts if scope["path"].endswith("/alerts") else self.others


def limited_requests(application: ASGI3Application) -> LimitedRequests:
    """Limit requests as the settings say; 0 stands for no limit."""
    return LimitedRequests(
        application,
        _per_minute(settings.SIGN_INS_PER_MINUTE),
        RateLimit(POSTS_AT_ONCE, POSTS_PER_SECOND),
        api=_per_minute(settings.API_REQUESTS_PER_MINUTE),
    )


def _per_minute(most: int) -> RateLimit | None:
    return RateLimit(most, most / 60) if most else None
