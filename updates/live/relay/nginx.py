"""One nginx with nchan (``deploy/nginx-nchan.conf``): takes frames in order, one at a time, and repeats what failed.

A machine that does not answer delays no other, because each has a queue and a task of its own. What does not fit into
the queue is dropped: the next frame then shows readers a gap, which they close by catch-up.

Of two relays only one should post, since every post goes to all readers. So each looks first what the channel has
already. The one that came second from then on waits a little before it looks, and as soon as it has to post itself, it
is the first.
"""

import asyncio
import json
import logging
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from hashlib import sha256
from time import monotonic
from typing import NamedTuple
from urllib.parse import urlsplit

import aiohttp
from django.conf import settings

from updates.metrics import TIER_POSTS
from updates.untyped import JSONObject

logger = logging.getLogger(__name__)

MAX_QUEUED = 500
"""Posts that wait for one machine."""

MAX_QUEUED_LENGTH = 8_000_000
"""The same bound in characters."""

DEADLINE = 3.0
"""Seconds that a machine has to answer."""

LONGEST_PAUSE = 2.0
"""Seconds between two attempts, at most."""

LOOK_EVERY = 1.0
"""Seconds between two looks whether a machine still has its channels: a reload of nginx empties them."""

SECOND_WAITS = 0.25
"""Seconds that the second relay gives the first one."""

UNPOSTABLE = {400, 413, 414}
"""Statuses that another attempt would get as well."""


class Claim(NamedTuple):
    """What a frame says. Another relay may have said it already."""

    epoch: str
    seq: int
    extras: JSONObject
    is_heartbeat: bool


@dataclass(slots=True, eq=False)
class Post:
    """A frame for the readers of a channel; without a text, the end of the channel."""

    channel: str
    text: str | None
    claim: Claim | None = None
    on_taken: Callable[[int, bool], None] = lambda *_: None
    """Called with the number of readers on the machine, and whether they got the frame from this relay."""
    made_at: float = field(default_factory=monotonic)

    @property
    def length(self) -> int:
        return len(self.text or "")


class Nginx:
    """``on_return`` is called when the machine may have lost its channels, and answers."""

    def __init__(self, address: str, session: aiohttp.ClientSession, on_return: Callable[["Nginx"], None]) -> None:
        self.address = address.rstrip("/")
        self.name = f"nginx:{sha256(self.address.encode()).hexdigest()[:16]}"
        self.host = urlsplit(self.address).netloc.rpartition("@")[2]
        self.channels: deque[str] = deque()
        """Channels that the machine should have."""
        self.posted = 0
        self._session = session
        self._on_return = on_return
        self._queue: deque[Post] = deque()
        self._has_work = asyncio.Event()
        self._is_idle = asyncio.Event()
        self._is_idle.set()
        self._failures = 0
        self._is_second = True  # until it turns out that no other relay posts

    def add(self, post: Post) -> None:
        if len(self._queue) >= MAX_QUEUED or sum(each.length for each in self._queue) > MAX_QUEUED_LENGTH:
            logger.warning("relay queue_dropped to=%s posts=%s", self.address, len(self._queue))
            self._queue.clear()
        self._queue.append(post)
        self._has_work.set()
        self._is_idle.clear()

    @property
    def waiting(self) -> int:
        """Posts that the machine has not taken yet."""
        return len(self._queue)

    @property
    def is_failing(self) -> bool:
        return self._failures > 1

    def rewrite(self, channel: str, change: Callable[[str], str]) -> None:
        """Change the waiting frames of a channel, to drop removed text from them."""
        for post in self._queue:
            if post.text is not None and post.channel == channel:
                post.text = change(post.text)

    async def run(self) -> None:
        """Post until cancelled."""
        while True:
            await self._has_work.wait()
            while self._queue:
                await self._send_first()
            self._has_work.clear()
            self._is_idle.set()

    async def flush(self, seconds: float) -> bool:
        """Wait until everything is posted; return ``False`` after ``seconds``."""
        try:
            await asyncio.wait_for(self._is_idle.wait(), seconds)
        except TimeoutError:
            return False
        return True

    async def watch(self) -> None:
        """Look regularly whether the machine answers and has its channels, one of them after the other."""
        while True:
            await asyncio.sleep(LOOK_EVERY)
            if self.channels and not self._queue:
                self.channels.rotate()
                status, answer, _ = await self._request("GET", f"events/{self.channels[0]}")
                if status == 404 or (status == 200 and not json.loads(answer)["messages"]):
                    logger.info("relay channels_lost to=%s", self.address)
                    self._on_return(self)

    async def newest(self, channel: str) -> tuple[JSONObject, float]:
        """Return the newest frame of a channel and its age in seconds; an empty one if there is none, or the machine
        does not answer.
        """
        status, answer, age = await self._request("GET", f"newest/{channel}")
        return (json.loads(answer), age) if status == 200 else ({}, 0.0)

    async def _send_first(self) -> None:
        post = self._queue[0]
        if post.claim is not None and await self._has_already(post, post.claim):
            self._drop(post)
            return
        method = "DELETE" if post.text is None else "POST"
        status, answer, _ = await self._request(method, f"events/{post.channel}", post.text)
        is_taken = status in {200, 201, 202} or (method == "DELETE" and status == 404)
        if not is_taken and status not in UNPOSTABLE:
            await asyncio.sleep(self._pause())
            return
        self._drop(post)
        if not is_taken:
            logger.error("relay frame_refused to=%s channel=%s status=%s", self.address, post.channel, status)
        elif answer:
            self.posted += 1
            TIER_POSTS.labels(self.host).observe(monotonic() - post.made_at)
            post.on_taken(json.loads(answer)["subscribers"], True)

    def _drop(self, post: Post) -> None:
        if self._queue and self._queue[0] is post:  # else the whole queue was dropped in the meantime
            self._queue.popleft()

    async def _has_already(self, post: Post, claim: Claim) -> bool:
        """Return whether another relay has posted the same; by frames it shows which of the two is the second one."""
        if self._is_second:
            await asyncio.sleep(post.made_at + SECOND_WAITS - monotonic())
        is_covered = covers(*await self.newest(post.channel), claim)
        if not claim.is_heartbeat:
            self._is_second = is_covered
        if is_covered:
            status, answer, _ = await self._request("GET", f"events/{post.channel}")
            if status == 200:
                post.on_taken(json.loads(answer)["subscribers"], False)
        return is_covered

    def _pause(self) -> float:
        """Return the seconds until the next attempt; the first one follows at once, for a connection that was old."""
        return 0.0 if self._failures < 2 else min(LONGEST_PAUSE, 0.05 * 2 ** min(self._failures, 10))

    async def _request(self, method: str, path: str, text: str | None = None) -> tuple[int, str, float]:
        """Return status, body and its age in seconds; status 0 where the machine does not answer."""
        data = None if text is None else text.encode()
        try:
            async with self._session.request(method, f"{self.address}/{path}", data=data) as response:
                body, status, age = await response.text(), response.status, _age(response.headers)
        except (aiohttp.ClientError, OSError, TimeoutError) as error:
            self._failed(f"{type(error).__name__}: {error}")
            return 0, "", 0.0
        if status == 403 or status >= 500:
            self._failed(f"status {status}" + (", compare RELAY_TOKEN" if status == 403 else ""))
        else:
            self._succeeded()
        return status, body, age

    def _failed(self, reason: str) -> None:
        self._failures += 1
        if self._failures == 2:
            logger.error("relay nginx_lost to=%s reason=%r", self.address, reason)

    def _succeeded(self) -> None:
        failures, self._failures = self._failures, 0
        if failures > 1:
            logger.warning("relay nginx_back to=%s attempts=%s waiting=%s", self.address, failures, len(self._queue))
            self._on_return(self)


def covers(newest: JSONObject, age: float, claim: Claim) -> bool:
    """Return whether readers know already what a frame claims, if the newest one of their channel is this old.

    A heartbeat with the number of a frame does not replace the frame: readers would have to fetch it. One that is half
    an interval old does not replace the next heartbeat.
    """
    if newest.get("epoch") != claim.epoch or newest.get("seq", 0) < claim.seq:
        return False
    if not claim.is_heartbeat:
        return bool(newest["t"] == "ops")
    return age < settings.HEARTBEAT_EVERY / 2 and claim.extras.items() <= newest.items()


def _age(headers: Mapping[str, str]) -> float:
    """Return the seconds between the two times that nginx names, whatever the clock of this machine says."""
    if "Date" not in headers or "Last-Modified" not in headers:
        return 0.0
    return (parsedate_to_datetime(headers["Date"]) - parsedate_to_datetime(headers["Last-Modified"])).total_seconds()
